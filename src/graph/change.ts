import { SUBMODULE_MODE, SYMLINK_MODE, type RepositoryPath } from './tree.js';
import type { WorkspacePath } from './label.js';

export type ChangeStatus = 'added' | 'modified' | 'deleted' | 'type changed';

/** One path that differs between base and head. A rename is a deletion and an addition. */
export interface Change<Path extends string = string> {
  readonly path: Path;
  readonly status: ChangeStatus;
  /** Git's mode before the change; `000000` if there was no file. */
  readonly modeBefore: string;
  /** Git's mode after the change; `000000` if there is no file. */
  readonly modeAfter: string;
}

/** A change at a path where the workspace shows it: its own path, or another one that reaches it through a symlink. */
export interface ShownChange extends Change<WorkspacePath> {
  /** The path that itself changed. */
  readonly origin: RepositoryPath;
}

/** Whether a symlink or a submodule changed. Every path below it may then be a different file than before. */
export function isLink(change: Change): boolean {
  return [change.modeBefore, change.modeAfter].some(
    (mode) => mode === SYMLINK_MODE || mode === SUBMODULE_MODE,
  );
}
