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

/** A change as the workspace sees it: at its own path, or at the path of a symlink that leads there. */
export interface SeenChange extends Change<WorkspacePath> {
  /** The path that really changed. */
  readonly origin: RepositoryPath;
}

/** Whether the change is of a symlink or of a submodule, at base or head: whatever lies behind it may be another thing. */
export function isDoor(change: Change): boolean {
  return [change.modeBefore, change.modeAfter].some(
    (mode) => mode === SYMLINK_MODE || mode === SUBMODULE_MODE,
  );
}
