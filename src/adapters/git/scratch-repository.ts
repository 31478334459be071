import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Listing } from '../../formats/git-listing.js';
import type { Change } from '../../graph/change.js';
import { foldersAbove } from '../../graph/folders.js';
import { SUBMODULE_MODE, type CommitId, type RepositoryPath } from '../../graph/tree.js';
import { copyPath } from './copy-path.js';
import { differencesBetween } from './differences.js';
import { Git } from './git.js';
import { inwardText } from './inward-links.js';
import { ObjectContents } from './object-contents.js';
import { Remote } from './remote.js';
import type { Repository } from './repository.js';
import { scratchEnvironment, TRANSPORT_SETTINGS, type GitCredentials } from './scratch-environment.js';
import { deriveTree, listTree } from './trees.js';

/**
 * A private repository that shares the user's objects (git's alternates). Objects that a shallow or partial clone does
 * not have are fetched into it, and other revisions are checked out in it. The user's repository, its configuration,
 * shallow boundary, hooks and working tree stay unchanged.
 */
export class ScratchRepository {
  readonly remote: Remote;
  private readonly objects: ObjectContents;
  /** The files of the commit that was listed first. Other commits of a plan usually differ little from it. */
  private listed: { readonly commit: CommitId; readonly files: Listing } | undefined;

  /** The real path of the user's checkout. */
  private readonly realOrigin: string;

  private constructor(
    private readonly origin: Repository,
    private readonly git: Git,
    private readonly credentials: GitCredentials | null,
  ) {
    this.realOrigin = realpathSync(origin.folder);
    this.remote = new Remote(git);
    this.objects = new ObjectContents(git);
  }

  /** The folder of its working tree, absolute. */
  get folder(): string {
    return this.git.folder;
  }

  /**
   * Creates one in a folder. The owner of the folder removes it.
   *
   * @param credentials for a remote for which the user's own settings have no credentials
   * @throws GitError
   */
  static async create(
    origin: Repository,
    folder: string,
    credentials: GitCredentials | null = null,
  ): Promise<ScratchRepository> {
    const transport = await origin.configuration(TRANSPORT_SETTINGS);
    mkdirSync(folder, { recursive: true });
    const git = new Git(folder, scratchEnvironment(transport, credentials));
    const objectFormat = `--object-format=${await origin.objectFormat()}`;
    await git.required(['init', '--quiet', objectFormat, folder], 'making a scratch repository');
    mkdirSync(join(folder, '.git/objects/info'), { recursive: true });
    writeFileSync(join(folder, '.git/objects/info/alternates'), `${origin.objectsFolder}\n`);
    // The file says where the user's history ends. Without it, git would look for the parents beyond and fetch them
    // all.
    const boundary = await origin.shallowBoundary();
    if (boundary !== null) copyFileSync(boundary, join(folder, '.git/shallow'));
    const url = await origin.originUrl();
    if (url !== null) {
      for (const [name, value] of [
        ['remote.origin.url', url],
        // Lets git fetch objects that a partial clone does not have when it needs them.
        ['remote.origin.promisor', 'true'],
        ['remote.origin.partialclonefilter', 'blob:none'],
      ] as const) {
        await git.required(['config', name, value], 'setting up a scratch repository');
      }
    }
    return new ScratchRepository(origin, git, credentials);
  }

  /**
   * The parents that the commit object names. This also works in a shallow clone, because its commit objects are
   * complete.
   *
   * @throws GitError
   */
  async parents(commit: CommitId): Promise<CommitId[]> {
    const body = (await this.contents([commit])).get(commit) ?? '';
    const header = body.slice(0, body.indexOf('\n\n'));
    return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] as CommitId);
  }

  /** All files of a commit that `Remote.need` has made available. @throws GitError */
  async tree(commit: CommitId): Promise<Listing> {
    const known = this.listed;
    if (known?.commit === commit) return known.files;
    const derived = known === undefined ? null : await deriveTree(this.git, known, commit);
    const files = derived ?? (await listTree(this.git, commit));
    this.listed ??= { commit, files };
    return files;
  }

  /** What differs between two commits that `Remote.need` has made available. @throws GitError */
  async changes(base: CommitId, head: CommitId): Promise<Change<RepositoryPath>[]> {
    return (await differencesBetween(this.git, base, head)).map(({ change }) => change);
  }

  /**
   * The contents of objects, by id. Invalid UTF-8 in binary content becomes replacement characters.
   *
   * @throws GitError if one is missing and cannot be fetched
   */
  async contents(objectIds: readonly string[]): Promise<Map<string, string>> {
    return this.objects.read(objectIds);
  }

  /** The text of a symlink of the repository. One that leads back into the user's checkout leads there directly. */
  linkText(link: RepositoryPath, text: string): string {
    return inwardText(this.realOrigin, link, text);
  }

  /** Replaces the texts of symlinks in the scratch working tree until the next checkout. */
  replaceLinks(texts: ReadonlyMap<RepositoryPath, string>): void {
    for (const [link, text] of texts) {
      const file = join(this.folder, link);
      rmSync(file, { force: true });
      symlinkSync(text, file);
    }
  }

  /**
   * Checks a commit out into the scratch working tree, with those submodules that the user has checked out.
   *
   * @throws GitError
   */
  async checkout(commit: CommitId): Promise<void> {
    await this.git.required(
      ['checkout', '--quiet', '--force', '--detach', commit],
      `checking out ${commit} in a scratch folder`,
    );
    await this.git.required(['clean', '--quiet', '-ffdx'], 'cleaning a scratch folder');
    await this.checkoutSubmodules(commit);
  }

  /**
   * Makes the scratch working tree equal to the user's: checks the head out, and applies what differs from it.
   *
   * @throws GitError
   */
  async checkoutWorkingTree(head: CommitId): Promise<void> {
    await this.checkout(head);
    const changes = await this.origin.workingTree.changes(head);
    // Deletions come first, because a folder may have been replaced by a file or a symlink.
    for (const { path, status } of changes) if (status === 'deleted') this.removeWithEmptyFolders(path);
    for (const change of changes) {
      if (change.status === 'deleted') continue;
      if (change.modeAfter === SUBMODULE_MODE) {
        await this.fillSubmodule(change.path, async (submodule, user) => {
          await submodule.checkoutWorkingTree(await user.head());
        });
      } else {
        const copies = this.origin.workingTree.filesIn(this.folder, change.path);
        this.origin.workingTree.filesAt(change.path).forEach((file, at) => {
          copyPath(file, copies[at] ?? '');
        });
      }
    }
  }

  /**
   * Git does not store empty folders, but a glob matches them. Two revisions with the same files must look the same.
   */
  private removeWithEmptyFolders(path: RepositoryPath): void {
    for (const file of this.origin.workingTree.filesIn(this.folder, path))
      rmSync(file, { recursive: true, force: true });
    for (const folder of foldersAbove(path)) {
      // The working tree itself stays.
      if (folder === '') return;
      const whole = join(this.folder, folder);
      if (!existsSync(whole)) continue;
      if (readdirSync(whole).length > 0) return;
      rmdirSync(whole);
    }
  }

  /** Copies an untracked file from the user's checkout, if it exists there. */
  copyUntracked(path: RepositoryPath): void {
    const from = join(this.origin.folder, path);
    const to = join(this.folder, path);
    if (existsSync(from) && !existsSync(to)) copyPath(from, to);
  }

  private async checkoutSubmodules(commit: CommitId): Promise<void> {
    if (!existsSync(join(this.folder, '.gitmodules'))) return;
    for (const entry of (await this.tree(commit)).entries) {
      if (entry.mode !== SUBMODULE_MODE) continue;
      await this.fillSubmodule(entry.path, async (submodule) => {
        const recorded = entry.objectId as CommitId;
        await submodule.remote.need(recorded);
        await submodule.checkout(recorded);
      });
    }
  }

  /**
   * A submodule is a separate repository. Its files come from a scratch repository of the user's checkout of it, if
   * there is one.
   */
  private async fillSubmodule(
    path: RepositoryPath,
    fill: (submodule: ScratchRepository, user: Repository) => Promise<void>,
  ): Promise<void> {
    const user = await this.origin.submodule(path);
    if (user === null) return;
    const folder = join(this.folder, path);
    rmSync(folder, { recursive: true, force: true });
    await fill(await ScratchRepository.create(user, folder, this.credentials), user);
  }
}
