import type { Token } from '../../formats/starlark-tokens.js';

/** What code can do with files of the workspace. */
export interface Abilities {
  /** Whether it defines module extensions or repository rules. */
  readonly definesRules: boolean;
  /** Whether it itself can read a file, or look for one. */
  readonly reads: boolean;
  /** Whether it can list the files in a folder. */
  readonly lists: boolean;
  /** Whether it can read files that no text names, in a folder that it knows. */
  readonly readsUnnamed: boolean;
  /** Whether it can give the root of the workspace to a program, or show it in a repository. */
  readonly givesRoot: boolean;
}

const DEFINING = new Set(['module_extension', 'repository_rule']);

/**
 * The functions by which code of repository rules and module extensions reaches files of the workspace: those of their
 * context (https://bazel.build/rules/lib/builtins/repository_ctx), and those of a path. `getattr` gets any of them.
 */
const READING = new Set([
  'execute',
  'extract',
  'load_wasm',
  'patch',
  'path',
  'read',
  'symlink',
  'template',
  'watch',
  'watch_tree',
  'workspace_root',
]);

const LISTING = new Set(['getattr', 'readdir', 'watch_tree']);

/** What reads whole folders, what makes other texts of texts, and what the machine tells. */
const READING_UNNAMED = new Set([
  'arch',
  'capitalize',
  'environ',
  'execute',
  'getenv',
  'join',
  'lower',
  'lstrip',
  'os',
  'removeprefix',
  'removesuffix',
  'replace',
  'rstrip',
  'strip',
  'symlink',
  'title',
  'upper',
]);

export function abilitiesOf(tokens: readonly Token[]): Abilities {
  const names = new Set(tokens.flatMap((token) => (token.kind === 'name' ? [token.text] : [])));
  const hasOneOf = (some: ReadonlySet<string>): boolean => [...some].some((name) => names.has(name));
  return {
    definesRules: hasOneOf(DEFINING),
    reads: names.has('getattr') || tokens.some((_, index) => isFunctionAt(tokens, index, READING)),
    lists: hasOneOf(LISTING),
    readsUnnamed: tokens.some((_, index) => isFunctionAt(tokens, index, READING_UNNAMED)),
    givesRoot: names.has('workspace_root') && (names.has('execute') || names.has('symlink')),
  };
}

/** Whether a token is one of some functions of something: `ctx.read`, not `path = …`. */
function isFunctionAt(tokens: readonly Token[], index: number, some: ReadonlySet<string>): boolean {
  const [dot, name] = [tokens[index - 1], tokens[index]];
  return name?.kind === 'name' && some.has(name.text) && dot?.kind === 'operator' && dot.text === '.';
}

/** The keywords of calls. Those of `dict` are texts as well. */
export function keywordsIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    return token.kind === 'name' && next?.kind === 'operator' && next.text === '=' ? [token.text] : [];
  });
}
