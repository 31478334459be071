import { expect, test } from '@jest/globals';
import { plannedWorkspace } from '../support/planned-workspace.js';
import type { Files } from '../support/files.js';

const TRUE = { script: '#!/bin/sh\ntrue\n' };

const WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "sample")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["test.sh"])\n',
  'other/test.sh': TRUE,
};

const the = plannedWorkspace(WORKSPACE);

async function testsOf(before: Files, change: Files): Promise<readonly string[]> {
  const base = the.repository.write(before).commit();
  the.repository.write(change);
  return (await the.planner.plan(the.repository, base)).plan.test;
}

function query(expression: string, options: string): Files {
  return {
    'app/BUILD': `
genquery(name = "q", expression = "${expression}", scope = ["//lib:l"], opts = [${options}])
sh_test(name = "t", srcs = ["test.sh"], data = [":q"])
`,
    'app/test.sh': TRUE,
    'lib/BUILD': 'filegroup(name = "l", visibility = ["//visibility:public"])\n',
    'lib/x.bzl': 'x = 1\n',
  };
}

test('a genquery that prints places is affected where a rule only moves', async () => {
  const moved: Files = { 'lib/BUILD': '\n\nfilegroup(name = "l", visibility = ["//visibility:public"])\n' };
  expect(await testsOf(query('deps(//lib:l)', '"--output=build"'), moved)).toEqual(['//app:t']);
});

test('a genquery that prints what is loaded is affected where a BUILD file loads more', async () => {
  const loading: Files = {
    'lib/BUILD': 'load(":x.bzl", "x")\nfilegroup(name = "l", visibility = ["//visibility:public"])\n',
  };
  expect(await testsOf(query('buildfiles(//lib:l)', ''), loading)).toEqual(['//app:t']);
});

test('a genquery is not affected by a file that no package loads', async () => {
  expect(await testsOf(query('deps(//lib:l)', ''), { 'lib/y.txt': 'y\n' })).toEqual([]);
});
