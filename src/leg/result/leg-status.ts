import { BUILD_FAILED, describeExit, NO_TESTS_FOUND, TESTS_FAILED } from '../../formats/exit-codes.js';
import type { Mode } from '../../plan/legs/leg.js';
import type { LegStatus, TargetResult } from './leg-result.js';
import { isGood } from './outcome.js';

/** How Bazel's only, or first failing, call of a leg ended. */
export type BazelEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** `bazel run` built its target, and passed on the code that the program ended with. */
  | { readonly kind: 'program ended'; readonly exitCode: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'not started'; readonly message: string };

/** Whether an exit code says no more than that some targets are not good; a release passes on its program's own. */
export function isExitOfTargets(mode: Mode, exitCode: number | null): boolean {
  return mode === 'release' || exitCode === BUILD_FAILED || exitCode === TESTS_FAILED;
}

/**
 * How a leg ended and why. Bazel's exit code decides: a leg succeeds only if it is 0 and each target has a good result.
 * Exit code 4 (no tests found) is a success too if Bazel skipped every target as incompatible; so is a release that
 * Bazel refuses for that reason alone.
 *
 * @param interruptedBy the signal that stopped the leg, or null
 */
export function legStatus(
  mode: Mode,
  end: BazelEnd,
  interruptedBy: string | null,
  targets: readonly TargetResult[],
): { readonly status: LegStatus; readonly message: string } {
  const bad = targets.filter(({ outcome }) => !isGood(mode, outcome));
  const lost = bad.filter(({ outcome }) => outcome.kind === 'no status');
  const count = `${bad.length} of ${targets.length} targets`;
  if (interruptedBy !== null) {
    const message = `Stopped by ${interruptedBy} (cancelled or out of time) with ${targets.length - bad.length} of ${targets.length} targets done.`;
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
    const what = `was built, and ended with exit code ${end.exitCode} when it ran.`;
    const message = targets.length === 1 ? `It ${what}` : `${count} are not good; the first of them ${what}`;
    return { status: 'failed', message };
  }
  const allIncompatible = targets.every(({ outcome }) => outcome.kind === 'incompatible');
  const excused =
    end.exitCode === 0 ||
    (mode === 'test' && end.exitCode === NO_TESTS_FOUND && allIncompatible) ||
    (mode === 'release' && bad.length === 0);
  if (excused && bad.length === 0) {
    return {
      status: 'succeeded',
      message: allIncompatible
        ? 'Bazel skipped every target: none can be built for this platform.'
        : 'All targets are good.',
    };
  }
  if (end.exitCode === 0 && lost.length === bad.length) {
    return {
      status: 'failed',
      message: `Bazel succeeded, but ${lost.length} of ${targets.length} targets have no result.`,
    };
  }
  if (bad.length === 0) {
    return {
      status: 'failed',
      message: `All targets are good, but Bazel ended with ${describeExit(end.exitCode)}.`,
    };
  }
  return {
    status: 'failed',
    message: `${count} are not good; Bazel ended with ${describeExit(end.exitCode)}.`,
  };
}
