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
): { readonly status: LegStatus; readonly message: string } {
  const failed = targets.filter(({ outcome }) => !hasPassed(mode, outcome));
  const lost = failed.filter(({ outcome }) => outcome.kind === 'no status');
  const count = `${failed.length} of ${targets.length} targets`;
  if (interruptedBy !== null) {
    const message = `Stopped by ${interruptedBy} (cancelled or out of time) with ${targets.length - failed.length} of ${targets.length} targets done.`;
    return { status: 'interrupted', message };
  }
  if (end.kind === 'not started') return { status: 'failed', message: end.message };
  if (end.kind === 'killed') {
    return {
      status: 'failed',
      message: `Bazel was killed by ${end.signal}: out of memory? Look at the end of its log.`,
    };
  }
  if (end.kind === 'program ended') {
    const what = `was built, but its program ended with exit code ${end.exitCode}.`;
    const message = targets.length === 1 ? `It ${what}` : `${count} failed; the first of them ${what}`;
    return { status: 'failed', message };
  }
  const allIncompatible = targets.every(({ outcome }) => outcome.kind === 'incompatible');
  const excused =
    end.exitCode === 0 ||
    (mode === 'test' && end.exitCode === NO_TESTS_FOUND && allIncompatible) ||
    (mode === 'release' && failed.length === 0);
  if (excused && failed.length === 0) {
    return {
      status: 'succeeded',
      message: allIncompatible
        ? 'Bazel skipped every target: none can be built for this platform.'
        : 'All targets passed.',
    };
  }
  if (end.exitCode === 0 && lost.length === failed.length) {
    return {
      status: 'failed',
      message: `Bazel succeeded, but ${lost.length} of ${targets.length} targets have no result.`,
    };
  }
  if (failed.length === 0) {
    return {
      status: 'failed',
      message: `All targets passed, but Bazel ended with ${describeExit(end.exitCode)}.`,
    };
  }
  return {
    status: 'failed',
    message: `${count} failed; Bazel ended with ${describeExit(end.exitCode)}.`,
  };
}
