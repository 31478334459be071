import { describe, expect, test } from '@jest/globals';
import {
  isBazelWrapper,
  isModuleFile,
  isRcFile,
  isWrittenInStarlark,
  roleOf,
} from '../../../src/loading/inputs/file-roles.js';

test.each([
  ['a/BUILD', 'build'],
  ['a/BUILD.bazel', 'build'],
  ['a/defs.bzl', 'starlark'],
  ['a/defs.scl', 'starlark'],
  ['MODULE.bazel', 'everywhere'],
  ['third_party/go.MODULE.bazel', 'everywhere'],
  ['.bazelignore', 'everywhere'],
  ['ci.bazelrc', 'everywhere'],
  ['ci/bazelrc', 'everywhere'],
  ['WORKSPACE', 'everywhere'],
  ['tools/bazel.bat', 'everywhere'],
  ['tools/bazel_wrapper.sh', 'everywhere'],
  ['a/.gitattributes', 'everywhere'],
  ['tools/bazel', 'everywhere'],
  ['tools/build_rules/prelude_bazel', 'everywhere'],
  ['a/package.json', 'everywhere'],
  ['.python-version', 'everywhere'],
  ['py/requirements_lock.txt', 'everywhere'],
  ['maven_dev.json', 'everywhere'],
  ['rust/cargo-tools.lock', 'everywhere'],
  ['a/main.go', 'other'],
  ['a/tools/bazel', 'other'],
] as const)('%s has the role %s', (path, role) => {
  expect(roleOf(path)).toBe(role);
});

describe('a module file', () => {
  test.each([
    'MODULE.bazel',
    'WORKSPACE',
    'WORKSPACE.bazel',
    'WORKSPACE.bzlmod',
    'third_party/go.MODULE.bazel',
  ])('is %s', (path) => {
    expect(isModuleFile(path)).toBe(true);
  });

  test.each(['a/MODULE.bazel', 'a/WORKSPACE', 'MODULE.bazel.lock', 'BUILD.bazel'])('is not %s', (path) => {
    expect(isModuleFile(path)).toBe(false);
  });
});

test('an rc file is known by its name in any folder', () => {
  for (const path of ['.bazelrc', 'ci.bazelrc', 'ci/bazelrc', 'ci/my-bazelrc', 'tools/bazel.rc'])
    expect([path, isRcFile(path)]).toEqual([path, true]);
  for (const path of ['ci/opts', 'bazelrc.md', 'a/tools/bazel.rc', '.bazeliskrc'])
    expect([path, isRcFile(path)]).toEqual([path, false]);
});

test.each([
  ['MODULE.bazel', true],
  ['third_party/go.MODULE.bazel', true],
  ['third_party/lib.BUILD.bazel', true],
  ['WORKSPACE', true],
  ['WORKSPACE.bzlmod', true],
  ['a/defs.bzl', true],
  ['a/defs.scl', true],
  ['a/WORKSPACE', false],
  ['a/BUILD', false],
  ['MODULE.bazel.lock', false],
  ['a/versions.json', false],
])('whether %s is written in Starlark: %s', (path, expected) => {
  expect(isWrittenInStarlark(path)).toBe(expected);
});

test('a wrapper of Bazel stands at a fixed place, under one name for each system', () => {
  for (const path of ['tools/bazel', 'tools/bazel.bat', 'tools/bazel.ps1'])
    expect([path, isBazelWrapper(path)]).toEqual([path, true]);
  for (const path of ['a/tools/bazel', 'tools/bazel/x', 'tools/bazel_rules/x', 'tools/bazelisk'])
    expect([path, isBazelWrapper(path)]).toEqual([path, false]);
});
