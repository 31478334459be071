import type { RepositoryDefinition } from '../../formats/repository-definitions.js';
import { statementsOf, StarlarkSyntaxError } from '../../formats/starlark-parser.js';
import {
  expressionsIn,
  partsOfStatement,
  type Argument,
  type Expression,
} from '../../formats/starlark-syntax.js';
import { foldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';

/**
 * The files of a small repository that stands for one which was not fetched, by path: for a query, its BUILD file means the
 * same as that of the real one, but what its globs find is made up.
 */
export type StandIn = ReadonlyMap<string, string>;

/** What has to be known beside the definition of a repository. */
interface Surroundings {
  /** The text of a file with a canonical label; null if it is not known. */
  readonly textOf: (label: string) => string | null;
  /** Whether functions that a BUILD file loads may list files themselves. */
  readonly mayListFiles: (text: string) => boolean;
}

/**
 * A stand-in for an archive whose BUILD file is part of its definition. What the BUILD file means may depend on the
 * archive's files only by globs whose results it hands on as they are.
 *
 * @returns null if there can be none
 */
export function standInFor(
  { call, ruleFile }: Pick<RepositoryDefinition, 'call' | 'ruleFile'>,
  { textOf, mayListFiles }: Surroundings,
): StandIn | null {
  const attributes =
    ruleFile !== null && HTTP_RULES.test(ruleFile) ? attributesOf(call, 'http_archive') : null;
  if (
    attributes === null ||
    ![...attributes.keys()].every((name) => HARMLESS.has(name) || name in BUILD_TEXTS)
  )
    return null;
  const text = buildText(attributes, textOf);
  const patterns = text === null ? null : globbedIn(text);
  if (text === null || patterns === null || mayListFiles(text)) return null;
  const found = patterns.map(exampleOf);
  if (!found.every((path) => path !== null) || found.some((path) => IN_OWN_FILE.test(path))) return null;
  const folders = new Set(found.flatMap((path) => [...foldersAbove(path)]));
  return new Map([
    ...found.filter((path) => !folders.has(path)).map((path) => [path, ''] as const),
    ['REPO.bazel', ''],
    ['WORKSPACE', ''],
    ['BUILD.bazel', text],
  ]);
}

const HTTP_RULES = /(?:\/bazel_tools\/|^@@bazel_tools\/\/)tools\/build_defs\/repo[:/]http\.bzl$/;

/** Attributes that decide nothing but where the archive comes from. Others, such as patches, may change the BUILD file. */
const HARMLESS: ReadonlySet<string> = new Set([
  'name',
  '_original_name',
  'url',
  'urls',
  'sha256',
  'integrity',
  'canonical_id',
  'strip_prefix',
  'type',
  'netrc',
  'auth_patterns',
]);

const BUILD_TEXTS = { build_file: 'label', build_file_content: 'text' } as const;

function attributesOf(call: string, rule: string): ReadonlyMap<string, Expression> | null {
  const [statement, ...others] = statementsOrNull(call) ?? [];
  if (statement?.kind !== 'expression' || others.length > 0 || !isCall(statement.value, rule)) return null;
  return new Map(statement.value.arguments.map(({ name, value }) => [name ?? '', value]));
}

function buildText(
  attributes: ReadonlyMap<string, Expression>,
  textOf: (label: string) => string | null,
): string | null {
  const found = Object.entries(BUILD_TEXTS).flatMap(([name, kind]) => {
    const value = attributes.get(name);
    return value === undefined ? [] : [{ value, kind }];
  });
  const [given, ...others] = found;
  if (given?.value.kind !== 'string' || others.length > 0) return null;
  return given.kind === 'text' ? given.value.value : textOf(given.value.value);
}

/**
 * The patterns of all globs in a BUILD file; null if they are not known, or if what they find may decide more than the
 * values of attributes.
 */
function globbedIn(text: string): string[] | null {
  const statements = statementsOrNull(text);
  if (statements === null) return null;
  const expressions = statements.flatMap(partsOfStatement).flatMap((each) => [...expressionsIn(each)]);
  if (statements.some(({ kind }) => !PLAIN_STATEMENTS.has(kind)) || expressions.some(mayDecide)) return null;
  const globs = expressions.filter((each) => isCall(each, 'glob')).map((each) => includedIn(each.arguments));
  // Under another name, or by another function, files could be listed as well.
  const names = expressions.filter((each) => each.kind === 'name' && LISTING.has(each.name));
  return names.length === globs.length && globs.every((each) => each !== null) ? globs.flat() : null;
}

/** Below the path of a file that a stand-in has, on systems that do not tell cases apart as well. */
const IN_OWN_FILE = /^(build|workspace|module|repo)(\.bazel)?\//i;

const PLAIN_STATEMENTS: ReadonlySet<string> = new Set(['expression', 'assignment']);
const LISTING: ReadonlySet<string> = new Set(['glob', 'subpackages', 'native']);
const JOINING: ReadonlySet<string> = new Set(['+', '%', '|']);

function mayDecide(expression: Expression): boolean {
  return (
    ['comprehension', 'conditional', 'lambda'].includes(expression.kind) ||
    (expression.kind === 'binary' && !JOINING.has(expression.operator))
  );
}

function includedIn(given: readonly Argument[]): string[] | null {
  const [first] = given.filter(({ name }) => name === null || name === 'include');
  if (first?.value.kind !== 'list' || given.some(({ name }) => name?.startsWith('*') === true)) return null;
  const patterns = first.value.items.map((item) => (item.kind === 'string' ? item.value : null));
  return patterns.every((each) => each !== null) ? patterns : null;
}

/** A file that a pattern matches, so that each glob finds one; null for what is no pattern of a glob. */
function exampleOf(pattern: string): WorkspacePath | null {
  const parts = pattern.split('/');
  if (parts.some((part) => ['', '.', '..'].includes(part))) return null;
  const named = parts.map((part, index) =>
    part.replace(/\*+/g, index < parts.length - 1 ? 'folder' : 'file'),
  );
  return named.join('/') as WorkspacePath;
}

function isCall(
  expression: Expression,
  name: string,
): expression is Extract<Expression, { readonly kind: 'call' }> {
  return expression.kind === 'call' && expression.callee.kind === 'name' && expression.callee.name === name;
}

function statementsOrNull(text: string) {
  try {
    return statementsOf(text);
  } catch (error) {
    if (error instanceof StarlarkSyntaxError) return null;
    throw error;
  }
}
