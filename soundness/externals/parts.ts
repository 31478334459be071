/** What generated workspaces have of other repositories: extensions, repository rules, local modules, toolchains. */
import type { Random } from '../../__tests__/support/random-edits/random.js';
import { add, addFile, addStarlark, newPackage, TEST } from '../generate.js';
import { labelOf, newNumber, type Attribute, type Model, type Package } from '../model.js';

const PUBLIC = 'package(default_visibility = ["//visibility:public"])';
/** Of a hundred workspaces with externals, so many have a given part. */
const SHARE = 45;

/** Paths that edits and parts share. */
export const LOCK = 'deps/lock';
export const LIST = 'lists/files';

/** Adds some parts, with rules that use them in front of all other rules. */
export function addExternals(draft: Model, random: Random, available: ReadonlySet<Part>): void {
  const wanted = PARTS.filter((part) => available.has(part) && random.chance(SHARE));
  const [first] = available;
  if (wanted.length === 0 && first !== undefined) wanted.push(first);
  const others = draft.packages;
  draft.packages = [];
  const users = ['uses', 'uses/more'].map((path) => newPackage(draft, path, true, [PUBLIC]));
  for (const part of wanted) {
    draft.parts.push(part);
    ADD[part](draft, random.pick(users), random);
  }
  for (const owner of users) {
    // A package without rules would have nothing to edit.
    if (owner.rules.length === 0) add(owner, 'filegroup', 'none', { srcs: [addFile(draft, owner, '.txt')] });
  }
  draft.packages.push(...others);
  useFurther(draft, users, random);
}

/** Lets rules of other packages use what was made of externals. */
function useFurther(draft: Model, users: readonly Package[], random: Random): void {
  const tests = draft.packages
    .filter((owner) => owner.plain && !users.includes(owner))
    .flatMap(({ rules }) => rules)
    .filter(({ kind }) => kind === 'sh_test');
  for (const owner of users) {
    for (const rule of owner.rules) {
      const { data } = random.pick(tests).attributes;
      if (rule.kind !== 'sh_test' && Array.isArray(data) && random.chance(30))
        data.push(labelOf(owner, rule.name));
    }
  }
}

/** A test of a target: of itself, of a group of files that has it, or of a file that is made of it. */
function use(draft: Model, owner: Package, random: Random, label: string): void {
  const way = random.below(3);
  const number = newNumber(draft);
  if (way === 1) add(owner, 'filegroup', `files${number}`, { srcs: [label] });
  if (way === 2)
    add(owner, 'genrule', `gen${number}`, {
      srcs: [label],
      outs: [`gen${number}.txt`],
      cmd: `"cat $(SRCS) > $@"`,
    });
  const name = way === 0 ? label : labelOf(owner, `${way === 1 ? 'files' : 'gen'}${number}`);
  addTest(draft, owner, [name]);
}

function addTest(draft: Model, owner: Package, data: Attribute): void {
  add(owner, 'sh_test', `t${newNumber(draft)}`, {
    size: '"small"',
    srcs: [addFile(draft, owner, '.sh', TEST)],
    data,
  });
}

type Add = (draft: Model, user: Package, random: Random) => void;

const ADD = {
  'external-hub': (draft, user, random) => {
    newPackage(draft, 'deps', false, []);
    addStarlark(draft, 'deps/hub.bzl');
    const format = random.pick(['json', 'lines'] as const);
    const path = `${LOCK}.${format === 'json' ? 'json' : 'txt'}`;
    const names = ['alpha', 'beta', 'gamma', 'delta', 'omega'];
    draft.listings[path] = {
      format,
      comment: random.below(2),
      space: random.below(2),
      // Each needs some of those after it.
      entries: names.map((name, at) => ({
        name,
        version: `1.${at}`,
        needs: names.slice(at + 1).filter(() => random.chance(30)),
      })),
    };
    const attribute = random.pick(['lock', 'version', 'integrity']);
    draft.module.push(
      'packages = use_extension("//deps:hub.bzl", "packages")',
      `packages.parse(name = "pip", ${attribute} = "//deps:${path.slice('deps/'.length)}")`,
      'use_repo(packages, "pip", "pip_beta")',
    );
    use(draft, user, random, '@pip//alpha');
    use(draft, user, random, '@pip_beta//:lib');
    if (random.chance(60)) {
      add(user, 'hub_files', 'of_hub', { package: `"${random.pick(names)}"` });
      addTest(draft, user, [labelOf(user, 'of_hub')]);
    }
  },
  'external-labels': (draft, user, random) => {
    newPackage(draft, 'odd', false, []);
    addStarlark(draft, 'odd/ext.bzl');
    for (const name of ['release', 'one', 'two', 'checked', 'unused'])
      draft.files[`odd/${name}.txt`] = `${name}\n`;
    draft.module.push(
      'odd = use_extension("//odd:ext.bzl", "odd")',
      'odd.it(name = "odd_one", version = "//odd:release.txt", sha256 = "//odd:checked.txt", urls = {"//odd:two.txt": "word"})',
      'odd.it(name = "odd_two", version = "//odd:one.txt", sha256 = "//odd:checked.txt", features = ["//odd:two.txt"])',
      'use_repo(odd, "odd_one", "odd_two")',
    );
    use(draft, user, random, '@odd_one//:o.txt');
    if (random.chance(60)) use(draft, user, random, '@odd_two//:o.txt');
  },
  'external-list': (draft, user, random) => {
    newPackage(draft, 'lists', false, []);
    addStarlark(draft, 'lists/ext.bzl');
    const format = random.pick(['json', 'lines'] as const);
    const path = `${LIST}.${format === 'json' ? 'json' : 'txt'}`;
    for (const folder of ['lists/data', 'notes']) {
      for (const name of ['one', 'two', 'three', 'unlisted'])
        draft.files[`${folder}/${name}.txt`] = `${name}\n`;
    }
    draft.listings[path] = {
      format,
      comment: random.below(2),
      space: random.below(2),
      entries: ['one', 'two', 'three'].map((name) => ({
        name: random.pick([`${name}.txt`, `//lists:data/${name}.txt`, `notes/${name}.txt`]),
        version: undefined,
        needs: [],
      })),
    };
    draft.module.push(
      'listed = use_extension("//lists:ext.bzl", "listed")',
      `listed.files(manifest = "//lists:${path.slice('lists/'.length)}")`,
      'use_repo(listed, "listed")',
    );
    use(draft, user, random, '@listed//one');
    use(draft, user, random, '@listed//two');
  },
  'external-files': (draft, user, random) => {
    newPackage(draft, 'repos', false, []);
    addStarlark(draft, 'repos/files.bzl');
    Object.assign(draft.files, {
      'repos/label.txt': 'label\n',
      'repos/by_path.txt': 'path\n',
      'repos/template.tpl': 'template {NOTE}\n',
      'repos/link.txt': 'link\n',
      'repos/change.patch': patchText('after'),
      'repos/folder/one.txt': 'one\n',
      'repos/tree/one.txt': 'one\n',
      'repos/tree/deep/two.txt': 'two\n',
      'repos/unused.txt': 'unused\n',
    });
    draft.module.push(
      'files_repo = use_repo_rule("//repos:files.bzl", "files_repo")',
      'files_repo(name = "made", change = "//repos:change.patch", link = "//repos:link.txt", note = "note", src = "//repos:label.txt", template = "//repos:template.tpl")',
    );
    for (const name of ['label', 'path', 'template', 'link', 'patched', 'names', 'tree'])
      if (random.chance(80)) use(draft, user, random, `@made//:${name}.txt`);
  },
  'external-programs': (draft, user, random) => {
    newPackage(draft, 'programs', false, []);
    addStarlark(draft, 'programs/run.bzl');
    Object.assign(draft.files, {
      'programs/script.sh': 'cat "$1" "$2" "$INPUT" here.txt\n',
      'programs/argument.txt': 'argument\n',
      'programs/by_path.txt': 'path\n',
      'programs/by_environment.txt': 'environment\n',
      'programs/folder/here.txt': 'here\n',
      'programs/unused.txt': 'unused\n',
    });
    draft.module.push(
      'program_repo = use_repo_rule("//programs:run.bzl", "program_repo")',
      'program_repo(name = "ran", argument = "//programs:argument.txt", script = "//programs:script.sh")',
    );
    use(draft, user, random, '@ran//:o.txt');
  },
  'external-paths': (draft, user, random) => {
    newPackage(draft, 'paths', false, []);
    addStarlark(draft, 'paths/ext.bzl');
    Object.assign(draft.files, {
      'paths/go.mod':
        'module example.org/main\nreplace local => ./shared/first\nrequire example.org/x v1.0\n',
      'shared/first/a.txt': 'first\n',
      'shared/first/deep/b.txt': 'deep\n',
      'shared/second/a.txt': 'second one\n',
      'shelf/own.txt': 'own\n',
      'shelf/unused.txt': 'unused\n',
      'shards/deep/one.txt': 'one\n',
      'papers/one.txt': 'one\n',
      'papers/two.txt': 'two\n',
    });
    draft.module.push(
      'paths = use_extension("//paths:ext.bzl", "paths")',
      'paths.read(manifest = "//paths:go.mod")',
      'use_repo(paths, "local", "shelf")',
    );
    for (const name of ['own', 'split', 'table']) use(draft, user, random, `@shelf//:${name}.txt`);
    use(draft, user, random, '@local//:all');
  },
  'external-back': (draft, user, random) => {
    const back = newPackage(draft, 'back', false, [PUBLIC, 'exports_files(["data.txt"])']);
    addStarlark(draft, 'back/repo.bzl');
    for (const name of ['data', 'lib', 'unused']) draft.files[`back/${name}.txt`] = `${name}\n`;
    add(back, 'filegroup', 'lib', { srcs: ['lib.txt'] });
    draft.module.push(
      'back_repo = use_repo_rule("//back:repo.bzl", "back_repo")',
      'back_repo(name = "back", note = "note")',
    );
    use(draft, user, random, '@back//:all');
    if (random.chance(50)) use(draft, user, random, '@back//:own.txt');
  },
  'local-modules': (draft, user, random) => {
    addStarlark(draft, 'mods/one/defs.bzl', 'mods/one/words.bzl', 'mods/two/unused.bzl');
    const files = (name: string, srcs: string): string =>
      `filegroup(\n    name = "${name}",\n    srcs = ${srcs},\n    visibility = ["//visibility:public"],\n)\n`;
    Object.assign(draft.files, {
      'mods/one/MODULE.bazel':
        'module(name = "one", version = "1.0")\nbazel_dep(name = "two", version = "1.0")\n',
      'mods/one/BUILD': `${files('lib', '["lib.txt", "@two//deep:lib"]')}${files('seed', '["seed.txt"]')}`,
      'mods/one/lib.txt': 'lib\n',
      'mods/one/seed.txt': 'seed\n',
      'mods/one/unused.txt': 'unused\n',
      'mods/two/MODULE.bazel': 'module(name = "two", version = "1.0")\n',
      'mods/two/BUILD': files('other', '["other.txt"]'),
      'mods/two/other.txt': 'other\n',
      'mods/two/deep/BUILD': files('lib', 'glob(["*.txt"])'),
      'mods/two/deep/lib.txt': 'lib\n',
    });
    draft.ignored.push('mods');
    draft.module.push(
      'bazel_dep(name = "one", version = "1.0")',
      'local_path_override(module_name = "one", path = "mods/one")',
      'local_path_override(module_name = "two", path = "mods/two")',
    );
    use(draft, user, random, '@one//:lib');
    if (random.chance(60)) {
      add(user, 'one_files', 'of_one', {});
      addTest(draft, user, [labelOf(user, 'of_one')]);
    }
  },
  'external-new-local': (draft, user, random) => {
    newPackage(draft, 'vendor', false, []);
    Object.assign(draft.files, {
      'vendor/lib.BUILD':
        'filegroup(\n    name = "files",\n    srcs = glob(["**/*.txt"]),\n    visibility = ["//visibility:public"],\n)\n\nexports_files(["a.txt"])\n',
      'vendor/lib/a.txt': 'a\n',
      'vendor/lib/deep/b.txt': 'b\n',
      'vendor/lib/unused.md': 'unused\n',
    });
    draft.module.push(
      'new_local_repository = use_repo_rule("@bazel_tools//tools/build_defs/repo:local.bzl", "new_local_repository")',
      'new_local_repository(name = "vendored", build_file = "//vendor:lib.BUILD", path = "vendor/lib")',
    );
    use(draft, user, random, '@vendored//:files');
    if (random.chance(60)) use(draft, user, random, '@vendored//:a.txt');
  },
  'external-toolchains': (draft, user) => {
    const kinds = newPackage(draft, 'kinds', false, [PUBLIC]);
    addStarlark(draft, 'kinds/rule.bzl', 'kinds/repo.bzl');
    draft.files['kinds/payload.txt'] = 'payload\n';
    draft.files['kinds/unused.txt'] = 'unused\n';
    add(kinds, 'toolchain_type', 'type', {});
    draft.module.push(
      'chains = use_extension("//kinds:repo.bzl", "chains")',
      'chains.toolchain(name = "chain", payload = "//kinds:payload.txt", word = "first")',
      'chains.toolchain(name = "idle", payload = "//kinds:unused.txt", word = "idle")',
      'use_repo(chains, "chain", "idle")',
      'register_toolchains("@chain//:all")',
    );
    add(user, 'use_external', 'thing', {});
    addTest(draft, user, [labelOf(user, 'thing')]);
  },
  'nested-workspaces': (draft) => {
    Object.assign(draft.files, {
      'examples/basic/MODULE.bazel': 'module(name = "basic")\n',
      'examples/basic/BUILD': 'load(":x.bzl", "x")\n\nx()\n',
      'examples/basic/x.bzl': 'def x():\n    native.filegroup(name = "x")\n',
      'examples/basic/x.txt': 'x\n',
      'examples/go.mod': 'module example.org/x\n',
    });
    draft.ignored.push('examples/basic');
  },
  'dev-dependencies': (draft, user, random) => {
    Object.assign(draft.files, {
      'dev/MODULE.bazel': 'module(name = "dev", version = "1.0")\n',
      'dev/BUILD': 'exports_files(["lib.txt"])\n',
      'dev/lib.txt': 'lib\n',
    });
    draft.ignored.push('dev');
    draft.module.push(
      'bazel_dep(name = "dev", version = "1.0", dev_dependency = True)',
      'local_path_override(module_name = "dev", path = "dev")',
    );
    if (random.chance(50)) use(draft, user, random, '@dev//:lib.txt');
  },
} satisfies Record<string, Add>;

/** What a workspace may have of other repositories; `--without` leaves some of it out. */
export type Part = keyof typeof ADD;

export function isPart(name: string): name is Part {
  return name in ADD;
}

export const PARTS: readonly Part[] = Object.keys(ADD).filter(isPart);

/** A patch of the one file that the repository rule changes. */
export function patchText(word: string): string {
  return `--- a/patched.txt\n+++ b/patched.txt\n@@ -1 +1,2 @@\n before\n+${word}\n`;
}
