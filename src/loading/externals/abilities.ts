import type { Token } from '../../formats/starlark-tokens.js';

/** What code can do with files of the workspace. */
export interface Abilities {
  /** Whether it defines module extensions or repository rules. */
  readonly definesRules: boolean;
  /** Whether it itself can read a file, or look for one. */
  readonly reads: boolean;
  /** Whether it can list the files in a folder. */
  readonly lists: boolean;
  /** Whether it can make labels and names that no text contains. */
  readonly changesTexts: boolean;
  /** Whether it can go from a file to its folder. */
  readonly climbs: boolean;
  /** Whether it can find the root of the workspace without a file there. */
  readonly findsRoot: boolean;
  /** Whether it can give a folder to a program, or show it in a repository. */
  readonly handsOn: boolean;
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
  'readdir',
  'symlink',
  'template',
  'watch',
  'watch_tree',
  'workspace_root',
]);

const LISTING = new Set(['getattr', 'readdir', 'watch_tree']);

/** What makes other texts of texts. */
const CHANGING_TEXTS = new Set([
  'capitalize',
  'elems',
  'join',
  'lower',
  'partition',
  'relative',
  'removeprefix',
  'removesuffix',
  'replace',
  'rpartition',
  'rsplit',
  'same_package_label',
  'split',
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
    changesTexts: tokens.some((_, index) => isFunctionAt(tokens, index, CHANGING_TEXTS)),
    climbs: names.has('dirname'),
    findsRoot: names.has('workspace_root'),
    handsOn: names.has('execute') || names.has('symlink'),
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
