import type { WorkspacePath } from '../../graph/label.js';
import { isDoor, type SeenChange } from '../../graph/change.js';
import type { Surroundings } from './surroundings.js';

/** Read at a fixed place below the root, if it is there. */
const WRAPPER = 'tools/bazel' as WorkspacePath;

/**
 * The changes, and for each changed symlink or submodule all that lies behind it and is named by rc files, module files or
 * options: git lists no change at those paths.
 */
export function withNamedBehindDoors(
  changes: readonly SeenChange[],
  around: Pick<Surroundings, 'moduleInputs' | 'rcFiles' | 'namedInOptions'>,
): readonly SeenChange[] {
  const doors = changes.filter(isDoor);
  if (doors.length === 0) return changes;
  const named = new Set([
    WRAPPER,
    ...around.rcFiles,
    ...around.moduleInputs.code,
    ...around.moduleInputs.named.exact(),
    ...[...around.namedInOptions].map((path) => path.replace(/\/$/, '') as WorkspacePath),
  ]);
  const behind = doors.flatMap((door) =>
    [
      ...[...named].filter((path) => path.startsWith(`${door.path}/`)),
      ...around.moduleInputs.named.examplesBelow(door.path),
    ].map((path) => ({ ...door, path })),
  );
  return [...changes, ...behind];
}
