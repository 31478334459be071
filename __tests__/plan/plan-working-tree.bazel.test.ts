import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { plannedWorkspace } from '../support/planned-workspace.js';
import type { Files } from '../support/files.js';

const WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "sample")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  'app/BUILD': 'sh_test(name = "t", srcs = ["test.sh"], data = glob(["d/*"]))\n',
  'app/test.sh': { script: '#!/bin/sh\ntrue\n' },
  'app/d/x': 'x\n',
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["test.sh"])\n',
  'other/test.sh': { script: '#!/bin/sh\ntrue\n' },
};

const the = plannedWorkspace(WORKSPACE);

async function testsOf(before: Files, change: Files): Promise<readonly string[]> {
  const base = the.repository.write(before).commit();
  the.repository.write(change);
  return (await the.planner.plan(the.repository, base)).plan.test;
}

test('a new file affects the users of the folder of its package', async () => {
  const build = `
genrule(name = "g", srcs = ["."], outs = ["g.txt"], cmd = "ls app > $@")
sh_test(name = "t", srcs = ["test.sh"], data = [":g"])
`;
  expect(await testsOf({ 'app/BUILD': build }, { 'app/new': 'new\n' })).toEqual(['//app:t']);
});

test('a new symlink that is only named like those of Bazel affects the users of a glob', async () => {
  expect(await testsOf({}, { 'app/d/bazel-logo': { link: '../test.sh' } })).toEqual(['//app:t']);
});

test('a new file whose name is not UTF-8 affects everything, because its label is unknown', async () => {
  const base = the.repository.write({}).commit();
  const { folder } = the.repository;
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/app/d/`), Buffer.of(0xff)]), 'new');
  const { plan } = await the.planner.plan(the.repository, base);
  expect(plan.changes.map(({ path }) => path)).toEqual(['app/d/\uFFFD']);
  expect(plan.everything?.reason).toMatch(/its name is not valid UTF-8/);
  expect(plan.test).toEqual(['//app:t', '//other:other_test']);
});

test('a new file affects the users of a glob where git is told to take its name for that of another', async () => {
  the.repository.git('config', 'core.ignoreCase', 'true');
  expect(await testsOf({}, { 'app/d/X': 'X\n' })).toEqual(['//app:t']);
});
