import type { RepositoryPath } from '../git/tree.js';
import type { Change } from './change.js';

/** A symlink with the path that it leads to, where that lies in the repository as well. */
export interface Symlink {
  readonly path: RepositoryPath;
  readonly leadsTo: RepositoryPath;
}

/** As many links on the way to a file as Linux follows: beyond, nothing can open it. */
const LONGEST_CHAIN = 40;

/** As long a path as Linux opens, in characters. */
const LONGEST_PATH = 4096;

/**
 * As many names as links may add to those of the changes. Links in two folders, each to the other folder, give more names
 * than any machine can hold.
 */
const MOST_ALIASES = 100_000;

/**
 * Where a link's text leads to.
 *
 * @param text what the link holds
 * @returns null if it leaves the repository
 */
export function resolveLink(path: RepositoryPath, text: string): RepositoryPath | null {
  if (text.startsWith('/')) return null;
  const folders = path.split('/').slice(0, -1);
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') folders.push(part);
    else if (folders.pop() === undefined) return null;
  }
  return folders.join('/') as RepositoryPath;
}

/** A change under one of the names that its file has. */
export interface NamedChange extends Change<RepositoryPath> {
  /** The path that really changed. */
  readonly origin: RepositoryPath;
}

export type FollowedChanges =
  /** The given changes first, then those seen through links, each with the link's path; no path twice. */
  | { readonly kind: 'followed'; readonly changes: readonly NamedChange[] }
  /** Links show what changed at too many paths to list them. */
  | { readonly kind: 'too many names'; readonly change: RepositoryPath };

/** The changes as every path shows them: a file that is also reached through symlinks changed under those names too. */
export function throughSymlinks(
  changes: readonly Change<RepositoryPath>[],
  symlinks: readonly Symlink[],
): FollowedChanges {
  const named = changes.map((change): NamedChange => ({ ...change, origin: change.path }));
  const seen = new Map<RepositoryPath, NamedChange>(named.map((change) => [change.path, change]));
  const mostNames = seen.size + MOST_ALIASES;
  const links = linksByTarget(symlinks);
  let latest: readonly NamedChange[] = named;
  for (let chain = 0; chain < LONGEST_CHAIN && latest.length > 0 && links.size > 0; chain++) {
    const found: NamedChange[] = [];
    for (const change of latest) {
      for (const path of aliasesOf(change.path, links)) {
        if (seen.has(path)) continue;
        if (seen.size === mostNames) return { kind: 'too many names', change: change.origin };
        const alias = { ...change, path };
        seen.set(path, alias);
        found.push(alias);
      }
    }
    latest = found;
  }
  return { kind: 'followed', changes: [...seen.values()] };
}

function linksByTarget(symlinks: readonly Symlink[]): ReadonlyMap<string, readonly RepositoryPath[]> {
  const links = new Map<string, RepositoryPath[]>();
  for (const { path, leadsTo } of symlinks) {
    // A link to a folder that holds the link is a cycle, and Bazel does not follow it.
    if (leadsTo === '' || path.startsWith(`${leadsTo}/`)) continue;
    const others = links.get(leadsTo);
    if (others === undefined) links.set(leadsTo, [path]);
    else others.push(path);
  }
  return links;
}

/** What one link more makes of a path: those that lead to it, and those that lead to a folder above it. */
function* aliasesOf(
  path: RepositoryPath,
  links: ReadonlyMap<string, readonly RepositoryPath[]>,
): Generator<RepositoryPath> {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const below = path.slice(end);
    for (const link of links.get(path.slice(0, end)) ?? []) {
      if (link.length + below.length <= LONGEST_PATH) yield `${link}${below}` as RepositoryPath;
    }
  }
}
