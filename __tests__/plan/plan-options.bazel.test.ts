import { afterEach, describe, expect, test } from '@jest/globals';
import type { PlanInputName } from '../../src/plan/plan-inputs.js';
import type { Plan } from '../../src/plan/file/plan.js';
import { plannedWorkspace } from '../support/planned-workspace.js';
import type { Files } from '../support/files.js';
import { TestRepository } from '../support/test-repository.js';

const RC = 'common --lockfile_mode=off\n';

/** A test that reads a label flag, whose default is one library of two; another test that reads nothing. */
const WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "main")\n',
  '.bazelrc': RC,
  BUILD: 'exports_files(["true.sh"])',
  'true.sh': { script: '#!/bin/sh\ntrue\n' },
  'flags/BUILD':
    'label_flag(name = "lib", build_setting_default = "//lib:std", visibility = ["//visibility:public"])',
  'lib/BUILD':
    'package(default_visibility = ["//visibility:public"])\n' +
    'filegroup(name = "std", srcs = ["std.txt"])\nfilegroup(name = "alt", srcs = ["alt.txt"])\n',
  'lib/std.txt': '1',
  'lib/alt.txt': '1',
  'a/BUILD': 'sh_test(name = "t", srcs = ["//:true.sh"], data = ["//flags:lib"])',
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["//:true.sh"])',
};

const ALL_TESTS = ['//a:t', '//other:other_test'];

const the = plannedWorkspace(WORKSPACE);

/** The plan of a change of the sample workspace; `before` is what the workspace has beyond it at the base. */
async function planOf(
  before: Files,
  change: Files,
  inputs: Partial<Record<PlanInputName, string>> = {},
): Promise<Plan> {
  const base = the.repository.write(before).commit();
  the.repository.write(change);
  return (await the.planner.plan(the.repository, base, inputs)).plan;
}

describe('an rc file that is named by an absolute path in the checkout', () => {
  const flags = (value: number): Files => ({ 'ci/flags.rc': `build --define=v=${value}\n` });

  test('affects everything when its options change, where a startup option names it', async () => {
    const startup = `--bazelrc=${the.repository.folder}/ci/flags.rc`;
    const plan = await planOf(flags(1), flags(2), { 'startup-options': startup });
    expect(plan.everything?.reason).toBe(
      'ci/flags.rc changed: bazel test has the option --define=v=2 at the head, and --define=v=1 at the base',
    );
  });

  test('affects everything when its options change, where another one imports it', async () => {
    const rc = `${RC}import ${the.repository.folder}/./ci/flags.rc\n`;
    const plan = await planOf({ ...flags(1), '.bazelrc': rc }, flags(2));
    expect(plan.everything?.reason).toBe(
      'ci/flags.rc changed: bazel test has the option --define=v=2 at the head, and --define=v=1 at the base',
    );
  });
});

describe('rc files and options that are no part of a revision', () => {
  const home = process.env.HOME;

  afterEach(() => {
    process.env.HOME = home;
  });

  test('affect everything when a target changes that the rc file of the home folder names', async () => {
    const elsewhere = TestRepository.create().write({ '.bazelrc': 'build --//flags:lib=//lib:alt\n' });
    process.env.HOME = elsewhere.folder;
    const plan = await planOf({}, { 'lib/alt.txt': '2' });
    elsewhere.remove();
    expect(plan.everything?.reason).toContain(
      '//lib:alt (named by an option of Bazel) changed or depends on a change',
    );
  });

  test('affect everything when options change that the rc file of the home folder imports from the workspace', async () => {
    const elsewhere = TestRepository.create().write({ '.bazelrc': 'try-import %workspace%/ci/flags.rc\n' });
    process.env.HOME = elsewhere.folder;
    const plan = await planOf(
      { 'ci/flags.rc': 'build --define=v=1' },
      { 'ci/flags.rc': 'build --define=v=2' },
    );
    elsewhere.remove();
    expect(plan.everything?.reason).toBe(
      'ci/flags.rc changed: bazel test has the option --define=v=2 at the head, and --define=v=1 at the base',
    );
  });

  test('affect everything when a target changes that an option of the legs names', async () => {
    const plan = await planOf({}, { 'lib/alt.txt': '2' }, { 'leg-options': '--//flags:lib=@main//lib:alt' });
    expect(plan.everything?.reason).toContain(
      '//lib:alt (named by an option of Bazel) changed or depends on a change',
    );
  });
});

describe('a label that an rc file names', () => {
  test.each([
    ['by the name of the main module', 'build --//flags:lib=@main//lib:alt'],
    ['without slashes', 'build --//flags:lib=lib:alt'],
    ['with arguments behind it', 'test --run_under="//lib:alt -v"'],
  ])('affects everything when it is named %s and changes', async (_, line) => {
    const plan = await planOf({ '.bazelrc': `${RC}${line}\n` }, { 'lib/alt.txt': '2' });
    expect(plan.everything?.reason).toContain(
      '//lib:alt (named by an option of Bazel) changed or depends on a change',
    );
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test('affects nothing more when something else changes', async () => {
    const plan = await planOf(
      { '.bazelrc': `${RC}build --//flags:lib=lib:alt\n` },
      { 'other/BUILD': 'sh_test(name = "other_test", srcs = ["//:true.sh"], tags = ["x"])' },
    );
    expect(plan.test).toEqual(['//other:other_test']);
  });
});

test('a change affects everything where --package_path lets packages lie elsewhere', async () => {
  const plan = await planOf(
    {
      '.bazelrc': `${RC}common --package_path=%workspace%:%workspace%/alt\n`,
      'alt/p/BUILD': 'exports_files(["x.txt"])',
      'alt/p/x.txt': '1',
      'q/BUILD': 'sh_test(name = "t", srcs = ["//:true.sh"], data = ["//p:x.txt"])',
    },
    { 'alt/p/x.txt': '2' },
  );
  expect(plan.everything?.reason).toContain('alt/p/x.txt changed: with --package_path=');
  expect(plan.test).toContain('//q:t');
});

describe('with aspects in an rc file', () => {
  const LINT = `
load(":names.bzl", "LINTER")
def _lint(target, ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".lint")
    ctx.actions.run(outputs = [out], executable = ctx.executable._tool, arguments = [out.path])
    return [OutputGroupInfo(_validation = depset([out]))]
lint = aspect(
    implementation = _lint,
    attrs = {"_tool": attr.label(default = LINTER, executable = True, cfg = "exec")},
)
`;
  const linted: Files = {
    '.bazelrc': `${RC}build --aspects=//tools:lint.bzl%lint\n`,
    'tools/BUILD': 'sh_binary(name = "linter", srcs = ["linter.sh"], visibility = ["//visibility:public"])',
    'tools/linter.sh': { script: '#!/bin/sh\n>$1\n' },
    'tools/names.bzl': 'LINTER = "//tools:linter"\n',
    'tools/lint.bzl': LINT,
  };

  test('a change of the tool that their code names affects everything', async () => {
    const plan = await planOf(linted, { 'tools/linter.sh': { script: '#!/bin/sh\nexit 1\n' } });
    expect(plan.everything?.reason).toBe(
      '//tools:linter (named by the code of aspects that options of Bazel turn on, in tools/lint.bzl) changed or depends on a change; ' +
        "Bazel's query does not show which targets use it",
    );
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test('a change of anything else affects what depends on it', async () => {
    const plan = await planOf(linted, { 'lib/std.txt': '2' });
    expect(plan.everything).toBeNull();
    expect(plan.test).toEqual(['//a:t']);
  });
});

describe('with a transition', () => {
  const TRANSITION = `
def _to_alt(settings, attr):
    return {"//flags:lib": "//lib:alt"}
to_alt = transition(implementation = _to_alt, inputs = [], outputs = ["//flags:lib"])
def _impl(ctx):
    return [DefaultInfo(files = depset(transitive = [dep[DefaultInfo].files for dep in ctx.attr.dep]))]
with_alt = rule(
    implementation = _impl,
    attrs = {
        "dep": attr.label(cfg = to_alt),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
`;
  const configured: Files = {
    'rules/BUILD': '',
    'rules/alt.bzl': TRANSITION,
    'a/BUILD':
      'load("//rules:alt.bzl", "with_alt")\nfilegroup(name = "files", srcs = ["//flags:lib"])\n' +
      'with_alt(name = "alt", dep = ":files")\nsh_test(name = "t", srcs = ["//:true.sh"], data = [":alt"])\n',
    'c/BUILD': 'sh_test(name = "t", srcs = ["//:true.sh"], data = ["c.txt"])',
    'c/c.txt': '1',
  };

  test('a change of a target that its code sets a label flag to affects what depends on the flag', async () => {
    const plan = await planOf(configured, { 'lib/alt.txt': '2' });
    expect(plan.everything).toBeNull();
    expect(plan.test).toEqual(['//a:t']);
    expect(plan.affected.find((target) => target.label === '//a:t')?.reason.path).toEqual([
      '//a:t',
      '//a:alt',
      '//a:files',
      '//flags:lib',
      '//lib:alt',
      '//lib:alt.txt',
    ]);
  });

  test('a flag that its code sets to a computed label is affected by every change', async () => {
    const computed = TRANSITION.replace('"//lib:alt"', 'attr.name.replace("x", "//lib:")');
    const plan = await planOf({ ...configured, 'rules/alt.bzl': computed }, { 'c/c.txt': '2' });
    expect(plan.everything).toBeNull();
    expect(plan.test).toEqual(['//a:t', '//c:t']);
  });

  test('a change of anything else affects what depends on it', async () => {
    const plan = await planOf(configured, { 'c/c.txt': '2' });
    expect(plan.everything).toBeNull();
    expect(plan.test).toEqual(['//c:t']);
  });
});

describe('an alias that leads elsewhere', () => {
  const TOOLCHAINS = `
load(":tc.bzl", "maker")
package(default_visibility = ["//visibility:public"])
toolchain_type(name = "one")
toolchain_type(name = "two")
maker(name = "maker_one", text = "1")
maker(name = "maker_two", text = "2")
toolchain(name = "chain_one", toolchain_type = ":one", toolchain = ":maker_one")
toolchain(name = "chain_two", toolchain_type = ":two", toolchain = ":maker_two")
platform(name = "linux", parents = ["@local_config_platform//:host"])
platform(name = "fast", parents = [":linux"], exec_properties = {"fast": "1"})
filegroup(name = "tools")
filegroup(name = "more_tools")
`;
  const CODE = `
maker = rule(
    implementation = lambda ctx: [platform_common.ToolchainInfo(text = ctx.attr.text)],
    attrs = {"text": attr.string()},
)
def _made(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.write(out, ctx.toolchains["//tc:alias"].text)
    return [DefaultInfo(files = depset([out]))]
made = rule(implementation = _made, toolchains = ["//tc:alias"])
`;
  const alias = (leadsTo: string): Files => ({
    'tc/BUILD': `${TOOLCHAINS}alias(name = "alias", actual = ":${leadsTo}")\n`,
  });
  const registering = (statement: string): Files => ({
    'MODULE.bazel': `module(name = "main")\n${statement}\n`,
    'tc/tc.bzl': CODE,
  });

  test('affects everything where rules want a toolchain type by it', async () => {
    const module = registering('register_toolchains("//tc:chain_one", "//tc:chain_two")');
    const plan = await planOf({ ...module, ...alias('one') }, alias('two'));
    expect(plan.everything?.reason).toContain(
      '//tc:alias (an alias of //tc:one, toolchain_type) changed or depends on a change',
    );
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test('affects everything where it is registered as an execution platform', async () => {
    const module = registering('register_execution_platforms("//tc:alias")');
    const plan = await planOf({ ...module, ...alias('linux') }, alias('fast'));
    expect(plan.everything?.reason).toContain(
      '//tc:alias (named by a module file, or what it leads to) changed or depends on a change',
    );
  });

  test('affects what depends on it where it leads to what nothing looks up', async () => {
    const module = registering('register_toolchains("//tc:chain_one", "//tc:chain_two")');
    const plan = await planOf({ ...module, ...alias('tools') }, alias('more_tools'));
    expect(plan.everything).toBeNull();
    expect(plan.test).toEqual([]);
  });
});
