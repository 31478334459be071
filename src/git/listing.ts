import type { RepositoryPath, TreeEntry } from './tree.js';

/** The files of a revision, sorted by path in code units, and found by it. */
export class Listing<Path extends string = RepositoryPath> {
  private constructor(readonly entries: readonly TreeEntry<Path>[]) {}

  /** @param entries in any order, each path once */
  static of<Path extends string>(entries: readonly TreeEntry<Path>[]): Listing<Path> {
    return new Listing(isSorted(entries) ? entries : [...entries].sort(byPath));
  }

  get(path: string): TreeEntry<Path> | undefined {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.path ?? '') < path) low = middle + 1;
      else high = middle;
    }
    const found = this.entries[low];
    return found?.path === path ? found : undefined;
  }

  /** The listing with some paths taken out and others put in. */
  with(removed: ReadonlySet<Path>, added: readonly TreeEntry<Path>[]): Listing<Path> {
    const replaced = new Set([...removed, ...added.map((entry) => entry.path)]);
    const kept = this.entries.filter((entry) => !replaced.has(entry.path));
    return new Listing(merge(kept, [...added].sort(byPath)));
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

function byPath(one: TreeEntry<string>, other: TreeEntry<string>): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
}

function isSorted(entries: readonly TreeEntry<string>[]): boolean {
  for (let index = 1; index < entries.length; index += 1) {
    if ((entries[index - 1]?.path ?? '') > (entries[index]?.path ?? '')) return false;
  }
  return true;
}
