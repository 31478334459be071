import { setTimeout } from 'node:timers/promises';
import { remedyOf } from '../adapters/github/api.js';
import type { Environment } from '../adapters/github/event.js';
import type { Job } from '../adapters/github/run-records.js';
import { WorkflowRuns } from '../adapters/github/runs.js';
import { leavesUndone } from '../plan/file/artifact-names.js';
import type { Leg } from '../plan/legs/leg.js';
import { isWithheld, releaseJobName } from '../plan/legs/release-jobs.js';
import { plannedReleases } from '../plan/planned-releases.js';
import {
  mayRelease,
  planJobBeside,
  releaseClearance,
  type BaseOrigin,
  type Clearance,
  type Undecided,
} from './release-order.js';
import type { Attempt } from './result/ledger-entry.js';

/** How often, and after how long, GitHub is asked again while the answer is undecided. */
const MOST_PAUSES = 15;
const PAUSE_MS = 20_000;

/**
 * Asks GitHub whether a leg may release now, and waits a few minutes for the plan of a newer run. If the question fails,
 * the answer is no: a release that was not made can be made later, but an old one that replaced a newer one cannot be
 * undone.
 *
 * @param token needs the permission `actions: read`
 * @param pushBase called only if the answer depends on it
 */
export async function askClearance(
  leg: Leg,
  environment: Environment,
  token: string,
  pushBase: () => Promise<BaseOrigin>,
  pause: () => Promise<unknown> = () => setTimeout(PAUSE_MS),
): Promise<Clearance> {
  for (let pauses = 0; ; pauses += 1) {
    const answer = await askNow(leg, environment, token, pushBase);
    if (answer.kind !== 'undecided') return answer;
    if (pauses === MOST_PAUSES) return { kind: 'blocked', why: answer.why };
    await pause();
  }
}

async function askNow(
  leg: Leg,
  environment: Environment,
  token: string,
  pushBase: () => Promise<BaseOrigin>,
): Promise<Clearance | Undecided> {
  try {
    const github = new WorkflowRuns(environment, token);
    const own = await github.ownJob((name) => ` / ${name}`.endsWith(` / ${releaseJobName(leg)}`));
    if (own === null) {
      return {
        kind: 'blocked',
        why:
          `this run has no running job named ${JSON.stringify(releaseJobName(leg))} on this runner: name the job ` +
          '`release ${{ matrix.name }}`, because other runs find it by this name',
      };
    }
    const { ownNumber, others } = await github.othersOfBranch();
    const withJobs = [];
    for (const run of others) {
      const mayCount = run.conclusion === 'success' || run.number > ownNumber;
      const isUndone = mayCount && (await leavesUndone(github.artifactNames(run.id), null));
      withJobs.push({
        ...run,
        jobs: await github.jobs(run.id, 'all'),
        leavesUndone: isUndone,
        plans: () => plannedReleases(github, run.id),
      });
    }
    const isPush = environment.GITHUB_EVENT_NAME === 'push';
    const planEnded = async (): Promise<number | null> => {
      const planJob = planJobBeside(leg, own.name);
      return (await github.ownJobs()).find(({ name }) => name === planJob)?.ended ?? null;
    };
    return await releaseClearance(
      leg,
      { job: own, number: ownNumber, isPush, planEnded },
      withJobs,
      pushBase,
    );
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const remedy = remedyOf(error);
    return {
      kind: 'blocked',
      why: `It cannot be determined what the other runs of this workflow have released: ${words}${remedy === '' ? '' : ` (${remedy})`}`,
    };
  }
}

/** After more other runs than this, a release is made again: each of them costs a request. */
const MOST_RUNS = 30;

/**
 * Asks GitHub whether a release that is known is the last one: no other attempt of a run may have released the leg's targets
 * since.
 *
 * @param own the attempt that asks, in a job with this full name
 * @param token needs the permission `actions: read`
 * @throws ApiError, RunsError, and what GitHub's client throws
 */
export async function isLastRelease(
  leg: Leg,
  seen: Attempt,
  own: Attempt & { readonly job: string },
  environment: Environment,
  token: string,
): Promise<boolean> {
  const github = new WorkflowRuns(environment, token);
  const isLater = (run: number, attempt: number | null): boolean =>
    run > seen.run || attempt === null || attempt > seen.attempt;
  let count = 0;
  for await (const run of github.runsBetween(seen.run - 1)) {
    count += 1;
    if (count > MOST_RUNS) return false;
    const jobs = await github.jobs(run.id, 'all');
    if (jobs.some((job) => isLater(run.number, job.attempt) && mayHaveReleased(job, leg))) return false;
  }
  const ownJobs = await github.ownJobs('all');
  const ofThisAttempt = ownJobs.filter(({ attempt }) => attempt === own.attempt);
  // Another call of the workflow may have the same name, and release to another place.
  if (ofThisAttempt.filter(({ name }) => name === own.job).length !== 1) return false;
  const before = ownJobs.filter(({ attempt }) => attempt !== own.attempt);
  return !before.some((job) => isLater(own.run, job.attempt) && mayHaveReleased(job, leg));
}

function mayHaveReleased(job: Job, leg: Leg): boolean {
  return job.started && !isWithheld(job) && mayRelease(job, leg);
}
