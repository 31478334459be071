import type { RepositoryPath } from '../../graph/tree.js';
import { lowerBound, sortedBy } from '../../text/sorted.js';
import { selfAndFoldersAbove } from '../../graph/folders.js';
import { isLink, type Change } from '../../graph/change.js';

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

/** The links of one revision, given what each holds; one that leaves the repository leads nowhere. */
export function symlinksAmong(texts: ReadonlyMap<RepositoryPath, string>): Symlink[] {
  return [...texts].flatMap(([path, text]) => {
    const leadsTo = resolveLink(path, text);
    const places = [...(leadsTo === null ? [] : [leadsTo]), ...placesOfTurns(path, text, texts)];
    return places.map((place) => ({ path, leadsTo: place }));
  });
}

/**
 * For a link that goes into a folder and up again: each folder from which it goes up (it may be a link to another place),
 * and where the link really leads to.
 */
function placesOfTurns(
  path: RepositoryPath,
  text: string,
  texts: ReadonlyMap<RepositoryPath, string>,
): RepositoryPath[] {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  const first = parts.findIndex((part) => part !== '..');
  const turns = parts.flatMap((part, at) => (part === '..' && at > first && first >= 0 ? [at] : []));
  if (text.startsWith('/') || turns.length === 0) return [];
  const folders = turns.flatMap((turn) => resolveLink(path, parts.slice(0, turn).join('/')) ?? []);
  const end = followLinks(path, texts);
  return end === null ? folders : [...folders, end];
}

/** Where a path leads once all links on its way are followed; null if it leaves the repository, or has no end. */
function followLinks(
  path: RepositoryPath,
  texts: ReadonlyMap<RepositoryPath, string>,
): RepositoryPath | null {
  const pending = path.split('/').reverse();
  const folders: string[] = [];
  let followed = 0;
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (folders.pop() === undefined) return null;
      continue;
    }
    const text = texts.get([...folders, part].join('/') as RepositoryPath);
    if (text === undefined) {
      folders.push(part);
      continue;
    }
    if (text.startsWith('/') || ++followed > LONGEST_CHAIN) return null;
    pending.push(...text.split('/').reverse());
  }
  return folders.join('/') as RepositoryPath;
}

/** A change under one of the names that its file has. */
export interface NamedChange extends Change<RepositoryPath> {
  /** The path that really changed. */
  readonly origin: RepositoryPath;
}

export type FollowedChanges =
  /** The given changes first, then those shown through links, each with the link's path; no path twice. */
  | { readonly kind: 'followed'; readonly changes: readonly NamedChange[] }
  /** Links show what changed at too many paths to list them. */
  | { readonly kind: 'too many names'; readonly change: RepositoryPath };

/**
 * The changes as every path shows them: a file that is also reached through symlinks changed under those names too. So did
 * a link whose way leads through a symlink or a submodule that changed.
 */
export function throughSymlinks(
  changes: readonly Change<RepositoryPath>[],
  symlinks: readonly Symlink[],
): FollowedChanges {
  const named = changes.map((change): NamedChange => ({ ...change, origin: change.path }));
  const shown = new Map<RepositoryPath, NamedChange>(named.map((change) => [change.path, change]));
  const mostNames = shown.size + MOST_ALIASES;
  const links = new LinksByTarget(symlinks);
  let latest: readonly NamedChange[] = named;
  for (let chain = 0; chain < LONGEST_CHAIN && latest.length > 0 && !links.isEmpty; chain++) {
    const found: NamedChange[] = [];
    for (const change of latest) {
      for (const path of links.aliasesOf(change)) {
        const known = shown.get(path);
        if (known !== undefined && (isLink(known) || !isLink(change))) continue;
        if (shown.size === mostNames) return { kind: 'too many names', change: change.origin };
        const alias = { ...change, path };
        shown.set(path, alias);
        found.push(alias);
      }
    }
    latest = found;
  }
  return { kind: 'followed', changes: [...shown.values()] };
}

class LinksByTarget {
  private readonly links: ReadonlyMap<string, readonly RepositoryPath[]>;
  /** What links lead to, sorted. */
  private readonly targets: readonly string[];

  constructor(symlinks: readonly Symlink[]) {
    const links = new Map<string, RepositoryPath[]>();
    for (const { path, leadsTo } of symlinks) {
      // A link to a folder that holds the link is a cycle, and Bazel does not follow it.
      if (leadsTo === '' || path.startsWith(`${leadsTo}/`)) continue;
      const others = links.get(leadsTo);
      if (others === undefined) links.set(leadsTo, [path]);
      else others.push(path);
    }
    this.links = links;
    this.targets = sortedBy([...links.keys()], (target) => target);
  }

  get isEmpty(): boolean {
    return this.links.size === 0;
  }

  /** What one link more makes of a change's path. */
  *aliasesOf(change: NamedChange): Generator<RepositoryPath> {
    yield* this.aliasesOfPath(change.path);
    if (isLink(change)) yield* this.linksBehind(change.path);
  }

  /** By links that lead to the path, and those that lead to a folder above it. */
  private *aliasesOfPath(path: RepositoryPath): Generator<RepositoryPath> {
    for (const target of selfAndFoldersAbove(path)) {
      const below = path.slice(target.length);
      for (const link of this.links.get(target) ?? []) {
        if (link.length + below.length <= LONGEST_PATH) yield `${link}${below}` as RepositoryPath;
      }
    }
  }

  /** The links that lead to a place below the path. */
  private *linksBehind(path: RepositoryPath): Generator<RepositoryPath> {
    const below = `${path}/`;
    for (let at = lowerBound(this.targets, below, (target) => target); ; at++) {
      const target = this.targets[at];
      if (target?.startsWith(below) !== true) return;
      yield* this.links.get(target) ?? [];
    }
  }
}
