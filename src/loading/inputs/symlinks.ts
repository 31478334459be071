import type { WorkspacePath } from '../../graph/label.js';
import { foldersAbove } from '../../graph/folders.js';
import type { SortedPaths } from './sorted-paths.js';

/** Where a path leads once all symlinks on its way are followed. */
export type Resolution =
  | { readonly kind: 'file' | 'folder' | 'missing'; readonly path: WorkspacePath }
  /** A submodule, or something in it: its commit says what that is, git's listing does not. */
  | { readonly kind: 'submodule'; readonly path: WorkspacePath }
  /** Absolute, or starting with `../`: nothing that the listing of the workspace could answer. */
  | { readonly kind: 'outside'; readonly path: string };

/** As many as Linux follows. */
const MOST_LINKS = 40;

/** Follows the symlinks of one revision. */
export class Symlinks {
  constructor(
    private readonly paths: SortedPaths,
    /** What each symlink says, by its path. */
    readonly texts: ReadonlyMap<WorkspacePath, string>,
    private readonly submodules: ReadonlySet<WorkspacePath>,
  ) {}

  /** Where a path of the workspace leads. A loop of symlinks is a missing file. */
  resolve(path: string): Resolution {
    if (this.texts.size === 0) return this.typed(path as WorkspacePath);
    const pending = path.split('/').reverse();
    let current: string[] = [];
    let followed = 0;
    for (let segment = pending.pop(); segment !== undefined; segment = pending.pop()) {
      if (segment === '' || segment === '.') continue;
      if (segment === '..') {
        if (current.length === 0) return { kind: 'outside', path: ['..', ...pending.reverse()].join('/') };
        current.pop();
        continue;
      }
      current.push(segment);
      const here = current.join('/') as WorkspacePath;
      const text = this.texts.get(here);
      if (text === undefined) continue;
      if (text.startsWith('/')) return { kind: 'outside', path: [text, ...pending.reverse()].join('/') };
      followed += 1;
      if (followed > MOST_LINKS) return { kind: 'missing', path: here };
      current = current.slice(0, -1);
      pending.push(...text.split('/').reverse());
    }
    return this.typed(current.join('/') as WorkspacePath);
  }

  private typed(path: WorkspacePath): Resolution {
    if (this.submodules.size > 0) {
      const inside =
        this.submodules.has(path) || [...foldersAbove(path)].some((folder) => this.submodules.has(folder));
      if (inside) return { kind: 'submodule', path };
    }
    if (this.paths.hasFolder(path)) return { kind: 'folder', path };
    return { kind: this.paths.hasFile(path) ? 'file' : 'missing', path };
  }
}
