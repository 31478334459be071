import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isWorkspace, type Bazel } from '../bazel/bazel.js';
import type { Repository } from '../git/repository.js';
import type { ScratchRepository } from '../git/scratch-repository.js';
import type { RepositoryPath } from '../git/tree.js';
import type { PackagePath } from '../graph/label.js';
import type { Revision } from './graph-source.js';
import { repositoryPath, type RevisionFiles } from './revision-files.js';

/** A folder in which Bazel can look at a revision. */
export interface Site {
  readonly bazel: Bazel;
}

/** Says that a revision has no Bazel workspace where the plan looks for one. */
export class NoWorkspaceError extends Error {
  override name = 'NoWorkspaceError';
}

/** The rc file of one developer, by convention: imported by .bazelrc, ignored by git. */
export const USER_RC_FILE = 'user.bazelrc';

/**
 * The scratch folder, which takes on one revision after the other: its server sees only what differs, and a second
 * query costs little.
 */
export class ScratchSite implements Site {
  private checkedOut: Revision | null = null;

  /**
   * @param workspace relative to the repository
   * @param bazel works in the scratch repository's folder of that workspace
   */
  constructor(
    private readonly scratch: ScratchRepository,
    private readonly workspace: string,
    readonly bazel: Bazel,
  ) {}

  /** Whether it holds a revision already, so that another one comes cheap. */
  get isInUse(): boolean {
    return this.checkedOut !== null;
  }

  /** @throws NoWorkspaceError, GitError */
  async takeOn(revision: Revision): Promise<void> {
    if (this.checkedOut === revision) return;
    if (this.checkedOut !== null && (await wouldMislead(this.checkedOut, revision)))
      await this.bazel.restart();
    this.checkedOut = null;
    if (revision.workingTree) await this.scratch.checkoutWorkingTree(revision.commit);
    else await this.scratch.checkout(revision.commit);
    requireWorkspace(join(this.scratch.folder, this.workspace), this.workspace, revision);
    // Developers keep options of their own in an ignored file that .bazelrc imports.
    this.scratch.copyUntracked(join(this.workspace, USER_RC_FILE) as RepositoryPath);
    this.checkedOut = revision;
  }
}

/**
 * The user's own checkout, where it holds just the files of the revision: nothing has to be written then, and nothing
 * may be. Bazel runs in it with an output base of its own and without its lock file's updates.
 */
export class CheckoutSite implements Site {
  /** The files in there that are no part of the revision; null until they are asked for, or if it holds another one. */
  private readonly strangers = new WeakMap<Revision, Promise<readonly RepositoryPath[] | null>>();

  /** @param bazel works in the checkout's folder of the workspace, and must not write there */
  constructor(
    private readonly repository: Repository,
    private readonly workspace: string,
    readonly bazel: Bazel,
  ) {}

  /**
   * Whether a query in here sees what the revision holds.
   *
   * @param packages those that are queried; null: all
   */
  async shows(revision: Revision, packages: readonly PackagePath[] | null): Promise<boolean> {
    // Without MODULE.bazel, Bazel 7 would write one.
    if (!revision.files.has('MODULE.bazel')) return false;
    if (!(await this.bazel.canLeaveLockFile())) return false;
    const found = this.strangers.get(revision) ?? this.strangersTo(revision);
    this.strangers.set(revision, found);
    const strangers = await found;
    if (strangers === null) return false;
    if (packages === null) return strangers.length === 0;
    // A package's globs see what lies below it, and nothing else of the checkout.
    const folders = packages.map((path) => repositoryPath(path, this.workspace));
    return !strangers.some((path) =>
      folders.some((folder) => folder === '' || `${path}/`.startsWith(`${folder}/`)),
    );
  }

  private async strangersTo(revision: Revision): Promise<readonly RepositoryPath[] | null> {
    if ((await this.repository.head()) !== revision.commit) return null;
    if (!(await this.repository.isWhole())) return null;
    if (revision.workingTree) return this.repository.unlistedFiles();
    return (await this.repository.differsFrom(revision.commit)) ? null : this.repository.untrackedFiles();
  }
}

function requireWorkspace(folder: string, workspace: string, revision: Revision): void {
  if (existsSync(folder) && isWorkspace(folder)) return;
  throw new NoWorkspaceError(
    `${workspace === '' ? 'the repository' : `the folder ${workspace}`} is no Bazel workspace at ${revision.commit}: ` +
      'it has no MODULE.bazel and no WORKSPACE (name the right folder with the input `workspace`)',
  );
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
  const ignoreFile = files.listing.get('.bazelignore');
  if (ignoreFile === undefined) return false;
  const text = (await files.texts([ignoreFile.path])).get(ignoreFile.path);
  // A symlink: what it says is not looked up.
  if (text === undefined) return true;
  const folders = text
    .split('\n')
    .map((line) => line.trim().replace(/\/+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
  return files.listing.entries.some(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));
}

/** The id of what .bazelignore holds, or undefined. */
function ignoreFileOf(revision: Revision): string | undefined {
  return revision.files.listing.get('.bazelignore')?.objectId;
}
