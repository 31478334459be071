import { describe, expect, test } from '@jest/globals';
import { labelsElsewhereIn } from '../../src/formats/rc.js';
import { MainRepository } from '../../src/graph/main-repository.js';

const found = (text: string) => labelsElsewhereIn(text, MainRepository.named('shop'));

describe('labels of other repositories in options', () => {
  test.each([
    ['build --platforms=@lib//p:linux', '@lib//p:linux'],
    ['build --platforms @lib//p:linux', '@lib//p:linux'],
    ['build --platforms=@@lib~//p', '@@lib~//p:p'],
    ['build --platforms=@lib', '@lib//:lib'],
    ['build --platforms @@lib~', '@@lib~//:lib~'],
    ['build --@lib//:tone=formal', '@lib//:tone'],
    ['build --no@lib//:loud', '@lib//:loud'],
    ['build --//config:target=@lib//:x', '@lib//:x'],
    ['build --aspects=@lib//lint:lint.bzl%lint', '@lib//lint:lint.bzl'],
    ['build:ci --run_under="@lib//:wrap -v"', '@lib//:wrap'],
  ])('are those of single targets: %s', (text, label) => {
    expect(found(text)).toEqual({ targets: [label], registered: [] });
  });

  test.each([
    ['build --extra_toolchains=@lib//:linux', '@lib//:linux'],
    ['build --extra_toolchains @lib', '@lib//:lib'],
    ['build --extra_execution_platforms=@lib//p', '@lib//p:p'],
    ['build --extra_toolchains=@lib//tools/...', '@lib//tools/...'],
    ['build --some=@lib//tools:all', '@lib//tools:all'],
  ])('are registered: %s', (text, label) => {
    expect(found(text)).toEqual({ targets: [], registered: [label] });
  });

  test('are several in one value', () => {
    expect(found('build --extra_toolchains=@a//:x,-@b//:y,//own:z')).toEqual({
      targets: [],
      registered: ['@a//:x', '@b//:y'],
    });
    expect(found('build --with=@a,@b//:y\nbuild --with=@a').targets).toEqual(['@a//:a', '@b//:y']);
  });

  test.each([
    'build --x=@shop//a:b',
    'build --x=@//a:b',
    'build --x=@@//a:b',
    'build --x=//a:b',
    'build --x=@shop',
    'build --email=me@lib.org',
    'import %workspace%/@lib//x',
    '# build --x=@lib//:y',
  ])('do not include %s', (text) => {
    expect(found(text)).toEqual({ targets: [], registered: [] });
  });
});
