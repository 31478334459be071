import { SUBMODULE_MODE, SYMLINK_MODE, type RepositoryPath } from './tree.js';
import type { WorkspacePath } from './label.js';

export type ChangeStatus = 'added' | 'modified' | 'deleted' | 'type changed';

/** One path that differs between base and head. A rename is a delete and an add. */
export interface Change<Path extends string = string> {
  readonly path: Path;
  readonly status: ChangeStatus;
  /** Git's mode before, or `000000`. */
  readonly modeBefore: string;
  /** Git's mode after, or `000000`. */
  readonly modeAfter: string;
}

/** A change at a path where the workspace shows it: its own path, or one that leads there through a symlink. */
export interface ShownChange extends Change<WorkspacePath> {
  /** The path that really changed. */
  readonly origin: RepositoryPath;
}

/** Whether a symlink or a submodule changed: every path behind it may stand for another file than before. */
export function isLink(change: Change): boolean {
  return [change.modeBefore, change.modeAfter].some(
    (mode) => mode === SYMLINK_MODE || mode === SUBMODULE_MODE,
  );
}
