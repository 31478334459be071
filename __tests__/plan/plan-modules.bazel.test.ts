import { describe, expect, test } from '@jest/globals';
import type { Files } from '../support/files.js';
import { plannedWorkspace } from '../support/planned-workspace.js';

const SCRIPT = { script: '#!/bin/sh\ntrue\n' };

const ALL_TESTS = ['//app:app_test', '//other:other_test'];

const the = plannedWorkspace({
  'MODULE.bazel': 'module(name = "shop")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  'conf/BUILD': '',
  'conf/a.json': '1',
  'lib/BUILD': 'filegroup(name = "lib", srcs = ["lib.txt"], visibility = ["//visibility:public"])\n',
  'lib/lib.txt': 'one\n',
  'app/BUILD': 'sh_test(name = "app_test", srcs = ["test.sh"], data = ["@made//:x"])\n',
  'app/test.sh': SCRIPT,
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["test.sh"], data = ["own.txt"])\n',
  'other/test.sh': SCRIPT,
  'other/own.txt': 'one\n',
});

/** The repository `@made` comes from a rule of the workspace's own. */
function withRule(...statements: readonly string[]): Files {
  return {
    'MODULE.bazel':
      'module(name = "shop")\nmade = use_repo_rule("//ext:made.bzl", "made")\nmade(name = "made")\n',
    'ext/BUILD': '',
    'ext/made.bzl':
      `def _impl(ctx):\n${statements.map((one) => `    ${one}\n`).join('')}\n` +
      'made = repository_rule(implementation = _impl)\n',
  };
}

const PUBLIC = 'visibility = ["//visibility:public"]';

async function planOf(change: Files, before: Files) {
  const base = the.repository.write(before).commit();
  the.repository.write(change);
  const { plan } = await the.planner.plan(the.repository, base);
  return plan;
}

describe('a repository rule of the workspace', () => {
  test('makes a file that it reads by a path of parts affect what depends on the repository', async () => {
    const before = withRule(
      'ctx.file("BUILD", "exports_files([\'x\'])")',
      'ctx.file("x", ctx.read(Label("//conf:%s.json" % "a")))',
    );
    const plan = await planOf({ 'conf/a.json': '2' }, before);
    expect(plan).toMatchObject({ everything: null, test: ['//app:app_test'] });
  });

  test('makes a target that its BUILD text names affect everything', async () => {
    const before = withRule(
      `ctx.file("BUILD", """\nfilegroup(name = "x", srcs = ["@@//lib:lib"], ${PUBLIC})\n""")`,
    );
    const plan = await planOf({ 'lib/lib.txt': 'two\n' }, before);
    expect(plan.everything?.reason).toContain('//lib:lib (named by a module file');
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test('leaves an ordinary change what it was', async () => {
    const before = withRule(
      'ctx.file("BUILD", "exports_files([\'x\'])")',
      'ctx.file("x", ctx.read(Label("//conf:%s.json" % "a")) + "{}/{}".format(ctx.name, ctx.attr.name))',
    );
    const plan = await planOf({ 'other/own.txt': 'two\n' }, before);
    expect(plan.everything).toBeNull();
    expect(plan.test).toEqual(['//other:other_test']);
  });
});

describe('a module in a folder of the workspace', () => {
  const MODULE: Files = {
    'MODULE.bazel':
      'module(name = "shop")\nbazel_dep(name = "made", version = "1")\n' +
      'local_path_override(module_name = "made", path = "mods/made")\n',
    'mods/made/MODULE.bazel': 'module(name = "made", version = "1")\nbazel_dep(name = "shop")\n',
  };

  test('makes a target of the main one that it depends on affect everything', async () => {
    const before = {
      ...MODULE,
      'mods/made/BUILD': `filegroup(name = "x", srcs = ["@shop//lib:lib"], ${PUBLIC})\n`,
    };
    const plan = await planOf({ 'lib/lib.txt': 'two\n' }, before);
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test('makes a .bzl file of the main one that it loads affect what comes out otherwise', async () => {
    const before = {
      ...MODULE,
      'mods/made/BUILD': `load("@shop//lib:names.bzl", "NAME")\nfilegroup(name = NAME, ${PUBLIC})\n`,
      'lib/names.bzl': 'NAME = "x"\n',
    };
    const other = await planOf({ 'lib/names.bzl': 'NAME = "x" # or\nOTHER = 1\n' }, before);
    expect(other).toMatchObject({ everything: null, test: [] });
    const renamed = await planOf({ 'lib/names.bzl': 'NAME = "y"\n' }, before);
    expect(renamed).toMatchObject({ everything: null, test: ['//app:app_test'] });
  });
});
