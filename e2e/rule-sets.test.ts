/**
 * Dependencies on real rule sets, those that Debian packages, from a registry in a folder. Each test edits the workspace, plans
 * with the bundled command line, and lets Bazel build and test the base and the head.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Files } from '../__tests__/support/files.js';
import { TemporaryFolder } from '../__tests__/support/temporary-folder.js';
import { TestRepository } from '../__tests__/support/test-repository.js';
import { findBazel } from '../scripts/find-bazel.mjs';
import { Oracle } from '../soundness/oracle.js';
import { RuleSetRegistry, VERSION, type RuleSet } from './support/rule-sets.js';

const CLI = resolve(import.meta.dirname, '../dist/cli/index.js');

const DEPENDENCIES: readonly RuleSet[] = [
  'aspect_bazel_lib',
  'bazel_lib',
  'bazel_skylib',
  'rules_license',
  'rules_pkg',
  'rules_python',
  'rules_shell',
];

/** Those without rule sets that register toolchains for many platforms, which is all that needs no Python. */
const FEW: readonly RuleSet[] = ['bazel_skylib', 'platforms', 'rules_cc', 'rules_license', 'rules_shell'];

function moduleFile(
  versions: Partial<Record<RuleSet, string>> = {},
  dependencies: readonly RuleSet[] = DEPENDENCIES,
): string {
  const lines = dependencies.map(
    (name) => `bazel_dep(name = "${name}", version = "${versions[name] ?? VERSION}")\n`,
  );
  return `module(name = "shop", version = "1.0")\n${lines.join('')}`;
}

const WORKSPACE: Files = {
  '.gitignore': '/bazel-*\n',
  'MODULE.bazel': moduleFile(),
  'flags/BUILD.bazel': `load("@bazel_skylib//rules:build_test.bzl", "build_test")
load("@bazel_skylib//rules:common_settings.bzl", "string_flag")
load("@bazel_skylib//rules:copy_file.bzl", "copy_file")
load("@bazel_skylib//rules:diff_test.bzl", "diff_test")
load("@bazel_skylib//rules:write_file.bzl", "write_file")

string_flag(name = "mode", build_setting_default = "fast", values = ["fast", "slow"])
config_setting(name = "slow", flag_values = {":mode": "slow"})
write_file(name = "written", out = "written.txt", content = ["mode"] + select({":slow": ["slow"], "//conditions:default": ["fast"]}))
copy_file(name = "copied", src = "expected.txt", out = "copied.txt")
sh_test(name = "written_test", srcs = ["is_there.sh"], args = ["$(location :written)"], data = [":written"])
diff_test(name = "diff_test", file1 = ":copied", file2 = "expected.txt")
build_test(name = "build_test", targets = [":copied"])
`,
  'flags/expected.txt': 'fast',
  'flags/is_there.sh': { script: '#!/bin/sh\ntest -s "$1"\n' },
  'lib/BUILD.bazel': `load("@bazel_lib//lib:diff_test.bzl", "diff_test")
load("@bazel_lib//lib:params_file.bzl", "params_file")

params_file(name = "params", out = "params.txt", args = ["--file", "$(location in.txt)"], data = ["in.txt"])
diff_test(name = "params_test", file1 = ":params", file2 = "expected.txt")
`,
  'lib/expected.txt': '--file\nlib/in.txt',
  'lib/in.txt': '',
  'license/BUILD.bazel': `load("@rules_license//rules:license.bzl", "license")

license(name = "license", license_kinds = ["@rules_license//licenses/spdx:MIT"], license_text = "LICENSE")
`,
  'license/LICENSE': 'MIT\n',
  'pack/BUILD.bazel': `load("@rules_pkg//pkg:mappings.bzl", "pkg_files")
load("@rules_pkg//pkg:tar.bzl", "pkg_tar")
load("@rules_pkg//pkg:zip.bzl", "pkg_zip")

pkg_files(name = "files", srcs = ["//py:price.py"], prefix = "share")
pkg_tar(name = "tar", srcs = [":files"])
pkg_zip(name = "zip", srcs = [":files"])
sh_test(name = "tar_test", srcs = ["is_there.sh"], args = ["$(location :tar)"], data = [":tar"])
sh_test(name = "zip_test", srcs = ["is_there.sh"], args = ["$(location :zip)"], data = [":zip"])
`,
  'pack/is_there.sh': { script: '#!/bin/sh\ntest -s "$1"\n' },
  'plain/BUILD.bazel': `cc_library(name = "half", srcs = ["half.cc"])
cc_test(name = "half_test", srcs = ["half_test.cc"], deps = [":half"])
genrule(name = "greeting", outs = ["greeting.txt"], cmd = "echo hello > $@")
sh_test(name = "greeting_test", srcs = ["greeting_test.sh"], data = [":greeting"])
`,
  'plain/half.cc': 'int half(int n) { return n / 2; }\n',
  'plain/half_test.cc': 'int half(int);\nint main() { return half(4) - 2; }\n',
  'plain/greeting_test.sh': { script: '#!/bin/sh\ntest -s plain/greeting.txt\n' },
  'py/BUILD.bazel': `load("@rules_python//python:defs.bzl", "py_library", "py_test")

exports_files(["price.py"])
py_library(name = "price", srcs = ["price.py"])
py_test(name = "price_test", srcs = ["price_test.py"], deps = [":price"])
py_test(name = "runfiles_test", srcs = ["runfiles_test.py"], data = ["data.txt"], deps = ["@rules_python//python/runfiles"])
`,
  'py/data.txt': 'data\n',
  'py/price.py': 'PRICE = 3\n',
  'py/price_test.py': 'from py.price import PRICE\nassert PRICE > 0\n',
  'py/runfiles_test.py': `from python.runfiles import runfiles
assert open(runfiles.Create().Rlocation("_main/py/data.txt")).read()
`,
  'shell/BUILD.bazel': `load("@rules_shell//shell:sh_library.bzl", "sh_library")
load("@rules_shell//shell:sh_test.bzl", "sh_test")

sh_library(name = "say", srcs = ["say.sh"])
sh_test(name = "say_test", srcs = ["say_test.sh"], deps = [":say"])
sh_test(name = "runfiles_test", srcs = ["runfiles_test.sh"], deps = ["@rules_shell//shell/runfiles"])
`,
  'shell/say.sh': { script: 'say() { echo hello; }\n' },
  'shell/say_test.sh': { script: '#!/bin/bash\n. shell/say.sh && [[ $(say) == hello ]]\n' },
  'shell/runfiles_test.sh': {
    script: '#!/bin/bash\n[[ -e ../bazel_tools/tools/bash/runfiles/runfiles.bash ]]\n',
  },
};

interface PlanFile {
  readonly test: readonly string[];
  readonly affected: readonly { readonly label: string; readonly type: string }[];
  readonly everything: { readonly reason: string } | null;
}

let temporary: TemporaryFolder;
let history: TestRepository;
let oracle: Oracle;
let base: string;
/** The packages of the base that need few rule sets. */
let few: string;

beforeAll(() => {
  temporary = new TemporaryFolder();
  const registry = new RuleSetRegistry(temporary.join('registry'));
  registry.release('aspect_bazel_lib', '101', { 'lib/base64.bzl': ['decode = ', 'more = 1, decode = '] });
  registry.release('bazel_lib', '101', {});
  registry.release('bazel_skylib', '101', {
    'rules/private/write_file_private.bzl': ['if is_windows else "\\n"', 'if is_windows else "\\n\\n"'],
  });
  for (const name of ['platforms', 'rules_cc', 'rules_license'] as const) registry.release(name, '101', {});
  registry.release('rules_pkg', '101', {});
  registry.release('rules_pkg', '102', {
    'pkg/private/tar/build_tar.py': ['helpers.GetFlagValue(options.directory)', "'other/'"],
  });
  history = TestRepository.create(temporary.join('workspace'));
  base = history.commit({ ...WORKSPACE, '.bazelrc': `common --lockfile_mode=off\n${registry.rcLines}` });
  const unused = Object.keys(WORKSPACE).filter((path) => /^(lib|pack|py)\//.test(path));
  few = history.commit({
    ...Object.fromEntries(unused.map((path) => [path, null])),
    'MODULE.bazel': moduleFile({}, FEW),
  });
  oracle = new Oracle(findBazel(), history.folder, temporary.join('oracle'));
});

afterAll(() => {
  oracle.restart();
  temporary.remove();
});

interface Outcome {
  readonly plan: PlanFile;
  /** The rules of the plan, or why everything is affected. */
  readonly affected: readonly string[] | string;
  /** The tests that Bazel ran again, and the targets whose outputs changed. */
  readonly needed: readonly string[];
}

/** Commits an edit of a base, and asks Bazel and the command line what it means. */
function outcomeOf(files: Files, from = base): Outcome {
  history.git('checkout', '--quiet', '--detach', from);
  const before = oracle.observe();
  expect({ ...before, failed: before.tests.size - before.passed.size }).toMatchObject({
    loads: true,
    failed: 0,
  });
  history.commit(files);
  const after = oracle.observe();
  expect(after).toMatchObject({ loads: true, passed: before.passed });
  const changed = [...after.outputs].flatMap(([label, digest]) =>
    before.outputs.get(label) === digest ? [] : [label],
  );
  const plan = planned();
  const rules = plan.affected.filter(({ type }) => type === 'rule').map(({ label }) => label);
  const needed = [...new Set([...after.ran, ...changed])].sort();
  expect(rules).toEqual(expect.arrayContaining(needed));
  return { plan, affected: plan.everything?.reason ?? rules.sort(), needed };
}

function bumped(versions: Partial<Record<RuleSet, string>>): Files {
  return { 'MODULE.bazel': moduleFile(versions) };
}

test('a source file affects what depends on it, also by the rules of rule sets', () => {
  const { affected, needed } = outcomeOf({ 'py/price.py': 'PRICE = 4\n' });
  expect(needed).toEqual([
    '//pack:files',
    '//pack:tar',
    '//pack:tar_test',
    '//pack:zip',
    '//pack:zip_test',
    '//py:price',
    '//py:price_test',
  ]);
  expect(affected).toEqual(needed);
});

test('comments, another layout and the version of the main module affect nothing', () => {
  const text = moduleFile()
    .replace('"1.0"', '"1.1"')
    .replaceAll(', version', ',\n    # in the registry\n    version');
  expect(outcomeOf({ 'MODULE.bazel': `# The shop.\n${text}` })).toMatchObject({ affected: [], needed: [] });
});

test('unused rule sets, also a new one that depends on others, and a version without other changes affect nothing', () => {
  // It brings rules_java nearer to the main module, which decides when its toolchains are considered.
  const added = `bazel_dep(name = "stardoc", version = "${VERSION}")\n`;
  const text = moduleFile({ aspect_bazel_lib: '101', rules_pkg: '101' });
  expect(outcomeOf({ 'MODULE.bazel': text + added })).toMatchObject({ affected: [], needed: [] });
});

test('a rule set with another tool affects what the tool makes', () => {
  const { affected, needed } = outcomeOf(bumped({ rules_pkg: '102' }));
  expect(needed).toEqual(['//pack:tar', '//pack:tar_test']);
  expect(affected).toEqual(needed);
});

test('a rule set that all others may use, also those of Java with toolchains for many platforms, affects what uses it', () => {
  const { affected, needed } = outcomeOf({ 'MODULE.bazel': moduleFile({ bazel_skylib: '101' }, FEW) }, few);
  expect(needed).toEqual(['//flags:written', '//flags:written_test']);
  expect(affected).toEqual(needed);
});

test('versions of rule sets that all others may use, without other changes, affect nothing', () => {
  const versions = { platforms: '101', rules_cc: '101', rules_license: '101' };
  expect(outcomeOf({ 'MODULE.bazel': moduleFile(versions, FEW) }, few)).toMatchObject({
    affected: [],
    needed: [],
  });
});

test('a rule set that tools for many platforms may use affects everything, because these would all be fetched', () => {
  const { affected, needed } = outcomeOf(bumped({ bazel_skylib: '101' }));
  expect(needed).toEqual(['//flags:written', '//flags:written_test']);
  expect(affected).toMatch(/^MODULE\.bazel changed: toolchains of /);
});

test('a rule set with toolchains for many platforms affects everything, because these would all be fetched', () => {
  const { affected, needed } = outcomeOf(bumped({ bazel_lib: '101' }));
  expect(needed).toEqual([]);
  expect(affected).toMatch(/^MODULE\.bazel changed: toolchains of /);
});

function planned(): PlanFile {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CLI, 'plan', '--base', 'HEAD~1', '--head', 'HEAD', '--json'],
    {
      cwd: history.folder,
      encoding: 'utf8',
      env: { ...process.env, BAZEL: findBazel(), XDG_CACHE_HOME: temporary.join('cache') },
    },
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout) as PlanFile;
}
