import type { RepositoryPath } from '../git/tree.js';
import type { Change } from './change.js';

/** A symlink with the path that it leads to, where that lies in the repository as well. */
export interface Symlink {
  readonly path: RepositoryPath;
  readonly leadsTo: RepositoryPath;
}

/** Chains of links longer than this are cycles for all that matters. */
const LONGEST_CHAIN = 16;

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

/**
 * The changes as every path shows them: a file that is also reached through symlinks changed under those names too.
 *
 * @returns the given changes first, then those seen through links, each with the link's path; no path twice
 */
export function throughSymlinks(
  changes: readonly Change<RepositoryPath>[],
  symlinks: readonly Symlink[],
): NamedChange[] {
  const named = changes.map((change): NamedChange => ({ ...change, origin: change.path }));
  const seen = new Map<RepositoryPath, NamedChange>(named.map((change) => [change.path, change]));
  let latest: readonly NamedChange[] = named;
  for (let chain = 0; chain < LONGEST_CHAIN && latest.length > 0 && symlinks.length > 0; chain++) {
    const found: NamedChange[] = [];
    for (const change of latest) {
      for (const link of symlinks) {
        const path = seenThrough(link, change.path);
        if (path === null || seen.has(path)) continue;
        const alias = { ...change, path };
        seen.set(path, alias);
        found.push(alias);
      }
    }
    latest = found;
  }
  return [...seen.values()];
}

function seenThrough(link: Symlink, path: RepositoryPath): RepositoryPath | null {
  if (path === link.leadsTo) return link.path;
  // A link to a folder that holds the link is a cycle, and Bazel does not follow it.
  if (link.leadsTo === '' || link.path.startsWith(`${link.leadsTo}/`)) return null;
  return path.startsWith(`${link.leadsTo}/`)
    ? (`${link.path}${path.slice(link.leadsTo.length)}` as RepositoryPath)
    : null;
}
