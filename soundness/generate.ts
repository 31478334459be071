/** Generates a workspace from random numbers. The same numbers give the same workspace. */
import type { Random } from '../__tests__/support/random-edits/random.js';
import {
  filesBefore,
  isUsed,
  labelOf,
  newNumber,
  type Attribute,
  type Model,
  type Package,
  type Rule,
} from './model.js';
import { STARLARK } from './starlark.js';

/** What a workspace may have; `--without` leaves some of it out. */
export const FEATURES = [
  'absolute-symlinks',
  'aspects',
  'cc',
  'computed-labels',
  'directories',
  'extension',
  'genqueries',
  'ignored',
  'local-module',
  'macros',
  'platforms',
  'rc-aspects',
  'repo-file',
  'repository-rule',
  'settings',
  'stamped',
  'status-script',
  'symlinks',
  'toolchains',
  'transitions',
] as const;
export type Feature = (typeof FEATURES)[number];

const FOLDERS = [
  'core',
  'core/io',
  'lib',
  'lib/text/wrap',
  'net',
  'ui',
  'ui/widgets',
  'app',
  'app/web/api',
  'jobs',
];
const PUBLIC = 'package(default_visibility = ["//visibility:public"])';
/** Of a hundred workspaces, so many have a given feature. */
const SHARE = 60;
/** Rare where they are in few repositories, or make many plans slow or run everything. */
const RARE_SHARE = 15;
const RARE: ReadonlySet<Feature> = new Set(['absolute-symlinks', 'platforms', 'rc-aspects', 'status-script']);

/**
 * @param available features that this machine can build and the caller wants
 * @param size a small workspace has one package of ordinary rules
 */
export function generate(
  random: Random,
  available: ReadonlySet<Feature>,
  size: 'usual' | 'small' = 'usual',
): Model {
  const chosen = new Set(
    FEATURES.filter(
      (feature) => available.has(feature) && random.chance(RARE.has(feature) ? RARE_SHARE : SHARE),
    ),
  );
  // Transitions set settings.
  if (chosen.has('computed-labels')) chosen.add('transitions');
  if (chosen.has('transitions')) chosen.add('settings');
  const draft: Model = {
    packages: [],
    starlark: {},
    rc: ['# Options of all.', 'import %workspace%/tools/team.bazelrc', 'try-import %workspace%/user.bazelrc'],
    importedRc: ['build:slow --compilation_mode=opt', 'build --define=team=1'],
    module: ['module(name = "main", version = "1.0")', 'bazel_dep(name = "platforms")'],
    ignored: [],
    repo: [],
    listings: {},
    parts: [],
    files: { 'README.md': 'About this.\n', 'docs/guide.md': 'A guide.\n' },
    last: 0,
  };
  addTools(draft);
  addRules(draft);
  if (chosen.has('settings')) addSettings(draft);
  if (chosen.has('computed-labels')) addFlavors(draft);
  if (chosen.has('rc-aspects')) draft.rc.push('build --aspects=//rules:report.bzl%seen');
  if (chosen.has('toolchains')) addToolchains(draft);
  if (chosen.has('platforms')) addPlatforms(draft);
  if (chosen.has('local-module')) addLocalModule(draft);
  if (chosen.has('extension')) addExtension(draft);
  if (chosen.has('repository-rule')) addRepositoryRule(draft);
  if (chosen.has('status-script')) addStatusScript(draft);
  if (chosen.has('ignored')) addIgnored(draft);
  if (chosen.has('repo-file'))
    draft.repo.push('# Features of all packages.', 'repo(features = ["-parse_headers"])');
  if (chosen.has('cc')) draft.module.push('bazel_dep(name = "rules_cc")');
  const count = size === 'small' ? 1 : 3 + random.below(3);
  while (draft.packages.filter(({ plain }) => plain).length < count) addPackage(draft, random, chosen);
  return draft;
}

/** A new package with rules of several kinds. False: there is no folder left. */
export function addPackage(draft: Model, random: Random, features: ReadonlySet<Feature>): boolean {
  const free = FOLDERS.filter((folder) => draft.packages.every(({ path }) => path !== folder));
  if (free.length === 0) return false;
  const owner = newPackage(draft, random.pick(free), true, [PUBLIC]);
  if (random.chance(30)) owner.buildFile = 'BUILD.bazel';
  if (random.chance(30)) addGroup(draft, owner);
  const makers = makersFor(features);
  const count = 4 + random.below(4);
  MAKERS.filegroup(draft, owner, random);
  for (let made = 0; made < count; made += 1) random.pick(makers)(draft, owner, random);
  if (random.chance(50)) MAKERS.globTest(draft, owner, random);
  testLoose(draft, owner);
  return true;
}

/** A test of what nothing uses yet, so that most edits make a test run again. */
function testLoose(draft: Model, owner: Package): void {
  const unused = new Set(
    owner.rules.filter((rule) => !isUsed(draft, owner, rule)).map(({ name }) => labelOf(owner, name)),
  );
  const loose = filesBefore(draft, owner).filter((label) => unused.has(label));
  for (const data of [loose.filter((_, at) => at % 2 === 0), loose.filter((_, at) => at % 2 === 1)]) {
    add(owner, 'sh_test', `t${newNumber(draft)}`, {
      size: '"small"',
      srcs: [addFile(draft, owner, '.sh', TEST)],
      data,
    });
  }
}

/** Adds a rule of a random kind, with the files that it needs. */
export function addRule(draft: Model, owner: Package, random: Random): void {
  random.pick(makersFor(featuresOf(draft)))(draft, owner, random);
}

/** The features whose files a workspace has. */
export function featuresOf(draft: Model): Set<Feature> {
  const has = (path: string): boolean => draft.packages.some((each) => each.path === path);
  const uses = (text: string): boolean => draft.module.some((line) => line.includes(text));
  const found: Feature[] = ['aspects', 'directories', 'genqueries', 'macros', 'stamped', 'symlinks'];
  if (has('flags')) found.push('settings', 'transitions');
  if (has('flags/sweet')) found.push('computed-labels');
  if (has('toolchains')) found.push('toolchains');
  if (uses('rules_cc')) found.push('cc');
  if (uses('third/foo')) found.push('local-module');
  if (uses('ext/read.bzl') || uses('//ext:read.bzl')) found.push('extension');
  if (uses('//ext:direct.bzl')) found.push('repository-rule');
  return new Set(found);
}

export function newPackage(draft: Model, path: string, plain: boolean, header: string[]): Package {
  const owner: Package = { path, buildFile: 'BUILD', header, plain, rules: [] };
  draft.packages.push(owner);
  return owner;
}

/** Adds a rule at the end of a package. */
export function add(owner: Package, kind: string, name: string, attributes: Record<string, Attribute>): Rule {
  const rule = { kind, name, attributes };
  owner.rules.push(rule);
  return rule;
}

/** A new file of a package. @returns its name in the package */
export function addFile(draft: Model, owner: Package, ending: string, text?: string): string {
  const number = newNumber(draft);
  const name = `f${number}${ending}`;
  const content = text ?? `text ${number}\n`;
  draft.files[`${owner.path}/${name}`] = ending === '.sh' ? { script: content } : content;
  return name;
}

type Maker = (draft: Model, owner: Package, random: Random) => void;

/** It passes, also in shards. */
export const TEST = '#!/bin/sh\n[ -z "$TEST_SHARD_STATUS_FILE" ] || touch "$TEST_SHARD_STATUS_FILE"\n';

/** Up to `most` labels of rules before, at least one if there is one. */
function some(draft: Model, owner: Package, random: Random, most = 2): string[] {
  const labels = filesBefore(draft, owner);
  const count = labels.length === 0 ? 0 : 1 + random.below(most);
  return [...new Set(Array.from({ length: count }, () => random.pick(labels)))];
}

/** Rules by what they are, each with new files and with labels of rules before. */
const MAKERS = {
  filegroup: (draft, owner, random) => {
    add(owner, 'filegroup', `files${newNumber(draft)}`, {
      srcs: [addFile(draft, owner, '.txt'), ...(random.chance(50) ? some(draft, owner, random) : [])],
    });
  },
  test: (draft, owner, random) => {
    add(owner, 'sh_test', `t${newNumber(draft)}`, {
      size: '"small"',
      srcs: [addFile(draft, owner, '.sh', TEST)],
      data: [...some(draft, owner, random, 3), ...(random.chance(40) ? [addFile(draft, owner, '.txt')] : [])],
      ...(random.chance(30) ? { tags: [random.pick(['quick', 'slow', 'local'])] } : {}),
    });
  },
  globTest: (draft, owner, random) => {
    const number = newNumber(draft);
    for (const name of ['one', 'two', 'sub/three', 'sp ace', 'ü', 'sub/a+b@c~d'])
      draft.files[`${owner.path}/data/${name}.txt`] = `${name}\n`;
    add(owner, 'sh_test', `t${number}`, {
      size: '"small"',
      srcs: [addFile(draft, owner, '.sh', TEST)],
      data: random.pick([
        'glob(["data/**"], allow_empty = True)',
        'glob(["data/**"], allow_empty = True, exclude_directories = 0)',
        'glob(["data/**"], exclude = ["data/sub/**"], allow_empty = True)',
        'glob(["data/*.txt"], allow_empty = True) + glob(["data/sub/**"], allow_empty = True)',
      ]),
    });
  },
  library: (draft, owner, random) => {
    const library = add(owner, 'sh_library', `lib${newNumber(draft)}`, {
      srcs: [addFile(draft, owner, '.sh', 'hello() { echo hello; }\n')],
      data: some(draft, owner, random),
    });
    add(owner, 'sh_test', `t${newNumber(draft)}`, {
      size: '"small"',
      srcs: [addFile(draft, owner, '.sh', TEST)],
      deps: [labelOf(owner, library.name)],
    });
  },
  genrule: (draft, owner, random) => {
    const number = newNumber(draft);
    add(owner, 'genrule', `gen${number}`, {
      srcs: [...some(draft, owner, random), addFile(draft, owner, '.txt')],
      outs: [`gen${number}.txt`],
      cmd: `"(echo ${number} $(SRCS); cat $(SRCS)) > $@"`,
    });
  },
  genruleWithTool: (draft, owner) => {
    const tool = add(owner, 'sh_binary', `tool${newNumber(draft)}`, {
      srcs: [addFile(draft, owner, '.sh', `#!/bin/sh\necho ${draft.last} "$@"\n`)],
    });
    const label = labelOf(owner, tool.name);
    const number = newNumber(draft);
    add(owner, 'genrule', `gen${number}`, {
      outs: [`gen${number}.txt`],
      tools: [label],
      cmd: `"$(location ${label}) ${number} > $@"`,
    });
  },
  render: (draft, owner, random) => {
    add(owner, 'render', `render${newNumber(draft)}`, {
      srcs: [addFile(draft, owner, '.txt'), ...some(draft, owner, random)],
    });
  },
  alias: (draft, owner, random) => {
    const [actual] = some(draft, owner, random, 1);
    if (actual !== undefined) add(owner, 'alias', `alias${newNumber(draft)}`, { actual: `"${actual}"` });
  },
  suite: (draft, owner, random) => {
    if (random.chance(30)) add(owner, 'test_suite', `suite${newNumber(draft)}`, { tags: ['-slow'] });
    const tests = owner.rules
      .filter(({ kind }) => kind === 'sh_test')
      .map(({ name }) => labelOf(owner, name));
    if (tests.length > 0) add(owner, 'test_suite', `suite${newNumber(draft)}`, { tests });
  },
  report: (draft, owner, random) => {
    add(owner, 'report', `report${newNumber(draft)}`, { deps: some(draft, owner, random) });
  },
  bundle: (draft, owner) => {
    add(owner, 'bundle', `bundle${newNumber(draft)}`, {
      srcs: [addFile(draft, owner, '.txt')],
      script: `"${addFile(draft, owner, '.sh', TEST)}"`,
    });
  },
  directory: (draft, owner) => {
    const folder = `dir${newNumber(draft)}`;
    for (const name of ['a.txt', 'deep/b.txt']) draft.files[`${owner.path}/${folder}/${name}`] = `${name}\n`;
    add(owner, 'sh_test', `t${newNumber(draft)}`, {
      size: '"small"',
      srcs: [addFile(draft, owner, '.sh', TEST)],
      data: [folder],
    });
  },
  symlink: (draft, owner, random) => {
    const target = addFile(draft, owner, '.txt');
    const link = `link${newNumber(draft)}.txt`;
    const up = '../'.repeat(owner.path.split('/').length);
    draft.files[`${owner.path}/${link}`] = {
      link: random.chance(50)
        ? target
        : `${up}${random.chance(50) ? 'docs/guide.md' : `${owner.path}/${target}`}`,
    };
    add(owner, 'filegroup', `files${newNumber(draft)}`, { srcs: [link] });
  },
  linkedDirectory: (draft, owner, random) => {
    const [link, folder] = [`linked${newNumber(draft)}`, `dir${newNumber(draft)}`];
    draft.files[`${owner.path}/${folder}/a.txt`] = 'a\n';
    const up = '../'.repeat(owner.path.split('/').length);
    draft.files[`${owner.path}/${link}`] = { link: random.pick([folder, `${up}docs`]) };
    add(owner, 'sh_test', `t${newNumber(draft)}`, {
      size: '"small"',
      srcs: [addFile(draft, owner, '.sh', TEST)],
      data: random.pick([[link], `glob(["${link}/**"], allow_empty = True)`]),
    });
  },
  absoluteSymlink: (draft, owner) => {
    const link = `link${newNumber(draft)}.txt`;
    draft.files[`${owner.path}/${link}`] = { link: '$ROOT/docs/guide.md' };
    add(owner, 'filegroup', `files${newNumber(draft)}`, { srcs: [link] });
  },
  gather: (draft, owner) => {
    for (const name of ['one', 'deep/two']) draft.files[`${owner.path}/assets/${name}.txt`] = `${name}\n`;
    const name = `gather${newNumber(draft)}`;
    add(owner, 'gather', name, {});
    add(owner, 'sh_test', `t${newNumber(draft)}`, {
      size: '"small"',
      srcs: [addFile(draft, owner, '.sh', TEST)],
      data: [labelOf(owner, name)],
    });
  },
  genquery: (draft, owner, random) => {
    // Earlier edits may have removed all of them.
    if (!owner.rules.some(({ kind }) => kind === 'filegroup'))
      add(owner, 'filegroup', `files${newNumber(draft)}`, { srcs: [addFile(draft, owner, '.txt')] });
    const simple = owner.rules
      .filter(({ kind }) => kind === 'filegroup')
      .map(({ name }) => labelOf(owner, name));
    const label = random.pick(simple);
    add(owner, 'genquery', `query${newNumber(draft)}`, {
      expression: `"kind('source file', deps(${label}, 1))"`,
      scope: [label],
    });
  },
  stamped: (draft, owner) => {
    const number = newNumber(draft);
    add(owner, 'genrule', `gen${number}`, {
      outs: [`gen${number}.txt`],
      stamp: '1',
      cmd: '"(grep STABLE_ bazel-out/stable-status.txt || true) > $@"',
    });
  },
  selected: (draft, owner) => {
    const [two, other] = [addFile(draft, owner, '.txt'), addFile(draft, owner, '.txt')];
    add(owner, 'filegroup', `files${newNumber(draft)}`, {
      srcs: `select({"//flags:mode_two": ["${two}"], "//conditions:default": ["${other}"]})`,
    });
  },
  selectedCommand: (draft, owner) => {
    const number = newNumber(draft);
    add(owner, 'genrule', `gen${number}`, {
      outs: [`gen${number}.txt`],
      cmd: `select({"//flags:extra_on": "echo on ${number} > $@", "//conditions:default": "echo off ${number} > $@"})`,
    });
  },
  selectedAlias: (draft, owner, random) => {
    const labels = some(draft, owner, random);
    const [one = '//flags:plain', other = '//flags:fancy'] = labels;
    add(owner, 'alias', `alias${newNumber(draft)}`, {
      actual: `select({"//flags:mode_two": "${one}", "//conditions:default": "${other}"})`,
    });
  },
  payload: (draft, owner) => {
    add(owner, 'filegroup', `files${newNumber(draft)}`, { srcs: ['//flags:payload'] });
  },
  withMode: (draft, owner, random) => {
    add(owner, 'with_mode', `mode${newNumber(draft)}`, {
      deps: some(draft, owner, random),
      mode: `"${random.pick(['one', 'two'])}"`,
    });
  },
  withPayload: (draft, owner, random) => {
    add(owner, 'with_payload', `mode${newNumber(draft)}`, { deps: some(draft, owner, random) });
  },
  withFlavor: (draft, owner, random) => {
    add(owner, 'with_flavor', `mode${newNumber(draft)}`, { deps: some(draft, owner, random) });
  },
  inTwoModes: (draft, owner, random) => {
    add(owner, 'in_two_modes', `mode${newNumber(draft)}`, { deps: some(draft, owner, random) });
  },
  useThing: (draft, owner) => {
    add(owner, 'use_thing', `thing${newNumber(draft)}`, {});
  },
  cc: (draft, owner) => {
    const number = newNumber(draft);
    const header = addFile(draft, owner, '.h', `int f${number}();\n`);
    const source = addFile(
      draft,
      owner,
      '.cc',
      `#include "${owner.path}/${header}"\nint f${number}() { return 0; }\n`,
    );
    add(owner, 'cc_library', `cc${number}`, { srcs: [source], hdrs: [header] });
    const main = `#include "${owner.path}/${header}"\nint main() { return f${number}(); }\n`;
    add(owner, 'cc_test', `t${newNumber(draft)}`, {
      size: '"small"',
      srcs: [addFile(draft, owner, '.cc', main)],
      deps: [labelOf(owner, `cc${number}`)],
    });
  },
  ofLocalModule: (draft, owner) => {
    add(owner, 'filegroup', `files${newNumber(draft)}`, { srcs: ['@foo//:lib'] });
  },
  ofExtension: (draft, owner) => {
    add(owner, 'filegroup', `files${newNumber(draft)}`, { srcs: ['@indirect//:o.txt'] });
  },
  ofRepositoryRule: (draft, owner) => {
    add(owner, 'filegroup', `files${newNumber(draft)}`, { srcs: ['@direct//:o.txt'] });
  },
} satisfies Record<string, Maker>;

const MAKERS_OF: Readonly<Partial<Record<Feature, readonly Maker[]>>> = {
  'absolute-symlinks': [MAKERS.absoluteSymlink],
  aspects: [MAKERS.report],
  cc: [MAKERS.cc],
  'computed-labels': [MAKERS.withFlavor],
  directories: [MAKERS.directory, MAKERS.linkedDirectory],
  extension: [MAKERS.ofExtension],
  genqueries: [MAKERS.genquery],
  'local-module': [MAKERS.ofLocalModule],
  macros: [MAKERS.bundle, MAKERS.gather],
  'repository-rule': [MAKERS.ofRepositoryRule],
  settings: [MAKERS.selected, MAKERS.selectedCommand, MAKERS.selectedAlias, MAKERS.payload],
  stamped: [MAKERS.stamped],
  symlinks: [MAKERS.symlink],
  toolchains: [MAKERS.useThing],
  transitions: [MAKERS.withMode, MAKERS.withPayload, MAKERS.inTwoModes],
};

function makersFor(features: ReadonlySet<Feature>): readonly Maker[] {
  const { filegroup, test, library, genrule, genruleWithTool, render, alias, suite } = MAKERS;
  const special = [...features].flatMap((feature) => MAKERS_OF[feature] ?? []);
  return [filegroup, test, test, library, genrule, genruleWithTool, render, alias, alias, suite, ...special];
}

/** Adds Starlark files whose texts are known by their paths. */
export function addStarlark(draft: Model, ...paths: readonly string[]): void {
  for (const path of paths) draft.starlark[path] = { comment: 1, code: 1, value: 1 };
}

function addTools(draft: Model): void {
  const tools = newPackage(draft, 'tools', false, [PUBLIC, 'exports_files(glob(["*.sh"]))']);
  draft.files['tools/printer.sh'] = { script: '#!/bin/sh\necho printer 1\n' };
  add(tools, 'sh_binary', 'printer', { srcs: ['printer.sh'] });
}

function addRules(draft: Model): void {
  newPackage(draft, 'rules', false, ['exports_files(["suffix.txt"])']);
  draft.files['rules/suffix.txt'] = 'suffix\n';
  addStarlark(draft, ...Object.keys(STARLARK).filter((path) => path.startsWith('rules/')));
}

function addSettings(draft: Model): void {
  const flags = newPackage(draft, 'flags', false, [PUBLIC]);
  draft.files['flags/plain.txt'] = 'plain\n';
  draft.files['flags/fancy.txt'] = 'fancy\n';
  add(flags, 'filegroup', 'plain', { srcs: ['plain.txt'] });
  add(flags, 'filegroup', 'fancy', { srcs: ['fancy.txt'] });
  add(flags, 'string_flag', 'mode', { build_setting_default: '"one"' });
  add(flags, 'bool_flag', 'extra', { build_setting_default: 'False' });
  add(flags, 'config_setting', 'mode_two', { flag_values: '{":mode": "two"}' });
  add(flags, 'config_setting', 'extra_on', { flag_values: '{":extra": "True"}' });
  add(flags, 'label_flag', 'payload', { build_setting_default: '"//flags:plain"' });
}

/** What a transition sets the label flag to, by a label that its code puts together. */
function addFlavors(draft: Model): void {
  const sweet = newPackage(draft, 'flags/sweet', false, [PUBLIC]);
  draft.files['flags/sweet/file.txt'] = 'sweet\n';
  add(sweet, 'filegroup', 'file', { srcs: ['file.txt'] });
}

function addToolchains(draft: Model): void {
  const toolchains = newPackage(draft, 'toolchains', false, [PUBLIC]);
  draft.files['toolchains/payload.txt'] = 'payload\n';
  add(toolchains, 'toolchain_type', 'type', {});
  add(toolchains, 'thing_toolchain', 'thing', { payload: '"payload.txt"', word: '"first"' });
  if (draft.packages.some(({ path }) => path === 'flags')) {
    add(toolchains, 'thing_toolchain', 'other', { payload: '"payload.txt"', word: '"other"' });
    add(toolchains, 'toolchain', 'a_toolchain', {
      toolchain: '":other"',
      toolchain_type: '":type"',
      target_settings: ['//flags:mode_two'],
    });
  }
  add(toolchains, 'toolchain', 'thing_toolchain', { toolchain: '":thing"', toolchain_type: '":type"' });
  draft.module.push('register_toolchains("//toolchains:all")');
}

function addPlatforms(draft: Model): void {
  const platforms = newPackage(draft, 'platforms', false, [PUBLIC]);
  add(platforms, 'constraint_setting', 'flavor', {});
  add(platforms, 'constraint_value', 'sweet', { constraint_setting: '":flavor"' });
  add(platforms, 'platform', 'here', {
    parents: ['@local_config_platform//:host'],
    constraint_values: [':sweet'],
  });
  draft.rc.push('build --platforms=//platforms:here');
}

function addLocalModule(draft: Model): void {
  Object.assign(draft.files, {
    'third/foo/MODULE.bazel': 'module(name = "foo")\n',
    'third/foo/BUILD': 'filegroup(name = "lib", srcs = ["lib.txt"], visibility = ["//visibility:public"])\n',
    'third/foo/lib.txt': 'lib\n',
    'third/foo/unused.txt': 'unused\n',
  });
  draft.ignored.push('third');
  draft.module.push(
    'bazel_dep(name = "foo")',
    'local_path_override(module_name = "foo", path = "third/foo")',
  );
}

function addExtension(draft: Model): void {
  addExtensionPackage(draft);
  draft.files['ext/indirect.txt'] = 'indirect\n';
  addStarlark(draft, 'ext/read.bzl');
  draft.module.push(
    'values = use_extension("//ext:read.bzl", "values")',
    'values.value(name = "indirect", src = "//ext:indirect.txt")',
    'use_repo(values, "indirect")',
  );
}

function addRepositoryRule(draft: Model): void {
  addExtensionPackage(draft);
  draft.files['ext/direct.txt'] = 'direct\n';
  addStarlark(draft, 'ext/direct.bzl');
  draft.module.push(
    'file_repo = use_repo_rule("//ext:direct.bzl", "file_repo")',
    'file_repo(name = "direct", src = "//ext:direct.txt")',
  );
}

function addExtensionPackage(draft: Model): void {
  if (draft.packages.every(({ path }) => path !== 'ext')) newPackage(draft, 'ext', false, []);
}

function addStatusScript(draft: Model): void {
  draft.files['tools/status.sh'] = { script: '#!/bin/sh\necho STABLE_VERSION $(cat VERSION)\n' };
  draft.files.VERSION = '1\n';
  draft.rc.push('build --workspace_status_command=tools/status.sh');
}

function addIgnored(draft: Model): void {
  draft.ignored.push('# Not for Bazel.', 'scratch');
  draft.files['scratch/BUILD'] = 'this is no BUILD file\n';
  draft.files['scratch/x.txt'] = 'scratch\n';
}

function addGroup(draft: Model, owner: Package): void {
  const name = `group${newNumber(draft)}`;
  add(owner, 'package_group', name, { packages: '["//..."]' });
  owner.header = [`package(default_visibility = ["${labelOf(owner, name)}"])`];
}
