import { describe, expect, test } from '@jest/globals';
import {
  importedRcFiles,
  labelsInOptions,
  parseRc,
  pathsInOptions,
  sameOptions,
  splitWords,
  turnsOnAspects,
} from '../../src/bazel/rc.js';

describe('splitWords', () => {
  test.each([
    ['build --a --b=c', ['build', '--a', '--b=c']],
    ['  build\t--a  ', ['build', '--a']],
    ['build --a="x y" \'--b=z z\'', ['build', '--a=x y', '--b=z z']],
    ['build --a=x\\ y --b=\\"', ['build', '--a=x y', '--b="']],
    ['build --a="it\'s"', ['build', "--a=it's"]],
    ['build --a="" ""', ['build', '--a=', '']],
    ['build --a # why', ['build', '--a']],
    ['build --a="#1" --b=\\#2', ['build', '--a=#1', '--b=#2']],
    // Bazel 7.7.1 reads `--define=x=a#b` as `--define=x=a`.
    ['build --define=x=a#b --c', ['build', '--define=x=a']],
    ['# build --a', []],
    ['', []],
  ])('splits %j as Bazel does', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });
});

describe('parseRc', () => {
  test('reads a command and its options a line', () => {
    expect(parseRc('# top\nbuild --a\r\n\ntest:ci --b --c\nimport x')).toEqual([
      { command: 'build', words: ['--a'] },
      { command: 'test:ci', words: ['--b', '--c'] },
      { command: 'import', words: ['x'] },
    ]);
  });

  test('joins a line that ends with a backslash with the next', () => {
    expect(parseRc('build \\\n  --a \\\r\n  --b\ntest --c')).toEqual([
      { command: 'build', words: ['--a', '--b'] },
      { command: 'test', words: ['--c'] },
    ]);
  });
});

test('sameOptions looks at what is in force, order included', () => {
  expect(sameOptions('build --a # x', '\n\nbuild   --a')).toBe(true);
  expect(sameOptions('build --a --b', 'build --b --a')).toBe(false);
  expect(sameOptions('build --a', 'test --a')).toBe(false);
  expect(sameOptions('build --a=1', 'build --a=2')).toBe(false);
  expect(sameOptions('build "--a b"', 'build --a b')).toBe(false);
});

test('importedRcFiles finds imports inside the workspace', () => {
  const text =
    'import %workspace%/tools/ci.rc\ntry-import %workspace%/user.bazelrc\nimport relative/x\n' +
    'import /etc/bazel.bazelrc\ntry-import ~/.bazelrc\nbuild --import=y\n# import z\nimport "%workspace%/a b"';
  expect(importedRcFiles(text)).toEqual(['tools/ci.rc', 'user.bazelrc', 'relative/x', 'a b']);
});

test('labelsInOptions finds labels of the main repository wherever an option has one', () => {
  const text =
    'build --aspects=//tools:lint.bzl%lint,@//tools:b.bzl%b --//config:tone=formal --@@//c:d\n' +
    'build --platforms=@@//p:linux --run_under //tools:wrap --x=@other//a:b --url=https://example.org/x';
  expect(labelsInOptions(text)).toEqual([
    '//tools:lint.bzl',
    '//tools:b.bzl',
    '//config:tone',
    '//c:d',
    '//p:linux',
    '//tools:wrap',
  ]);
});

test('pathsInOptions finds what can be a path of the workspace, folders with a slash', () => {
  const text =
    'build --platform_mappings=conf/mappings --workspace_status_command=%workspace%/status.sh\n' +
    'common --override_module=x=third_party/x/ --a --//config:tone=formal --url=https://example.org/x --abs=/etc/x\n' +
    'import %workspace%/ci.rc';
  expect(pathsInOptions(text)).toEqual([
    'conf/mappings',
    'conf/mappings/',
    'status.sh',
    'status.sh/',
    'x',
    'third_party/x',
    'third_party/x/',
    'formal',
  ]);
});

test('turnsOnAspects sees aspects under any command or configuration', () => {
  expect(turnsOnAspects('build:lint --aspects=//x:y.bzl%z')).toBe(true);
  expect(turnsOnAspects('build --aspects //x:y.bzl%z')).toBe(true);
  expect(turnsOnAspects('build --aspects_parameters=x=y\n# build --aspects=x')).toBe(false);
});
