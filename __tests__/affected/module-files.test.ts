import { describe, expect, test } from '@jest/globals';
import { isModuleFile, mentionsOf, readByModules, runsCode } from '../../src/affected/module-files.js';
import type { Label } from '../../src/graph/label.js';
import { workspacePath } from '../support/builders.js';

const MAIN_NAMES = new Set(['', '__main__', 'shop']);

function mentioned(text: string, path = 'MODULE.bazel'): { code: string[]; paths: string[] } {
  const { code, paths } = mentionsOf(workspacePath(path), text, MAIN_NAMES);
  return { code: [...code], paths: [...new Set(paths)] };
}

describe('isModuleFile', () => {
  test.each([
    'MODULE.bazel',
    'WORKSPACE',
    'WORKSPACE.bazel',
    'WORKSPACE.bzlmod',
    'third_party/go.MODULE.bazel',
  ])('knows %s', (path) => {
    expect(isModuleFile(workspacePath(path))).toBe(true);
  });

  test.each(['a/MODULE.bazel', 'a/WORKSPACE', 'MODULE.bazel.lock', 'BUILD.bazel'])(
    'does not know %s',
    (path) => {
      expect(isModuleFile(workspacePath(path))).toBe(false);
    },
  );
});

describe('mentionsOf', () => {
  test('finds the files that labels name, in every form', () => {
    const { paths } = mentioned(
      'deps.from_file(files = ["//:go.mod", "@//a:b.txt", "@shop//c:d", ":e", "f/g"])',
    );
    expect(paths).toEqual(expect.arrayContaining(['go.mod', 'a/b.txt', 'c/d', 'e', 'f/g']));
  });

  test('leaves out labels of other repositories', () => {
    expect(mentioned('x(files = ["@rules_go//a:b", "@@other//c:d"])').paths).toEqual([]);
  });

  test('follows code: loads, extensions, includes, repository rules', () => {
    const { code } = mentioned(
      'load("//tools:a.bzl", "x")\nuse_extension("//ext:e.bzl", "e")\ninclude("//third_party:go.MODULE.bazel")\n' +
        'r = use_repo_rule("//tools:repo.bzl", "r")',
    );
    expect(code).toEqual(['tools/a.bzl', 'ext/e.bzl', 'third_party/go.MODULE.bazel', 'tools/repo.bzl']);
  });

  test('takes a plain string as a path from the root and from the file alike', () => {
    expect(mentioned('F = "data/list.json"', 'tools/a.bzl').paths).toEqual([
      'tools/data/list.json',
      'data/list.json',
    ]);
  });

  test('keeps a path that leaves the workspace', () => {
    expect(mentioned('local_path_override(module_name = "x", path = "../x")').paths).toContain('../x');
  });

  test('takes names and versions for no paths', () => {
    const source = 'module(name = "shop", version = "1")\nbazel_dep(name = "platforms", version = "0.0.10")';
    expect(mentioned(source).paths).toEqual([]);
  });

  test('takes a name for a path where the same string is one elsewhere', () => {
    expect(mentioned('bazel_dep(name = "lib", version = "1")\nlocal(path = "lib")').paths).toContain('lib');
  });

  test('takes a comment for nothing', () => {
    expect(mentioned('# see "//docs:x"').paths).toEqual([]);
  });
});

test('mentionsOf lists what is written as a label: external repositories can depend on it', () => {
  const source =
    'maven.install(override_targets = {"com.google:guava": "@@//third_party/guava"}, x = ":local", y = "a/b")\n' +
    'register_toolchains("//tc:alias")\nregister_execution_platforms("//p:alias")\nuse_extension("//ext:e.bzl", "e")';
  expect(mentionsOf(workspacePath('MODULE.bazel'), source, MAIN_NAMES).labels).toEqual([
    '//third_party/guava:guava',
    '//:local',
    '//tc:alias',
    '//p:alias',
  ]);
});

describe('readByModules', () => {
  const inputs = {
    code: new Set([workspacePath('tools/ext.bzl')]),
    named: new Set(['third_party/x', 'go.mod'].map(workspacePath)),
    labels: new Set<Label>(),
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
