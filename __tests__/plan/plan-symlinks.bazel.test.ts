import { describe, expect, test } from '@jest/globals';
import type { PlanInputName } from '../../src/plan/plan-inputs.js';
import { plannedWorkspace } from '../support/planned-workspace.js';
import type { Files } from '../support/files.js';
import { TestRepository } from '../support/test-repository.js';

const WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "sample")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["test.sh"])\n',
  'other/test.sh': { script: '#!/bin/sh\ntrue\n' },
  'linked/test.sh': { script: '#!/bin/sh\ntrue\n' },
  cur: { link: 'v1' },
  'v1/sub/f.txt': 'one\n',
  'v2/sub/f.txt': 'two\n',
};

const BOTH = ['//linked:t', '//other:other_test'];

const the = plannedWorkspace(WORKSPACE);

function testWith(data: string): string {
  return `sh_test(name = "t", srcs = ["test.sh"], data = ${data})\n`;
}

async function testsOf(
  before: Files,
  change: Files,
  inputs: Partial<Record<PlanInputName, string>> = {},
): Promise<readonly string[]> {
  const base = the.repository.write(before).commit();
  the.repository.write(change);
  const { plan } = await the.planner.plan(the.repository, base, inputs);
  return plan.test;
}

describe('a symlink that leads elsewhere', () => {
  const change: Files = { cur: { link: 'v2' } };

  test('affects the users of a symlink whose way leads through it', async () => {
    const before: Files = {
      'linked/BUILD': testWith('["l.txt"]'),
      'linked/l.txt': { link: '../cur/sub/f.txt' },
    };
    expect(await testsOf(before, change)).toEqual(['//linked:t']);
  });

  test('affects the users of a folder behind a symlink whose way leads through it', async () => {
    const before: Files = {
      'linked/BUILD': testWith('glob(["d/**"])'),
      'linked/d': { link: '../cur/sub' },
    };
    expect(await testsOf(before, change)).toEqual(['//linked:t']);
  });

  test('affects everything where an rc file that lies behind it says something else', async () => {
    const before: Files = {
      '.bazelrc': 'common --lockfile_mode=off\nimport %workspace%/ci.rc\n',
      'ci.rc': { link: 'cur/ci.rc' },
      'v1/ci.rc': 'build --define=v=1\n',
      'v2/ci.rc': 'build --define=v=2\n',
      'linked/BUILD': testWith('[]'),
    };
    expect(await testsOf(before, change)).toEqual(BOTH);
  });

  test('affects what depends on a repository that shows a folder behind it', async () => {
    const before: Files = {
      'MODULE.bazel': `
new_local_repository = use_repo_rule("@bazel_tools//tools/build_defs/repo:local.bzl", "new_local_repository")
new_local_repository(name = "foo", path = "cur/sub", build_file_content = "exports_files(['f.txt'])")
`,
      'linked/BUILD': testWith('["@foo//:f.txt"]'),
    };
    expect(await testsOf(before, change)).toEqual(['//linked:t']);
  });
});

test('a submodule at another commit affects the users of a symlink that leads into it', async () => {
  const library = TestRepository.create().write({ 'f.txt': 'one\n' });
  try {
    library.commit();
    the.repository.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      library.folder,
      'sub',
    );
    const before: Files = {
      'linked/BUILD': testWith('["l.txt"]'),
      'linked/l.txt': { link: '../sub/f.txt' },
    };
    const base = the.repository.write(before).commit();
    the.repository.write({ 'sub/f.txt': 'two\n' });
    the.repository.git('-C', 'sub', 'commit', '--quiet', '--all', '--message=two');
    const { plan } = await the.planner.plan(the.repository, base);
    expect(plan.test).toEqual(['//linked:t']);
  } finally {
    library.remove();
  }
});
