import { expect, test } from '@jest/globals';
import { FileNames } from '../../../src/loading/inputs/file-names.js';
import { workspacePath } from '../../support/builders.js';

function namesOf(...paths: string[]): FileNames {
  return FileNames.of(paths.map(workspacePath));
}

test('a marker file makes its folder a nested repository, and none of the workspace itself', () => {
  const names = namesOf(
    'MODULE.bazel',
    'a/WORKSPACE',
    'b/c/REPO.bazel',
    'd/MODULE.bazel.lock',
    'e/WORKSPACE.bzlmod',
  );
  expect([...names.nestedRepositories]).toEqual(['a', 'b/c']);
});

test('files are listed by what their names mean', () => {
  const names = namesOf(
    'BUILD',
    'PROJECT.scl',
    'WORKSPACE.bzlmod',
    'a/BUILD.bazel',
    'a/go.mod',
    'a/rules.bzl',
    'b/deps.MODULE.bazel',
    'b/plain.txt',
    'b/zlib.BUILD',
    'c/REPO.bazel',
    'tools/bazel.bat',
  );
  expect([...names.roles.values()]).toEqual([
    'build',
    'starlark',
    'everywhere',
    'build',
    'everywhere',
    'starlark',
    'everywhere',
    'everywhere',
    'everywhere',
  ]);
  expect([...names.packages]).toEqual(['', 'a']);
  expect(names.starlark).toEqual(['PROJECT.scl', 'a/rules.bzl']);
  expect(names.projectFiles).toEqual(['PROJECT.scl']);
  expect(names.moduleFiles).toEqual(['WORKSPACE.bzlmod', 'b/deps.MODULE.bazel']);
  expect(names.manifests).toEqual(['a/go.mod']);
  expect(names.code).toEqual([
    'BUILD',
    'PROJECT.scl',
    'a/BUILD.bazel',
    'a/rules.bzl',
    'b/zlib.BUILD',
    'c/REPO.bazel',
  ]);
  expect(names.wrappers).toEqual(['tools/bazel.bat']);
});

test('the names of one list are looked at once', () => {
  const paths = [workspacePath('BUILD')];
  expect(FileNames.of(paths)).toBe(FileNames.of(paths));
});
