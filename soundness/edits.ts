/** The edits of a workspace, by kind. Each changes a draft in place, and returns false where it finds nothing to change. */
import type { FileContent } from '../__tests__/support/files.js';
import type { Random } from '../__tests__/support/random-edits/random.js';
import { append, pick, remove, type Edit } from './draft.js';
import { EXTERNAL_EDITS } from './externals/edits.js';
import { addFile, addPackage, addRule, featuresOf, newPackage } from './generate.js';
import {
  filesBefore,
  isLoaded,
  isUsed,
  labelOf,
  namedIn,
  newNumber,
  packageOf,
  plainRules,
  rename,
  render,
  sources,
  type Attribute,
  type Model,
  type Package,
  type Rule,
} from './model.js';
import type { Numbers } from './starlark.js';

/** A kind that changes what a build is told about everything is rare, as it is in histories. */
const OFTEN = 6;
const USUAL = 3;
const RARE = 1;

const PUBLIC = 'package(default_visibility = ["//visibility:public"])';

export const EDITS: Readonly<Record<string, Edit>> = {
  'modify: source': { weight: 3 * OFTEN, apply: (draft, random) => modify(draft, random, isText) },
  'modify: script': { weight: OFTEN, apply: (draft, random) => modify(draft, random, isScript) },
  'modify: cc source or header': {
    weight: USUAL,
    apply: (draft, random) =>
      random.chance(50)
        ? modify(draft, random, (path) => /\.(cc|h)$/.test(path), '//')
        : modify(draft, random, (path) => path.endsWith('.cc'), `int v${newNumber(draft)} = 1; //`),
  },
  'modify: file that no rule names': {
    weight: USUAL,
    apply: (draft, random) => {
      draft.files[random.pick(['README.md', 'docs/guide.md', 'docs/new.md'])] = `text ${newNumber(draft)}\n`;
      return true;
    },
  },
  'modify: tool': { weight: RARE, apply: (draft) => append(draft, 'tools/printer.sh') },
  'modify: file of an aspect': { weight: RARE, apply: (draft) => append(draft, 'rules/suffix.txt') },
  'modify: file of a label flag': {
    weight: USUAL,
    apply: (draft, random) =>
      append(draft, random.pick(['flags/plain.txt', 'flags/fancy.txt', 'flags/sweet/file.txt'])),
  },
  'add: file in a glob': {
    weight: USUAL,
    apply: (draft, random) => {
      const folder = folderOfData(draft, random);
      if (folder === undefined) return false;
      draft.files[`${folder}/${random.pick(['n', 'n n', 'ñ', 'deep/n', '.n'])}${newNumber(draft)}.txt`] =
        'new\n';
      return true;
    },
  },
  'add: file in a source directory': {
    weight: USUAL,
    apply: (draft, random) => {
      const inside = sources(draft).filter((path) => /\/dir\d+\//.test(path));
      if (inside.length === 0) return false;
      draft.files[`${folderOf(random.pick(inside))}/n${newNumber(draft)}.txt`] = 'new\n';
      return true;
    },
  },
  'add: file that no rule names': {
    weight: USUAL,
    apply: (draft, random) => {
      addFile(draft, random.pick(draft.packages.filter(({ plain }) => plain)), '.md');
      return true;
    },
  },
  'delete: file in a glob or a source directory': {
    weight: USUAL,
    apply: (draft, random) => {
      const files = sources(draft).filter((path) => /\/(data|dir\d+)\//.test(path));
      // One stays, so that the directory does.
      const spare = files.filter(
        (path) => files.filter((other) => folderOf(other) === folderOf(path)).length > 1,
      );
      if (spare.length === 0) return false;
      remove(draft, random.pick(spare));
      return true;
    },
  },
  'rename: file in a glob or a source directory': {
    weight: USUAL,
    apply: (draft, random) => {
      const files = sources(draft).filter((path) => /\/(data|dir\d+)\//.test(path));
      return files.length > 0 && move(draft, random.pick(files), (path) => `${path}.${newNumber(draft)}`);
    },
  },
  'rename: file that a rule names': {
    weight: USUAL,
    apply: (draft, random) =>
      withNamedFile(draft, random, isText, (owner, name) => {
        const other = `f${newNumber(draft)}.txt`;
        move(draft, `${owner.path}/${name}`, () => `${owner.path}/${other}`);
        for (const { list } of namedIn(owner, name)) list[list.indexOf(name)] = other;
      }),
  },
  'delete: file that a rule names': {
    weight: USUAL,
    apply: (draft, random) =>
      withNamedFile(draft, random, isText, (owner, name) => {
        for (const { list } of namedIn(owner, name)) list.splice(list.indexOf(name), 1);
        // $(SRCS) must not be without a file.
        const inGenrule = owner.rules.filter(
          ({ kind, attributes }) => kind === 'genrule' && attributes.srcs?.length === 0,
        );
        for (const { attributes } of inGenrule) attributes.srcs = [addFile(draft, owner, '.txt')];
        remove(draft, `${owner.path}/${name}`);
      }),
  },
  'delete: file that a rule still names': {
    weight: RARE,
    apply: (draft, random) =>
      withNamedFile(draft, random, isText, (owner, name) => {
        remove(draft, `${owner.path}/${name}`);
      }),
  },
  'rename: folder of a glob': {
    weight: RARE,
    apply: (draft, random) => {
      const folder = folderOfData(draft, random);
      if (folder === undefined) return false;
      const number = newNumber(draft);
      const files = Object.keys(draft.files).filter((path) => path.startsWith(`${folder}/`));
      for (const path of files)
        move(draft, path, (from) => `${folder}/moved${number}${from.slice(folder.length)}`);
      return true;
    },
  },
  'type: source directory to symlink': {
    weight: RARE,
    apply: (draft, random) => {
      const folders = sources(draft).flatMap((path) => /^.*\/dir\d+(?=\/)/.exec(path) ?? []);
      const folder = pick(random, [...new Set(folders)]);
      if (folder === undefined) return false;
      const files = Object.keys(draft.files).filter((path) => path.startsWith(`${folder}/`));
      const number = newNumber(draft);
      for (const path of files) move(draft, path, (from) => from.replace(folder, `${folder}moved${number}`));
      draft.files[folder] = { link: `${folder.slice(folderOf(folder).length + 1)}moved${number}` };
      return true;
    },
  },
  'chmod: source': {
    weight: USUAL,
    apply: (draft, random) => {
      const path = pick(
        random,
        sources(draft).filter((each) => each.endsWith('.txt')),
      );
      const content = draft.files[path ?? ''];
      if (path === undefined || content === undefined || content === null) return false;
      if (typeof content === 'string') draft.files[path] = { script: content };
      else if ('script' in content) draft.files[path] = content.script;
      else return false;
      return true;
    },
  },
  'type: file to symlink': {
    weight: USUAL,
    apply: (draft, random) =>
      withNamedFile(draft, random, isText, (owner, name) => {
        draft.files[`${owner.path}/${name}`] = { link: linkTarget(draft, random, owner) };
      }),
  },
  'type: symlink to file': {
    weight: USUAL,
    apply: (draft, random) => {
      const path = pick(random, links(draft));
      if (path === undefined) return false;
      draft.files[path] = `no longer a link ${newNumber(draft)}\n`;
      return true;
    },
  },
  'retarget: symlink': {
    weight: USUAL,
    apply: (draft, random) => {
      const path = pick(random, links(draft));
      const owner = packageOf(draft, path ?? '');
      if (path === undefined || owner === undefined) return false;
      draft.files[path] = { link: linkTarget(draft, random, owner) };
      return true;
    },
  },
  'modify: file behind a symlink': {
    weight: USUAL,
    apply: (draft, random) => {
      const path = pick(random, links(draft));
      const content = draft.files[path ?? ''];
      if (path === undefined || !isLink(content)) return false;
      return append(draft, resolveLink(path, content.link));
    },
  },
  'type: file to folder': {
    weight: USUAL,
    apply: (draft, random) =>
      withNamedFile(draft, random, isText, (owner, name) => {
        const users = namedIn(owner, name).map(({ rule }) => rule.kind);
        if (users.some((kind) => kind !== 'sh_test' && kind !== 'filegroup')) return false;
        // A command that other rules run on the filegroup would meet a folder.
        if (namedIn(owner, name).some(({ rule }) => rule.kind === 'filegroup' && isUsed(draft, owner, rule)))
          return false;
        remove(draft, `${owner.path}/${name}`);
        draft.files[`${owner.path}/${name}/inside.txt`] = `inside ${newNumber(draft)}\n`;
        return true;
      }),
  },
  'BUILD: comment': {
    weight: USUAL,
    apply: (draft, random) => {
      random.pick(draft.packages).header.unshift(`# Comment ${newNumber(draft)}`);
      return true;
    },
  },
  'BUILD: new name of the file': {
    weight: RARE,
    apply: (draft, random) => {
      const owner = random.pick(draft.packages);
      owner.buildFile = owner.buildFile === 'BUILD' ? 'BUILD.bazel' : 'BUILD';
      return true;
    },
  },
  'BUILD: add a target': {
    weight: OFTEN,
    apply: (draft, random) => {
      addRule(draft, random.pick(draft.packages.filter(({ plain }) => plain)), random);
      return true;
    },
  },
  'BUILD: remove a target': {
    weight: USUAL,
    apply: (draft, random) => {
      const found = plainRules(draft).filter(
        ({ owner, rule }) => !isUsed(draft, owner, rule) && !inHeader(owner, rule),
      );
      const one = pick(random, found);
      if (one === undefined) return false;
      one.owner.rules = one.owner.rules.filter((rule) => rule !== one.rule);
      return true;
    },
  },
  'BUILD: rename a target': {
    weight: USUAL,
    apply: (draft, random) => {
      const found = plainRules(draft).filter(({ owner, rule }) => !inHeader(owner, rule));
      const one = pick(random, found);
      if (one === undefined) return false;
      rename(draft, one.owner, one.rule, `r${newNumber(draft)}`);
      return true;
    },
  },
  'BUILD: add a dependency': {
    weight: OFTEN,
    apply: (draft, random) => {
      const one = pick(random, withLabels(draft));
      const label =
        one &&
        pick(
          random,
          filesBefore(draft, one.owner, one.rule).filter((each) => !one.list.includes(each)),
        );
      if (one === undefined || label === undefined) return false;
      one.list.push(label);
      return true;
    },
  },
  'BUILD: remove a dependency': {
    weight: USUAL,
    apply: (draft, random) => {
      const one = pick(
        random,
        withLabels(draft).filter(({ list, key }) => list.length > (key === 'data' ? 0 : 1)),
      );
      if (one === undefined) return false;
      const [removed] = one.list.splice(random.below(one.list.length), 1);
      return removed !== undefined;
    },
  },
  'BUILD: order of dependencies': {
    weight: RARE,
    apply: (draft, random) => {
      const one = pick(
        random,
        withLabels(draft).filter(({ list }) => list.length > 1),
      );
      one?.list.reverse();
      return one !== undefined;
    },
  },
  'BUILD: attributes of a test': {
    weight: OFTEN,
    apply: (draft, random) =>
      onRule(draft, random, 'sh_test', (rule) => {
        const number = newNumber(draft);
        const changes: Record<string, Attribute>[] = [
          { size: random.pick(['"small"', '"medium"', '"large"']) },
          { args: [`--number=${number}`] },
          { env: `{"NUMBER": "${number}"}` },
          { flaky: random.pick(['True', 'False']) },
          { shard_count: '2' },
          { timeout: random.pick(['"short"', '"moderate"']) },
        ];
        Object.assign(rule.attributes, random.pick(changes));
      }),
  },
  'BUILD: command of a genrule': {
    weight: USUAL,
    apply: (draft, random) =>
      onRule(draft, random, 'genrule', (rule) => {
        const { cmd } = rule.attributes;
        if (typeof cmd !== 'string' || !cmd.includes('$@')) return false;
        rule.attributes.cmd = cmd.replaceAll('$@"', `$@; echo ${newNumber(draft)} >> $@"`);
        return true;
      }),
  },
  'BUILD: attribute of a Starlark rule': {
    weight: USUAL,
    apply: (draft, random) =>
      onRule(draft, random, 'render', (rule) => {
        rule.attributes.note = `"own note ${newNumber(draft)}"`;
      }),
  },
  'BUILD: tags': {
    weight: RARE,
    apply: (draft, random) =>
      onRule(draft, random, random.pick(['sh_test', 'genrule', 'filegroup']), (rule) => {
        rule.attributes.tags = [random.pick(['team-a', 'team-b', 'requires-network', 'no-ci', 'manual'])];
      }),
  },
  'BUILD: visibility': {
    weight: RARE,
    apply: (draft, random) =>
      onRule(draft, random, random.pick(['sh_test', 'genrule', 'filegroup']), (rule) => {
        rule.attributes.visibility = random.pick([
          ['//visibility:public'],
          ['//:__subpackages__'],
          ['//visibility:private'],
        ]);
      }),
  },
  'BUILD: compatibility': {
    weight: RARE,
    apply: (draft, random) =>
      onRule(draft, random, 'sh_test', (rule) => {
        rule.attributes.target_compatible_with = random.pick([[], ['@platforms//:incompatible']]);
      }),
  },
  'BUILD: package group': {
    weight: RARE,
    apply: (draft, random) =>
      onRule(draft, random, 'package_group', (rule) => {
        rule.attributes.packages = random.chance(70)
          ? `["//...", "-//other${newNumber(draft)}/..."]`
          : `["//tools/..."]`;
      }),
  },
  'BUILD: features of a package': {
    weight: RARE,
    apply: (draft, random) => {
      const owner = random.pick(draft.packages.filter(({ plain }) => plain));
      const at = owner.header.findIndex((line) => line.startsWith('package('));
      owner.header[at] = PUBLIC.replace(')', `, features = ["f${newNumber(draft)}"])`);
      return at >= 0;
    },
  },
  'BUILD: test suite': {
    weight: RARE,
    apply: (draft, random) => {
      const suites = plainRules(draft).filter(({ rule }) => rule.kind === 'test_suite');
      const lists = suites.flatMap(({ rule: { attributes } }) =>
        Array.isArray(attributes.tests) && attributes.tests.length > 1 ? [attributes.tests] : [],
      );
      return pick(random, lists)?.pop() !== undefined;
    },
  },
  'BUILD: actual of an alias': {
    weight: USUAL,
    apply: (draft, random) => {
      const one = pick(
        random,
        plainRules(draft).filter(({ rule }) => rule.kind === 'alias'),
      );
      const label = one && pick(random, filesBefore(draft, one.owner, one.rule));
      if (one === undefined || label === undefined) return false;
      const before = String(one.rule.attributes.actual);
      // Of a select, the branch of the default.
      one.rule.attributes.actual = before.startsWith('"')
        ? `"${label}"`
        : before.replace(/"[^"]*"(?=}\))/, `"${label}"`);
      return true;
    },
  },
  'BUILD: branch of a select': {
    weight: USUAL,
    apply: (draft, random) => {
      const found = plainRules(draft).filter(({ rule }) => isSelect(rule.attributes.srcs));
      const one = pick(random, found);
      if (one === undefined) return false;
      const name = addFile(draft, one.owner, '.txt');
      const branch = random.pick([
        /"\/\/flags:mode_two": \["[^"]+"\]/,
        /"\/\/conditions:default": \["[^"]+"\]/,
      ]);
      one.rule.attributes.srcs = String(one.rule.attributes.srcs).replace(branch, (text) =>
        text.replace(/\["[^"]+"\]/, `["${name}"]`),
      );
      return true;
    },
  },
  'BUILD: mode that a transition sets': {
    weight: USUAL,
    apply: (draft, random) =>
      onRule(draft, random, 'with_mode', (rule) => {
        rule.attributes.mode = rule.attributes.mode === '"two"' ? '"one"' : '"two"';
      }),
  },
  'package: new': {
    weight: USUAL,
    apply: (draft, random) => addPackage(draft, random, featuresOf(draft)),
  },
  'package: removed': {
    weight: RARE,
    apply: (draft, random) => {
      const found = draft.packages.filter(
        (owner) => owner.plain && owner.rules.every((rule) => !isUsedOutside(draft, owner, rule)),
      );
      const plain = draft.packages.filter((owner) => owner.plain);
      const owner = pick(random, found);
      if (owner === undefined || plain.length < 3) return false;
      for (const path of sources(draft).filter((each) => packageOf(draft, each) === owner))
        remove(draft, path);
      draft.packages = draft.packages.filter((each) => each !== owner);
      return true;
    },
  },
  'package: split': {
    weight: USUAL,
    apply: (draft, random) => {
      const folder = folderOfData(draft, random);
      if (folder === undefined || draft.packages.some(({ path }) => path === folder)) return false;
      const owner = newPackage(draft, folder, false, [PUBLIC]);
      owner.rules.push({
        kind: 'filegroup',
        name: 'all_data',
        attributes: { srcs: 'glob(["**"], allow_empty = True)' },
      });
      return true;
    },
  },
  'package: merged': {
    weight: RARE,
    apply: (draft, random) => {
      const owner = pick(
        random,
        draft.packages.filter(({ path }) => /\/data(\/|$)/.test(path)),
      );
      draft.packages = draft.packages.filter((each) => each !== owner);
      return owner !== undefined;
    },
  },
  'Starlark: comment': { weight: USUAL, apply: (draft, random) => turn(draft, random, 'comment', /./) },
  'Starlark: implementation': {
    weight: USUAL,
    apply: (draft, random) => turn(draft, random, 'code', /^rules/),
  },
  'Starlark: default or constant': {
    weight: RARE,
    apply: (draft, random) => turn(draft, random, 'value', /^rules\/(render|report|words|transitions)/),
  },
  'settings: default of a flag': {
    weight: RARE,
    apply: (draft, random) => {
      const rules = draft.packages.find(({ path }) => path === 'flags')?.rules ?? [];
      const flag = pick(
        random,
        rules.filter(({ attributes }) => attributes.build_setting_default !== undefined),
      );
      const before = flag?.attributes.build_setting_default;
      if (flag === undefined || typeof before !== 'string') return false;
      const other: Record<string, string> = {
        '"one"': '"two"',
        '"two"': '"three"',
        '"three"': '"one"',
        False: 'True',
        True: 'False',
        '"//flags:plain"': '"//flags:fancy"',
        '"//flags:fancy"': '"//flags:plain"',
      };
      flag.attributes.build_setting_default = other[before] ?? before;
      return true;
    },
  },
  'toolchain: file': { weight: RARE, apply: (draft) => append(draft, 'toolchains/payload.txt') },
  'toolchain: attribute': {
    weight: RARE,
    apply: (draft) => {
      const rules = draft.packages.find(({ path }) => path === 'toolchains')?.rules ?? [];
      const thing = rules.find(({ kind }) => kind === 'thing_toolchain');
      if (thing !== undefined) thing.attributes.word = `"word${newNumber(draft)}"`;
      return thing !== undefined;
    },
  },
  'platform: constraint that nothing uses': {
    weight: RARE,
    apply: (draft) => {
      const platforms = draft.packages.find(({ path }) => path === 'platforms');
      const name = `c${newNumber(draft)}`;
      platforms?.rules.push({ kind: 'constraint_setting', name, attributes: {} });
      return platforms !== undefined;
    },
  },
  'rc: comment': {
    weight: USUAL,
    apply: (draft, random) => {
      (random.chance(50) ? draft.rc : draft.importedRc).unshift(`# Comment ${newNumber(draft)}`);
      return true;
    },
  },
  'rc: config that nothing turns on': {
    weight: USUAL,
    apply: (draft, random) => {
      (random.chance(50) ? draft.rc : draft.importedRc).push(`build:unused --copt=-DN${newNumber(draft)}`);
      return true;
    },
  },
  'rc: option without effect on results': {
    weight: USUAL,
    apply: (draft, random) => {
      const option = random.pick([
        'build --verbose_failures',
        'test --test_output=errors',
        'build --jobs=3',
        'common --color=no',
      ]);
      (random.chance(50) ? draft.rc : draft.importedRc).push(option);
      return true;
    },
  },
  'rc: option with an effect': {
    weight: RARE,
    apply: (draft, random) => {
      const number = newNumber(draft);
      const options = [
        `build --action_env=NUMBER=${number}`,
        `test --test_env=NUMBER=${number}`,
        `build --define=n=${number}`,
      ];
      if (draft.packages.some(({ path }) => path === 'flags'))
        options.push('build --//flags:extra', 'build --//flags:mode=two');
      (random.chance(50) ? draft.rc : draft.importedRc).push(random.pick(options));
      return true;
    },
  },
  'rc: file that try-import names': {
    weight: RARE,
    apply: (draft, random) => {
      const number = newNumber(draft);
      draft.files['user.bazelrc'] = random.pick([
        `# Comment ${number}\n`,
        `test --test_env=USER_NUMBER=${number}\n`,
      ]);
      return true;
    },
  },
  'rc: config of an operating system': {
    weight: RARE,
    apply: (draft, random) => {
      const number = newNumber(draft);
      const system = random.pick(['linux', 'windows']);
      draft.rc.push(
        'common --enable_platform_specific_config',
        `build:${system} --test_env=SYSTEM=${number}`,
      );
      return true;
    },
  },
  'rc: config that is turned on': {
    weight: RARE,
    apply: (draft) => {
      const number = newNumber(draft);
      draft.rc.push(`build:on${number} --test_env=ON=${number}`, `build --config=on${number}`);
      return true;
    },
  },
  'module: comment': {
    weight: USUAL,
    apply: (draft) => {
      draft.module.unshift(`# Comment ${newNumber(draft)}`);
      return true;
    },
  },
  'module: own version': {
    weight: RARE,
    apply: (draft) => {
      draft.module = draft.module.map((line) =>
        line.startsWith('module(') ? `module(name = "main", version = "1.${newNumber(draft)}")` : line,
      );
      return true;
    },
  },
  'module: file of a local module': {
    weight: USUAL,
    apply: (draft, random) => append(draft, random.pick(['third/foo/lib.txt', 'third/foo/unused.txt'])),
  },
  'module: file that an extension or a repository rule reads': {
    weight: USUAL,
    apply: (draft, random) => append(draft, random.pick(['ext/direct.txt', 'ext/indirect.txt'])),
  },
  'module: code of an extension or a repository rule': {
    weight: RARE,
    apply: (draft, random) => turn(draft, random, 'code', /^ext/),
  },
  '.bazelignore: comment or folder that is not there': {
    weight: RARE,
    apply: (draft, random) => {
      const number = newNumber(draft);
      if (draft.ignored.length === 0) return false;
      draft.ignored.push(random.chance(50) ? `# Comment ${number}` : `no/such/folder${number}`);
      return true;
    },
  },
  '.bazelignore: package': {
    weight: RARE,
    apply: (draft, random) => {
      const leaves = draft.packages.filter(
        (owner) =>
          owner.plain &&
          !draft.ignored.includes(owner.path) &&
          draft.packages.every(({ path }) => !path.startsWith(`${owner.path}/`)) &&
          owner.rules.every((rule) => !isUsedOutside(draft, owner, rule)),
      );
      const owner = pick(random, leaves);
      if (owner === undefined || draft.packages.filter(({ plain }) => plain).length < 3) return false;
      draft.ignored.push(owner.path);
      // Nothing shall name it from now on.
      draft.packages = draft.packages.map((each) => (each === owner ? { ...each, plain: false } : each));
      return true;
    },
  },
  'REPO.bazel: features': {
    weight: RARE,
    apply: (draft) => {
      draft.repo = [`repo(features = ["f${newNumber(draft)}"])`];
      return true;
    },
  },
  'REPO.bazel: comment': {
    weight: RARE,
    apply: (draft) => {
      if (draft.repo.length === 0) return false;
      draft.repo.unshift(`# Comment ${newNumber(draft)}`);
      return true;
    },
  },
  'status script: file that it reads': { weight: RARE, apply: (draft) => append(draft, 'VERSION') },
};

/** The kinds of edits of any workspace, and those of what it has of other repositories: as often as they are drawn. */
const KINDS = kindsOf(EDITS);
const EXTERNAL_KINDS = kindsOf(EXTERNAL_EDITS);
/** Of a hundred edits of a workspace with externals, so many change what externals read. */
const EXTERNAL_SHARE = 80;

function kindsOf(edits: Readonly<Record<string, Edit>>): string[] {
  return Object.entries(edits).flatMap(([kind, { weight }]) => Array.from({ length: weight }, () => kind));
}

export interface Step {
  readonly model: Model;
  /** One to four kinds of edits that were made at once. */
  readonly kinds: readonly string[];
  /** Whether Bazel notices what changed only where it fetches repositories again. */
  readonly unwatched: boolean;
}

function editOf(kind: string): Edit | undefined {
  return EDITS[kind] ?? EXTERNAL_EDITS[kind];
}

/** One to four edits at once. What they make differs from the model in its files. */
export function edit(model: Model, random: Random): Step {
  const before = JSON.stringify(render(model));
  for (;;) {
    const count = random.chance(70) ? 1 : 2 + random.below(3);
    let after = model;
    const kinds: string[] = [];
    while (kinds.length < count) {
      const isExternal = model.parts.length > 0 && random.chance(EXTERNAL_SHARE);
      const kind = random.pick(isExternal ? EXTERNAL_KINDS : KINDS);
      const draft = structuredClone(after);
      if (editOf(kind)?.apply(draft, random) !== true) continue;
      after = draft;
      kinds.push(kind);
    }
    if (JSON.stringify(render(after)) !== before)
      return { model: after, kinds, unwatched: kinds.some((kind) => editOf(kind)?.unwatched === true) };
  }
}

function isText(path: string): boolean {
  return path.endsWith('.txt');
}

function isScript(path: string): boolean {
  return path.endsWith('.sh');
}

function isLink(content: FileContent | undefined): content is { readonly link: string } {
  return typeof content === 'object' && content !== null && 'link' in content;
}

function links(draft: Model): string[] {
  return sources(draft).filter((path) => isLink(draft.files[path]));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function modify(draft: Model, random: Random, accepts: (path: string) => boolean, comment?: string): boolean {
  const path = pick(random, sources(draft).filter(accepts));
  return path !== undefined && append(draft, path, comment);
}

function move(draft: Model, path: string, to: (path: string) => string): boolean {
  const content = draft.files[path];
  if (content === undefined) return false;
  remove(draft, path);
  draft.files[to(path)] = content;
  return true;
}

function folderOfData(draft: Model, random: Random): string | undefined {
  const folders = sources(draft)
    .filter((path) => path.includes('/data/'))
    .map(folderOf);
  return pick(random, [...new Set(folders)]);
}

/** Picks a file that rules name in their lists. */
function withNamedFile(
  draft: Model,
  random: Random,
  accepts: (path: string) => boolean,
  apply: (owner: Package, name: string) => boolean | undefined,
): boolean {
  const path = pick(
    random,
    sources(draft).filter((each) => {
      const owner = packageOf(draft, each);
      return (
        accepts(each) && owner !== undefined && namedIn(owner, each.slice(owner.path.length + 1)).length > 0
      );
    }),
  );
  const owner = packageOf(draft, path ?? '');
  if (path === undefined || owner === undefined) return false;
  return apply(owner, path.slice(owner.path.length + 1)) !== false;
}

function onRule(
  draft: Model,
  random: Random,
  kind: string,
  apply: (rule: Rule) => boolean | undefined,
): boolean {
  const one = pick(
    random,
    plainRules(draft).filter(({ rule }) => rule.kind === kind),
  );
  return one !== undefined && apply(one.rule) !== false;
}

/** The lists of rules that may name targets of files. */
function withLabels(draft: Model): { owner: Package; rule: Rule; key: string; list: string[] }[] {
  return plainRules(draft).flatMap(({ owner, rule }) =>
    ['srcs', 'deps', 'data'].flatMap((key) => {
      const list = rule.attributes[key];
      const takesFiles =
        /^(filegroup|genrule|render|report|with_mode|with_payload|in_two_modes)$/.test(rule.kind) ||
        key === 'data';
      return Array.isArray(list) && takesFiles ? [{ owner, rule, key, list }] : [];
    }),
  );
}

function inHeader(owner: Package, rule: Rule): boolean {
  return owner.header.some((line) => line.includes(`:${rule.name}"`));
}

function isUsedOutside(draft: Model, owner: Package, rule: Rule): boolean {
  const others = draft.packages.filter((each) => each !== owner).flatMap(({ rules }) => rules);
  return others.some((each) => JSON.stringify(each.attributes).includes(labelOf(owner, rule.name)));
}

function isSelect(value: Attribute | undefined): boolean {
  return typeof value === 'string' && value.startsWith('select(');
}

/** Where a symlink may lead, relative to the folder of a package: a file there, or one above. */
function linkTarget(draft: Model, random: Random, owner: Package): string {
  const up = '../'.repeat(owner.path.split('/').length);
  // It may be another link, or the link itself: an edit that breaks a target is taken back.
  const texts = sources(draft).filter((path) => path.endsWith('.txt'));
  return `${up}${random.pick(['docs/guide.md', 'README.md', ...texts])}`;
}

function resolveLink(path: string, target: string): string {
  if (target.startsWith('$ROOT/')) return target.slice('$ROOT/'.length);
  return new URL(target, `file:///${path}`).pathname.slice(1);
}

/** Turns a number of a Starlark file, mostly of one that is loaded. */
function turn(draft: Model, random: Random, number: keyof Numbers, paths: RegExp): boolean {
  const found = Object.keys(draft.starlark).filter((path) => paths.test(path));
  const loaded = found.filter((path) => isLoaded(draft, path));
  const numbers = draft.starlark[pick(random, random.chance(80) ? loaded : found) ?? ''];
  if (numbers === undefined) return false;
  numbers[number] += 1;
  return true;
}
