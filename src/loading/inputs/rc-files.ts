import { importedRcFiles } from '../../formats/rc.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { NeedsFiles } from './texts.js';

/** An rc file that was found by following imports. */
export interface RcFile {
  readonly path: WorkspacePath;
  /** Null if there is no such file. */
  readonly text: string | null;
  /** The rc file that imports it; null for a root. */
  readonly importedBy: WorkspacePath | null;
}

/**
 * Rc files and those that they import, directly or through others. Each file occurs once, in breadth-first order.
 *
 * @param roots paths relative to the workspace, or absolute
 */
export function* rcFilesFrom(roots: Iterable<string>): NeedsFiles<RcFile[]> {
  const reached = new Map<WorkspacePath, RcFile>();
  let level = [...roots].map((path) => ({
    path: path as WorkspacePath,
    importedBy: null as WorkspacePath | null,
  }));
  while (level.length > 0) {
    const fresh = new Map(
      level.filter(({ path }) => !reached.has(path)).map(({ path, importedBy }) => [path, importedBy]),
    );
    if (fresh.size === 0) break;
    const texts = yield [...fresh.keys()];
    level = [];
    for (const [path, importedBy] of fresh) {
      const text = texts.get(path) ?? null;
      reached.set(path, { path, text, importedBy });
      for (const imported of importedRcFiles(text ?? ''))
        level.push({ path: imported as WorkspacePath, importedBy: path });
    }
  }
  return [...reached.values()];
}
