import { describe, expect, test } from '@jest/globals';
import { readByModules } from '../../../src/loading/externals/module-files.js';
import { OpenTexts } from '../../../src/loading/externals/open-texts.js';
import { NamedPaths } from '../../../src/loading/externals/named-paths.js';
import type { WorkspacePath } from '../../../src/graph/label.js';
import { workspacePath } from '../../support/builders.js';

describe('readByModules', () => {
  const inputs = {
    code: new Set([workspacePath('tools/ext.bzl')]),
    named: new NamedPaths(new Set(['third_party/x', 'go.mod'])),
    ownCode: null,
    labels: OpenTexts.of([]),
    repositories: new Set<WorkspacePath>(),
    rulesUsed: new Set(['some_extensions']),
  };
  const read = (path: string, parts: Partial<typeof inputs> = {}) =>
    readByModules(workspacePath(path), { ...inputs, ...parts });

  test('tells module files, their code, and what they name or what lies below that', () => {
    expect(read('MODULE.bazel')).toBe('a module file');
    expect(read('tools/ext.bzl')).toBe('code that module files use');
    expect(read('go.mod')).toBe('module files name go.mod');
    expect(read('third_party/x/deep/file')).toBe('module files name third_party/x');
    expect(read('third_party/xy')).toBeNull();
  });

  test.each([
    'go.sum',
    'web/pnpm-lock.yaml',
    'requirements.txt',
    'py/requirements_lock.txt',
    'maven_install.json',
    'rust/Cargo.lock',
    'uv.lock',
    'gradle/libs.versions.toml',
    '.python-version',
    'rust-toolchain.toml',
    'bun.lockb',
    'deno.lock',
    'npm-shrinkwrap.json',
    'ios/Podfile.lock',
    'vcpkg.json',
    'buf.lock',
    'cargo-bazel-lock.json',
  ])('takes %s for one that extensions read by habit, where any are used', (path) => {
    expect(read(path)).toContain('dependency manifest');
    expect(read(path, { rulesUsed: new Set() })).toBeNull();
  });

  test('takes an ordinary file for none', () => {
    expect(read('app/main.go')).toBeNull();
    expect(read('docs/go.mod.md')).toBeNull();
  });
});
