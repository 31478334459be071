import { describe, expect, test } from '@jest/globals';
import {
  isDependencyManifest,
  isReadByConvention,
} from '../../../src/loading/inputs/dependency-manifests.js';

describe('isDependencyManifest', () => {
  test.each([
    'go.mod',
    'go.work.sum',
    'web/package.json',
    'web/npm-shrinkwrap.json',
    'bun.lockb',
    'deno.lock',
    '.python-version',
    'rust-toolchain.toml',
    'ios/Podfile.lock',
    'vcpkg.json',
    'buf.lock',
    'Cargo.Bazel.lock',
    'cargo-bazel-lock.json',
    'cargo-tools.lock',
    'py/requirements_lock.txt',
    'py/dev-requirements.in',
    'maven_install.json',
    'rules_jvm-install.json',
    'maven_dev.json',
    'gradle/libs.versions.toml',
  ])('knows %s', (path) => {
    expect(isDependencyManifest(path)).toBe(true);
  });

  test.each([
    'docs/go.mod.md',
    'go.mod/file',
    'app/main.go',
    'my-package.json',
    'requirements/readme.md',
    'install.json',
  ])('does not know %s', (path) => {
    expect(isDependencyManifest(path)).toBe(false);
  });
});

describe('a manifest', () => {
  test.each([
    ['go.mod', 'rules_go'],
    ['go.mod', 'io_bazel_rules_go'],
    ['go.sum', 'bazel_gazelle'],
    ['web/package.json', 'aspect_rules_js'],
    ['web/package.json', 'rules_javascript'],
    ['go.mod', 'rules_management'],
    ['setup.py', 'rules_python'],
    ['Cargo.lock', 'rules_rust'],
    ['maven_install.json', 'rules_jvm_external'],
    ['.tool-versions', 'rules_nodejs'],
  ])('%s is read by %s', (path, repository) => {
    expect(isReadByConvention(path, new Set(['platforms', repository]))).toBe(true);
  });

  test('is read by rules whose name tells nothing', () => {
    expect(isReadByConvention('go.mod', new Set(['our_rules']))).toBe(true);
  });

  test.each([
    ['go.mod', 'rules_python'],
    ['setup.py', 'rules_oci'],
    ['package.json', 'bazel_skylib'],
    ['app/main.go', 'rules_go'],
  ])('%s is not read by %s', (path, repository) => {
    expect(isReadByConvention(path, new Set([repository]))).toBe(false);
  });

  test('is read by nothing in a workspace that uses the rules of no other repository', () => {
    expect(isReadByConvention('go.mod', new Set())).toBe(false);
  });
});
