import { folderOf, selfAndFoldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { SortedPaths } from './sorted-paths.js';

/** As many symlinks on the way to a file as Linux follows: nothing can open what lies behind more. */
export const MOST_LINKS = 40;

/** Where a path leads once the symlinks on its way are followed. */
export type Followed<Path extends string> =
  /** `throughLink` says whether there was a symlink on the way. */
  | { readonly kind: 'inside'; readonly path: Path; readonly throughLink: boolean }
  /** Absolute, or starting with `../`: the path leaves the folder that all paths are relative to. */
  | { readonly kind: 'outside'; readonly path: string }
  /** There are more symlinks on the way than a system follows. */
  | { readonly kind: 'endless'; readonly path: Path };

/**
 * Follows the symlinks on the way to a path, and the path itself where it is one. A `..` leaves the folder that a symlink
 * before it leads to, as it does on Linux.
 *
 * @param texts what each symlink holds, by its path
 */
export function followLinks<Path extends string>(
  path: string,
  texts: ReadonlyMap<Path, string>,
): Followed<Path> {
  const pending = path.split('/').reverse();
  const current: string[] = [];
  let followed = 0;
  for (let segment = pending.pop(); segment !== undefined; segment = pending.pop()) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (current.pop() === undefined)
        return { kind: 'outside', path: ['..', ...pending.reverse()].join('/') };
      continue;
    }
    const here = [...current, segment].join('/') as Path;
    const text = texts.get(here);
    if (text === undefined) {
      current.push(segment);
      continue;
    }
    if (text.startsWith('/')) return { kind: 'outside', path: [text, ...pending.reverse()].join('/') };
    followed += 1;
    if (followed > MOST_LINKS) return { kind: 'endless', path: here };
    pending.push(...text.split('/').reverse());
  }
  return { kind: 'inside', path: current.join('/') as Path, throughLink: followed > 0 };
}

/**
 * Where the text of one symlink leads, other symlinks on the way not followed.
 *
 * @returns null if it leaves the folder that all paths are relative to
 */
export function targetOfLink<Path extends string>(link: Path, text: string): Path | null {
  if (text.startsWith('/')) return null;
  const target = followLinks<Path>(`${folderOf(link)}/${text}`, new Map());
  return target.kind === 'inside' ? target.path : null;
}

/** What stands at a path once the symlinks on its way are followed. */
export type Resolution<Path extends string = WorkspacePath> =
  | {
      readonly kind: 'file' | 'folder' | 'missing';
      readonly path: Path;
      /** Whether there was a symlink on the way. */
      readonly throughLink: boolean;
    }
  /** A submodule, or something in it: its commit says what that is, git's listing does not. */
  | { readonly kind: 'submodule'; readonly path: Path }
  /** Absolute, or starting with `../`: nothing that the listing could answer. */
  | { readonly kind: 'outside'; readonly path: string };

/** Paths that are already written in the shortest way need no work where there are no symlinks. */
const NEEDS_FOLLOWING = /(^|\/)\.{0,2}(\/|$)/;

/** Knows what stands at the paths of one revision, symlinks followed. */
export class Symlinks<Path extends string = WorkspacePath> {
  /**
   * @param paths of all files, symlinks and submodules
   * @param texts what each symlink holds, by its path
   */
  constructor(
    private readonly paths: SortedPaths<Path>,
    readonly texts: ReadonlyMap<Path, string>,
    private readonly submodules: ReadonlySet<Path>,
  ) {}

  /** What stands at a path. A loop of symlinks is a missing file. */
  resolve(path: string): Resolution<Path> {
    if (this.texts.size === 0 && !NEEDS_FOLLOWING.test(path)) return this.typed(path as Path, false);
    const followed = followLinks(path, this.texts);
    switch (followed.kind) {
      case 'outside':
        return followed;
      case 'endless':
        return { kind: 'missing', path: followed.path, throughLink: true };
      case 'inside':
        return this.typed(followed.path, followed.throughLink);
    }
  }

  private typed(path: Path, throughLink: boolean): Resolution<Path> {
    if (this.isInSubmodule(path)) return { kind: 'submodule', path };
    if (this.paths.hasFolder(path)) return { kind: 'folder', path, throughLink };
    return { kind: this.paths.hasFile(path) ? 'file' : 'missing', path, throughLink };
  }

  private isInSubmodule(path: Path): boolean {
    if (this.submodules.size === 0) return false;
    for (const each of selfAndFoldersAbove(path))
      if (this.submodules.has(each as string as Path)) return true;
    return false;
  }
}
