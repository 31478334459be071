import { selfAndFoldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';

/** Files that module files name, and folders with all that is below them. */
export class NamedPaths {
  /**
   * @param paths `''` is the workspace. A path contains no `.`, and `..` only at its start, if it leads out
   */
  constructor(private readonly paths: ReadonlySet<string>) {}

  /** The name of a path or of a folder above it; null if neither is named. */
  nameOf(path: WorkspacePath): string | null {
    for (const at of selfAndFoldersAbove(path))
      if (this.paths.has(at)) return at === '' ? 'the whole workspace' : at;
    return null;
  }

  all(): WorkspacePath[] {
    return [...this.paths] as WorkspacePath[];
  }

  /** A named path that leads out of the workspace; undefined if there is none. */
  leadingOut(): string | undefined {
    return [...this.paths].find((path) => path === '..' || path.startsWith('../'));
  }

  with(other: NamedPaths): NamedPaths {
    return new NamedPaths(new Set([...this.paths, ...other.paths]));
  }
}
