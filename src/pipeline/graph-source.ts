import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isWorkspace, type Bazel } from '../bazel/bazel.js';
import type { ScratchRepository } from '../git/scratch-repository.js';
import type { CommitId, RepositoryPath } from '../git/tree.js';
import { Graph } from '../graph/graph.js';
import type { PackagePath } from '../graph/label.js';
import type { Target } from '../graph/target.js';
import type { RevisionFiles } from './revision-files.js';

/** One side of a plan. */
export interface Revision {
  readonly commit: CommitId;
  /** Whether the user's uncommitted files count too. */
  readonly workingTree: boolean;
  readonly files: RevisionFiles;
}

/** A graph with where it came from. */
export interface SourcedGraph {
  readonly graph: Graph;
  /** For the reader: `full query`, `snapshot`, `patched (2 of 59 packages queried)`, and why. */
  readonly way: string;
  /** What `bazel --version` printed where the graph's digests were made: only equal ones can be compared. */
  readonly bazelVersion: string;
}

/** Where a revision's graph comes from. */
export interface GraphSource {
  /**
   * @throws BazelError if a package does not load; NoWorkspaceError
   */
  graphOf(revision: Revision): Promise<SourcedGraph>;
}

/** Where a revision's graph comes from, and parts of it. */
export interface PackageSource extends GraphSource {
  /** All targets of some packages of a revision. @throws BazelError if one does not load or is no package */
  targetsOf(revision: Revision, packages: readonly PackagePath[]): Promise<Target[]>;
  /** What `bazel --version` prints in a revision: a wrapper may choose by the revision's `.bazelversion`. */
  bazelVersionAt(revision: Revision): Promise<string>;
}

/** Says that a revision has no Bazel workspace where the plan looks for one. */
export class NoWorkspaceError extends Error {
  override name = 'NoWorkspaceError';
}

/**
 * Asks Bazel, in a scratch folder that takes on one revision after the other: the same server sees only what differs
 * between the two, and the second query costs little.
 */
export class QuerySource implements PackageSource {
  private checkedOut: Revision | null = null;

  /**
   * @param workspace relative to the repository
   * @param bazel works in the scratch repository's folder of that workspace
   */
  constructor(
    private readonly scratch: ScratchRepository,
    private readonly workspace: string,
    private readonly bazel: Bazel,
  ) {}

  async graphOf(revision: Revision): Promise<SourcedGraph> {
    await this.checkout(revision);
    // Bazel calls a workspace without any package an error.
    const targets = hasPackages(revision.files) ? await this.bazel.queryAll() : [];
    return { graph: Graph.of(targets), way: 'full query', bazelVersion: await this.bazel.versionText() };
  }

  async targetsOf(revision: Revision, packages: readonly PackagePath[]): Promise<Target[]> {
    await this.checkout(revision);
    return this.bazel.queryPackages(packages);
  }

  async bazelVersionAt(revision: Revision): Promise<string> {
    await this.checkout(revision);
    return this.bazel.versionText();
  }

  private async checkout(revision: Revision): Promise<void> {
    if (this.checkedOut === revision) return;
    if (this.checkedOut !== null && (await wouldMislead(this.checkedOut, revision)))
      await this.bazel.restart();
    this.checkedOut = null;
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
    this.scratch.copyUntracked(join(this.workspace, USER_RC_FILE) as RepositoryPath);
    this.checkedOut = revision;
  }
}

/** The rc file of one developer, by convention: imported by .bazelrc, ignored by git. */
export const USER_RC_FILE = 'user.bazelrc';

function hasPackages(files: RevisionFiles): boolean {
  return files.entries.some(({ path }) => /(^|\/)BUILD(\.bazel)?$/.test(path));
}

/**
 * Whether a server that has loaded one revision may find other targets in the next than one that starts there.
 *
 * A package that is loaded again finds its files in another way than at first, and then globs and subpackages() above
 * a folder that .bazelignore hides do not see it as they did (seen on 7.7.1; the file itself need not change).
 */
async function wouldMislead(loaded: Revision, next: Revision): Promise<boolean> {
  if (ignoreFileOf(loaded) !== ignoreFileOf(next)) return true;
  return (await hidesFolders(loaded.files)) || hidesFolders(next.files);
}

/** Whether .bazelignore hides a folder in which the revision has files. */
async function hidesFolders(files: RevisionFiles): Promise<boolean> {
  const ignoreFile = files.entries.find(({ path }) => path === '.bazelignore');
  if (ignoreFile === undefined) return false;
  const text = (await files.texts([ignoreFile.path])).get(ignoreFile.path);
  // A symlink: what it says is not looked up.
  if (text === undefined) return true;
  const folders = text
    .split('\n')
    .map((line) => line.trim().replace(/\/+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
  return files.entries.some(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));
}

/** The id of what .bazelignore holds, or undefined. */
function ignoreFileOf(revision: Revision): string | undefined {
  return revision.files.entries.find(({ path }) => path === '.bazelignore')?.objectId;
}
