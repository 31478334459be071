import { setTimeout } from 'node:timers/promises';
import type { Run } from '../adapters/github/run-records.js';
import type { CommitId } from '../graph/tree.js';
import { isCut, isWithheld, releasedLegName, type RunJob } from './legs/release-jobs.js';

/** What other runs released, or may still release, after the green run that a plan is compared with. */
export type ReleasedSince =
  /** By the name of the leg, each with the last such run. All of these legs have one release, and its label as their name. */
  | { readonly kind: 'legs'; readonly legs: ReadonlyMap<string, ReleasedLeg> }
  /** It may be any release. `why` is a part of a sentence. */
  | { readonly kind: 'any'; readonly why: string };

/** The last run that released a leg, or may still release it. */
export interface ReleasedLeg {
  /** The address of the run. */
  readonly run: string;
  readonly commit: CommitId;
  /** Whether it certainly released all of it. */
  readonly isDone: boolean;
}

/** Asks GitHub for runs of this workflow and for their jobs. */
export interface ReleasingRuns {
  /** The runs on this branch with a higher number, and a lower one than this run; newest first. */
  runsBetween(number: number): AsyncIterable<Run>;
  jobs(run: number, attempts: 'all'): Promise<readonly RunJob[]>;
  /** The job that makes this plan; null if it is not found. */
  ownJob(fits: (name: string) => boolean): Promise<{ readonly name: string } | null>;
}

/** With more runs than this, asking for the jobs of each takes too many requests. */
const MOST_RUNS = 30;

/** How often, and after how long, a run is asked for again that is still making its plan. */
const TIMES = 30;
const PAUSE_MS = 10_000;

/**
 * Finds what was released after a green run. A release that differs from the head may be out there, although nothing differs from
 * the commit of the green run: the change was released by a run that is not green, and then taken back.
 *
 * @param number that of the green run
 */
export async function releasedSince(
  github: ReleasingRuns,
  number: number,
  pause: () => Promise<unknown> = () => setTimeout(PAUSE_MS),
): Promise<ReleasedSince> {
  try {
    const runs: Run[] = [];
    for await (const run of github.runsBetween(number)) {
      if (runs.length === MOST_RUNS)
        return { kind: 'any', why: `there are more than ${MOST_RUNS} runs since` };
      runs.push(run);
    }
    if (runs.length === 0) return { kind: 'legs', legs: new Map() };
    const own = await github.ownJob(isPlan);
    const found = new Map<string, ReleasedLeg>();
    for (const run of runs) {
      const legs = await legsOf(run, own?.name ?? null, github, pause);
      if (legs === null || [...legs.keys()].some((leg) => isCut(leg) || !leg.startsWith('//')))
        return { kind: 'any', why: `the run ${run.url} may have made any release` };
      for (const [leg, isDone] of legs)
        if (!found.has(leg)) found.set(leg, { run: run.url, commit: run.commit, isDone });
    }
    return { kind: 'legs', legs: found };
  } catch (error) {
    return { kind: 'any', why: `other runs cannot be read: ${String(error)}` };
  }
}

/** The legs that a run released, or may release, and whether it certainly did; null if it does not get to its plan. */
async function legsOf(
  run: Run,
  ownJob: string | null,
  github: ReleasingRuns,
  pause: () => Promise<unknown>,
): Promise<ReadonlyMap<string, boolean> | null> {
  for (let time = 0; time < TIMES; time += 1) {
    if (time > 0) await pause();
    const jobs = await github.jobs(run.id, 'all');
    if (run.conclusion === null && !jobs.some(hasPlanned)) continue;
    const legs = new Map<string, boolean>();
    for (const job of jobs.filter(mayRelease)) {
      const leg = releasedLegName(job);
      // Two attempts, or two calls of the workflow, may have jobs of one name.
      if (leg !== null)
        legs.set(leg, (legs.get(leg) ?? true) && job.conclusion === 'success' && areBeside(job.name, ownJob));
    }
    return legs;
  }
  return null;
}

function mayRelease(job: RunJob): boolean {
  return !isWithheld(job) && (job.started || job.conclusion === null);
}

/** Whether it is a job that made a plan, or was to make one. */
function hasPlanned({ name, conclusion }: RunJob): boolean {
  return conclusion !== null && isPlan(name);
}

function isPlan(name: string): boolean {
  return name === 'plan' || name.endsWith(' / plan');
}

/** Whether one job calls both: a workflow may release several workspaces, whose labels may be the same. */
function areBeside(release: string, plan: string | null): boolean {
  const callers = (name: string): string => name.slice(0, name.lastIndexOf(' / ') + 1);
  return plan !== null && callers(release.replace(/release .*$/, 'release')) === callers(plan);
}
