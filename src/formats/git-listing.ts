import { lowerBound, sortedBy } from '../text/sorted.js';
import type { RepositoryPath, TreeEntry } from '../graph/tree.js';

/** The files of a revision, sorted by path in code units, with lookup by path. */
export class Listing<Path extends string = RepositoryPath> {
  private constructor(
    readonly entries: readonly TreeEntry<Path>[],
    private knownPaths?: readonly Path[],
  ) {}

  /** The paths of the entries, in their order. A listing with other contents of the same files has the same list. */
  get paths(): readonly Path[] {
    this.knownPaths ??= this.entries.map(listedPath);
    return this.knownPaths;
  }

  /** @param entries in any order, each path once */
  static of<Path extends string>(entries: readonly TreeEntry<Path>[]): Listing<Path> {
    return new Listing(sortedBy(entries, listedPath));
  }

  get(path: string): TreeEntry<Path> | undefined {
    const found = this.entries[lowerBound(this.entries, path, listedPath)];
    return found?.path === path ? found : undefined;
  }

  /** The listing without some paths and with others added. */
  with(removed: ReadonlySet<Path>, added: readonly TreeEntry<Path>[]): Listing<Path> {
    const replaced = new Set([...removed, ...added.map((entry) => entry.path)]);
    const kept = this.entries.filter((entry) => !replaced.has(entry.path));
    const hasSamePaths = removed.size === 0 && added.every(({ path }) => this.get(path) !== undefined);
    return new Listing(merge(kept, sortedBy(added, listedPath)), hasSamePaths ? this.paths : undefined);
  }
}

function merge<Path extends string>(
  one: readonly TreeEntry<Path>[],
  other: readonly TreeEntry<Path>[],
): readonly TreeEntry<Path>[] {
  const merged: TreeEntry<Path>[] = [];
  let at = 0;
  for (const entry of one) {
    for (let next = other[at]; next !== undefined && next.path < entry.path; next = other[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(entry);
  }
  return merged.concat(other.slice(at));
}

function listedPath<Path extends string>(entry: TreeEntry<Path>): Path {
  return entry.path;
}
