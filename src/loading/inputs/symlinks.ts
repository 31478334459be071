import { folderOf, selfAndFoldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { SortedPaths } from './sorted-paths.js';

/** The most symlinks that Linux follows on the way to one file. No program can open a file behind more. */
export const MOST_LINKS = 40;

/** The result of following the symlinks of a path. */
export type Followed<Path extends string> =
  /** `throughLink` tells whether there was a symlink on the way. */
  | { readonly kind: 'inside'; readonly path: Path; readonly throughLink: boolean }
  /** The path leaves the folder that all paths are relative to: it is absolute or starts with `../`. */
  | { readonly kind: 'outside'; readonly path: string }
  /** There are more symlinks on the way than Linux follows. */
  | { readonly kind: 'endless'; readonly path: Path };

/**
 * Follows all symlinks of a path, including the path itself if it is a symlink. As on Linux, a `..` after a symlink
 * leaves the folder to which the symlink leads.
 *
 * @param texts the text of each symlink, by its path
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
 * The path to which the text of one symlink leads. Other symlinks on the way are not followed.
 *
 * @returns null if it leaves the folder that all paths are relative to
 */
export function targetOfLink<Path extends string>(link: Path, text: string): Path | null {
  if (text.startsWith('/')) return null;
  const target = followLinks<Path>(`${folderOf(link)}/${text}`, new Map());
  return target.kind === 'inside' ? target.path : null;
}

/** What is at a path after its symlinks are followed. */
export type Resolution<Path extends string = WorkspacePath> =
  | {
      readonly kind: 'file' | 'folder' | 'missing';
      readonly path: Path;
      /** Whether there was a symlink on the way. */
      readonly throughLink: boolean;
    }
  /** A submodule or a path in it. Git's listing does not contain the files of a submodule. */
  | { readonly kind: 'submodule'; readonly path: Path }
  /** Absolute, or starting with `../`: the listing does not contain such paths. */
  | { readonly kind: 'outside'; readonly path: string };

/** Matches paths that have to be normalized. Without symlinks, other paths need no work. */
const NEEDS_FOLLOWING = /(^|\/)\.{0,2}(\/|$)/;

/** Resolves paths of one revision; symlinks are followed. */
export class Symlinks<Path extends string = WorkspacePath> {
  /**
   * @param paths the paths of all files, symlinks and submodules
   * @param texts the text of each symlink, by its path
   */
  constructor(
    private readonly paths: SortedPaths<Path>,
    readonly texts: ReadonlyMap<Path, string>,
    private readonly submodules: ReadonlySet<Path>,
  ) {}

  /** Finds what is at a path. A loop of symlinks counts as a missing file. */
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
