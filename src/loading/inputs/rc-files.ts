import { followImports, type FollowedRcFile } from '../../formats/rc-imports.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { NeedsFiles } from './texts.js';

/** An rc file that was found by following imports. */
export type RcFile = FollowedRcFile<WorkspacePath>;

/**
 * Rc files and those that they import, directly or through others. Each file occurs once, in breadth-first order.
 *
 * @param roots paths relative to the workspace, or absolute
 */
export function rcFilesFrom(roots: Iterable<string>): NeedsFiles<RcFile[]> {
  return followImports([...roots] as WorkspacePath[]);
}
