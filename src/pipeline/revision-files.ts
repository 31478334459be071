import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
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

  private constructor(
    entries: readonly TreeEntry<WorkspacePath>[],
    /** Reads by object id; what git does not have yet (uncommitted files) comes from the folder. */
    private readonly scratch: ScratchRepository,
    private readonly folder: string | null,
  ) {
    this.byPath = new Map(entries.map((entry) => [entry.path, entry]));
  }

  static async ofCommit(
    commit: CommitId,
    workspace: string,
    scratch: ScratchRepository,
  ): Promise<RevisionFiles> {
    return new RevisionFiles(inWorkspace(await scratch.tree(commit), workspace), scratch, null);
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
    return new RevisionFiles(
      inWorkspace([...entries.values()], workspace),
      scratch,
      join(repository.folder, workspace),
    );
  }

  /** In git's order, uncommitted files last. */
  entries(): IterableIterator<TreeEntry<WorkspacePath>> {
    return this.byPath.values();
  }

  has(path: WorkspacePath): boolean {
    return this.byPath.has(path);
  }

  /** The texts of those of the paths that are files; a symlink has none: what it shows is another path's. */
  async texts(paths: Iterable<WorkspacePath>): Promise<Map<WorkspacePath, string>> {
    const entries = [...new Set(paths)].flatMap((path) => this.byPath.get(path) ?? []);
    return this.read(entries.filter((entry) => entry.mode !== SYMLINK_MODE && entry.mode !== SUBMODULE_MODE));
  }

  /** What the symlinks hold, by their path. */
  async linkTexts(): Promise<Map<WorkspacePath, string>> {
    return this.read([...this.byPath.values()].filter((entry) => entry.mode === SYMLINK_MODE));
  }

  private async read(entries: readonly TreeEntry<WorkspacePath>[]): Promise<Map<WorkspacePath, string>> {
    const committed = entries.filter((entry) => entry.objectId !== UNCOMMITTED);
    const contents =
      committed.length === 0
        ? new Map<string, string>()
        : await this.scratch.contents(committed.map((entry) => entry.objectId));
    return new Map(
      entries.map((entry): [WorkspacePath, string] => [
        entry.path,
        entry.objectId === UNCOMMITTED ? this.readUncommitted(entry) : (contents.get(entry.objectId) ?? ''),
      ]),
    );
  }

  private readUncommitted(entry: TreeEntry<WorkspacePath>): string {
    const path = join(this.folder ?? '', entry.path);
    return entry.mode === SYMLINK_MODE ? readlinkSync(path) : readFileSync(path, 'utf8');
  }
}

const UNCOMMITTED = '';

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
