import type { Mode } from '../../plan/legs/leg.js';

/** A log that says why a target came out as it did. */
export interface Log {
  /** What it is, for a person: `test.log`, `shard 2, attempt 1`, `stderr of //:generator`. */
  readonly name: string;
  /** Where Bazel left it: `file://…`, or `bytestream://…` where it stayed on a remote cache. */
  readonly uri: string;
  /** Its end as plain text; null where it was not or could not be read. */
  readonly tail: string | null;
}

/** The figures of a test that ran, or of its run that the cache remembers. */
export interface TestFigures {
  /** Time of all attempts, shards and runs together, in milliseconds; null where Bazel did not say. */
  readonly durationMs: number | null;
  /** How often the most repeated shard was tried, at least 1. */
  readonly attempts: number;
  /** At least 1. */
  readonly shards: number;
}

/** What became of one target of a leg. */
export type Outcome =
  | ({ readonly kind: 'passed' | 'cached' } & TestFigures)
  | ({ readonly kind: 'flaky' | 'failed' | 'timed out'; readonly logs: readonly Log[] } & TestFigures)
  | { readonly kind: 'built' }
  | { readonly kind: 'released'; readonly durationMs: number }
  /** Not released, because a newer commit's release came first; `message` says which. */
  | { readonly kind: 'superseded'; readonly message: string }
  | {
      readonly kind: 'failed to release';
      readonly durationMs: number;
      readonly message: string;
      readonly logs: readonly Log[];
    }
  /** `message` is Bazel's own. */
  | { readonly kind: 'failed to build'; readonly message: string; readonly logs: readonly Log[] }
  /** Bazel skipped it: it cannot be built for the platform. */
  | { readonly kind: 'incompatible'; readonly message: string }
  /** Nothing is known, for the reason in `message`. */
  | { readonly kind: 'no status'; readonly message: string };

export type OutcomeKind = Outcome['kind'];

/** All kinds, from the best to the worst. */
export const OUTCOME_KINDS: readonly OutcomeKind[] = [
  'cached',
  'passed',
  'built',
  'released',
  'superseded',
  'incompatible',
  'flaky',
  'no status',
  'failed to build',
  'timed out',
  'failed to release',
  'failed',
];

const PASSED: Readonly<Record<Mode, readonly OutcomeKind[]>> = {
  test: ['cached', 'passed', 'flaky', 'incompatible'],
  build: ['built', 'incompatible'],
  release: ['released', 'superseded', 'incompatible'],
};

/** Whether a target that had to be tested, built or released passed. */
export function hasPassed(mode: Mode, outcome: Outcome): boolean {
  return PASSED[mode].includes(outcome.kind);
}

/** The worst of several outcomes of one target; of equal ones the first. */
export function worst(outcomes: readonly [Outcome, ...Outcome[]]): Outcome {
  return outcomes.reduce((a, b) => (OUTCOME_KINDS.indexOf(b.kind) > OUTCOME_KINDS.indexOf(a.kind) ? b : a));
}

/** The logs of an outcome; empty where its kind has none. */
export function logsOf(outcome: Outcome): readonly Log[] {
  return 'logs' in outcome ? outcome.logs : [];
}

/** The message of an outcome; null where its kind has none. */
export function outcomeMessage(outcome: Outcome): string | null {
  return 'message' in outcome ? outcome.message : null;
}

/** How long the target took, in milliseconds; null where unknown. */
export function durationOf(outcome: Outcome): number | null {
  return 'durationMs' in outcome ? outcome.durationMs : null;
}
