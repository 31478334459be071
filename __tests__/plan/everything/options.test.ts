import { describe, expect, test } from '@jest/globals';
import { MainRepository } from '../../../src/graph/main-repository.js';
import { Options, optionsFromElsewhere } from '../../../src/plan/everything/options.js';
import { workspacePath } from '../../support/builders.js';

const MAIN = MainRepository.named('own');

function optionsOf(...texts: readonly string[]): Options {
  return new Options(texts.map(optionsFromElsewhere));
}

describe('options', () => {
  test('name paths, and labels of the main repository', () => {
    const options = optionsOf('build --platform_mappings=conf/map', 'common --//flag=@own//lib:alt');
    expect([...options.paths]).toEqual(expect.arrayContaining(['conf/map', 'conf/map/']));
    expect([...options.labels(MAIN)]).toEqual(expect.arrayContaining(['//flag:flag', '//lib:alt']));
  });

  test('turn on aspects, whose code lies in files of the main repository and of others', () => {
    const options = optionsOf('build --aspects=//tools:lint.bzl%lint,@other//x:y.bzl%y');
    expect(options.aspectFiles(MAIN)).toEqual(['tools/lint.bzl']);
    expect(options.aspectFilesElsewhere(MAIN)).toEqual(['@other//x:y.bzl']);
    expect(optionsOf('build --aspects=@own//:z.bzl%z').aspectFilesElsewhere(MAIN)).toEqual([]);
  });

  test('say where else packages may lie', () => {
    expect(optionsOf('build --package_path=%workspace%').packagePaths).toEqual([]);
    expect(optionsOf('build --package_path=a:b').packagePaths).toEqual(['a:b']);
  });

  test('make repositories of folders, from each folder above their rc file', () => {
    const text = 'build --override_module=x=mods/x';
    expect([...optionsOf(text).repositories(MAIN)]).toEqual(['mods/x']);
    const options = new Options([{ text, rcFile: workspacePath('ci/rc') }]);
    expect([...options.repositories(MAIN)]).toEqual(['ci/mods/x', 'mods/x']);
  });
});
