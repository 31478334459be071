/** Edits that change only what module extensions, repository rules and other repositories read. */
import type { Random } from '../../__tests__/support/random-edits/random.js';
import { append, pick, type Edit } from '../draft.js';
import { newNumber, type Model } from '../model.js';
import type { Numbers } from '../starlark.js';
import { reached, type Entry, type Listing } from './listing.js';
import { LIST, LOCK, patchText } from './parts.js';

/** What the names of all these kinds begin with. */
export const EXTERNAL_PREFIX = 'externals: ';

const OFTEN = 6;
const USUAL = 3;
const RARE = 1;

const KINDS: Readonly<Record<string, Edit>> = {
  'lock, version of a used package': {
    weight: OFTEN,
    apply: (draft, random) => bump(draft, random, 'direct'),
  },
  'lock, version of an indirectly used package': {
    weight: OFTEN,
    apply: (draft, random) => bump(draft, random, 'indirect'),
  },
  'lock, version of an unused package': {
    weight: USUAL,
    apply: (draft, random) => bump(draft, random, 'unused'),
  },
  'lock, dependencies of a package': {
    weight: USUAL,
    apply: (draft, random) =>
      withListing(draft, LOCK, ({ entries }) => {
        const entry = random.pick(entries);
        const later = entries.slice(entries.indexOf(entry) + 1).map(({ name }) => name);
        const need = pick(random, [...entry.needs, ...later]);
        if (need === undefined) return false;
        entry.needs = entry.needs.includes(need)
          ? entry.needs.filter((name) => name !== need)
          : [...entry.needs, need];
        return true;
      }),
  },
  'lock, add a package': {
    weight: USUAL,
    apply: (draft, random) =>
      withListing(draft, LOCK, ({ entries }) => {
        const number = newNumber(draft);
        const needs = random.chance(50) ? [random.pick(entries).name] : [];
        entries.unshift({ name: `added${number}`, version: `1.${number}`, needs });
        return true;
      }),
  },
  'lock, remove an unused package': {
    weight: USUAL,
    apply: (draft, random) =>
      withListing(draft, LOCK, (lock) => {
        const isFree = ({ name }: Entry): boolean =>
          useOf(draft, lock, name) === 'unused' &&
          !inUseRepo(draft, name) &&
          lock.entries.every(({ needs }) => !needs.includes(name));
        const gone = pick(random, lock.entries.filter(isFree));
        lock.entries = lock.entries.filter((entry) => entry !== gone);
        return gone !== undefined;
      }),
  },
  'lock, comment': { weight: USUAL, apply: (draft) => comment(draft, LOCK) },
  'lock, format': { weight: USUAL, apply: (draft) => format(draft, LOCK) },
  'lock, repository of a package for the main module': {
    weight: RARE,
    apply: (draft, random) =>
      withListing(draft, LOCK, ({ entries }) => {
        const entry = pick(
          random,
          entries.filter(({ name }) => !inUseRepo(draft, name)),
        );
        return (
          entry !== undefined &&
          inModule(draft, /^use_repo\(packages, /, /"pip",/, `"pip", "pip_${entry.name}",`)
        );
      }),
  },
  'list, file that is listed': {
    weight: OFTEN,
    apply: (draft, random) =>
      withListing(draft, LIST, ({ entries }) => append(draft, listed(random.pick(entries)))),
  },
  'list, file that is not listed': {
    weight: USUAL,
    apply: (draft, random) => append(draft, `${random.pick(['lists/data', 'notes'])}/unlisted.txt`),
  },
  'list, add a file': {
    weight: USUAL,
    apply: (draft, random) =>
      withListing(draft, LIST, ({ entries }) => {
        const name = `added${newNumber(draft)}.txt`;
        draft.files[`lists/data/${name}`] = `${name}\n`;
        const entry = random.chance(50) ? name : `//lists:data/${name}`;
        entries.push({ name: entry, version: undefined, needs: [] });
        return true;
      }),
  },
  'list, another file in the place of one': {
    weight: USUAL,
    apply: (draft, random) =>
      withListing(draft, LIST, ({ entries }) => {
        // The folder tells two files of one name apart, and the repository has that name.
        const at = random.below(entries.length);
        const before = entries[at];
        if (before === undefined) return false;
        const name = listed(before).split('/').at(-1) ?? '';
        const path = `lists/data/other${newNumber(draft)}/${name}`;
        draft.files[path] = `other ${draft.last}\n`;
        entries[at] = { ...before, name: `//lists:${path.slice('lists/'.length)}` };
        return true;
      }),
  },
  'list, remove a file': {
    weight: USUAL,
    apply: (draft, random) =>
      withListing(draft, LIST, (list) => {
        const gone = pick(
          random,
          list.entries.filter(
            (entry) => !named(draft, `@listed//${listed(entry).replace(/^.*\/(.*)\.txt$/, '$1')}`),
          ),
        );
        list.entries = list.entries.filter((entry) => entry !== gone);
        return gone !== undefined;
      }),
  },
  'list, comment': { weight: USUAL, apply: (draft) => comment(draft, LIST) },
  'list, format': { weight: USUAL, apply: (draft) => format(draft, LIST) },
  'label of an odd attribute, its file': {
    weight: OFTEN,
    apply: (draft, random) => append(draft, `odd/${random.pick(['release', 'one', 'two', 'checked'])}.txt`),
  },
  'label of an odd attribute, another label': {
    weight: USUAL,
    apply: (draft, random) =>
      inModule(
        draft,
        /^odd\.it\(/,
        /version = "[^"]*"/,
        `version = "//odd:${random.pick(['release', 'one', 'two', 'unused'])}.txt"`,
      ),
  },
  'label of an odd attribute, word beside it': {
    weight: USUAL,
    apply: (draft) => inModule(draft, /^odd\.it\(/, /"word\d*"/, `"word${newNumber(draft)}"`),
  },
  'repository rule, file by label': { weight: USUAL, apply: (draft) => append(draft, 'repos/label.txt') },
  'repository rule, file by path': { weight: USUAL, apply: (draft) => append(draft, 'repos/by_path.txt') },
  'repository rule, template': { weight: USUAL, apply: (draft) => append(draft, 'repos/template.tpl') },
  'repository rule, target of a symlink': {
    weight: USUAL,
    apply: (draft) => append(draft, 'repos/link.txt'),
  },
  'repository rule, patch': {
    weight: USUAL,
    apply: (draft) => {
      if (draft.files['repos/change.patch'] === undefined) return false;
      draft.files['repos/change.patch'] = patchText(`after ${newNumber(draft)}`);
      return true;
    },
  },
  'repository rule, file in a folder that is listed': {
    weight: USUAL,
    apply: (draft) => addBeside(draft, 'repos/folder/one.txt', `n${newNumber(draft)}.txt`),
  },
  'repository rule, content of a file in a folder that is listed': {
    weight: RARE,
    apply: (draft) => append(draft, 'repos/folder/one.txt'),
  },
  'repository rule, file in a tree that is watched': {
    weight: USUAL,
    apply: (draft, random) =>
      addBeside(draft, 'repos/tree/one.txt', `${random.pick(['', 'deep/', 'new/'])}n${newNumber(draft)}.txt`),
  },
  'repository rule, content of a file in a tree that is watched': {
    weight: USUAL,
    apply: (draft, random) => append(draft, `repos/tree/${random.pick(['one', 'deep/two'])}.txt`),
  },
  'repository rule, attribute': {
    weight: USUAL,
    apply: (draft) => inModule(draft, /^files_repo\(/, /note = "[^"]*"/, `note = "note${newNumber(draft)}"`),
  },
  'repository rule, file beside what it reads': {
    weight: USUAL,
    apply: (draft, random) =>
      append(draft, `${random.pick(['repos', 'programs', 'odd', 'back', 'kinds'])}/unused.txt`),
  },
  'program, its script': {
    weight: USUAL,
    apply: (draft) => append(draft, 'programs/script.sh', 'echo'),
  },
  'program, argument by label': {
    weight: USUAL,
    apply: (draft) => append(draft, 'programs/argument.txt'),
  },
  'program, argument by path': {
    weight: USUAL,
    unwatched: true,
    apply: (draft) => append(draft, 'programs/by_path.txt'),
  },
  'program, path in its environment': {
    weight: USUAL,
    unwatched: true,
    apply: (draft) => append(draft, 'programs/by_environment.txt'),
  },
  'program, file in its working folder': {
    weight: USUAL,
    unwatched: true,
    apply: (draft) => append(draft, 'programs/folder/here.txt'),
  },
  'path, of the own name': { weight: USUAL, apply: (draft) => append(draft, 'shelf/own.txt') },
  'path, in a text that is split': {
    weight: USUAL,
    apply: (draft) => append(draft, 'shards/deep/one.txt'),
  },
  'path, in a table of several lines': { weight: USUAL, apply: (draft) => append(draft, 'papers/two.txt') },
  'path, beside what is read': {
    weight: USUAL,
    apply: (draft, random) => append(draft, random.pick(['shelf/unused.txt', 'papers/one.txt'])),
  },
  'replace, file in the folder': {
    weight: USUAL,
    apply: (draft, random) =>
      append(draft, `shared/${random.pick(['first/a', 'first/deep/b', 'second/a'])}.txt`),
  },
  'replace, new file in the folder': {
    weight: USUAL,
    apply: (draft, random) =>
      addBeside(draft, 'shared/first/a.txt', `${random.pick(['', 'deep/', 'new/'])}n${newNumber(draft)}.txt`),
  },
  'replace, another folder': {
    weight: USUAL,
    apply: (draft, random) =>
      inText(draft, 'paths/go.mod', /\.\/shared\/\w+/, `./shared/${random.pick(['first', 'second'])}`),
  },
  'manifest, version that nothing reads': {
    weight: USUAL,
    apply: (draft) => inText(draft, 'paths/go.mod', /x v1\.\d+/, `x v1.${newNumber(draft)}`),
  },
  'manifest, comment': { weight: USUAL, apply: (draft) => append(draft, 'paths/go.mod', '//') },
  'reference back, file of the main repository': {
    weight: USUAL,
    apply: (draft, random) => append(draft, `back/${random.pick(['data', 'lib'])}.txt`),
  },
  'reference back, attribute': {
    weight: USUAL,
    apply: (draft) => inModule(draft, /^back_repo\(/, /note = "[^"]*"/, `note = "note${newNumber(draft)}"`),
  },
  'local module, file': {
    weight: OFTEN,
    apply: (draft, random) =>
      append(draft, random.pick(['mods/one/lib.txt', 'mods/one/seed.txt', 'mods/two/deep/lib.txt'])),
  },
  'local module, file that main rules do not reach': {
    weight: USUAL,
    apply: (draft, random) => append(draft, random.pick(['mods/one/unused.txt', 'mods/two/other.txt'])),
  },
  'local module, file in a glob': {
    weight: USUAL,
    apply: (draft) => addBeside(draft, 'mods/two/deep/lib.txt', `n${newNumber(draft)}.txt`),
  },
  'local module, comment in a BUILD file': {
    weight: USUAL,
    apply: (draft, random) =>
      append(draft, random.pick(['mods/one/BUILD', 'mods/two/BUILD', 'mods/two/deep/BUILD'])),
  },
  'local module, target of a BUILD file': {
    weight: USUAL,
    apply: (draft, random) => {
      const path = random.pick(['mods/one/BUILD', 'mods/two/BUILD', 'mods/two/deep/BUILD']);
      const text = draft.files[path];
      if (typeof text !== 'string') return false;
      const number = newNumber(draft);
      draft.files[path] = random.chance(50)
        ? `${text}\nfilegroup(name = "added${number}")\n`
        : text.replace('srcs = [', `srcs = [\n        "added${number}.txt",\n        `);
      draft.files[path.replace('BUILD', `added${number}.txt`)] = `added ${number}\n`;
      return true;
    },
  },
  'local module, code that main BUILD files load': {
    weight: USUAL,
    apply: (draft) => turn(draft, 'mods/one/defs.bzl', 'code'),
  },
  'local module, constant that loaded code loads': {
    weight: USUAL,
    apply: (draft) => turn(draft, 'mods/one/words.bzl', 'value'),
  },
  'local module, comment in code': {
    weight: USUAL,
    apply: (draft, random) =>
      turn(draft, random.pick(['mods/one/defs.bzl', 'mods/one/words.bzl']), 'comment'),
  },
  'local module, code that nothing loads': {
    weight: RARE,
    apply: (draft) => turn(draft, 'mods/two/unused.bzl', 'value'),
  },
  'local module, version': {
    weight: USUAL,
    apply: (draft) => {
      const path = 'mods/one/MODULE.bazel';
      const text = draft.files[path];
      if (typeof text !== 'string') return false;
      const version = `version = "1.${newNumber(draft)}"`;
      draft.files[path] = text.replace(/version = "[^"]*"/, version);
      return inModule(draft, /^bazel_dep\(name = "one"/, /version = "[^"]*"/, version);
    },
  },
  'local module, one more that nothing uses': {
    weight: USUAL,
    apply: (draft) => {
      if (draft.parts.length === 0) return false;
      const name = `more${newNumber(draft)}`;
      draft.files[`more/${name}/MODULE.bazel`] = `module(name = "${name}")\n`;
      draft.files[`more/${name}/BUILD`] = 'exports_files(["lib.txt"])\n';
      draft.files[`more/${name}/lib.txt`] = 'lib\n';
      draft.ignored.push(`more/${name}`);
      draft.module.push(
        `bazel_dep(name = "${name}")`,
        `local_path_override(module_name = "${name}", path = "more/${name}")`,
      );
      return true;
    },
  },
  'new_local_repository, file': {
    weight: USUAL,
    apply: (draft, random) => append(draft, `vendor/lib/${random.pick(['a', 'deep/b'])}.txt`),
  },
  'new_local_repository, file that no rule names': {
    weight: USUAL,
    apply: (draft) => append(draft, 'vendor/lib/unused.md'),
  },
  'new_local_repository, file in a glob': {
    weight: USUAL,
    apply: (draft, random) =>
      addBeside(draft, 'vendor/lib/a.txt', `${random.pick(['', 'deep/'])}n${newNumber(draft)}.txt`),
  },
  'new_local_repository, comment in the BUILD file': {
    weight: USUAL,
    apply: (draft) => append(draft, 'vendor/lib.BUILD'),
  },
  'new_local_repository, targets of the BUILD file': {
    weight: USUAL,
    apply: (draft, random) => {
      const text = draft.files['vendor/lib.BUILD'];
      if (typeof text !== 'string') return false;
      draft.files['vendor/lib.BUILD'] = random.chance(50)
        ? `${text}\nfilegroup(name = "added${newNumber(draft)}")\n`
        : text.replace(/"\*\*\/\*\.txt"[^\]]*/, `"**/*.txt", "**/*.md", "**/*.n${newNumber(draft)}"`);
      return true;
    },
  },
  'toolchain, attribute of its repository': {
    weight: USUAL,
    apply: (draft) =>
      inModule(
        draft,
        /^chains\.toolchain\(name = "chain"/,
        /word = "[^"]*"/,
        `word = "w${newNumber(draft)}"`,
      ),
  },
  'toolchain, attribute of a repository that is not registered': {
    weight: USUAL,
    apply: (draft) =>
      inModule(draft, /^chains\.toolchain\(name = "idle"/, /word = "[^"]*"/, `word = "w${newNumber(draft)}"`),
  },
  'toolchain, file that its repository reads': {
    weight: USUAL,
    apply: (draft) => append(draft, 'kinds/payload.txt'),
  },
  'nested workspace that nothing names': {
    weight: USUAL,
    apply: (draft, random) => {
      const name = random.pick(['basic/MODULE.bazel', 'basic/BUILD', 'basic/x.bzl', 'basic/x.txt']);
      return append(draft, `examples/${name}`);
    },
  },
  'manifest that no rule reads': {
    weight: RARE,
    apply: (draft) => append(draft, 'examples/go.mod', '//'),
  },
  'dev dependency, file': { weight: USUAL, apply: (draft) => append(draft, 'dev/lib.txt') },
  'dev dependency, comment': { weight: USUAL, apply: (draft) => append(draft, 'dev/MODULE.bazel') },
  'code of an extension or a repository rule': {
    weight: OFTEN,
    apply: (draft, random) => turn(draft, pick(random, code(draft)), 'code'),
  },
  'comment in code of an extension or a repository rule': {
    weight: USUAL,
    apply: (draft, random) => turn(draft, pick(random, code(draft)), 'comment'),
  },
  'module file, format of a call': {
    weight: USUAL,
    apply: (draft, random) => {
      const lines = draft.module.filter((line) =>
        /^(odd|packages|files_repo|chains|listed)\b.*, /.test(line),
      );
      const line = pick(random, lines);
      if (line === undefined) return false;
      draft.module[draft.module.indexOf(line)] = line.replaceAll(', ', ',\n    ');
      return true;
    },
  },
};

/** The edits by kind. */
export const EXTERNAL_EDITS: Readonly<Record<string, Edit>> = Object.fromEntries(
  Object.entries(KINDS).map(([kind, edit]) => [`${EXTERNAL_PREFIX}${kind}`, edit]),
);

type Use = 'direct' | 'indirect' | 'unused';

function bump(draft: Model, random: Random, use: Use): boolean {
  return withListing(draft, LOCK, (lock) => {
    const entry = pick(
      random,
      lock.entries.filter(({ name }) => useOf(draft, lock, name) === use),
    );
    if (entry === undefined) return false;
    const version = `1.${newNumber(draft)}`;
    // Another length, too: a file of equal size and time may pass as the old one.
    entry.version = version.length === entry.version?.length ? `${version}.0` : version;
    return true;
  });
}

/** Whether main rules name a package of the lock, or what they name needs it. */
function useOf(draft: Model, lock: Listing, name: string): Use {
  const direct = lock.entries
    .map((entry) => entry.name)
    .filter(
      (each) =>
        named(draft, `@pip//${each}`) || named(draft, `@pip_${each}//:lib`) || named(draft, `"${each}"`),
    );
  if (direct.includes(name)) return 'direct';
  return reached(lock, direct).has(name) ? 'indirect' : 'unused';
}

/** Whether the module file takes the repository of a package into use: it has to stay then. */
function inUseRepo(draft: Model, name: string): boolean {
  return draft.module.some((line) => line.includes(`"pip_${name}"`));
}

/** Whether an attribute of a rule has this label, or is this text. */
function named(draft: Model, text: string): boolean {
  return draft.packages
    .flatMap(({ rules }) => rules)
    .flatMap(({ attributes }) => Object.values(attributes))
    .some((value) => value === text || (Array.isArray(value) && value.includes(text)));
}

function withListing(draft: Model, name: string, apply: (listing: Listing) => boolean): boolean {
  const listing = draft.listings[`${name}.json`] ?? draft.listings[`${name}.txt`];
  return listing !== undefined && apply(listing);
}

/** The file of an entry of a list of files. */
function listed({ name }: Entry): string {
  if (name.startsWith('//')) return name.slice('//'.length).replace(':', '/');
  return name.includes('/') ? name : `lists/data/${name}`;
}

function comment(draft: Model, name: string): boolean {
  return withListing(draft, name, (listing) => {
    listing.comment = newNumber(draft);
    return true;
  });
}

function format(draft: Model, name: string): boolean {
  return withListing(draft, name, (listing) => {
    listing.space = (listing.space + 1) % 4;
    return true;
  });
}

/** Replaces a part of the first call of the module file that has it. */
function inModule(draft: Model, call: RegExp, part: RegExp, text: string): boolean {
  const at = draft.module.findIndex((line) => call.test(line) && part.test(line));
  const line = draft.module[at];
  if (line === undefined) return false;
  draft.module[at] = line.replace(part, text);
  return draft.module[at] !== line;
}

/** Replaces a part of a file that has it. */
function inText(draft: Model, path: string, part: RegExp, text: string): boolean {
  const before = draft.files[path];
  if (typeof before !== 'string') return false;
  const after = before.replace(part, text);
  draft.files[path] = after;
  return after !== before;
}

/** Adds a file to the folder of another, if that one is there. */
function addBeside(draft: Model, path: string, name: string): boolean {
  if (draft.files[path] === undefined) return false;
  draft.files[path.replace(/[^/]*$/, name)] = `${name}\n`;
  return true;
}

function code(draft: Model): string[] {
  return Object.keys(draft.starlark).filter((path) =>
    /^(deps|odd|lists|repos|programs|paths|back|kinds)\//.test(path),
  );
}

function turn(draft: Model, path: string | undefined, number: keyof Numbers): boolean {
  const numbers = draft.starlark[path ?? ''];
  if (numbers === undefined) return false;
  numbers[number] += 1;
  return true;
}
