import { BUILD_FAILED, describeExit, NO_TESTS_FOUND, TESTS_FAILED } from '../../formats/exit-codes.js';
import type { Mode } from '../../plan/legs/leg.js';
import type { LegStatus, TargetResult } from './leg-result.js';
import { hasPassed } from './outcome.js';

/** How the leg's only call of Bazel ended, or the first one that failed. */
export type BazelEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** `bazel run` built its target, and returned the exit code of the program. */
  | { readonly kind: 'program ended'; readonly exitCode: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'not started'; readonly message: string };

/** Whether an exit code means only that some targets failed. A release returns the exit code of its program. */
export function isExitOfTargets(mode: Mode, exitCode: number | null): boolean {
  return mode === 'release' || exitCode === BUILD_FAILED || exitCode === TESTS_FAILED;
}

/** How a leg ended, and why. */
export interface LegEnd {
  readonly status: LegStatus;
  readonly message: string;
}

/**
 * How a leg ended and why. A leg succeeds only if Bazel's exit code is 0 and each target passed, with two exceptions:
 * exit code 4 (no tests found) is a success if Bazel skipped every target as incompatible, and so is a release that
 * Bazel refuses only for that reason.
 *
 * @param interruptedBy the signal that stopped the leg, or null
 */
export function legStatus(
  mode: Mode,
  end: BazelEnd,
  interruptedBy: string | null,
  targets: readonly TargetResult[],
): LegEnd {
  const failed = targets.filter(({ outcome }) => !hasPassed(mode, outcome));
  if (interruptedBy !== null) {
    const message = `Stopped by ${interruptedBy} (cancelled or out of time) with ${targets.length - failed.length} of ${targets.length} targets done.`;
    return { status: 'interrupted', message };
  }
  switch (end.kind) {
    case 'not started':
      return failure(end.message);
    case 'killed':
      return failure(`Bazel was killed by ${end.signal}: out of memory? Look at the end of its log.`);
    case 'program ended': {
      const what = `was built, but its program ended with exit code ${end.exitCode}.`;
      return failure(
        targets.length === 1
          ? `It ${what}`
          : `${failed.length} of ${targets.length} targets failed; the first of them ${what}`,
      );
    }
    case 'exited':
      return statusOfExit(mode, end.exitCode, failed, targets);
  }
}

function statusOfExit(
  mode: Mode,
  exitCode: number,
  failed: readonly TargetResult[],
  targets: readonly TargetResult[],
): LegEnd {
  const allIncompatible = targets.every(({ outcome }) => outcome.kind === 'incompatible');
  if (failed.length === 0) {
    const isExcused =
      exitCode === 0 ||
      mode === 'release' ||
      (mode === 'test' && exitCode === NO_TESTS_FOUND && allIncompatible);
    return isExcused
      ? { status: 'succeeded', message: allIncompatible ? ALL_INCOMPATIBLE : 'All targets passed.' }
      : failure(`All targets passed, but Bazel ended with ${describeExit(exitCode)}.`);
  }
  const haveNoResult = failed.every(({ outcome }) => outcome.kind === 'no status');
  const count = `${failed.length} of ${targets.length} targets`;
  return exitCode === 0 && haveNoResult
    ? failure(`Bazel succeeded, but ${count} have no result.`)
    : failure(`${count} failed; Bazel ended with ${describeExit(exitCode)}.`);
}

const ALL_INCOMPATIBLE = 'Bazel skipped every target: none can be built for this platform.';

function failure(message: string): LegEnd {
  return { status: 'failed', message };
}
