import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bazel } from '../bazel/bazel.js';
import { isWorkspace } from '../bazel/bazel.js';
import type { ScratchRepository } from '../git/scratch-repository.js';
import { SUBMODULE_MODE, SYMLINK_MODE, type CommitId, type RepositoryPath } from '../git/tree.js';
import { Graph } from '../graph/graph.js';
import type { WorkspacePath } from '../graph/label.js';
import type { RevisionFiles } from './revision-files.js';

/** One side of a plan. */
export interface Revision {
  readonly commit: CommitId;
  /** Whether the user's uncommitted files count too. */
  readonly workingTree: boolean;
  readonly files: RevisionFiles;
}

/** Where a revision's graph comes from. */
export interface GraphSource {
  /**
   * @throws BazelError if a package does not load; NoWorkspaceError
   */
  graphOf(revision: Revision): Promise<Graph>;
}

/** Says that a revision has no Bazel workspace where the plan looks for one. */
export class NoWorkspaceError extends Error {
  override name = 'NoWorkspaceError';
}

/**
 * A full query for each revision, in a scratch folder that takes on one revision after the other: the same server
 * sees only what differs between the two, and the second query costs little.
 */
export class FullQuery implements GraphSource {
  /**
   * @param workspace relative to the repository
   * @param bazel works in the scratch repository's folder of that workspace
   */
  constructor(
    private readonly scratch: ScratchRepository,
    private readonly workspace: string,
    private readonly bazel: Bazel,
  ) {}

  async graphOf(revision: Revision): Promise<Graph> {
    if (revision.workingTree) await this.scratch.checkoutWorkingTree(revision.commit);
    else await this.scratch.checkout(revision.commit);
    const folder = join(this.scratch.folder, this.workspace);
    if (!existsSync(folder) || !isWorkspace(folder)) {
      throw new NoWorkspaceError(
        `${this.workspace === '' ? 'the repository' : `the folder ${this.workspace}`} is no Bazel workspace at ` +
          `${revision.commit}: it has no MODULE.bazel and no WORKSPACE (name the right folder with the input \`workspace\`)`,
      );
    }
    // Developers keep options of their own in an ignored file that .bazelrc imports.
    this.scratch.copyUntracked(join(this.workspace, 'user.bazelrc') as RepositoryPath);
    // Bazel calls a workspace without any package an error.
    if (!canHavePackages(revision.files)) return Graph.of([]);
    return Graph.of(await this.bazel.queryAll());
  }
}

/** Whether there can be one: behind symlinks and in submodules, git's list does not show them. */
function canHavePackages(files: RevisionFiles): boolean {
  for (const { path, mode } of files.entries()) {
    if (isBuildFile(path) || mode === SYMLINK_MODE || mode === SUBMODULE_MODE) return true;
  }
  return false;
}

function isBuildFile(path: WorkspacePath): boolean {
  return /(^|\/)BUILD(\.bazel)?$/.test(path);
}
