import type { Leg } from '../plan/legs/leg.js';
import {
  isCut,
  isWithheld,
  releasedLegName,
  releaseJobName,
  type RunJob,
} from '../plan/legs/release-jobs.js';

/** A run of the same workflow for the same branch. */
export interface OtherRun {
  /** Higher for a later push. A run keeps its number when it is run again. */
  readonly number: number;
  readonly url: string;
  /** The event that started it. */
  readonly event: string;
  /** Null while the run has not ended. */
  readonly conclusion: string | null;
  /**
   * Whether the run's plan left something undone, so that the run covers nothing even if it is green: its releases were
   * withheld, or it was for a deleted branch.
   */
  readonly leavesUndone: boolean;
  /** The jobs of all its attempts. */
  readonly jobs: readonly RunJob[];
}

/** Whether a leg may release now. */
export type Clearance =
  | { readonly kind: 'clear' }
  /** A newer commit was released instead, so nothing is left to do. */
  | { readonly kind: 'superseded'; readonly why: string }
  /**
   * Releasing now might replace a newer release with an older one, or run at the same time as another run's release.
   */
  | { readonly kind: 'blocked'; readonly why: string };

/**
 * Where the base of a push's plan comes from: the last green run on its branch (also if there is none yet), something
 * else, or unknown. Only in the first case is it certain that a later plan covers what an earlier run did not finish.
 */
export type BaseOrigin = 'last green run' | 'other' | 'unknown';

/**
 * Decides whether a leg may release, from the state of the other runs of its workflow on its branch.
 *
 * - A newer run is green, and its plan was compared with the last green run: it covers this commit's changes, because
 *   this run is not green.
 * - A newer run's job of the same target succeeded: it released the target, or found that a still newer run did.
 * - A newer run's job that may contain the target started but did not succeed: it may have released it, or may still do
 *   so. It did not if own tests failed before.
 * - A newer push that is not green made its plan, and ended without a job for the target: it may have taken the change back.
 * - An older run's job that may contain the target has not ended: it may be releasing it now.
 *
 * @param ownJob the full name of the job that this leg runs in
 * @param pushBase called only if the answer depends on it; the same for all runs of a workflow
 */
export async function releaseClearance(
  leg: Leg,
  ownJob: string,
  ownNumber: number,
  others: readonly OtherRun[],
  pushBase: () => Promise<BaseOrigin>,
): Promise<Clearance> {
  const newer = others.filter(({ number }) => number > ownNumber);
  const green = newer.find(isGreenPush(planJobBeside(leg, ownJob)));
  const base = green === undefined ? null : await pushBase();
  if (green !== undefined && base === 'last green run') {
    return {
      kind: 'superseded',
      why: `the newer run ${green.url} is green, and covers the changes of this one`,
    };
  }
  const byNewer = judgedByNewer(leg, ownJob, newer);
  if (byNewer !== null) return byNewer;
  if (green !== undefined && base === 'unknown') {
    return {
      kind: 'blocked',
      why:
        `the newer run ${green.url} is green and has not released it, and it is unknown whether it covers the changes of ` +
        'this one: give the job the input plan-artifact',
    };
  }
  const older = others.filter(({ number }) => number < ownNumber);
  return judgedByOlder(leg, older) ?? { kind: 'clear' };
}

function judgedByNewer(leg: Leg, ownJob: string, newer: readonly OtherRun[]): Clearance | null {
  const namesTarget = leg.targets.length === 1 && leg.targets[0] === leg.name;
  for (const run of newer) {
    const ofTarget = run.jobs.filter((job) => mayRelease(job, leg));
    const started = ofTarget.filter((job) => job.started && !isWithheld(job));
    const isReleased = started.some((job) => job.name === ownJob && job.conclusion === 'success');
    // What a run by hand released need not be newer.
    if (namesTarget && isReleased && run.event === 'push') {
      return { kind: 'superseded', why: `the newer run ${run.url} has released it` };
    }
    const other = started[0];
    if (other !== undefined) {
      return {
        kind: 'blocked',
        why:
          `the newer run ${run.url} has started its job ${JSON.stringify(other.name)}, which may have released it: ` +
          'this older commit must not replace it. If that run failed, run its failed jobs again, or push',
      };
    }
    if (ofTarget.length === 0 && hasEndedWithPlan(run, planJobBeside(leg, ownJob))) {
      return {
        kind: 'blocked',
        why:
          `the newer run ${run.url} has made its plan, and has ended without a job for it: it may have taken the change back. ` +
          'Run the failed jobs of that run again, or push',
      };
    }
  }
  return null;
}

function hasEndedWithPlan({ event, conclusion, jobs }: OtherRun, planJob: string): boolean {
  const hasPlan = jobs.some((job) => job.name === planJob && job.conclusion === 'success');
  return event === 'push' && conclusion !== null && conclusion !== 'success' && hasPlan;
}

function judgedByOlder(leg: Leg, older: readonly OtherRun[]): Clearance | null {
  for (const run of older) {
    const running = run.jobs.find((job) => job.started && job.conclusion === null && mayRelease(job, leg));
    if (running !== undefined) {
      return {
        kind: 'blocked',
        why: `the older run ${run.url} is in the middle of its job ${JSON.stringify(running.name)}: run this job again when that one is over`,
      };
    }
  }
  return null;
}

/**
 * The full name of the job that makes the plan. The same job calls it and this leg's job, so both names begin with the
 * same calling jobs.
 */
function planJobBeside(leg: Leg, ownJob: string): string {
  return `${ownJob.slice(0, -releaseJobName(leg).length)}plan`;
}

/**
 * Whether a run made all releases that its branch needed. A green run is not enough: runs started by hand may release
 * nothing, and a run is also green if its job for Bazel was skipped or its plan left something undone.
 */
function isGreenPush(planJob: string): (run: OtherRun) => boolean {
  return ({ event, conclusion, leavesUndone, jobs }) =>
    event === 'push' &&
    conclusion === 'success' &&
    !leavesUndone &&
    jobs.some((job) => job.name === planJob && job.conclusion === 'success');
}

/**
 * Whether a job may release one of the leg's targets. The job's name decides, but it does not list all targets of a leg
 * that has several.
 */
function mayRelease(job: RunJob, leg: Leg): boolean {
  const released = releasedLegName(job);
  if (released === null) return false;
  const vague = leg.targets.length > 1 || isCut(leg.name) || isCut(released);
  return vague || job.name === releaseJobName(leg) || job.name.endsWith(` / ${releaseJobName(leg)}`);
}
