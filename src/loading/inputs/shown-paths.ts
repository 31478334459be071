import type { RepositoryPath } from '../../graph/tree.js';
import { lowerBound, sortedBy } from '../../text/sorted.js';
import { selfAndFoldersAbove } from '../../graph/folders.js';
import { isLink, type Change } from '../../graph/change.js';
import { followLinks, MOST_LINKS, targetOfLink } from './symlinks.js';

/** A symlink and a path of the repository to which it leads. */
export interface Symlink {
  readonly path: RepositoryPath;
  readonly leadsTo: RepositoryPath;
}

/** The longest path that Linux opens, in characters. */
const LONGEST_PATH = 4096;

/**
 * The most paths that symlinks may add to those of the changes. The limit is necessary: two folders with symlinks to
 * each other give more paths than fit in memory.
 */
const MOST_ALIASES = 100_000;

/** The symlinks of one revision, given their texts. A symlink that leaves the repository is left out. */
export function symlinksAmong(texts: ReadonlyMap<RepositoryPath, string>): Symlink[] {
  const targets = [...texts].map(([path, text]) => [path, text, targetOfLink(path, text)] as const);
  const someLeadsAbove = targets.some(([path, , leadsTo]) => leadsTo !== null && isAbove(leadsTo, path));
  return targets.flatMap(([path, text, leadsTo]) => {
    const places = [
      ...(leadsTo === null ? [] : [leadsTo]),
      ...placesOfTurns(path, text, texts),
      // A way through a symlink to a folder above itself is not found step by step, because those are not followed.
      ...(someLeadsAbove && leadsTo !== null && !isAbove(leadsTo, path) ? endOf(path, texts) : []),
    ];
    return [...new Set(places)].map((place) => ({ path, leadsTo: place }));
  });
}

function isAbove(folder: RepositoryPath, path: RepositoryPath): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** The path to which a symlink really leads; none if it leaves the repository. */
function endOf(path: RepositoryPath, texts: ReadonlyMap<RepositoryPath, string>): RepositoryPath[] {
  const end = followLinks(path, texts);
  return end.kind === 'inside' ? [end.path] : [];
}

/**
 * For a symlink whose text enters a folder and leaves it by `..`: each folder that it leaves (which may itself be a
 * symlink to another place), and the path to which the symlink really leads.
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
  return [...folders, ...endOf(path, texts)];
}

/** A change at one of the paths at which its file is visible. */
export interface NamedChange extends Change<RepositoryPath> {
  /** The path that really changed. */
  readonly origin: RepositoryPath;
}

export type FollowedChanges =
  /**
   * The given changes come first, then the shown ones, with the path at which a symlink shows them. No path occurs
   * twice.
   */
  | { readonly kind: 'followed'; readonly changes: readonly NamedChange[] }
  /** Symlinks show the changes at more paths than can be listed. */
  | { readonly kind: 'too many names'; readonly change: RepositoryPath };

/**
 * Adds the changes that symlinks show at other paths: a file that can also be reached through symlinks changed at those
 * paths, too. If a symlink leads through another symlink or a submodule that changed, it counts as changed as well.
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
  /** The paths to which symlinks lead, sorted. */
  private readonly targets: readonly string[];

  constructor(symlinks: readonly Symlink[]) {
    const links = new Map<string, RepositoryPath[]>();
    for (const { path, leadsTo } of symlinks) {
      // A symlink to a folder above itself is a cycle, and Bazel does not follow it.
      if (isAbove(leadsTo, path)) continue;
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

  /** The paths at which one more symlink shows the change. */
  *aliasesOf(change: NamedChange): Generator<RepositoryPath> {
    yield* this.aliasesOfPath(change.path);
    if (isLink(change)) yield* this.linksBehind(change.path);
  }

  /** The paths through symlinks that lead to the path or to a folder above it. */
  private *aliasesOfPath(path: RepositoryPath): Generator<RepositoryPath> {
    for (const target of selfAndFoldersAbove(path)) {
      const below = path.slice(target.length);
      for (const link of this.links.get(target) ?? []) {
        if (link.length + below.length <= LONGEST_PATH) yield `${link}${below}` as RepositoryPath;
      }
    }
  }

  /** The symlinks that lead to a path below this one. */
  private *linksBehind(path: RepositoryPath): Generator<RepositoryPath> {
    const below = `${path}/`;
    for (let at = lowerBound(this.targets, below, (target) => target); ; at++) {
      const target = this.targets[at];
      if (target?.startsWith(below) !== true) return;
      yield* this.links.get(target) ?? [];
    }
  }
}
