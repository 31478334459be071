import type { RepositoryPath } from '../../graph/tree.js';
import { lowerBound, sortedBy } from '../../text/sorted.js';
import { selfAndFoldersAbove } from '../../graph/folders.js';
import { isLink, type Change } from '../../graph/change.js';
import { followLinks, MOST_LINKS, targetOfLink } from './symlinks.js';

/** A symlink with the path that it leads to, where that lies in the repository as well. */
export interface Symlink {
  readonly path: RepositoryPath;
  readonly leadsTo: RepositoryPath;
}

/** As long a path as Linux opens, in characters. */
const LONGEST_PATH = 4096;

/**
 * As many names as links may add to those of the changes. Links in two folders, each to the other folder, give more names
 * than any machine can hold.
 */
const MOST_ALIASES = 100_000;

/** The links of one revision, given what each holds; one that leaves the repository leads nowhere. */
export function symlinksAmong(texts: ReadonlyMap<RepositoryPath, string>): Symlink[] {
  return [...texts].flatMap(([path, text]) => {
    const leadsTo = targetOfLink(path, text);
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
  const folders = turns.flatMap((turn) => targetOfLink(path, parts.slice(0, turn).join('/')) ?? []);
  const end = followLinks(path, texts);
  return end.kind === 'inside' ? [...folders, end.path] : folders;
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
  for (let chain = 0; chain < MOST_LINKS && latest.length > 0 && !links.isEmpty; chain++) {
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
