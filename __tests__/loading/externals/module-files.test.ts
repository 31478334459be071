import { describe, expect, test } from '@jest/globals';
import { readByModules, runsCode } from '../../../src/loading/externals/module-files.js';
import { NamedLabels, NamedPaths } from '../../../src/loading/externals/named-paths.js';
import { workspacePath } from '../../support/builders.js';

describe('readByModules', () => {
  const inputs = {
    code: new Set([workspacePath('tools/ext.bzl')]),
    named: NamedPaths.of(
      ['third_party/x', 'go.mod'].map((pattern) => ({
        pattern,
        unknown: 'path',
        reach: 'file or folder',
      })),
    ),
    labels: NamedLabels.of([]),
    runsCode: true,
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
  ])('takes %s for one that extensions read by habit, where any run', (path) => {
    expect(read(path)).toContain('dependency manifest');
    expect(read(path, { runsCode: false })).toBeNull();
  });

  test('takes an ordinary file for none', () => {
    expect(read('app/main.go')).toBeNull();
    expect(read('docs/go.mod.md')).toBeNull();
  });
});

test('runsCode tells an extension, a repository rule or a load from declarations', () => {
  expect(runsCode('module(name = "x")\nbazel_dep(name = "y", version = "1")')).toBe(false);
  expect(runsCode('# use_extension(…)\nmodule(name = "load")')).toBe(false);
  expect(runsCode('e = use_extension("@x//:e.bzl", "e")')).toBe(true);
  expect(runsCode('load("@x//:d.bzl", "d")\nd()')).toBe(true);
});
