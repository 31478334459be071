import { expect, test } from '@jest/globals';
import { hiddenFolders, type HidingTexts } from '../../../src/loading/inputs/hidden-folders.js';
import { workspacePath } from '../../support/builders.js';
import type { PackagePath } from '../../../src/graph/label.js';

function isHidden(folder: string, texts: Partial<HidingTexts> = {}): boolean {
  const all = { ignoreFile: null, repoFile: null, deletedPackages: new Set<PackagePath>(), ...texts };
  return hiddenFolders(all)(workspacePath(folder));
}

test('a folder is hidden at and below a line of .bazelignore', () => {
  const ignoreFile = '# x\nvendor/\n./third party\n\nxy\nq/../a//b/./c\n';
  expect(
    ['vendor', 'vendor/a/b', 'third party/a', 'a/b/c'].map((path) => isHidden(path, { ignoreFile })),
  ).toEqual([true, true, true, true]);
  expect(['', 'vendor2', 'a/vendor', 'x', '# x'].map((path) => isHidden(path, { ignoreFile }))).toEqual(
    Array(5).fill(false),
  );
});

test('a folder is hidden by the globs of REPO.bazel', () => {
  const repoFile = 'repo(features = ["a"])\nignore_directories(["**/node_modules", "out*"])\n';
  expect(
    ['node_modules/x', 'a/b/node_modules', 'out1/x'].map((path) => isHidden(path, { repoFile })),
  ).toEqual([true, true, true]);
  expect(isHidden('b/x', { repoFile })).toBe(false);
  expect(isHidden('a', { repoFile: 'repo(features = ["a"])\n' })).toBe(false);
});

test('a package is hidden by an option that builds have too', () => {
  const deletedPackages = new Set(['app' as PackagePath]);
  expect(isHidden('app', { deletedPackages })).toBe(true);
  expect(isHidden('app/x', { deletedPackages })).toBe(false);
});

test('what Bazel takes for no package by its name is hidden', () => {
  expect(
    ['external', 'external/x', 'a/.../b', 'c:d', 'e\\f', 'ü/x', 'a\tb'].map((path) => isHidden(path)),
  ).toEqual(Array(7).fill(true));
  expect(['a/external', '.hidden', 'a.b'].map((path) => isHidden(path))).toEqual(Array(3).fill(false));
});
