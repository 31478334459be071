import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { resolveLink } from '../inputs/shown-paths.js';
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
import type { WorkspacePath } from '../../graph/label.js';
import type { Outside } from '../inputs/loading-inputs.js';
import { SortedPaths } from '../inputs/sorted-paths.js';

/** The files of one revision's workspace: their names, and the text of those that are asked for. */
export class RevisionFiles {
  readonly listing: Listing<WorkspacePath>;
  private repositoryPaths: RepositoryPaths | undefined;

  private constructor(
    /** All files of the repository. */
    private readonly all: Listing,
    private readonly workspace: string,
    private readonly scratch: ScratchRepository,
    /** Where the files lie that git has no object of yet, by the id that their object would have. */
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

  /** A commit's files with the changes of the user's working tree. */
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

  has(path: string): boolean {
    return this.listing.get(path) !== undefined;
  }

  /** The texts of those of the paths that are files, or symlinks that lead to one in the repository. */
  async texts(paths: Iterable<WorkspacePath>): Promise<Map<WorkspacePath, string>> {
    const found: TreeEntry<WorkspacePath>[] = [];
    for (const path of new Set(paths)) {
      const entry = await this.behindLinks(repositoryPath(path, this.workspace));
      if (entry !== null) found.push({ ...entry, path });
    }
    return this.textsOf(found);
  }

  /** What the symlinks of the whole repository hold, by their path: one outside the workspace can lie on the way of one in it. */
  async linkTexts(): Promise<Map<RepositoryPath, string>> {
    return this.textsOf(this.all.entries.filter((entry) => entry.mode === SYMLINK_MODE));
  }

  /** Texts by object id, committed or not. @throws GitError if git lacks one */
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

  /** The file at a path, symlinks on the way and at its end followed; null if there is none. */
  private async behindLinks(path: RepositoryPath): Promise<TreeEntry | null> {
    let at = path;
    for (let followed = 0; followed < LONGEST_CHAIN; followed++) {
      const link = this.firstLink(at);
      if (link === null) {
        const entry = this.all.get(at);
        return entry === undefined || entry.mode === SUBMODULE_MODE ? null : entry;
      }
      const leadsTo = resolveLink(link.path, (await this.read([link.objectId])).get(link.objectId) ?? '');
      if (leadsTo === null) return null;
      at = join(leadsTo, at.slice(link.path.length)) as RepositoryPath;
    }
    return null;
  }

  /** The first symlink on the way to a path, the path itself included. */
  private firstLink(path: RepositoryPath): TreeEntry | null {
    for (let slash = path.indexOf('/'); ; slash = path.indexOf('/', slash + 1)) {
      const entry = this.all.get(slash < 0 ? path : path.slice(0, slash));
      if (entry?.mode === SYMLINK_MODE) return entry;
      if (slash < 0) return null;
    }
  }

  /**
   * What stands at a path outside the workspace that lies in the repository all the same.
   *
   * @param path relative to the workspace, starting with `../`; `unknown` is the answer for any other one, and for
   *   what lies behind a symlink or a submodule
   */
  outside(path: string): Outside {
    if (this.workspace === '' || !path.startsWith('../')) return { kind: 'unknown' };
    this.repositoryPaths ??= new RepositoryPaths(this.all);
    return this.repositoryPaths.look(`${this.workspace}/${path}`);
  }

  private async textsOf<Path extends string>(
    entries: readonly TreeEntry<Path>[],
  ): Promise<Map<Path, string>> {
    const texts = await this.read(entries.map((entry) => entry.objectId));
    return new Map(entries.map((entry) => [entry.path, texts.get(entry.objectId) ?? '']));
  }
}

/** As many symlinks one after the other as Linux follows. */
const LONGEST_CHAIN = 40;

/** All files of a repository, as a symlink finds them. */
class RepositoryPaths {
  private readonly files: SortedPaths;
  /** Symlinks and submodules: what is behind them, the listing does not say. */
  private readonly doors: ReadonlySet<string>;

  constructor(private readonly all: Listing) {
    const { entries } = all;
    // Searched like the paths of a workspace.
    this.files = SortedPaths.of(entries.map((entry) => entry.path as string as WorkspacePath));
    this.doors = new Set(
      entries
        .filter((entry) => entry.mode === SYMLINK_MODE || entry.mode === SUBMODULE_MODE)
        .map((entry) => entry.path),
    );
  }

  /** @param path relative to the repository; its `..` count from where the folders before them really are */
  look(path: string): Outside {
    const folders: string[] = [];
    for (const segment of path.split('/')) {
      if (segment === '' || segment === '.') continue;
      if (segment !== '..') folders.push(segment);
      else if (folders.pop() === undefined) return { kind: 'unknown' };
      const here = folders.join('/');
      if (here === '.git' || this.doors.has(here)) return { kind: 'unknown' };
    }
    const found = folders.join('/');
    const entry = this.all.get(found);
    if (entry !== undefined) return { kind: 'file', objectId: entry.objectId };
    return { kind: this.files.hasFolder(found) ? 'folder' : 'missing' };
  }
}

function contentOf(file: FilePath, mode: string): Buffer {
  return mode === SYMLINK_MODE ? readlinkSync(file, 'buffer') : readFileSync(file);
}

/** The id that git would give a content, by the hash that the repository's commit ids are made with. */
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

/** A repository path as the workspace knows it; null if it lies outside. */
export function workspacePath(path: RepositoryPath, workspace: string): WorkspacePath | null {
  if (workspace === '') return path as string as WorkspacePath;
  return path.startsWith(`${workspace}/`) ? (path.slice(workspace.length + 1) as WorkspacePath) : null;
}

/** A workspace path as the repository knows it. */
export function repositoryPath(path: WorkspacePath, workspace: string): RepositoryPath {
  return (workspace === '' ? path : `${workspace}/${path}`) as RepositoryPath;
}
