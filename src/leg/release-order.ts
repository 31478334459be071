import type { Label } from '../graph/label.js';
import type { Leg } from '../plan/legs/leg.js';
import {
  isCut,
  isWithheld,
  OWN_TESTS_STEP,
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
  /** Asks what its plans release, each of them. There is none if the run keeps no plan. */
  readonly plans: () => Promise<readonly ReadonlySet<Label>[]>;
}

/** The release that asks. */
export interface OwnRelease {
  /** The job that the leg runs in, with its full name. */
  readonly job: Pick<RunJob, 'name' | 'steps' | 'attempt'>;
  /** Asks when its plan was finished, in milliseconds since 1970; null if that is unknown. */
  readonly planEnded: () => Promise<number | null>;
  /** The number of its run. */
  readonly number: number;
  readonly isPush: boolean;
}

/** Whether a leg may release now. */
export type Clearance =
  /** `job` is the full name of the job; null if it is not known, because nobody asked. */
  | { readonly kind: 'clear'; readonly job: string | null }
  /** A newer commit was released instead, so nothing is left to do. */
  | { readonly kind: 'superseded'; readonly why: string }
  /**
   * Releasing now might replace a newer release with an older one, or run at the same time as another run's release.
   */
  | { readonly kind: 'blocked'; readonly why: string };

/** It will be known in a few minutes whether a leg may release. */
export interface Undecided {
  readonly kind: 'undecided';
  readonly why: string;
}

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
 * - A newer push's job of the same target succeeded: it released the target, or found that a still newer push did. A
 *   newer run by hand that released it blocks instead, because its commit need not be newer.
 * - A newer run's job that may contain the target started but did not succeed: it may have released it, or may still do
 *   so. It did not if own tests failed before.
 * - A newer push that is not green made its plan without the target: it may have taken the change back. Otherwise it would have
 *   planned it, because this run is not green. If it is making its plan, and may have looked at this run before this run planned
 *   the target, the answer is undecided.
 * - An older run's job that may contain the target has not ended: it may be releasing it now.
 *
 * @param pushBase called only if the answer depends on it; the same for all runs of a workflow
 */
export async function releaseClearance(
  leg: Leg,
  own: OwnRelease,
  others: readonly OtherRun[],
  pushBase: () => Promise<BaseOrigin>,
  now: number = Date.now(),
): Promise<Clearance | Undecided> {
  const { job: ownJob, number: ownNumber, isPush } = own;
  const newer = others.filter(({ number }) => number > ownNumber);
  // What a run by hand releases is in no plan of a push.
  const green = isPush ? newer.find(isGreenPush(planJobBeside(leg, ownJob.name))) : undefined;
  const base = green === undefined ? null : await pushBase();
  if (green !== undefined && base === 'last green run') {
    return {
      kind: 'superseded',
      why: `the newer run ${green.url} is green, and covers the changes of this one`,
    };
  }
  const byNewer = judgedByNewer(leg, ownJob.name, newer);
  if (byNewer !== null) return byNewer;
  const taken = isPush ? await judgedByPlans(leg, own, newer, pushBase, now) : null;
  if (taken !== null) return taken;
  if (green !== undefined && base === 'unknown') {
    return {
      kind: 'blocked',
      why:
        `the newer run ${green.url} is green and has not released it, and it is unknown whether it covers the changes of ` +
        'this one: give the job the input plan-artifact',
    };
  }
  const older = others.filter(({ number }) => number < ownNumber);
  return judgedByOlder(leg, older) ?? { kind: 'clear', job: ownJob.name };
}

function judgedByNewer(leg: Leg, ownJob: string, newer: readonly OtherRun[]): Clearance | null {
  const namesTarget = leg.targets.length === 1 && leg.targets[0] === leg.name;
  const isReleased = ({ jobs }: OtherRun): boolean =>
    namesTarget &&
    jobs.some(({ name, started, conclusion }) => name === ownJob && started && conclusion === 'success');
  // What a run by hand released need not be newer.
  const push = newer.find((run) => run.event === 'push' && isReleased(run));
  if (push !== undefined) return { kind: 'superseded', why: `the newer run ${push.url} has released it` };
  for (const run of newer) {
    const other = run.jobs.find((job) => job.started && !isWithheld(job) && mayRelease(job, leg));
    if (other === undefined) continue;
    const why = isReleased(run)
      ? `the newer run ${run.url}, which is no push, has released it, perhaps from another commit: push, or release it by hand`
      : `the newer run ${run.url} has started its job ${JSON.stringify(other.name)}, which may have released it: ` +
        'this older commit must not replace it. If that run failed, run its failed jobs again, or push';
    return { kind: 'blocked', why };
  }
  return null;
}

/** Looks for a newer push that is not green and that may have taken back what is released. */
async function judgedByPlans(
  leg: Leg,
  own: OwnRelease,
  newer: readonly OtherRun[],
  pushBase: () => Promise<BaseOrigin>,
  now: number,
): Promise<Clearance | Undecided | null> {
  const planJob = planJobBeside(leg, own.job.name);
  let undecided: Undecided | null = null;
  for (const run of newer) {
    const plan = latest(run.jobs.filter(({ name }) => name === planJob));
    const isOpen = run.event === 'push' && !run.leavesUndone && run.conclusion !== 'success';
    if (plan === undefined || !isOpen) continue;
    // What an earlier attempt planned, its last plan may have left out.
    const isOfPlan = ({ attempt }: RunJob): boolean => (attempt ?? Infinity) >= (plan.attempt ?? 0);
    if (run.jobs.some((job) => isOfPlan(job) && mayRelease(job, leg))) continue;
    const answer = await plansWithout(leg, own, run, plan, now);
    if (answer === 'no') continue;
    // With another base, what an older run left undone is in no later plan, taken back or not.
    const base = await pushBase();
    if (base === 'other') return null;
    if (base === 'unknown') return baseUnknown(run);
    if (answer === 'yes') return takenBack(run);
    undecided ??= {
      kind: 'undecided',
      why: `the newer run ${run.url} is making its plan, which may take the change back: run this job again when it is made`,
    };
  }
  return undecided;
}

/** The job of the highest attempt. Where no attempt is known, one that has not failed counts. */
function latest(jobs: readonly RunJob[]): RunJob | undefined {
  const rank = ({ attempt, conclusion }: RunJob): number =>
    (attempt ?? 0) + (conclusion === null || conclusion === 'success' ? 0.5 : 0);
  return [...jobs].sort((one, other) => rank(other) - rank(one))[0];
}

function baseUnknown({ url }: OtherRun): Clearance {
  return {
    kind: 'blocked',
    why:
      `the newer run ${url} has no job for it, and it is unknown whether that one covers the changes of this one, because the plan of ` +
      'this run cannot be read: give the job the input plan-artifact, or run it again',
  };
}

function takenBack({ url, conclusion }: OtherRun): Clearance {
  return {
    kind: 'blocked',
    why:
      `the newer run ${url} has made its plan without it: it may have taken the change back. ` +
      (conclusion === null
        ? 'Run this job again when that run is over'
        : 'Run the failed jobs of that run again, or push'),
  };
}

/** How long GitHub may take, in milliseconds, to list the jobs that wait for a plan. */
const LISTED_AFTER_MS = 2 * 60_000;

/** Whether a newer push, which has no job for the leg, plans without it. */
async function plansWithout(
  leg: Leg,
  own: OwnRelease,
  run: OtherRun,
  plan: RunJob,
  now: number,
): Promise<'yes' | 'no' | 'later'> {
  if (plan.conclusion === null) return !plan.started || (await looksAfter(own, plan)) ? 'no' : 'later';
  if (plan.conclusion !== 'success') return 'no';
  const plans = await run.plans();
  if (plans.length > 0)
    return plans.some((labels) => leg.targets.every((label) => labels.has(label))) ? 'no' : 'yes';
  // Only a release that runs its own tests has a job as soon as it is planned.
  if (!isEarly(own.job)) return 'no';
  if (run.conclusion !== null) return 'yes';
  return plan.ended !== null && now - plan.ended > LISTED_AFTER_MS ? 'yes' : 'later';
}

/** Whether a plan that is being made looks at this run only after this run had planned its releases, and so finds them. */
async function looksAfter({ job, planEnded }: OwnRelease, plan: RunJob): Promise<boolean> {
  // A run that is run again was over for a while, and whoever looked then found no release that waits.
  if (job.attempt !== 1 || plan.began === null) return false;
  const ended = await planEnded();
  return ended !== null && ended <= plan.began;
}

/** Whether the job's release waits for no other job than the plan, so that it has a job as soon as it is planned. */
function isEarly({ steps }: Pick<RunJob, 'steps'>): boolean {
  return steps.some(({ name }) => name === OWN_TESTS_STEP);
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
export function planJobBeside(leg: Leg, ownJob: string): string {
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
export function mayRelease(job: RunJob, leg: Leg): boolean {
  const released = releasedLegName(job);
  if (released === null) return false;
  const vague = leg.targets.length > 1 || isCut(leg.name) || isCut(released);
  return vague || job.name === releaseJobName(leg) || job.name.endsWith(` / ${releaseJobName(leg)}`);
}
