import type { Published } from '../../formats/receipt.js';
import type { Mode } from '../../plan/legs/leg.js';

/** A log that explains a target's outcome. */
export interface Log {
  /** A name for a person: `test.log`, `shard 2, attempt 1`, `stderr of //:generator`. */
  readonly name: string;
  /** Where Bazel stored it: `file://…`, or `bytestream://…` if it is only in a remote cache. */
  readonly uri: string;
  /** Its end as plain text; null if it was not read or could not be read. */
  readonly tail: string | null;
}

/** The figures of a test run, or of an earlier run that the cache contains. */
export interface TestFigures {
  /** The total time of all attempts, shards and runs, in milliseconds; null if Bazel did not report it. */
  readonly durationMs: number | null;
  /** The number of attempts of the shard that was tried most often, at least 1. */
  readonly attempts: number;
  /** At least 1. */
  readonly shards: number;
}

/** What a leg reports about one target. */
export type Outcome =
  | ({ readonly kind: 'passed' | 'cached' } & TestFigures)
  | ({ readonly kind: 'flaky' | 'failed' | 'timed out'; readonly logs: readonly Log[] } & TestFigures)
  /** The log of a release says what it would do. */
  | { readonly kind: 'built'; readonly logs: readonly Log[] }
  | { readonly kind: 'released'; readonly durationMs: number; readonly published: readonly Published[] }
  /** The target was not released, because a newer commit's release came first; `message` names it. */
  | { readonly kind: 'superseded'; readonly message: string }
  /** The target was not released, because the same content was released last; `message` says by which run. */
  | { readonly kind: 'unchanged'; readonly message: string }
  /** The release was not started, because own tests did not pass; `message` names them. */
  | { readonly kind: 'withheld'; readonly message: string }
  | {
      readonly kind: 'failed to release';
      readonly durationMs: number;
      readonly message: string;
      readonly logs: readonly Log[];
      /** What it had published before it failed. */
      readonly published: readonly Published[];
    }
  /** `message` is Bazel's. */
  | { readonly kind: 'failed to build'; readonly message: string; readonly logs: readonly Log[] }
  /** Bazel skipped the target because it cannot be built for the platform. */
  | { readonly kind: 'incompatible'; readonly message: string }
  /** Nothing is known about the target, for the reason in `message`. */
  | { readonly kind: 'no status'; readonly message: string };

export type OutcomeKind = Outcome['kind'];

/** All kinds, from the best to the worst. */
export const OUTCOME_KINDS: readonly OutcomeKind[] = [
  'cached',
  'passed',
  'built',
  'released',
  'unchanged',
  'superseded',
  'incompatible',
  'flaky',
  'withheld',
  'no status',
  'failed to build',
  'timed out',
  'failed to release',
  'failed',
];

const PASSED: Readonly<Record<Mode, readonly OutcomeKind[]>> = {
  test: ['cached', 'passed', 'flaky', 'incompatible'],
  build: ['built', 'incompatible'],
  release: ['released', 'unchanged', 'superseded', 'incompatible'],
};

/** Whether a target that was to be tested, built or released passed. */
export function hasPassed(mode: Mode, outcome: Outcome): boolean {
  return PASSED[mode].includes(outcome.kind);
}

/** The worst of several outcomes of one target. If several are equally bad, it is the first of them. */
export function worst(outcomes: readonly [Outcome, ...Outcome[]]): Outcome {
  return outcomes.reduce((a, b) => (OUTCOME_KINDS.indexOf(b.kind) > OUTCOME_KINDS.indexOf(a.kind) ? b : a));
}

/** The logs of an outcome; empty if its kind has none. */
export function logsOf(outcome: Outcome): readonly Log[] {
  return 'logs' in outcome ? outcome.logs : [];
}

/** What a release published, as it says itself; empty if it says nothing. */
export function publishedBy(outcome: Outcome): readonly Published[] {
  return 'published' in outcome ? outcome.published : [];
}

/** The message of an outcome; null if its kind has none. */
export function outcomeMessage(outcome: Outcome): string | null {
  return 'message' in outcome ? outcome.message : null;
}

/** How long the target took, in milliseconds; null if unknown. */
export function durationOf(outcome: Outcome): number | null {
  return 'durationMs' in outcome ? outcome.durationMs : null;
}
