import { importedRcFiles } from './rc.js';

/** An rc file that was found by following imports. */
export interface FollowedRcFile<Path extends string> {
  readonly path: Path;
  /** Null if there is no such file. */
  readonly text: string | null;
  /** The rc file that imports it; null for a root. */
  readonly importedBy: Path | null;
}

/**
 * Rc files and those that they import, directly or through others: the only place that goes from a file to those that
 * it imports. Each file occurs once, in breadth-first order.
 *
 * It yields the paths of the files that it needs next, and receives the texts of those that exist.
 *
 * @param roots relative to the workspace, or absolute, as are all paths that it yields
 */
export function* followImports<Path extends string>(
  roots: readonly Path[],
): Generator<readonly Path[], FollowedRcFile<Path>[], ReadonlyMap<Path, string>> {
  const reached = new Map<Path, FollowedRcFile<Path>>();
  let level = roots.map((path) => ({ path, importedBy: null as Path | null }));
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
        level.push({ path: imported as Path, importedBy: path });
    }
  }
  return [...reached.values()];
}
