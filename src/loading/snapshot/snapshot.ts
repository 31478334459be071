import type { Graph } from '../../graph/graph.js';
import type { LoadStatements } from '../inputs/load-closure.js';
import type { LoadingInputs } from '../inputs/loading-inputs.js';

/** A graph written down, with what it is a function of. */
export interface Snapshot {
  readonly fingerprint: string;
  /** The Bazel that made the graph, in its own words; to be compared where Bazel runs anyway. */
  readonly bazelVersion: string;
  readonly inputs: LoadingInputs;
  readonly statements: LoadStatements;
  readonly graph: Graph;
}
