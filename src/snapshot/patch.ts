import { Graph } from '../graph/graph.js';
import type { PackagePath } from '../graph/label.js';
import type { Target } from '../graph/target.js';

/** What a query of the dirty packages found. */
export interface Patch {
  /** The packages that are gone. */
  readonly removed: readonly PackagePath[];
  /** The packages that were queried again. */
  readonly queried: readonly PackagePath[];
  /** All targets of the queried packages. */
  readonly targets: readonly Target[];
}

/** The graph of the later revision, made of the earlier one's. */
export function patchGraph(graph: Graph, patch: Patch): Graph {
  const replaced = new Set([...patch.removed, ...patch.queried]);
  const kept = [...graph.packages()].filter(({ path }) => !replaced.has(path));
  return Graph.ofPackages([...kept, ...Graph.of(patch.targets).packages()]);
}
