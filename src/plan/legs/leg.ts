import type { Label } from '../../graph/label.js';

/** What a leg does with its targets: test them, only build them, or release them (`bazel run`). */
export type Mode = 'test' | 'build' | 'release';

export const MODES: readonly Mode[] = ['test', 'build', 'release'];

/** The runner of a job, as `runs-on` accepts it: one label, or several that must all match. */
export type RunsOn = string | readonly string[];

/** One entry of the matrix: a mode, its targets, its runner. */
export interface Leg {
  /** Unique in its plan, at most 100 characters, without control characters. */
  readonly name: string;
  readonly mode: Mode;
  /** Sorted, never empty. */
  readonly targets: readonly Label[];
  readonly runsOn: RunsOn;
}
