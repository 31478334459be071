import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { resolveLink } from '../affected/symlinks.js';
import type { Repository } from '../git/repository.js';
import type { ScratchRepository } from '../git/scratch-repository.js';
import {
  SUBMODULE_MODE,
  SYMLINK_MODE,
  type CommitId,
  type RepositoryPath,
  type TreeEntry,
} from '../git/tree.js';
import type { WorkspacePath } from '../graph/label.js';

/** The files of one revision's workspace: their names, and the text of those that are asked for. */
export class RevisionFiles {
  private readonly byPath: ReadonlyMap<WorkspacePath, TreeEntry<WorkspacePath>>;
  /** All of the repository: symlinks lead out of the workspace. */
  private readonly inRepository: ReadonlyMap<RepositoryPath, TreeEntry>;

  private constructor(
    entries: readonly TreeEntry[],
    private readonly workspace: string,
    /** Reads by object id; what git does not have yet (uncommitted files) comes from the folder. */
    private readonly scratch: ScratchRepository,
    /** The user's working tree; null where all is committed. */
    private readonly folder: string | null,
  ) {
    this.inRepository = new Map(entries.map((entry) => [entry.path, entry]));
    this.byPath = new Map(inWorkspace(entries, workspace).map((entry) => [entry.path, entry]));
  }

  static async ofCommit(
    commit: CommitId,
    workspace: string,
    scratch: ScratchRepository,
  ): Promise<RevisionFiles> {
    return new RevisionFiles(await scratch.tree(commit), workspace, scratch, null);
  }

  /** A commit's files with the changes of the user's working tree. */
  static async ofWorkingTree(
    commit: CommitId,
    workspace: string,
    repository: Repository,
    scratch: ScratchRepository,
  ): Promise<RevisionFiles> {
    const entries = new Map((await scratch.tree(commit)).map((entry) => [entry.path, entry]));
    for (const change of await repository.workingTreeChanges(commit)) {
      if (change.status === 'deleted') entries.delete(change.path);
      else entries.set(change.path, { path: change.path, mode: change.modeAfter, objectId: UNCOMMITTED });
    }
    return new RevisionFiles([...entries.values()], workspace, scratch, repository.folder);
  }

  /** In git's order, uncommitted files last. */
  entries(): IterableIterator<TreeEntry<WorkspacePath>> {
    return this.byPath.values();
  }

  has(path: WorkspacePath): boolean {
    return this.byPath.has(path);
  }

  /** The texts of those of the paths that are files, or symlinks that lead to one in the repository. */
  async texts(paths: Iterable<WorkspacePath>): Promise<Map<WorkspacePath, string>> {
    const found: [WorkspacePath, TreeEntry][] = [];
    for (const path of new Set(paths)) {
      const entry = await this.behindLinks(repositoryPath(path, this.workspace));
      if (entry !== null) found.push([path, entry]);
    }
    const texts = await this.read(found.map(([, entry]) => entry));
    return new Map(found.map(([path, entry]) => [path, texts.get(entry.path) ?? '']));
  }

  /** What the symlinks hold, by their path. */
  async linkTexts(): Promise<Map<WorkspacePath, string>> {
    const links = [...this.byPath.values()].filter((entry) => entry.mode === SYMLINK_MODE);
    const texts = await this.read(
      links.map((link) => ({ ...link, path: repositoryPath(link.path, this.workspace) })),
    );
    return new Map(
      links.map((link) => [link.path, texts.get(repositoryPath(link.path, this.workspace)) ?? '']),
    );
  }

  /** The file at a path, symlinks on the way and at its end followed; null if there is none. */
  private async behindLinks(path: RepositoryPath): Promise<TreeEntry | null> {
    let at = path;
    for (let followed = 0; followed < LONGEST_CHAIN; followed++) {
      const link = this.firstLink(at);
      if (link === null) {
        const entry = this.inRepository.get(at);
        return entry === undefined || entry.mode === SUBMODULE_MODE ? null : entry;
      }
      const leadsTo = resolveLink(link.path, (await this.read([link])).get(link.path) ?? '');
      if (leadsTo === null) return null;
      at = join(leadsTo, at.slice(link.path.length)) as RepositoryPath;
    }
    return null;
  }

  /** The first symlink on the way to a path, the path itself included. */
  private firstLink(path: RepositoryPath): TreeEntry | null {
    for (let slash = path.indexOf('/'); ; slash = path.indexOf('/', slash + 1)) {
      const entry = this.inRepository.get((slash < 0 ? path : path.slice(0, slash)) as RepositoryPath);
      if (entry?.mode === SYMLINK_MODE) return entry;
      if (slash < 0) return null;
    }
  }

  private async read(entries: readonly TreeEntry[]): Promise<Map<RepositoryPath, string>> {
    const committed = entries.filter((entry) => entry.objectId !== UNCOMMITTED);
    const contents =
      committed.length === 0
        ? new Map<string, string>()
        : await this.scratch.contents(committed.map((entry) => entry.objectId));
    return new Map(
      entries.map((entry): [RepositoryPath, string] => [
        entry.path,
        entry.objectId === UNCOMMITTED ? this.readUncommitted(entry) : (contents.get(entry.objectId) ?? ''),
      ]),
    );
  }

  private readUncommitted(entry: TreeEntry): string {
    const path = join(this.folder ?? '', entry.path);
    return entry.mode === SYMLINK_MODE ? readlinkSync(path) : readFileSync(path, 'utf8');
  }
}

const UNCOMMITTED = '';

/** As many symlinks one after the other as Linux follows. */
const LONGEST_CHAIN = 40;

function inWorkspace(entries: readonly TreeEntry[], workspace: string): TreeEntry<WorkspacePath>[] {
  return entries.flatMap((entry) => {
    const path = workspacePath(entry.path, workspace);
    return path === null ? [] : [{ ...entry, path }];
  });
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
