import type { WorkspacePath } from '../../graph/label.js';
import { lowerBound, sortedBy } from '../../text/sorted.js';

/** The paths of all files of a revision, sorted by code units. It can also look up folders. */
export class SortedPaths<Path extends string = WorkspacePath> {
  private constructor(readonly all: readonly Path[]) {}

  /** @param paths in any order, each once */
  static of<Path extends string>(paths: readonly Path[]): SortedPaths<Path> {
    return new SortedPaths(sortedBy(paths, (each) => each));
  }

  hasFile(path: string): boolean {
    return this.all[this.lowerBound(path)] === path;
  }

  /** Whether there is a file below the folder. The workspace itself always counts as a folder. */
  hasFolder(path: string): boolean {
    if (path === '') return true;
    return this.all[this.lowerBound(`${path}/`)]?.startsWith(`${path}/`) ?? false;
  }

  /** All files below a folder. */
  *below(folder: string): Generator<Path> {
    const prefix = folder === '' ? '' : `${folder}/`;
    for (let index = this.lowerBound(prefix); index < this.all.length; index += 1) {
      const path = this.all[index];
      if (!path?.startsWith(prefix)) return;
      yield path;
    }
  }

  /** The paths that only one of the two lists has. */
  *difference(other: SortedPaths<Path>): Generator<Path> {
    let here = 0;
    let there = 0;
    while (here < this.all.length || there < other.all.length) {
      const one = this.all[here];
      const two = other.all[there];
      if (one !== undefined && one === two) {
        here += 1;
        there += 1;
      } else if (one !== undefined && (two === undefined || one < two)) {
        here += 1;
        yield one;
      } else if (two !== undefined) {
        there += 1;
        yield two;
      }
    }
  }

  private lowerBound(path: string): number {
    return lowerBound(this.all, path, (each) => each);
  }
}
