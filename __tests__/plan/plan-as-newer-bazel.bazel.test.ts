import { execFileSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseBazelVersion } from '../../src/formats/bazel-version.js';
import type { Files } from '../support/files.js';
import { findBazel } from '../support/find-bazel.js';
import { plannedWorkspace } from '../support/planned-workspace.js';

const SCRIPT = { script: '#!/bin/sh\ntrue\n' };

const VERSION = parseBazelVersion(execFileSync(findBazel(), ['--version'], { encoding: 'utf8' }));

interface NewerBazel {
  readonly bazel: string;
  /** Lines of an rc file. */
  readonly options: readonly string[];
  /** The versions that can behave in this way, and do not always. */
  readonly majors: readonly number[] | 'all';
}

/** What makes some versions behave as later ones always do. */
const NEWER: readonly NewerBazel[] = [
  { bazel: 'as it is', options: [], majors: 'all' },
  {
    bazel: 'with + in canonical names, as from 8 on',
    options: ['common --incompatible_use_plus_in_repo_names'],
    majors: [7],
  },
  {
    bazel: 'without native shell rules, as from 9 on',
    options: ['common --incompatible_autoload_externally=-sh_test,-sh_binary,-sh_library'],
    majors: [7, 8],
  },
];

const POSSIBLE = NEWER.filter(({ majors }) => majors === 'all' || majors.includes(VERSION?.major ?? 7));

/** The shell rules come from a module, as with rules_shell, and so does what they depend on. */
const WORKSPACE: Files = {
  'MODULE.bazel':
    'module(name = "shop")\n' +
    'bazel_dep(name = "shell_of_shop", version = "1")\nlocal_path_override(module_name = "shell_of_shop", path = "shell")\n',
  BUILD: '',
  'shell/MODULE.bazel': 'module(name = "shell_of_shop", version = "1")\n',
  'shell/BUILD': 'filegroup(name = "runner", srcs = ["runner.txt"], visibility = ["//visibility:public"])\n',
  'shell/runner.txt': 'one\n',
  'shell/sh_test.bzl': `
def _impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = out, target_file = ctx.file.src, is_executable = True)
    return [DefaultInfo(executable = out)]

sh_test = rule(
    implementation = _impl,
    test = True,
    attrs = {
        "src": attr.label(allow_single_file = True),
        "data": attr.label_list(allow_files = True),
        "_runner": attr.label(default = "//:runner"),
    },
)
`,
  'app/BUILD':
    'load("@shell_of_shop//:sh_test.bzl", "sh_test")\nsh_test(name = "app_test", src = "test.sh", data = ["app.txt"])\n',
  'app/test.sh': SCRIPT,
  'app/app.txt': 'one\n',
  'words/BUILD':
    'load("@shell_of_shop//:sh_test.bzl", "sh_test")\nsh_test(name = "öl_test", src = "test.sh", data = ["öl.txt"])\n',
  'words/test.sh': SCRIPT,
  'words/öl.txt': 'one\n',
  'docs/BUILD': 'filegroup(name = "docs", srcs = ["docs.txt"])\n',
  'docs/docs.txt': 'one\n',
};

const ALL_TESTS = ['//app:app_test', '//words:öl_test'];

describe.each(POSSIBLE)('a workspace of a Bazel $bazel', ({ options }) => {
  const the = plannedWorkspace(WORKSPACE);

  beforeEach(() => {
    the.repository.write({ '.bazelrc': ['common --lockfile_mode=off', ...options, ''].join('\n') });
  });

  async function planOf(change: Files) {
    const base = the.repository.commit();
    the.repository.write(change);
    const { plan } = await the.planner.plan(the.repository, base);
    return plan;
  }

  test.each([
    ['a source', { 'app/app.txt': 'two\n' }, ['//app:app_test']],
    ['a source with another alphabet', { 'words/öl.txt': 'two\n' }, ['//words:öl_test']],
    ['what no test uses', { 'docs/docs.txt': 'two\n' }, []],
    ['a BUILD file', { 'docs/BUILD': 'filegroup(name = "docs")\n' }, []],
    [
      'the tags of a test',
      { 'app/BUILD': (WORKSPACE['app/BUILD'] as string).replace('data =', 'tags = ["x"], data =') },
      ['//app:app_test'],
    ],
  ])('is tested where a change of %s reaches', async (_what, change: Files, tests) => {
    const plan = await planOf(change);
    expect(plan.everything).toBeNull();
    expect(plan.test).toEqual(tests);
  });

  test.each([
    ['the rule', { 'shell/sh_test.bzl': `${WORKSPACE['shell/sh_test.bzl'] as string}\nX = 1\n` }],
    ['what the rule depends on', { 'shell/runner.txt': 'two\n' }],
  ])(
    'is tested wholly after a change of %s in the module of the shell rules',
    async (_what, change: Files) => {
      expect((await planOf(change)).test).toEqual(ALL_TESTS);
    },
  );
});
