import { setTimeout } from 'node:timers/promises';
import type { Run } from '../adapters/github/run-records.js';
import { isCut, isWithheld, releasedLegName, type RunJob } from './legs/release-jobs.js';

/** What other runs released, or may still release, after the green run that a plan is compared with. */
export type ReleasedSince =
  /** By the name of the leg, each with the address of the last such run. */
  | { readonly kind: 'legs'; readonly runs: ReadonlyMap<string, string> }
  /** It may be any release. `why` is a part of a sentence. */
  | { readonly kind: 'any'; readonly why: string };

/** Asks GitHub for runs of this workflow and for their jobs. */
export interface ReleasingRuns {
  /** The runs on this branch with a higher number, and a lower one than this run; newest first. */
  runsBetween(number: number): AsyncIterable<Run>;
  jobs(run: number, attempts: 'all'): Promise<readonly RunJob[]>;
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
    const found = new Map<string, string>();
    for (const run of runs) {
      const legs = await legsOf(run, github, pause);
      if (legs === null || legs.some(isCut))
        return { kind: 'any', why: `the run ${run.url} may have made any release` };
      for (const leg of legs) if (!found.has(leg)) found.set(leg, run.url);
    }
    return { kind: 'legs', runs: found };
  } catch (error) {
    return { kind: 'any', why: `other runs cannot be read: ${String(error)}` };
  }
}

/** The legs that a run released, or may release; null if it does not get to its plan. */
async function legsOf(
  run: Run,
  github: ReleasingRuns,
  pause: () => Promise<unknown>,
): Promise<readonly string[] | null> {
  for (let time = 0; time < TIMES; time += 1) {
    if (time > 0) await pause();
    const jobs = await github.jobs(run.id, 'all');
    if (run.conclusion === null && !jobs.some(hasPlanned)) continue;
    return jobs
      .filter((job) => !isWithheld(job) && (job.started || job.conclusion === null))
      .flatMap((job) => releasedLegName(job) ?? []);
  }
  return null;
}

/** Whether it is a job that made a plan, or was to make one. */
function hasPlanned({ name, conclusion }: RunJob): boolean {
  return conclusion !== null && (name === 'plan' || name.endsWith(' / plan'));
}
