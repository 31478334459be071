import { Graph } from '../../graph/graph.js';
import { makeLabel, type PackagePath } from '../../graph/label.js';
import { BUILD_FILES } from '../../graph/package.js';
import type { Target } from '../../graph/target.js';

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

/**
 * A package that was queried and whose BUILD file is not among the targets: where a target is named `all-targets`, Bazel
 * takes the pattern for that target alone.
 */
export function packageCutShort(
  queried: readonly PackagePath[],
  targets: readonly Target[],
): PackagePath | undefined {
  const labels = new Set(targets.map((target) => target.label));
  return queried.find((path) => !BUILD_FILES.some((name) => labels.has(makeLabel(path, name))));
}
