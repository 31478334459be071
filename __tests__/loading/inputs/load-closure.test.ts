import { describe, expect, test } from '@jest/globals';
import type { WorkspacePath } from '../../../src/graph/label.js';
import { LoadClosure, loadStatements } from '../../../src/loading/inputs/load-closure.js';
import { supplyTexts } from '../../../src/loading/inputs/texts.js';
import { loadingOf } from '../../support/random-edits/loading.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';

async function closureOf(workspace: MemoryWorkspace): Promise<LoadClosure> {
  const { inputs, statements } = await loadingOf(workspace);
  return new LoadClosure(inputs, statements);
}

function loadersOf(closure: LoadClosure, path: string): string[] {
  return [...closure.packagesLoading([path as WorkspacePath])].sort();
}

const CHAIN = MemoryWorkspace.of({
  'MODULE.bazel': 'module(name = "own")',
  'a/BUILD': 'load("@own//lib:one.bzl", "x")',
  'b/BUILD.bazel': 'load("//lib:sub/two.bzl", "x")',
  'c/BUILD': 'load(":missing.bzl", "x")\nload("@rules//lib:one.bzl", "x")',
  'lib/BUILD': '',
  'lib/one.bzl': 'load(":sub/two.bzl", "x")',
  'lib/sub/two.bzl': 'load(":three.bzl", "x")',
  'lib/three.bzl': 'load(":one.bzl", "cycle")',
});

describe('the load closure', () => {
  test('follows loads through other files and through cycles', async () => {
    const closure = await closureOf(CHAIN);
    for (const file of ['lib/one.bzl', 'lib/sub/two.bzl', 'lib/three.bzl'])
      expect(loadersOf(closure, file)).toEqual(['a', 'b']);
  });

  test('knows which packages load from another repository, directly or through files of the main one', async () => {
    const closure = await closureOf(
      CHAIN.withFiles({
        'lib/three.bzl': 'load("@@kits~//:kit.bzl", "x")',
        'd/BUILD': 'load("@main.x", "y")',
      }),
    );
    const loadersFrom = (name: string): string[] =>
      [...closure.packagesLoadingFrom((each) => each === name)].sort();
    expect(loadersFrom('rules')).toEqual(['c']);
    expect(loadersFrom('kits~')).toEqual(['a', 'b']);
    expect(loadersFrom('main.x')).toEqual(['d']);
    expect(loadersFrom('own')).toEqual([]);
  });

  test('knows what is loaded and not there, of the packages that it looks at', async () => {
    const { inputs, statements } = await loadingOf(
      CHAIN.withFiles({
        'd/BUILD': 'load("//gone:x.bzl", "x")\nload("//c/inner:y.bzl", "y")',
        'c/inner/y.bzl': '',
      }),
    );
    const lackingIn = (...files: readonly string[]): WorkspacePath[] =>
      new LoadClosure(inputs, statements, files as WorkspacePath[]).lackingFiles();
    expect(lackingIn('a/BUILD', 'b/BUILD.bazel')).toEqual([]);
    expect(lackingIn('c/BUILD')).toEqual(['c/missing.bzl']);
    expect(lackingIn('d/BUILD')).toEqual([
      'c/inner/BUILD',
      'c/inner/BUILD.bazel',
      'gone/BUILD',
      'gone/BUILD.bazel',
      'gone/x.bzl',
    ]);
  });

  test('takes a label relative to the package, not to the folder, of the loading file', async () => {
    expect(loadersOf(await closureOf(CHAIN), 'lib/sub/three.bzl')).toEqual([]);
  });

  test('knows who loads a file that does not exist', async () => {
    expect(loadersOf(await closureOf(CHAIN), 'c/missing.bzl')).toEqual(['c']);
  });

  test('leaves the files of other repositories alone', async () => {
    const closure = await closureOf(CHAIN);
    expect(loadersOf(closure, 'c/missing.bzl')).toEqual(['c']);
    expect(loadersOf(closure, 'lib/one.bzl')).not.toContain('c');
  });

  test('leads from the file behind a symlink, or behind a symlinked folder, to the packages that load the symlink', async () => {
    const workspace = MemoryWorkspace.of({
      'a/BUILD': 'load("//a:link.bzl", "x")',
      'b/BUILD': 'load("//folder:real.bzl", "x")',
      'real/real.bzl': 'load(":other.bzl", "x")',
      'real/other.bzl': '',
    })
      .withLink('a/link.bzl', '../real/real.bzl')
      .withLink('folder', 'real');
    const closure = await closureOf(workspace);
    expect(loadersOf(closure, 'real/real.bzl')).toEqual(['a', 'b']);
    expect(loadersOf(closure, 'real/other.bzl')).toEqual(['b']);
  });

  test('reads no text that it knows already', async () => {
    const { inputs, statements } = await loadingOf(CHAIN);
    const asked: string[] = [];
    const again = await supplyTexts(loadStatements(inputs, statements), (objectIds) => {
      asked.push(...objectIds);
      return Promise.resolve(new Map());
    });
    expect(asked).toEqual([]);
    expect(again).toEqual(statements);
  });
});
