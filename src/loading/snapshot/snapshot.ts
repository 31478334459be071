import type { Graph } from '../../graph/graph.js';
import type { LoadStatements } from '../inputs/load-closure.js';
import type { LoadingInputs } from '../inputs/loading-inputs.js';

/** A stored graph, with the loading inputs that decide what it is. */
export interface Snapshot {
  readonly fingerprint: string;
  /** The version text of the Bazel that made the graph. It is compared only if Bazel runs anyway. */
  readonly bazelVersion: string;
  readonly inputs: LoadingInputs;
  readonly statements: LoadStatements;
  readonly graph: Graph;
}
