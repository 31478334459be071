import { describe, expect, test } from '@jest/globals';
import type { PlanInputName } from '../../src/plan/plan-inputs.js';
import type { Planned } from '../../src/plan/make-plan.js';
import type { Files } from '../support/files.js';
import { plannedWorkspace } from '../support/planned-workspace.js';

const RULES = `
load(":text.bzl", "shout")

def _join_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".joined")
    ctx.actions.run_shell(
        inputs = ctx.files.srcs,
        outputs = [out],
        arguments = [out.path] + [file.path for file in ctx.files.srcs],
        command = "out=$1; shift; find $@ -type f | sort | xargs cat > $out",
    )
    return [DefaultInfo(files = depset([out]))]

join = rule(implementation = _join_impl, attrs = {"srcs": attr.label_list(allow_files = True)})

def loud(name, srcs, **kwargs):
    join(name = name, srcs = srcs, tags = [shout("loud")], **kwargs)
`;

const LIB_BUILD = `
filegroup(name = "lib", srcs = glob(["*.txt"]), visibility = ["//visibility:public"])
sh_test(name = "lib_test", srcs = ["test.sh"], data = [":lib"])
`;

const APP_BUILD = `
load("//rules:defs.bzl", "join", "loud")
join(name = "app", srcs = ["main.txt", "//lib"])
loud(name = "notice", srcs = ["notice.txt"])
sh_test(name = "app_test", srcs = ["test.sh"], data = [":app"])
sh_test(name = "notice_test", srcs = ["test.sh"], data = [":notice"])
`;

/** Two libraries, an app on one of them, a test on each level. */
const WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "sample")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  'rules/BUILD': '',
  'rules/defs.bzl': RULES,
  'rules/text.bzl': 'def shout(text):\n    return text.upper()\n',
  'lib/BUILD': LIB_BUILD,
  'lib/one.txt': 'one\n',
  'lib/two.txt': 'two\n',
  'lib/test.sh': { script: '#!/bin/sh\ntrue\n' },
  'app/BUILD': APP_BUILD,
  'app/main.txt': 'main\n',
  'app/notice.txt': 'notice\n',
  'app/test.sh': { script: '#!/bin/sh\ntrue\n' },
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["test.sh"])\n',
  'other/test.sh': { script: '#!/bin/sh\ntrue\n' },
};

const ALL_TESTS = ['//app:app_test', '//app:notice_test', '//lib:lib_test', '//other:other_test'];

const the = plannedWorkspace(WORKSPACE);

/** Plans a change of the sample workspace; `before` is what the workspace has beyond it at the base. */
async function planOf(
  change: Files,
  { before = {}, inputs = {} }: { before?: Files; inputs?: Partial<Record<PlanInputName, string>> } = {},
): Promise<Planned> {
  const base = the.repository.write(before).commit();
  the.repository.write(change);
  return the.planner.plan(the.repository, base, inputs);
}

async function testsOf(...args: Parameters<typeof planOf>): Promise<readonly string[]> {
  const { plan } = await planOf(...args);
  return plan.test;
}

function reasonOf({ plan }: Planned, label: string): unknown {
  return plan.affected.find((target) => target.label === label)?.reason;
}

describe('a file that a rule reads', () => {
  test('affects whatever depends on it when its content changes, and nothing else', async () => {
    const planned = await planOf({ 'app/main.txt': 'another main\n' });
    expect(planned.plan.affected.map((target) => target.label)).toEqual([
      '//app:app',
      '//app:app_test',
      '//app:main.txt',
    ]);
    expect(planned.plan.test).toEqual(['//app:app_test']);
    expect(reasonOf(planned, '//app:app_test')).toEqual({
      kind: 'content',
      change: 'app/main.txt',
      path: ['//app:app_test', '//app:app', '//app:main.txt'],
    });
  });

  test('affects its users in other packages', async () => {
    expect(await testsOf({ 'lib/one.txt': 'uno\n' })).toEqual(['//app:app_test', '//lib:lib_test']);
  });

  test('affects its users when only its executable bit changes', async () => {
    const planned = await planOf({ 'lib/one.txt': { script: 'one\n' } });
    expect(planned.plan.test).toEqual(['//app:app_test', '//lib:lib_test']);
    expect(reasonOf(planned, '//lib:one.txt')).toMatchObject({ kind: 'executable bit' });
  });

  test('affects its users when it is deleted though a rule still names it', async () => {
    expect(await testsOf({ 'app/main.txt': null })).toEqual(['//app:app_test']);
  });

  test('affects the users of a glob when it is deleted', async () => {
    expect(await testsOf({ 'lib/one.txt': null })).toEqual(['//app:app_test', '//lib:lib_test']);
  });

  test('affects the users of a glob when it is added', async () => {
    const planned = await planOf({ 'lib/three.txt': 'three\n' });
    expect(planned.plan.test).toEqual(['//app:app_test', '//lib:lib_test']);
    expect(reasonOf(planned, '//lib:lib')).toMatchObject({ change: 'lib/three.txt' });
  });

  test('affects the users of a glob when it is renamed', async () => {
    const planned = await planOf({ 'lib/one.txt': null, 'lib/uno.txt': 'one\n' });
    expect(planned.plan.test).toEqual(['//app:app_test', '//lib:lib_test']);
    expect(planned.plan.changes).toEqual([
      expect.objectContaining({ path: 'lib/one.txt', status: 'deleted' }),
      expect.objectContaining({ path: 'lib/uno.txt', status: 'added' }),
    ]);
  });

  test('affects nothing when no rule names it', async () => {
    const { plan } = await planOf({ 'docs/readme.md': 'read me\n' });
    expect(plan).toMatchObject({ affected: [], legs: [], everything: null });
    expect(plan.changes).toHaveLength(1);
  });
});

describe('a symlink', () => {
  test('affects its users when it leads elsewhere', async () => {
    const before: Files = { 'app/main.txt': { link: '../lib/one.txt' } };
    expect(await testsOf({ 'app/main.txt': { link: '../lib/two.txt' } }, { before })).toEqual([
      '//app:app_test',
    ]);
  });

  test('affects its users when the file that it leads to changes', async () => {
    const before: Files = { 'app/main.txt': { link: '../data/far.txt' }, 'data/far.txt': 'far\n' };
    const planned = await planOf({ 'data/far.txt': 'farther\n' }, { before });
    expect(planned.plan.test).toEqual(['//app:app_test']);
    expect(reasonOf(planned, '//app:app')).toMatchObject({ change: 'data/far.txt' });
  });

  test('affects its users when it leads to a folder and a file in there changes', async () => {
    const before: Files = {
      'linked/BUILD': 'sh_test(name = "t", srcs = ["test.sh"], data = glob(["data/**"]))\n',
      'linked/test.sh': { script: '#!/bin/sh\n' },
      'linked/data': { link: '../real' },
      'real/deep/file.txt': 'deep\n',
    };
    expect(await testsOf({ 'real/deep/file.txt': 'deeper\n' }, { before })).toEqual(['//linked:t']);
  });

  test('affects the users of every file behind it when it leads to another folder', async () => {
    const before: Files = {
      'linked/BUILD': 'sh_test(name = "t", srcs = ["test.sh"], data = ["data/file.txt"])\n',
      'linked/test.sh': { script: '#!/bin/sh\n' },
      'linked/data': { link: '../real' },
      'real/file.txt': 'real\n',
      'fake/file.txt': 'fake\n',
    };
    expect(await testsOf({ 'linked/data': { link: '../fake' } }, { before })).toEqual(['//linked:t']);
  });

  test('affects its users when it replaces a file', async () => {
    const planned = await planOf({ 'app/main.txt': { link: '../lib/one.txt' } });
    expect(planned.plan.test).toEqual(['//app:app_test']);
    expect(reasonOf(planned, '//app:main.txt')).toMatchObject({ kind: 'file type' });
  });
});

describe('a folder as a source', () => {
  const before: Files = {
    'app/BUILD': 'sh_test(name = "t", srcs = ["test.sh"], data = ["assets"])\n',
    'app/assets/deep/picture': 'picture\n',
  };

  test.each([
    ['changes', { 'app/assets/deep/picture': 'another picture\n' }],
    ['is added', { 'app/assets/second': 'picture\n' }],
    ['is added with a line end in its name', { 'app/assets/line\nend': 'picture\n' }],
    ['is deleted', { 'app/assets/deep/picture': null, 'app/assets/rest': 'rest\n' }],
  ])('affects its users when a file below it %s', async (_, change: Files) => {
    expect(await testsOf(change, { before })).toEqual(['//app:t']);
  });
});

describe('file names', () => {
  test.each([
    'with space',
    "it's",
    'say "hi"',
    'grün',
    '日本',
    'a+b',
    'a=b',
    'a@b',
    '#x',
    '$(touch pwned)',
    'a,b',
    '100%',
    '~x',
    '-x',
    '*?',
  ])('are matched with their labels: %s', async (name) => {
    const before: Files = { [`lib/${name}.txt`]: 'text\n' };
    const planned = await planOf({ [`lib/${name}.txt`]: 'other text\n' }, { before });
    expect(planned.plan.test).toEqual(['//app:app_test', '//lib:lib_test']);
    expect(reasonOf(planned, `//lib:${name}.txt`)).toMatchObject({
      kind: 'content',
      change: `lib/${name}.txt`,
    });
  });
});

describe('a package', () => {
  test('affects its own targets when it is new', async () => {
    const planned = await planOf({
      'fresh/BUILD': 'sh_test(name = "fresh_test", srcs = ["test.sh"])\n',
      'fresh/test.sh': { script: '#!/bin/sh\n' },
    });
    expect(planned.plan.test).toEqual(['//fresh:fresh_test']);
    expect(reasonOf(planned, '//fresh:fresh_test')).toMatchObject({
      kind: 'new target',
      change: 'fresh/BUILD',
    });
  });

  test('takes files away from the package above it when it appears under a glob', async () => {
    const before: Files = {
      'lib/BUILD': LIB_BUILD.replace('"*.txt"', '"**/*.txt"'),
      'lib/sub/three.txt': 'three\n',
    };
    expect(await testsOf({ 'lib/sub/BUILD': '' }, { before })).toEqual(['//app:app_test', '//lib:lib_test']);
  });

  test('gives its files to the package above it when it is removed under a glob', async () => {
    const before: Files = {
      'lib/BUILD': LIB_BUILD.replace('"*.txt"', '"**/*.txt"'),
      'lib/sub/BUILD': '',
      'lib/sub/three.txt': 'three\n',
    };
    expect(await testsOf({ 'lib/sub/BUILD': null }, { before })).toEqual([
      '//app:app_test',
      '//lib:lib_test',
    ]);
  });

  test('affects those who still name its targets when it is removed', async () => {
    const change: Files = { 'lib/BUILD': null, 'lib/test.sh': null };
    const planned = await planOf(change);
    expect(planned.plan.test).toEqual(['//app:app_test']);
    expect(reasonOf(planned, '//app:app')).toMatchObject({ kind: 'deleted target', change: 'lib/BUILD' });
  });

  test('affects all of its rules when its features change', async () => {
    const rules = 'filegroup(name = "f")\nsh_test(name = "other_test", srcs = ["test.sh"])\n';
    const before: Files = { 'other/BUILD': rules };
    const change: Files = { 'other/BUILD': `package(features = ["loud"])\n${rules}` };
    const { plan } = await planOf(change, { before });
    expect(plan.affected.filter((target) => target.type === 'rule').map((target) => target.label)).toEqual([
      '//other:f',
      '//other:other_test',
    ]);
  });
});

describe('a rule', () => {
  test('affects its users when an attribute changes', async () => {
    const planned = await planOf({ 'app/BUILD': APP_BUILD.replace('"main.txt", ', '') });
    expect(planned.plan.test).toEqual(['//app:app_test']);
    expect(reasonOf(planned, '//app:app_test')).toMatchObject({ kind: 'definition', change: 'app/BUILD' });
  });

  test('affects nothing when only a comment, a line or the order of rules changes', async () => {
    const lines = APP_BUILD.trim().split('\n');
    const moved = [lines[0], '# a comment', '', ...lines.slice(1).reverse()].join('\n');
    expect((await planOf({ 'app/BUILD': `${moved}\n` })).plan).toMatchObject({ test: [], everything: null });
  });

  test('affects its users when its implementation changes', async () => {
    const planned = await planOf({ 'rules/defs.bzl': RULES.replace('| sort', '| sort -r') });
    expect(planned.plan.test).toEqual(['//app:app_test', '//app:notice_test']);
    expect(reasonOf(planned, '//app:app_test')).toMatchObject({
      kind: 'definition',
      change: 'rules/defs.bzl',
    });
  });

  test('affects its users when a select gets another branch', async () => {
    const withSelect = (value: string): Files => ({
      'other/BUILD': `
config_setting(name = "fast", values = {"compilation_mode": "opt"})
sh_test(name = "other_test", srcs = ["test.sh"], args = select({":fast": ["${value}"], "//conditions:default": []}))
`,
    });
    expect(await testsOf(withSelect('two'), { before: withSelect('one') })).toEqual(['//other:other_test']);
  });

  test('affects the users of a condition when the condition changes', async () => {
    const withSetting = (value: string): Files => ({
      'other/BUILD': `
config_setting(name = "fast", values = {"compilation_mode": "${value}"})
sh_test(name = "other_test", srcs = ["test.sh"], args = select({":fast": ["x"], "//conditions:default": []}))
`,
    });
    expect(await testsOf(withSetting('dbg'), { before: withSetting('opt') })).toEqual(['//other:other_test']);
  });

  test('affects its users when its visibility changes', async () => {
    const before = LIB_BUILD;
    const after = before.replace('//visibility:public', '//app:__pkg__');
    expect(await testsOf({ 'lib/BUILD': after })).toEqual(['//app:app_test', '//lib:lib_test']);
  });

  test('affects the users of an alias to it', async () => {
    const before: Files = {
      'other/BUILD':
        'alias(name = "same", actual = "//lib")\nsh_test(name = "other_test", srcs = ["test.sh"], data = [":same"])\n',
    };
    expect(await testsOf({ 'lib/one.txt': 'uno\n' }, { before })).toEqual([
      '//app:app_test',
      '//lib:lib_test',
      '//other:other_test',
    ]);
  });

  test('affects the users of an alias when the alias leads elsewhere', async () => {
    const alias = (actual: string): Files => ({
      'other/BUILD': `alias(name = "same", actual = "${actual}")\nsh_test(name = "other_test", srcs = ["test.sh"], data = [":same"])\n`,
    });
    expect(await testsOf(alias('//lib:one.txt'), { before: alias('//lib') })).toEqual(['//other:other_test']);
  });

  test('affects those who read what it generates', async () => {
    const before: Files = {
      'other/BUILD': `
genrule(name = "make", srcs = ["in.txt"], outs = ["out.txt"], cmd = "cp $< $@")
sh_test(name = "other_test", srcs = ["test.sh"], data = ["out.txt"])
`,
      'other/in.txt': 'in\n',
    };
    const planned = await planOf({ 'other/in.txt': 'other\n' }, { before });
    expect(planned.plan.test).toEqual(['//other:other_test']);
    expect(reasonOf(planned, '//other:other_test')).toMatchObject({
      path: ['//other:other_test', '//other:out.txt', '//other:make', '//other:in.txt'],
    });
  });

  test('is not run where it is a test_suite, though its tests are', async () => {
    const before: Files = {
      'other/BUILD':
        'test_suite(name = "suite", tests = [":other_test"])\nsh_test(name = "other_test", srcs = ["test.sh"])\n',
    };
    const { plan } = await planOf({ 'other/test.sh': { script: '#!/bin/sh\nfalse\n' } }, { before });
    expect(plan.test).toEqual(['//other:other_test']);
    expect(plan.excluded).toEqual([
      { label: '//other:suite', why: 'a test_suite is not run itself; its tests are' },
    ]);
  });
});

describe('a macro', () => {
  test('affects what it defines when that comes out otherwise', async () => {
    const planned = await planOf({ 'rules/text.bzl': 'def shout(text):\n    return text.title()\n' });
    expect(planned.plan.test).toContain('//app:notice_test');
    expect(planned.plan.test).not.toContain('//lib:lib_test');
  });

  test('affects nothing when it is written otherwise and comes out the same', async () => {
    const macros = (body: string): Files => ({
      'macros/BUILD': '',
      'macros/defs.bzl': `def checked(name):\n${body}\n`,
      'other/BUILD': 'load("//macros:defs.bzl", "checked")\nchecked(name = "other")\n',
    });
    const one = '    native.sh_test(name = name + "_test", srcs = ["test.sh"], size = "small")';
    const other =
      '    # clearer now\n    attributes = dict(size = "small", srcs = ["test.sh"])\n    native.sh_test(name = name + "_test", **attributes)';
    expect((await planOf(macros(other), { before: macros(one) })).plan).toMatchObject({
      affected: [],
      everything: null,
    });
  });
});

describe('a package group', () => {
  test('affects those who depend on what it guards', async () => {
    const groups =
      'package_group(name = "all", includes = [":friends"])\npackage_group(name = "friends", packages = ["//app", "//other"])\n';
    const before: Files = {
      'groups/BUILD': groups,
      'lib/BUILD': LIB_BUILD.replace('//visibility:public', '//groups:all'),
    };
    const change: Files = { 'groups/BUILD': groups.replace(', "//other"', '') };
    expect(await testsOf(change, { before })).toEqual(['//app:app_test', '//lib:lib_test']);
  });
});

describe('what Bazel finds by registration', () => {
  const toolchain: Files = {
    'tools/BUILD': `
load(":tool.bzl", "tool", "user")
toolchain_type(name = "type")
tool(name = "hammer", src = "hammer.txt")
toolchain(name = "toolchain", toolchain_type = ":type", toolchain = ":hammer")
user(name = "user")
sh_test(name = "user_test", srcs = ["test.sh"], data = [":user"])
`,
    'tools/tool.bzl': `
tool = rule(
    implementation = lambda ctx: [platform_common.ToolchainInfo(file = ctx.file.src)],
    attrs = {"src": attr.label(allow_single_file = True)},
)
user = rule(
    implementation = lambda ctx: [DefaultInfo(files = depset([ctx.toolchains["//tools:type"].file]))],
    toolchains = ["//tools:type"],
)
`,
    'tools/test.sh': { script: '#!/bin/sh\n' },
    'tools/hammer.txt': 'hammer\n',
    'MODULE.bazel': 'module(name = "sample")\nregister_toolchains("//tools:toolchain")\n',
  };

  test('affects everything when the tool of a toolchain changes', async () => {
    const { plan } = await planOf({ 'tools/hammer.txt': 'sledge\n' }, { before: toolchain });
    expect(plan.everything?.reason).toContain('//tools:hammer (used by a toolchain)');
    expect(plan.test).toEqual([...ALL_TESTS, '//tools:user_test']);
  });

  test('affects everything when a platform changes', async () => {
    const platform = (flag: string): Files => ({
      'tools/BUILD': `platform(name = "p", exec_properties = {"a": "${flag}"})\n`,
    });
    const { plan } = await planOf(platform('two'), { before: platform('one') });
    expect(plan.everything?.reason).toContain('//tools:p (platform)');
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test('affects everything when the default of a build setting changes', async () => {
    const setting = (value: string): Files => ({
      'tools/BUILD': `load(":flag.bzl", "flag")\nflag(name = "f", build_setting_default = "${value}")\n`,
      'tools/flag.bzl':
        'flag = rule(implementation = lambda ctx: [], build_setting = config.string(flag = True))\n',
    });
    expect((await planOf(setting('two'), { before: setting('one') })).plan.everything?.reason).toContain(
      'build setting',
    );
  });

  test('affects everything when a target that an rc option names changes', async () => {
    const before: Files = { '.bazelrc': 'common --lockfile_mode=off\ntest --run_under=//lib:lib\n' };
    const { plan } = await planOf({ 'lib/one.txt': 'uno\n' }, { before });
    expect(plan.everything?.reason).toContain('named by an option of Bazel');
  });

  test('affects everything when what an option of the legs names changes', async () => {
    const inputs = {
      'leg-options': '--test_output=errors --run_under=//lib:lib\nbuild --platform_mappings=ci/maps',
    };
    const run = await planOf({ 'lib/one.txt': 'uno\n' }, { inputs });
    expect(run.plan.everything?.reason).toContain('named by an option of Bazel');
    const mapped = await planOf({ 'ci/maps': 'x' }, { inputs });
    expect(mapped.plan.everything?.reason).toBe('ci/maps changed: options of Bazel name ci/maps');
  });
});

const USES_LOCAL_MODULE =
  'module(name = "sample")\nbazel_dep(name = "local")\n' +
  'local_path_override(module_name = "local", path = "nested")\n';
const LOCAL_MODULE: Files = {
  'MODULE.bazel': USES_LOCAL_MODULE,
  'nested/MODULE.bazel': 'module(name = "local")\n',
};

describe('a loading input that no package owns', () => {
  test.each<[string, Files, Files]>([
    ['.bazelrc', {}, { '.bazelrc': 'common --lockfile_mode=off\nbuild --copt=-O2\n' }],
    [
      'an imported rc file',
      { '.bazelrc': 'import %workspace%/ci/rc\n', 'ci/rc': '' },
      { 'ci/rc': 'build --copt=-O2\n' },
    ],
    ['tools/bazel', {}, { 'tools/bazel': { script: '#!/bin/sh\n' } }],
    ['.bazelversion', { '.bazelversion': '7.7.1\n' }, { '.bazelversion': '7.7.2\n' }],
    ['REPO.bazel', {}, { 'REPO.bazel': 'repo(features = ["x"])\n' }],
  ])('affects everything: %s', async (_, before, change) => {
    const { plan } = await planOf(change, { before });
    expect(plan.everything?.reason).toContain(Object.keys(change)[0]);
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test.each<[string, Files, Files]>([
    [
      'the compatibility level of the module itself',
      {},
      { 'MODULE.bazel': 'module(name = "sample", compatibility_level = 2)\n' },
    ],
    [
      'a file of a module in the workspace that no target has',
      { ...LOCAL_MODULE, 'nested/x': 'x' },
      { 'nested/x': 'y' },
    ],
    [
      'a manifest that an extension of another repository may read, and does not',
      {
        ...LOCAL_MODULE,
        'MODULE.bazel': `${USES_LOCAL_MODULE}theirs = use_extension("@local//:extension.bzl", "theirs")\n`,
        'nested/BUILD': '',
        'nested/extension.bzl': 'theirs = module_extension(implementation = lambda ctx: None)\n',
        'deep/go.mod': 'a',
      },
      { 'deep/go.mod': 'b' },
    ],
    ['a comment in MODULE.bazel', {}, { 'MODULE.bazel': '# sample\nmodule(\n    name = "sample"\n)\n' }],
    ['the version of the module itself', {}, { 'MODULE.bazel': 'module(name = "sample", version = "2")\n' }],
    [
      'a file of a workspace in the workspace that nothing names',
      { 'nested/MODULE.bazel': '', 'nested/x': 'x' },
      { 'nested/x': 'y' },
    ],
    [
      'a manifest of a language whose rules are not used',
      {
        'MODULE.bazel': 'module(name = "sample")\nmine = use_extension("//rules:extension.bzl", "mine")\n',
        'rules/extension.bzl': 'mine = module_extension(implementation = lambda ctx: None)\n',
        'deep/go.mod': 'a',
      },
      { 'deep/go.mod': 'b' },
    ],
    ['a comment in .bazelrc', {}, { '.bazelrc': '# no lock\ncommon   --lockfile_mode=off\n' }],
    ['a line end in .bazelversion', { '.bazelversion': '7.7.1\n' }, { '.bazelversion': '7.7.1' }],
    ['.bazelignore that hides no package', {}, { '.bazelignore': 'nothing\n' }],
  ])('affects nothing where it can be proved: %s', async (_, before, change) => {
    expect((await planOf(change, { before })).plan).toMatchObject({ everything: null, test: [] });
  });
});

test('a file that an extension names affects what depends on it, and on what the extension makes of it', async () => {
  const extension = `
def _copy(ctx):
    ctx.file("copy.txt", ctx.attr.text)
    ctx.file("BUILD", 'exports_files(["copy.txt"])')
copy = repository_rule(implementation = _copy, attrs = {"text": attr.string()})
def _mine(ctx):
    copy(name = "copied", text = ctx.read(Label("//rules:named.txt")))
    copy(name = "fixed", text = "fixed")
mine = module_extension(implementation = _mine)
`;
  const { plan } = await planOf(
    { 'rules/named.txt': 'uno\n' },
    {
      before: {
        'MODULE.bazel':
          'module(name = "sample")\nmine = use_extension("//rules:extension.bzl", "mine")\nuse_repo(mine, "copied", "fixed")\n',
        'rules/extension.bzl': extension,
        'rules/named.txt': 'one\n',
        'uses/BUILD':
          '[sh_test(name = name, srcs = ["t.sh"], data = ["@%s//:copy.txt" % name]) for name in ["copied", "fixed"]]\n',
        'uses/t.sh': { script: '#!/bin/sh\n' },
      },
    },
  );
  expect(plan).toMatchObject({ everything: null, test: ['//uses:copied'] });
  expect(plan.affected.find((each) => each.label === '//uses:copied')?.reason).toMatchObject({
    change: 'rules/named.txt',
    path: ['//uses:copied', '@copied//:copy.txt'],
  });
});

test('an rc file that a startup option names affects everything when its options change', async () => {
  const { plan } = await planOf(
    { 'ci/flags': 'build --copt=-O2\n' },
    { before: { 'ci/flags': '' }, inputs: { 'startup-options': '--bazelrc=ci/flags' } },
  );
  expect(plan.everything?.reason).toBe(
    'ci/flags changed: bazel test has the option --copt=-O2 at the head, and not at the base',
  );
});

describe('a base that does not load', () => {
  test('affects everything, with what Bazel said as a notice', async () => {
    const before: Files = { 'broken/BUILD': 'no_such_rule(name = "x")\n' };
    const { plan, context } = await planOf({ 'broken/BUILD': '' }, { before });
    expect(plan.everything?.reason).toContain('cannot be loaded');
    expect(context.notices.join()).toContain("name 'no_such_rule' is not defined");
    expect(plan.test).toEqual(ALL_TESTS);
  });
});

describe('a head that does not load', () => {
  test('fails with what Bazel said, whole and first', async () => {
    await expect(planOf({ 'app/BUILD': 'no_such_rule(name = "x")\n' })).rejects.toThrow(
      /^(?:.*\n)*.*name 'no_such_rule' is not defined/,
    );
  });
});

describe('the user', () => {
  test('escalates where symlinks show a change at more paths than can be listed', async () => {
    const links = Array.from({ length: 18 }, (_, at): Files => ({
      [`docs/d${at + 1}/one`]: { link: `../d${at}` },
      [`docs/d${at + 1}/two`]: { link: `../d${at}` },
    }));
    // Bazel would walk through all of them.
    const before: Files = Object.assign({ '.bazelignore': 'docs\n' }, ...links) as Files;
    const { plan } = await planOf({ 'docs/d0/readme.md': 'x' }, { before });
    expect(plan.everything?.reason).toBe(
      'docs/d0/readme.md changed: symlinks make the change visible at more paths than can be listed',
    );
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test('escalates with everything-on', async () => {
    const { plan } = await planOf({ 'docs/readme.md': 'x' }, { inputs: { 'everything-on': 'docs/**' } });
    expect(plan.everything?.reason).toBe('docs/readme.md changed: the input everything-on matches it');
  });

  test('leaves changes out with ignore, and the plan still names them', async () => {
    const { plan, context } = await planOf({ 'lib/one.txt': 'uno\n' }, { inputs: { ignore: 'lib/**' } });
    expect(plan.test).toEqual([]);
    expect(context.ignored).toEqual(['lib/one.txt']);
  });

  test('has tests run in every plan with a tag, and the plan says by which; what is left out stays out', async () => {
    const test = (name: string, tags: string): string =>
      `sh_test(name = "${name}", srcs = ["test.sh"], tags = [${tags}])\n`;
    const before: Files = {
      'other/BUILD':
        test('one', '"external"') +
        test('two', '"external", "no-ci"') +
        test('three', '"nightly"') +
        'filegroup(name = "files", tags = ["external"])\n',
    };
    const inputs = { 'always-tags': 'none,external' };
    const { plan, context } = await planOf({ 'docs/readme.md': 'x' }, { before, inputs });
    expect(context.notices).toEqual([expect.stringContaining('always-tags names none, but no test')]);
    expect(plan).toMatchObject({
      everything: null,
      affected: [],
      always: [{ label: '//other:one', why: 'tag external: runs in every plan' }],
      test: ['//other:one'],
      excluded: [{ label: '//other:two', why: 'tag no-ci' }],
    });
    expect(plan.legs.flatMap(({ targets }) => targets)).toEqual(['//other:one']);
    const outside = { ...inputs, targets: '//app/...' };
    expect((await planOf({ 'docs/readme.md': 'y' }, { before, inputs: outside })).plan.test).toEqual([]);
    const affected = (await planOf({ 'other/test.sh': { script: '#!/bin/sh\n:\n' } }, { before, inputs }))
      .plan;
    expect(affected.always).toEqual([]);
    expect(affected.test).toEqual(['//other:one', '//other:three']);
  });

  test('leaves targets out with tags and patterns, and the plan says by which rule', async () => {
    const before: Files = {
      'other/BUILD': 'sh_test(name = "other_test", srcs = ["test.sh"], tags = ["no-ci"])\n',
    };
    const { plan } = await planOf(
      { 'other/test.sh': { script: '#!/bin/sh\nfalse\n' }, 'lib/one.txt': 'uno\n' },
      { before, inputs: { targets: '//... -//app/...' } },
    );
    expect(plan.test).toEqual(['//lib:lib_test']);
    expect(plan.excluded).toEqual([
      { label: '//app:app_test', why: 'target pattern -//app/...' },
      { label: '//other:other_test', why: 'tag no-ci' },
    ]);
  });
});
