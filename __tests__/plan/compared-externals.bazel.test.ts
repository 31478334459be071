import { expect, test } from '@jest/globals';
import type { Files } from '../support/files.js';
import { plannedWorkspace } from '../support/planned-workspace.js';

const SCRIPT = { script: '#!/bin/sh\ntrue\n' };
const PUBLIC = 'visibility = ["//visibility:public"]';

/** Two modules in folders of the workspace, and a test that depends on each of them. */
const the = plannedWorkspace({
  'MODULE.bazel': moduleFile('one', 'two'),
  '.bazelrc': 'common --lockfile_mode=off\n',
  BUILD: '',
  'lib/BUILD': 'exports_files(["lib.txt"])\n',
  'lib/lib.txt': 'one\n',
  'uses/first/BUILD': 'sh_test(name = "test", srcs = ["test.sh"], data = ["@first//:x"])\n',
  'uses/first/test.sh': SCRIPT,
  'uses/second/BUILD': 'sh_test(name = "test", srcs = ["test.sh"], data = ["@second//:x"])\n',
  'uses/second/test.sh': SCRIPT,
  'own/BUILD': 'sh_test(name = "test", srcs = ["test.sh"])\n',
  'own/test.sh': SCRIPT,
  ...localModule('one'),
  ...localModule('two'),
});

function moduleFile(first: string, second: string, ...more: readonly string[]): string {
  return [
    'module(name = "shop")',
    `bazel_dep(name = "${first}", version = "1", repo_name = "first")`,
    `bazel_dep(name = "${second}", version = "1", repo_name = "second")`,
    ...['one', 'two'].map((name) => `local_path_override(module_name = "${name}", path = "mods/${name}")`),
    ...more,
    '',
  ].join('\n');
}

function localModule(name: string, data = '"data.txt"'): Files {
  return {
    [`mods/${name}/MODULE.bazel`]: `module(name = "${name}", version = "1")\nbazel_dep(name = "shop")\n`,
    [`mods/${name}/BUILD`]: `filegroup(name = "x", srcs = [${data}], ${PUBLIC})\n`,
    [`mods/${name}/data.txt`]: `${name}\n`,
  };
}

async function testsAfter(change: Files, before: Files = {}): Promise<readonly string[]> {
  const base = the.repository.write(before).commit();
  the.repository.write(change);
  return (await the.planner.plan(the.repository, base)).plan.test;
}

const USERS = ['//uses/first:test', '//uses/second:test'];

test('names of repositories that now lead to another one affect what uses them', async () => {
  const tests = await testsAfter({ 'MODULE.bazel': moduleFile('two', 'one') });
  expect(tests).toEqual(expect.arrayContaining(USERS));
});

test('a file of a local module affects what depends on it', async () => {
  expect(await testsAfter({ 'mods/two/data.txt': 'another\n' })).toEqual(['//uses/second:test']);
});

test('a file of the main repository that a local module names affects what depends on it', async () => {
  const tests = await testsAfter({ 'lib/lib.txt': 'two\n' }, localModule('two', '"@shop//lib:lib.txt"'));
  expect(tests).toContain('//uses/second:test');
});

test('such a file counts as well if it changes together with a module file', async () => {
  const tests = await testsAfter(
    { 'lib/lib.txt': 'two\n', 'MODULE.bazel': moduleFile('one', 'two', 'made = "a"') },
    localModule('two', '"@shop//lib:lib.txt"'),
  );
  expect(tests).toContain('//uses/second:test');
});
