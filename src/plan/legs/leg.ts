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
  /**
   * The tests that a leg of releases runs before it releases, and that all have to pass; sorted. Absent if it runs none.
   */
  readonly ownTests?: readonly Label[];
  /** That the releases of the leg wait for all tests of the run; absent if they do not. */
  readonly waitsForTests?: true;
}

/** What a release waits for: its own tests, which its leg runs; all planned tests; or nothing but the plan. */
export type ReleaseAfter = 'own-tests' | 'tests' | 'plan';

export const RELEASE_AFTERS: readonly ReleaseAfter[] = ['own-tests', 'tests', 'plan'];
