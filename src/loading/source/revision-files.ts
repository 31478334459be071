import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { Listing } from '../../formats/git-listing.js';
import type { FilePath } from '../../adapters/git/odd-names.js';
import type { Repository } from '../../adapters/git/repository.js';
import type { ScratchRepository } from '../../adapters/git/scratch-repository.js';
import {
  SUBMODULE_MODE,
  SYMLINK_MODE,
  type CommitId,
  type RepositoryPath,
  type TreeEntry,
} from '../../graph/tree.js';
import { selfAndFoldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { LookOutside } from '../inputs/revision-entries.js';
import { SortedPaths } from '../inputs/sorted-paths.js';
import { Symlinks } from '../inputs/symlinks.js';

/** The files of one revision's workspace: their names, and their texts on request. */
export class RevisionFiles {
  readonly listing: Listing<WorkspacePath>;
  private readSymlinks: Promise<Symlinks<RepositoryPath>> | undefined;
  private readLinks: Promise<ReadonlyMap<RepositoryPath, string>> | undefined;
  private knownDigest: string | undefined;

  private constructor(
    /** All files of the repository. */
    private readonly all: Listing,
    private readonly workspace: string,
    private readonly scratch: ScratchRepository,
    /** The paths on disk of files that git has no object of yet, by the id that their object would have. */
    private readonly uncommitted: ReadonlyMap<string, FilePath>,
  ) {
    this.listing = inWorkspace(all, workspace);
  }

  static async ofCommit(
    commit: CommitId,
    workspace: string,
    scratch: ScratchRepository,
  ): Promise<RevisionFiles> {
    return new RevisionFiles(await scratch.tree(commit), workspace, scratch, new Map());
  }

  /** The files of a commit with the uncommitted changes of the user's working tree. */
  static async ofWorkingTree(
    commit: CommitId,
    workspace: string,
    repository: Repository,
    scratch: ScratchRepository,
  ): Promise<RevisionFiles> {
    const committed = await scratch.tree(commit);
    const gone = new Set<RepositoryPath>();
    const there = new Map<RepositoryPath, TreeEntry>();
    const uncommitted = new Map<string, FilePath>();
    for (const { path, status, modeAfter } of await repository.workingTree.changes(commit)) {
      if (status === 'deleted') {
        gone.add(path);
        continue;
      }
      const [file = ''] = repository.workingTree.filesAt(path);
      const objectId =
        modeAfter === SUBMODULE_MODE ? `dirty ${randomUUID()}` : blobId(commit, contentOf(file, modeAfter));
      uncommitted.set(objectId, file);
      there.set(path, { path, mode: modeAfter, objectId });
    }
    return new RevisionFiles(committed.with(gone, [...there.values()]), workspace, scratch, uncommitted);
  }

  /** A digest of all files of the repository, hexadecimal. Each dirty submodule counts as another one each time. */
  digest(): string {
    this.knownDigest ??= digestOf(this.all);
    return this.knownDigest;
  }

  has(path: string): boolean {
    return this.listing.get(path) !== undefined;
  }

  /**
   * Whether the revision has something at a path, or a symlink or submodule above it that may lead to something.
   *
   * @param path relative to the workspace
   */
  hasOrLeadsOut(path: WorkspacePath): boolean {
    return [...selfAndFoldersAbove(path)].some((each) => this.has(each));
  }

  /**
   * The texts of those paths that are files of the repository. Symlinks are followed.
   *
   * @param paths relative to the workspace; `../` leads to the rest of the repository; absolute paths are ignored
   * @throws GitError
   */
  async texts(paths: Iterable<WorkspacePath>): Promise<Map<WorkspacePath, string>> {
    return this.textsAt(paths, (path) => repositoryPath(path, this.workspace));
  }

  /** The same for paths relative to the repository. @throws GitError */
  async textsInRepository(paths: Iterable<RepositoryPath>): Promise<Map<RepositoryPath, string>> {
    return this.textsAt(paths, (path) => path);
  }

  /**
   * The folders of the workspace to which the paths lead. Symlinks are followed, and each result is the real path of
   * the folder.
   *
   * @throws GitError
   */
  async foldersAt(paths: Iterable<WorkspacePath>): Promise<Set<WorkspacePath>> {
    const symlinks = await this.symlinks();
    const folders = new Set<WorkspacePath>();
    for (const path of paths) {
      const resolution = symlinks.resolve(repositoryPath(path, this.workspace));
      const folder = resolution.kind === 'folder' ? workspacePath(resolution.path, this.workspace) : null;
      if (folder !== null) folders.add(folder);
    }
    return folders;
  }

  /** The path of a file without symlinks on the way; the path itself if it leads out of the workspace. @throws GitError */
  async realPathOf(path: WorkspacePath): Promise<WorkspacePath> {
    const resolution = (await this.symlinks()).resolve(repositoryPath(path, this.workspace));
    const real = resolution.kind === 'outside' ? null : workspacePath(resolution.path, this.workspace);
    return real ?? path;
  }

  /**
   * The texts of all symlinks of the repository, by their path. Those outside the workspace are included, because a
   * path inside it can lead through them.
   *
   * @throws GitError
   */
  async linkTexts(): Promise<ReadonlyMap<RepositoryPath, string>> {
    return (await this.symlinks()).texts;
  }

  /**
   * The text of a symlink of the workspace. One that leads back into the checkout, by an absolute path or by the
   * checkout's own name, leads there directly.
   *
   * @param text as git has it
   */
  linkText(path: WorkspacePath, text: string): string {
    return this.scratch.linkText(repositoryPath(path, this.workspace), text);
  }

  /**
   * The symlinks of the repository that lead back into the checkout, with the texts of `linkText`.
   *
   * @throws GitError
   */
  async inwardLinks(): Promise<ReadonlyMap<RepositoryPath, string>> {
    const written = await this.writtenLinks();
    const texts = await this.linkTexts();
    // A path that is not valid UTF-8 cannot be found on the disk by its text.
    return new Map(
      [...texts].filter(([path, text]) => written.get(path) !== text && !path.includes('\uFFFD')),
    );
  }

  /**
   * Texts by object id, committed or not.
   *
   * @throws GitError if git lacks one
   */
  async read(objectIds: readonly string[]): Promise<Map<string, string>> {
    const texts = new Map<string, string>();
    const committed: string[] = [];
    for (const objectId of objectIds) {
      const file = this.uncommitted.get(objectId);
      if (file === undefined) committed.push(objectId);
      else
        texts.set(
          objectId,
          contentOf(file, lstatSync(file).isSymbolicLink() ? SYMLINK_MODE : '').toString('utf8'),
        );
    }
    if (committed.length === 0) return texts;
    for (const [objectId, text] of await this.scratch.contents(committed)) texts.set(objectId, text);
    return texts;
  }

  /**
   * Returns a function that looks up what the repository has at a path outside the workspace. The path is relative to
   * the workspace and starts with `../`. The function answers `unknown` for any other path, and for paths through a
   * symlink, in a submodule or in git's own folder.
   *
   * @throws GitError
   */
  async lookOutside(): Promise<LookOutside> {
    const symlinks = await this.symlinks();
    return (path) => {
      if (this.workspace === '' || !path.startsWith('../') || path.split('/').includes('.git'))
        return { kind: 'unknown' };
      const resolution = symlinks.resolve(`${this.workspace}/${path}`);
      if (resolution.kind === 'outside' || resolution.kind === 'submodule' || resolution.throughLink)
        return { kind: 'unknown' };
      const entry = this.all.get(resolution.path);
      if (entry !== undefined) return { kind: 'file', objectId: entry.objectId };
      return { kind: resolution.kind === 'folder' ? 'folder' : 'missing' };
    };
  }

  /** Resolves paths of the repository. The texts of the symlinks are read only once. */
  private symlinks(): Promise<Symlinks<RepositoryPath>> {
    this.readSymlinks ??= this.newSymlinks();
    return this.readSymlinks;
  }

  private async newSymlinks(): Promise<Symlinks<RepositoryPath>> {
    const { entries } = this.all;
    const texts = [...(await this.writtenLinks())].map(
      ([path, text]) => [path, this.scratch.linkText(path, text)] as const,
    );
    const submodules = entries.filter((entry) => entry.mode === SUBMODULE_MODE).map((entry) => entry.path);
    const paths = SortedPaths.of(entries.map((entry) => entry.path));
    return new Symlinks(paths, new Map(texts), new Set(submodules));
  }

  /** The texts of all symlinks of the repository as git has them. They are read only once. */
  private writtenLinks(): Promise<ReadonlyMap<RepositoryPath, string>> {
    this.readLinks ??= this.textsOf(this.all.entries.filter((entry) => entry.mode === SYMLINK_MODE));
    return this.readLinks;
  }

  private async textsAt<Path extends string>(
    paths: Iterable<Path>,
    inRepository: (path: Path) => RepositoryPath,
  ): Promise<Map<Path, string>> {
    const symlinks = await this.symlinks();
    const found: TreeEntry<Path>[] = [];
    for (const path of new Set(paths)) {
      if (path.startsWith('/')) continue;
      const resolution = symlinks.resolve(inRepository(path));
      const entry = resolution.kind === 'file' ? this.all.get(resolution.path) : undefined;
      if (entry !== undefined) found.push({ ...entry, path });
    }
    return this.textsOf(found);
  }

  private async textsOf<Path extends string>(
    entries: readonly TreeEntry<Path>[],
  ): Promise<Map<Path, string>> {
    const texts = await this.read(entries.map((entry) => entry.objectId));
    return new Map(entries.map((entry) => [entry.path, texts.get(entry.objectId) ?? '']));
  }
}

function digestOf({ entries }: Listing): string {
  const hash = createHash('sha256');
  for (const { mode, objectId, path } of entries) hash.update(`${mode} ${objectId} ${path}\0`);
  return hash.digest('hex');
}

function contentOf(file: FilePath, mode: string): Buffer {
  return mode === SYMLINK_MODE ? readlinkSync(file, 'buffer') : readFileSync(file);
}

/** The object id that git would give the content, with the hash algorithm of the repository's commit ids. */
function blobId(commit: CommitId, content: Buffer): string {
  const hash = createHash(commit.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}

function inWorkspace(all: Listing, workspace: string): Listing<WorkspacePath> {
  if (workspace === '') return all as Listing<string> as Listing<WorkspacePath>;
  return Listing.of(
    all.entries.flatMap((entry) => {
      const path = workspacePath(entry.path, workspace);
      return path === null ? [] : [{ ...entry, path }];
    }),
  );
}

/** A repository path relative to the workspace; null if it lies outside. */
export function workspacePath(path: RepositoryPath, workspace: string): WorkspacePath | null {
  if (workspace === '') return path as string as WorkspacePath;
  return path.startsWith(`${workspace}/`) ? (path.slice(workspace.length + 1) as WorkspacePath) : null;
}

/** A workspace path relative to the repository. */
export function repositoryPath(path: WorkspacePath, workspace: string): RepositoryPath {
  return (workspace === '' ? path : `${workspace}/${path}`) as RepositoryPath;
}
