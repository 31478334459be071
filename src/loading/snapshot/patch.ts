import { Graph } from '../../graph/graph.js';
import { makeLabel, type PackagePath } from '../../graph/label.js';
import { BUILD_FILES } from '../../graph/package.js';
import type { Target } from '../../graph/target.js';

/** The result of a query of the dirty packages. */
export interface Patch {
  /** The packages that no longer exist. */
  readonly removed: readonly PackagePath[];
  /** The packages that were queried again. */
  readonly queried: readonly PackagePath[];
  /** All targets of the queried packages. */
  readonly targets: readonly Target[];
}

/** The graph of the later revision: the graph of the earlier one with the patch applied. */
export function patchGraph(graph: Graph, patch: Patch): Graph {
  const replaced = new Set([...patch.removed, ...patch.queried]);
  const kept = [...graph.packages()].filter(({ path }) => !replaced.has(path));
  return Graph.ofPackages([...kept, ...Graph.of(patch.targets).packages()]);
}

/**
 * Finds a queried package whose BUILD file is not among the targets, which means that the answer is incomplete. The
 * cause is a target with the name `all-targets`: Bazel then reads the pattern as that one target.
 */
export function packageCutShort(
  queried: readonly PackagePath[],
  targets: readonly Target[],
): PackagePath | undefined {
  const labels = new Set(targets.map((target) => target.label));
  return queried.find((path) => !BUILD_FILES.some((name) => labels.has(makeLabel(path, name))));
}
