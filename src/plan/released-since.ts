import { setTimeout } from 'node:timers/promises';
import type { Run } from '../adapters/github/run-records.js';
import { isCut, isWithheld, type RunJob } from './legs/release-jobs.js';
import { plannedReleases, type ArtifactsOfRuns } from './planned-releases.js';

/** What other runs released, or may still release, after the green run that a plan is compared with. */
export type ReleasedSince =
  /** By label, each with the address of the last such run. */
  | { readonly kind: 'legs'; readonly legs: ReadonlyMap<string, string> }
  /** It may be any release. `why` is a part of a sentence. */
  | { readonly kind: 'any'; readonly why: string };

/** Asks GitHub for runs of this workflow, for their jobs and their plans. */
export interface ReleasingRuns extends ArtifactsOfRuns {
  /** The runs on this branch with a higher number, and a lower one than this run; newest first. */
  runsBetween(number: number): AsyncIterable<Run>;
  jobs(run: number, attempts: 'all'): Promise<readonly RunJob[]>;
  /** The job that makes this plan; null if it is not found. */
  ownJob(fits: (name: string) => boolean): Promise<{ readonly name: string } | null>;
}

/** With more runs than this, asking for the jobs of each takes too many requests. */
const MOST_RUNS = 30;

/** How often, and after how long, runs are asked for again that are still making their plans. */
const MOST_PAUSES = 12;
const PAUSE_MS = 10_000;

/** The time limit in milliseconds for all that {@link releasedSince} asks, with the pauses. */
export const RELEASED_SINCE_MS = 2 * MOST_PAUSES * PAUSE_MS;

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
    const ownPlan = (await github.ownJob(isPlan))?.name ?? null;
    const found = new Map<string, string>();
    let pauses = 0;
    for (const run of runs) {
      let jobs = await github.jobs(run.id, 'all');
      for (; isPlanning(run, jobs, ownPlan) && pauses < MOST_PAUSES; pauses += 1) {
        await pause();
        jobs = await github.jobs(run.id, 'all');
      }
      for (const leg of legsAmong(jobs, ownPlan)) {
        if (isCut(leg)) return { kind: 'any', why: `the run ${run.url} may have made any release` };
        if (!found.has(leg)) found.set(leg, run.url);
      }
      // A release that waits for tests has no job yet.
      if (run.conclusion === null)
        for (const label of (await plannedReleases(github, run.id)).flatMap((plan) => [...plan]))
          if (!found.has(label)) found.set(label, run.url);
    }
    return { kind: 'legs', legs: found };
  } catch (error) {
    return { kind: 'any', why: `other runs cannot be read: ${String(error)}` };
  }
}

/** Whether a run goes on, and has not made the plan that is like the own one. */
function isPlanning({ conclusion }: Run, jobs: readonly RunJob[], ownPlan: string | null): boolean {
  const isLikeOwn = (name: string): boolean => (ownPlan === null ? isPlan(name) : name === ownPlan);
  return conclusion === null && !jobs.some((job) => isLikeOwn(job.name) && job.conclusion !== null);
}

function isPlan(name: string): boolean {
  return name === 'plan' || name.endsWith(' / plan');
}

/**
 * The names of the legs that jobs released, or may still release.
 *
 * @param ownPlan the name of the job that makes this plan. A run with a job of this name may call the workflow several times; a
 *   run without it has other names for its jobs
 */
function legsAmong(jobs: readonly RunJob[], ownPlan: string | null): string[] {
  const isNamedAlike = ownPlan !== null && jobs.some(({ name }) => name === ownPlan);
  const callers = isNamedAlike ? ownPlan.slice(0, -'plan'.length) : null;
  return jobs
    .filter((job) => !isWithheld(job) && (job.started || job.conclusion === null))
    .map(({ name }) => (callers === null ? lastPart(name) : restBehind(name, callers)))
    .flatMap((name) => (name.startsWith('release ') ? [name.slice('release '.length)] : []))
    .filter((leg) => /^(\/\/|…)/.test(leg));
}

function restBehind(name: string, callers: string): string {
  return name.startsWith(callers) ? name.slice(callers.length) : '';
}

function lastPart(name: string): string {
  const at = name.lastIndexOf(' / release ');
  return at === -1 ? name : name.slice(at + ' / '.length);
}
