/**
 * A workspace as plain data: packages of rules, Starlark files with numbers in them that edits turn, lines of rc and module
 * files, and all other files as they are. `render` gives its files.
 */
import type { FileContent, Files } from '../__tests__/support/files.js';
import { listingText, type Listing } from './externals/listing.js';
import { EXTERNAL_STARLARK } from './externals/starlark.js';
import { STARLARK, type Numbers } from './starlark.js';

/** Starlark as it is written; or names, which are printed as a list of strings. */
export type Attribute = string | string[];

export interface Rule {
  readonly kind: string;
  name: string;
  attributes: Record<string, Attribute>;
}

export interface Package {
  readonly path: string;
  buildFile: 'BUILD' | 'BUILD.bazel';
  /** What stands above the rules: comments, `package(…)`. */
  header: string[];
  /** Whether edits may rename, remove and add its rules: only rules name them. */
  readonly plain: boolean;
  rules: Rule[];
}

export interface Model {
  /** A rule names only rules before it, in its package and in the packages before it: there are no circles. */
  packages: Package[];
  starlark: Record<string, Numbers>;
  rc: string[];
  importedRc: string[];
  module: string[];
  ignored: string[];
  repo: string[];
  /** Files that extensions read, by path. */
  listings: Record<string, Listing>;
  /** What the workspace has of other repositories. */
  parts: string[];
  /** Every other file of the workspace. */
  files: Record<string, FileContent>;
  /** The last number that was given to a name or a text: the next one is new. */
  last: number;
}

/** The .bzl file of rules that are not Bazel's own. */
const LOADED_FROM: Readonly<Record<string, string>> = {
  render: '//rules:render.bzl',
  report: '//rules:report.bzl',
  bundle: '//rules:macros.bzl',
  gather: '//rules:macros.bzl',
  string_flag: '//rules:settings.bzl',
  bool_flag: '//rules:settings.bzl',
  with_mode: '//rules:transitions.bzl',
  with_payload: '//rules:transitions.bzl',
  with_flavor: '//rules:transitions.bzl',
  in_two_modes: '//rules:transitions.bzl',
  thing_toolchain: '//rules:toolchain.bzl',
  use_thing: '//rules:toolchain.bzl',
  hub_files: '@pip//:all.bzl',
  one_files: '@one//:defs.bzl',
  use_external: '//kinds:rule.bzl',
};

/** Kinds of rules whose targets other rules can take as files. */
const GIVES_FILES = new Set([
  'filegroup',
  'genrule',
  'render',
  'report',
  'bundle',
  'gather',
  'with_mode',
  'with_payload',
  'with_flavor',
  'in_two_modes',
  'use_thing',
  'hub_files',
  'one_files',
  'use_external',
  'alias',
]);

export function newNumber(draft: Model): number {
  draft.last += 1;
  return draft.last;
}

export function labelOf(owner: Package, name: string): string {
  return `//${owner.path}:${name}`;
}

/** Labels of rules that give files, before a rule or at the end of a package. */
export function filesBefore(draft: Model, owner: Package, before?: Rule): string[] {
  const labels: string[] = [];
  for (const each of draft.packages) {
    for (const rule of each.rules) {
      if (rule === before) return labels;
      if (each.plain && GIVES_FILES.has(rule.kind)) labels.push(labelOf(each, rule.name));
    }
    if (each === owner) return labels;
  }
  return labels;
}

export function plainRules(draft: Model): { owner: Package; rule: Rule }[] {
  return draft.packages
    .filter((owner) => owner.plain)
    .flatMap((owner) => owner.rules.map((rule) => ({ owner, rule })));
}

/** Whether something names one of the labels that a rule stands for. */
export function isUsed(draft: Model, owner: Package, rule: Rule): boolean {
  const label = labelOf(owner, rule.name);
  const others = draft.packages.flatMap((each) => each.rules).filter((each) => each !== rule);
  return others.some((each) => JSON.stringify(each.attributes).match(labelPattern(label)) !== null);
}

/** Gives a rule another name, wherever it is named. */
export function rename(draft: Model, owner: Package, rule: Rule, name: string): void {
  const pattern = labelPattern(labelOf(owner, rule.name));
  const label = labelOf(owner, name);
  for (const each of draft.packages.flatMap(({ rules }) => rules)) {
    for (const [key, value] of Object.entries(each.attributes)) {
      each.attributes[key] =
        typeof value === 'string'
          ? value.replaceAll(pattern, label)
          : value.map((item) => item.replaceAll(pattern, label));
    }
  }
  rule.name = name;
}

/** The label and what a macro of this name makes. */
function labelPattern(label: string): RegExp {
  return new RegExp(`${label.replaceAll(/[.*+?]/g, String.raw`\$&`)}(?![\\w-])`, 'g');
}

/** Whether a BUILD file loads a Starlark file, or module files do. */
export function isLoaded(draft: Model, path: string): boolean {
  const label = `//${path.replace(/\/([^/]*)$/, ':$1')}`;
  const rules = draft.packages.flatMap((each) => each.rules);
  return (
    rules.some(({ kind }) => LOADED_FROM[kind] === label) || draft.module.some((line) => line.includes(label))
  );
}

export function packageOf(draft: Model, file: string): Package | undefined {
  return draft.packages
    .filter(({ path }) => file.startsWith(`${path}/`))
    .sort((one, other) => other.path.length - one.path.length)[0];
}

/** Paths of the files of plain packages. */
export function sources(draft: Model): string[] {
  return Object.keys(draft.files).filter((file) => packageOf(draft, file)?.plain === true);
}

/** The lists of file names of rules, in which edits replace names. */
export function namedIn(owner: Package, name: string): { rule: Rule; list: string[] }[] {
  return owner.rules.flatMap((rule) =>
    Object.values(rule.attributes)
      .filter((value) => typeof value !== 'string')
      .filter((value) => value.includes(name))
      .map((list) => ({ rule, list })),
  );
}

/** The files of a workspace, with what every workspace has. */
export function render(model: Model): Files {
  const files: Record<string, FileContent> = { '.gitignore': '/bazel-*\n', ...model.files };
  for (const [path, numbers] of Object.entries(model.starlark)) {
    const text = STARLARK[path] ?? EXTERNAL_STARLARK[path];
    if (text !== undefined) files[path] = text(numbers);
  }
  for (const [path, listing] of Object.entries(model.listings)) files[path] = listingText(listing);
  for (const each of model.packages) files[`${each.path}/${each.buildFile}`] = buildText(each);
  files['.bazelrc'] = lines(['common --lockfile_mode=off', ...model.rc]);
  files['tools/team.bazelrc'] = lines(model.importedRc);
  files['MODULE.bazel'] = lines(model.module);
  if (model.ignored.length > 0) files['.bazelignore'] = lines(model.ignored);
  if (model.repo.length > 0) files['REPO.bazel'] = lines(model.repo);
  return files;
}

function buildText(owner: Package): string {
  const kinds = [...new Set(owner.rules.map(({ kind }) => kind))].sort();
  const loads = kinds.flatMap((kind) => {
    const file = LOADED_FROM[kind];
    return file === undefined ? [] : [`load("${file}", "${kind}")`];
  });
  return lines([...loads, ...owner.header, ...owner.rules.map(ruleText)]);
}

function ruleText({ kind, name, attributes }: Rule): string {
  const given = Object.entries(attributes).map(
    ([key, value]) => `    ${key} = ${typeof value === 'string' ? value : listText(value)},`,
  );
  return [`${kind}(`, `    name = "${name}",`, ...given, ')'].join('\n');
}

function listText(names: readonly string[]): string {
  return `[${names.map((name) => JSON.stringify(name)).join(', ')}]`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
