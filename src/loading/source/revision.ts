import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import type { CommitId } from '../../graph/tree.js';
import type { RevisionFiles } from './revision-files.js';

/** A commit or the working tree, with its files: the base or the head of a plan. */
export interface Revision {
  readonly commit: CommitId;
  /** Whether the user's uncommitted files are included. */
  readonly workingTree: boolean;
  readonly files: RevisionFiles;
}

/** Some packages of a revision. */
export interface SomePackages {
  readonly packages: readonly PackagePath[];
  /**
   * Files that the load statements of the packages name and that the revision does not have. The folder in which the
   * packages are queried must not contain them either.
   */
  readonly lacking: readonly WorkspacePath[];
}
