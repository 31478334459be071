import type { Leg } from '../plan/legs/leg.js';

/** A job of a run, as far as the order of releases depends on it. */
export interface RunJob {
  /** As GitHub shows it: with the names of the calling jobs before it, ` / ` between them. */
  readonly name: string;
  /** Whether a runner ever took it. */
  readonly started: boolean;
  /** Null while it is not over. */
  readonly conclusion: string | null;
}

/** A run of the same workflow for the same branch. */
export interface OtherRun {
  /** Higher for a later push: a run keeps its number when it is run again. */
  readonly number: number;
  readonly url: string;
  /** The event that started it. */
  readonly event: string;
  /** Null while it is not over. */
  readonly conclusion: string | null;
  /** Whether it is green and covers nothing all the same: its plan held its releases, or was for a deleted branch. */
  readonly leavesUndone: boolean;
  /** Of all its attempts. */
  readonly jobs: readonly RunJob[];
}

/** Whether a leg may release now. */
export type Clearance =
  | { readonly kind: 'clear' }
  /** A newer commit was released in its place: there is nothing left to do. */
  | { readonly kind: 'superseded'; readonly why: string }
  /** Releasing now might publish an older commit over a newer one, or at the same time as another run. */
  | { readonly kind: 'blocked'; readonly why: string };

/**
 * Where the base of a push's plan comes from: the last green run on its branch (or that there is none), or something
 * else, so that a later plan need not cover what an earlier one did not get done.
 */
export type PushBase = 'last green run' | 'other' | 'unknown';

/** What a job that releases a leg is called, by this project's workflow and by whoever wires the actions otherwise. */
export function releaseJobName(leg: Pick<Leg, 'name'>): string {
  return `release ${leg.name}`;
}

/**
 * Judges whether a leg may release, by what the other runs of its workflow on its branch did and do.
 *
 * - A newer run that is green, with a plan that was compared with the last green run, has covered this commit's changes,
 *   because this one is not green.
 * - A newer run's job of the same target that succeeded has released it, or knows that a still newer one did.
 * - A newer run's job that may hold the target, and that started without success, may have released it or be about to.
 * - An older run's job that may hold the target and is not over is releasing it right now.
 *
 * @param ownJob the full name of the job that this leg runs in
 * @param pushBase asked only where it matters; the same for all runs of a workflow
 */
export async function releaseClearance(
  leg: Leg,
  ownJob: string,
  ownNumber: number,
  others: readonly OtherRun[],
  pushBase: () => Promise<PushBase>,
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
    const started = run.jobs.filter((job) => job.started && mayHold(job, leg));
    if (namesTarget && started.some((job) => job.name === ownJob && job.conclusion === 'success')) {
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
  }
  return null;
}

function judgedByOlder(leg: Leg, older: readonly OtherRun[]): Clearance | null {
  for (const run of older) {
    const running = run.jobs.find((job) => job.started && job.conclusion === null && mayHold(job, leg));
    if (running !== undefined) {
      return {
        kind: 'blocked',
        why: `the older run ${run.url} is in the middle of its job ${JSON.stringify(running.name)}: run this job again when that one is over`,
      };
    }
  }
  return null;
}

/** The full name of the job that makes the plan, which the same job calls as this leg's. */
function planJobBeside(leg: Leg, ownJob: string): string {
  return `${ownJob.slice(0, -releaseJobName(leg).length)}plan`;
}

/**
 * Whether a run has done all that its branch had to release. Runs by hand need not have, and a run whose job for Bazel
 * was skipped, or whose plan left something undone, is green as well.
 */
function isGreenPush(planJob: string): (run: OtherRun) => boolean {
  return ({ event, conclusion, leavesUndone, jobs }) =>
    event === 'push' &&
    conclusion === 'success' &&
    !leavesUndone &&
    jobs.some((job) => job.name === planJob && job.conclusion === 'success');
}

/** Whether a job may release one of the leg's targets: by its name, which does not name them all where it has several. */
function mayHold(job: RunJob, leg: Leg): boolean {
  const released = /(?:^| \/ )release (.*)$/.exec(job.name)?.[1];
  if (released === undefined) return false;
  const vague = leg.targets.length > 1 || isCut(leg.name) || isCut(released);
  return vague || job.name === releaseJobName(leg) || job.name.endsWith(` / ${releaseJobName(leg)}`);
}

/** Whether a leg's name leaves open what its targets are: it has several, or was cut. */
function isCut(legName: string): boolean {
  return /^…| \+ \d+ more| \(\d+\)$/.test(legName);
}
