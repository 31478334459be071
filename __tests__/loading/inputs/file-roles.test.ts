import { expect, test } from '@jest/globals';
import { roleOf } from '../../../src/loading/inputs/file-roles.js';

test.each([
  ['a/BUILD', 'build'],
  ['a/BUILD.bazel', 'build'],
  ['a/defs.bzl', 'starlark'],
  ['a/defs.scl', 'starlark'],
  ['MODULE.bazel', 'everywhere'],
  ['third_party/go.MODULE.bazel', 'everywhere'],
  ['.bazelignore', 'everywhere'],
  ['ci.bazelrc', 'everywhere'],
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
