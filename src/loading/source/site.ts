import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isWorkspace, type Bazel } from '../../adapters/bazel/bazel.js';
import type { Repository } from '../../adapters/git/repository.js';
import type { ScratchRepository } from '../../adapters/git/scratch-repository.js';
import { SYMLINK_MODE, type RepositoryPath } from '../../graph/tree.js';
import type { PackagePath } from '../../graph/label.js';
import { IGNORE_FILE, MODULE_FILE, PRELUDE, USER_RC_FILE } from '../../graph/bazel-files.js';
import { GLOBAL_FILES } from '../inputs/file-roles.js';
import { foldersAbove } from '../../graph/folders.js';
import { ignoredFolders } from '../inputs/hidden-folders.js';
import type { Revision, SomePackages } from './revision.js';
import { repositoryPath, type RevisionFiles } from './revision-files.js';

/** A revision has no Bazel workspace in the folder where the plan looks for one. */
export class NoWorkspaceError extends Error {
  override name = 'NoWorkspaceError';
}

/**
 * The scratch folder, which contains one revision after the other under one Bazel server. Its second query is cheap,
 * because the server only has to load what differs.
 */
export class ScratchSite {
  private checkedOut: Revision | null = null;
  private readonly shown = new Set<Revision>();
  private isForOne = false;
  private checkout: Promise<unknown> = Promise.resolve();

  /**
   * @param workspace relative to the repository
   * @param bazel works in the scratch repository's folder of that workspace
   */
  constructor(
    private readonly scratch: ScratchRepository,
    private readonly workspace: string,
    readonly bazel: Bazel,
  ) {}

  /**
   * Whether another revision is better checked out here than queried in the user's checkout: the scratch folder already
   * contains a revision, so that its server only has to load what differs.
   */
  get isPreferred(): boolean {
    return this.checkedOut !== null && !this.isForOne;
  }

  /**
   * Lets the next revisions be queried elsewhere if possible, so that the server here knows one revision alone and can be
   * asked about its external repositories.
   */
  keepForOneRevision(): void {
    this.isForOne = true;
  }

  /** Whether it has never contained another revision. */
  hasShownOnly(revision: Revision): boolean {
    return this.shown.size === 1 && this.shown.has(revision);
  }

  /** @throws NoWorkspaceError, GitError */
  checkOut(revision: Revision): Promise<void> {
    const next = (): Promise<void> => this.checkOutNext(revision);
    const done = this.checkout.then(next, next);
    this.checkout = done;
    return done;
  }

  private async checkOutNext(revision: Revision): Promise<void> {
    if (this.checkedOut === revision) return;
    if (this.checkedOut !== null && (await needsFreshServer(this.checkedOut, revision)))
      await this.bazel.restart();
    this.checkedOut = null;
    this.shown.add(revision);
    if (revision.workingTree) await this.scratch.checkoutWorkingTree(revision.commit);
    else await this.scratch.checkout(revision.commit);
    this.scratch.replaceLinks(await revision.files.inwardLinks());
    requireWorkspace(join(this.scratch.folder, this.workspace), this.workspace, revision);
    // By convention, .bazelrc imports this file, which contains a developer's own options and which git ignores.
    this.scratch.copyUntracked(join(this.workspace, USER_RC_FILE) as RepositoryPath);
    this.checkedOut = revision;
  }
}

/**
 * The user's own checkout. It can be queried in place if it contains exactly the files of the revision, so that nothing
 * has to be written. Bazel must not write there: it runs with its own output base and does not update the lock file.
 */
export class CheckoutSite {
  /** For each revision, whether the checkout contains exactly its tracked files. */
  private readonly holds = new WeakMap<Revision, Promise<boolean>>();

  /** @param bazel works in the checkout's folder of the workspace, and must not write there */
  constructor(
    private readonly repository: Repository,
    private readonly workspace: string,
    readonly bazel: Bazel,
  ) {}

  /**
   * Whether a query in the checkout sees exactly the files of the revision.
   *
   * @param scope what is queried
   */
  async shows(revision: Revision, scope: 'all' | SomePackages): Promise<boolean> {
    // Without a MODULE.bazel, Bazel 7 would write one.
    if (!revision.files.has(MODULE_FILE)) return false;
    if (!(await this.bazel.canLeaveLockFile())) return false;
    const holds = this.holds.get(revision) ?? this.holdsFilesOf(revision);
    this.holds.set(revision, holds);
    if (!(await holds)) return false;
    // The search of some packages does not follow the loads of a prelude, so a revision with a prelude needs a full
    // search.
    return scope === 'all' || revision.files.has(PRELUDE) || leadElsewhere(scope.packages, revision.files)
      ? (await this.extraFilesIn(revision, null)).length === 0
      : this.showsSome(revision, scope);
  }

  /**
   * A package reads the files that it loads, the files that reach every package and, by its globs, the files below it.
   * Other files of the checkout do not matter.
   */
  private async showsSome(revision: Revision, { packages, lacking }: SomePackages): Promise<boolean> {
    const mayNotBeThere = [...lacking, ...GLOBAL_FILES.filter((path) => !revision.files.has(path))];
    const folder = join(this.repository.folder, this.workspace);
    if (mayNotBeThere.some((path) => existsSync(join(folder, path)))) return false;
    const folders = packages.map((path) => repositoryPath(path, this.workspace));
    const isFew = folders.length <= FEW_FOLDERS && !folders.some((folder) => folder === '');
    const extraFiles = await this.extraFilesIn(revision, isFew ? folders : null);
    return !extraFiles.some((path) =>
      folders.some((folder) => folder === '' || `${path}/`.startsWith(`${folder}/`)),
    );
  }

  private async holdsFilesOf(revision: Revision): Promise<boolean> {
    if ((await this.repository.head()) !== revision.commit) return false;
    if (!(await this.repository.workingTree.isWhole())) return false;
    return revision.workingTree || !(await this.repository.workingTree.differsFrom(revision.commit));
  }

  /** The files and folders of the checkout that do not belong to the revision. */
  private extraFilesIn(
    revision: Revision,
    below: readonly RepositoryPath[] | null,
  ): Promise<RepositoryPath[]> {
    return revision.workingTree
      ? this.repository.extraFiles.unlisted(below)
      : this.repository.extraFiles.untracked(below);
  }
}

/** The most folders to which git's search is limited. For more folders, one search through all is faster. */
const FEW_FOLDERS = 100;

/** Whether a symlink below one of the packages may show its globs files from elsewhere. */
function leadElsewhere(packages: readonly PackagePath[], files: RevisionFiles): boolean {
  const links = files.listing.entries.filter((entry) => entry.mode === SYMLINK_MODE);
  if (links.length === 0) return false;
  const folders = new Set(packages);
  return links.some((link) => [...foldersAbove(link.path)].some((folder) => folders.has(folder)));
}

function requireWorkspace(folder: string, workspace: string, revision: Revision): void {
  if (existsSync(folder) && isWorkspace(folder)) return;
  throw new NoWorkspaceError(
    `${workspace === '' ? 'the repository' : `the folder ${workspace}`} is not a Bazel workspace at ${revision.commit}: ` +
      'it has no MODULE.bazel and no WORKSPACE (set `workspace` to the right folder)',
  );
}

/**
 * Whether a server that has loaded one revision may find other targets in the next revision than a fresh server.
 *
 * When a running server loads a package again, it finds files in another way than at first. Globs and subpackages()
 * above a folder that .bazelignore hides then give other results (observed with Bazel 7.7.1), even if .bazelignore
 * itself did not change.
 */
async function needsFreshServer(loaded: Revision, next: Revision): Promise<boolean> {
  if (ignoreFileOf(loaded) !== ignoreFileOf(next)) return true;
  return (await hidesFolders(loaded.files)) || hidesFolders(next.files);
}

/** Whether .bazelignore hides a folder in which the revision has files. */
async function hidesFolders(files: RevisionFiles): Promise<boolean> {
  const ignoreFile = files.listing.get(IGNORE_FILE);
  if (ignoreFile === undefined) return false;
  const text = (await files.texts([ignoreFile.path])).get(ignoreFile.path);
  // .bazelignore is a symlink that does not lead to a file of the repository, so its content is unknown.
  if (text === undefined) return true;
  const folders = ignoredFolders(text);
  return files.listing.entries.some(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));
}

/** The object id of .bazelignore; undefined if there is none. */
function ignoreFileOf(revision: Revision): string | undefined {
  return revision.files.listing.get(IGNORE_FILE)?.objectId;
}
