import { describe, expect, test } from '@jest/globals';
import type { PackagePath } from '../../src/graph/label.js';
import {
  loadedLabels,
  mainRepositoryOf,
  moduleDeclarationIn,
  resolveLoad,
} from '../../src/formats/starlark-loads.js';

describe('loadedLabels', () => {
  test.each<[string, string, string[]]>([
    ['a plain load', 'load("//a:b.bzl", "x")', ['//a:b.bzl']],
    ['a load over several lines', 'load(\n  # why\n  "//a:b.bzl",\n  y = "x",\n)', ['//a:b.bzl']],
    [
      'several loads',
      'load(":a.bzl", "x")\nload(":b.bzl", "y"); load(":c.bzl", "z")',
      [':a.bzl', ':b.bzl', ':c.bzl'],
    ],
    ['the same label twice', 'load(":a.bzl", "x")\nload(":a.bzl", "y")', [':a.bzl']],
    ['a load behind a docstring', '"""doc\n"quoted" \'\n"""\nload(":a.bzl", "x")', [':a.bzl']],
    ['a load behind a string with a lone quote', `a = "it's"\nload(":a.bzl", "x")`, [':a.bzl']],
    [
      'a load behind a raw string that ends in a quote',
      String.raw`a = r"\""` + '\nload(":a.bzl", "x")',
      [':a.bzl'],
    ],
    ['a load behind an unclosed string', 'a = "x\nload(":a.bzl", "x")', [':a.bzl']],
    ['a load behind an unclosed bracket', 'a = (1\nload(":a.bzl", "x")', [':a.bzl']],
    [
      'every other way of quoting',
      `load('''//a:b.bzl''', "x")\nload(r"//c:d.bzl", "x")`,
      ['//a:b.bzl', '//c:d.bzl'],
    ],
    ['pieces side by side', 'load("//a" ":b.bzl", "x")', ['//a', ':b.bzl', '//a:b.bzl']],
    ['pieces joined by +', 'load("//a:" + "b.bzl", "x")', ['//a:', 'b.bzl', '//a:b.bzl']],
    ['an escape', String.raw`load("//a\x3ab.bzl", "x")`, ['//a:b.bzl']],
    ['spaces before the bracket', 'load ("//a:b.bzl", "x")', ['//a:b.bzl']],
    ['carriage returns', 'load(\r\n"//a:b.bzl",\r\n"x")\r\n', ['//a:b.bzl']],
    ['a load that ends with the file', 'load("//a:b.bzl"', ['//a:b.bzl']],
  ])('finds %s', (_what, source, expected) => {
    expect(loadedLabels(source)).toEqual(expected);
  });

  test('leaves comments and other calls alone', () => {
    expect(
      loadedLabels('# load(":a.bzl", "x")\npreload(":b.bzl")\nload = 1\nx(load)\nx = "load(\':c.bzl\')"'),
    ).toEqual([]);
  });

  test('leaves the names that are loaded alone', () => {
    expect(loadedLabels('load(":a.bzl", "//not:this.bzl")')).toEqual([':a.bzl']);
  });
});

describe('resolveLoad', () => {
  const inPackage = 'some/package' as PackagePath;
  const main = mainRepositoryOf(['module(\n name = "own", repo_name = "mine")', 'workspace(name = "ours")']);

  test.each([
    [':x.bzl', 'some/package', 'some/package/x.bzl'],
    [':sub/x.bzl', 'some/package', 'some/package/sub/x.bzl'],
    ['x.bzl', 'some/package', 'some/package/x.bzl'],
    ['//a/b:x.bzl', 'a/b', 'a/b/x.bzl'],
    ['//a:b/x.bzl', 'a', 'a/b/x.bzl'],
    ['//:x.bzl', '', 'x.bzl'],
    ['//a/x.bzl', 'a/x.bzl', 'a/x.bzl/x.bzl'],
    ['@//a:x.bzl', 'a', 'a/x.bzl'],
    ['@@//a:x.bzl', 'a', 'a/x.bzl'],
    ['@own//a:x.bzl', 'a', 'a/x.bzl'],
    ['@mine//a:x.bzl', 'a', 'a/x.bzl'],
    ['@ours//a:x.bzl', 'a', 'a/x.bzl'],
    ['@__main__//a:x.bzl', 'a', 'a/x.bzl'],
  ])('%s is a file of the main repository', (text, packagePath, path) => {
    expect(resolveLoad(text, inPackage, main)).toEqual({ kind: 'main', packagePath, path });
  });

  test.each([
    ['@rules//a:x.bzl', 'rules', 'a', 'a/x.bzl'],
    ['@@rules~1//a:x.bzl', 'rules~1', 'a', 'a/x.bzl'],
    ['@rules//:x.bzl', 'rules', '', 'x.bzl'],
    ['@rules', 'rules', '', 'rules'],
  ])('%s is a file of another repository', (text, repository, packagePath, path) => {
    expect(resolveLoad(text, inPackage, main)).toEqual({ kind: 'external', repository, packagePath, path });
  });

  test('a label in the root package resolves against the root', () => {
    expect(resolveLoad(':x.bzl', '' as PackagePath, main)).toEqual({
      kind: 'main',
      packagePath: '',
      path: 'x.bzl',
    });
  });
});

describe('the declaration of a module', () => {
  const FILE = 'module(name = "own", version = "1")\nbazel_dep(name = "x", version = "1")\n';

  test.each([
    ['a comment', `# new\n${FILE}`],
    ['another layout', FILE.replace('"own"', '\n  "own"')],
    ['something else in the file', FILE.replace('"x", version = "1"', '"x", version = "2"')],
  ])('is the same with %s', (_what, file) => {
    expect(moduleDeclarationIn(file)).toBe(moduleDeclarationIn(FILE));
  });

  test.each([
    ['another version', FILE.replace('version = "1"', 'version = "2"')],
    ['another name', FILE.replace('own', 'other')],
    ['no declaration', FILE.replace(/^.*\n/, '')],
  ])('is another one with %s', (_what, file) => {
    expect(moduleDeclarationIn(file)).not.toBe(moduleDeclarationIn(FILE));
  });

  test.each(['V = "1"\nmodule(name = "own", version = V)\n', 'm = module\nm(name = "own", version = "1")\n'])(
    'is the whole file if its version is not written as a text of the call: %j',
    (file) => {
      expect(moduleDeclarationIn(file)).not.toBe(moduleDeclarationIn(file.replace('"1"', '"2"')));
    },
  );
});
