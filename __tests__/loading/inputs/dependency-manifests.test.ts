import { describe, expect, test } from '@jest/globals';
import { isDependencyManifest } from '../../../src/loading/inputs/dependency-manifests.js';

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
