import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import type { CommitId } from '../../graph/tree.js';
import type { RevisionFiles } from './revision-files.js';

/** One side of a plan. */
export interface Revision {
  readonly commit: CommitId;
  /** Whether the user's uncommitted files count too. */
  readonly workingTree: boolean;
  readonly files: RevisionFiles;
}

/** A part of a revision. */
export interface SomePackages {
  readonly packages: readonly PackagePath[];
  /** What their load statements name and the revision does not have: it must not be there where they are queried. */
  readonly lacking: readonly WorkspacePath[];
}
