import type { MainRepository } from '../../graph/main-repository.js';
import type { Token } from '../../formats/starlark-tokens.js';

/** Keywords whose strings are names of things, in every call. */
const IDENTITIES = new Set([
  'name',
  'repo_name',
  'module_name',
  'version',
  'sha256',
  'integrity',
  'tag',
  'commit',
  'doc',
]);

/**
 * Keywords whose strings are names of things in calls of functions from other repositories, whose behaviour is known.
 */
const IDENTITIES_ELSEWHERE = new Set([
  'add_prefix',
  'artifact',
  'branch',
  'canonical_id',
  'default_python_version',
  'digest',
  'edition',
  'go_version',
  'group',
  'hub_name',
  'image',
  'package',
  'python_version',
  'registry',
  'repo_prefix',
  'repository',
  'strip_prefix',
  'sum',
  'type',
]);

/** Functions whose strings are names of modules, repositories and targets, or messages, but never paths of files. */
const NAMING_CALLS = new Set([
  'module',
  'bazel_dep',
  'use_repo',
  'use_extension',
  'use_repo_rule',
  'inject_repo',
  'override_repo',
  'fail',
  'print',
]);

interface Call {
  /** `tag` of `extension.tag(…)`. */
  readonly name: string;
  /** `extension` of `extension.tag(…)`; for a plain call, the same as its name. */
  readonly base: string;
}

/**
 * Strings that are only names of things, not paths: `bazel_dep(name = "platforms")` does not name the folder
 * `platforms`.
 */
export function harmlessTexts(
  tokens: readonly Token[],
  local: ReadonlySet<string> = localRepositoryNames(tokens),
): ReadonlySet<string> {
  const elsewhere = functionsFromElsewhere(tokens, local);
  const identities = new Set<string>();
  const others = new Set<string>();
  for (const { value, keyword, call, isAttributeName } of stringsOf(tokens)) {
    const isNaming = keyword !== null && IDENTITIES.has(keyword);
    const isNamingElsewhere =
      keyword !== null && elsewhere.has(call.base) && IDENTITIES_ELSEWHERE.has(keyword);
    // An attribute of any name can be a label, and then its file may be read.
    const isLabel = /^(@|\/\/|:)/.test(value);
    const isIdentity =
      isAttributeName || ((isNaming || isNamingElsewhere) && !isLabel) || isNamingCall(call, elsewhere);
    (isIdentity ? identities : others).add(value);
  }
  for (const other of others) identities.delete(other);
  return identities;
}

/** A tag of an own extension can be called like a function: `own.module(dir = "conf")`. */
function isNamingCall({ name, base }: Call, elsewhere: ReadonlySet<string>): boolean {
  return NAMING_CALLS.has(name) && (name === base || elsewhere.has(base));
}

/** The strings that only functions and extensions of other repositories are given directly. */
export function textsGivenElsewhere(
  tokens: readonly Token[],
  local: ReadonlySet<string> = localRepositoryNames(tokens),
): ReadonlySet<string> {
  const elsewhere = functionsFromElsewhere(tokens, local);
  const strings = [...stringsOf(tokens)];
  const own = new Set(strings.filter(({ call }) => !elsewhere.has(call.base)).map(({ value }) => value));
  return new Set(strings.map(({ value }) => value).filter((value) => !own.has(value)));
}

interface StringIn {
  readonly value: string;
  readonly keyword: string | null;
  readonly call: Call;
  /** The variable that gets the result of the call: `e` in `e = use_extension(…)`. */
  readonly givenTo: string | null;
  /** Whether it is the name of an attribute that a rule or a tag declares: `src` in `{"src": attr.string()}`. */
  readonly isAttributeName: boolean;
}

const NO_CALL: Call = { name: '', base: '' };

function* stringsOf(tokens: readonly Token[]): Generator<StringIn> {
  const calls: { readonly call: Call; readonly givenTo: string | null }[] = [];
  for (const [index, token] of tokens.entries()) {
    if (isOperator(token, '(')) calls.push(callAt(tokens, index));
    else if (isOperator(token, ')')) calls.pop();
    else if (token.kind === 'string') {
      const { call, givenTo } = calls.at(-1) ?? { call: NO_CALL, givenTo: null };
      yield {
        value: token.value,
        keyword: assignedTo(tokens, index),
        call,
        givenTo,
        isAttributeName: isOperator(tokens[index + 1], ':') && nameAt(tokens, index + 2) === 'attr',
      };
    }
  }
}

function callAt(tokens: readonly Token[], bracket: number): { call: Call; givenTo: string | null } {
  const name = nameAt(tokens, bracket - 1);
  if (name === null) return { call: NO_CALL, givenTo: null };
  const base = isOperator(tokens[bracket - 2], '.') ? nameAt(tokens, bracket - 3) : name;
  return { call: { name, base: base ?? '' }, givenTo: assignedTo(tokens, bracket - 1) };
}

/** The names by which labels can name repositories in folders of the workspace: also `repo_name` of `bazel_dep`. */
export function localRepositoryNames(tokens: readonly Token[]): ReadonlySet<string> {
  const strings = [...stringsOf(tokens)];
  const local = new Set(
    strings
      .filter(({ call }) => /^(local_path_override|(new_)?local_repository)$/.test(call.name))
      .map(({ value }) => value),
  );
  let isLocal = false;
  for (const { value, keyword, call } of strings) {
    if (call.name !== 'bazel_dep') continue;
    if (keyword === 'name') isLocal = local.has(value);
    else if (keyword === 'repo_name' && isLocal) local.add(value);
  }
  return local;
}

/** The names of functions and extensions that come from other repositories than those in folders of the workspace. */
function functionsFromElsewhere(tokens: readonly Token[], local: ReadonlySet<string>): ReadonlySet<string> {
  const strings = [...stringsOf(tokens)];
  const isElsewhere = (label: string): boolean => {
    const repository = /^@@?([^/]+)/.exec(label)?.[1];
    return repository !== undefined && !local.has(repository);
  };
  const found = new Set<string>();
  let loadsElsewhere = false;
  for (const { value, keyword, call, givenTo } of strings) {
    if (call.name === 'load') {
      if (/^@|^\/\/|^:/.test(value)) loadsElsewhere = isElsewhere(value);
      else if (loadsElsewhere) found.add(keyword ?? value);
    } else if (/^use_(extension|repo_rule)$/.test(call.name) && givenTo !== null && isElsewhere(value)) {
      found.add(givenTo);
    }
  }
  return found;
}

/** The names of the other repositories whose extensions, repository rules or macros a file uses. */
export function rulesUsedBy(tokens: readonly Token[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { value, call } of stringsOf(tokens)) {
    const repository = /^@@?([^/]+)\/\//.exec(value)?.[1];
    if (repository !== undefined && ['load', 'use_extension', 'use_repo_rule'].includes(call.name))
      found.add(repository);
  }
  return found;
}

function assignedTo(tokens: readonly Token[], index: number): string | null {
  return isOperator(tokens[index - 1], '=') ? nameAt(tokens, index - 2) : null;
}

function nameAt(tokens: readonly Token[], index: number): string | null {
  const token = tokens[index];
  return token?.kind === 'name' ? token.text : null;
}

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}

/** The names by which a module refers to another one: `bazel_dep(name = "shop", repo_name = "main")`. */
export function dependencyAliases(tokens: readonly Token[], module: MainRepository): string[] {
  const aliases: string[] = [];
  let isOne = false;
  for (const { value, keyword, call } of stringsOf(tokens)) {
    if (call.name !== 'bazel_dep') continue;
    if (keyword === 'name') isOne = module.isCalled(value);
    else if (keyword === 'repo_name' && isOne) aliases.push(value);
  }
  return aliases;
}
