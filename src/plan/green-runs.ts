import type { CommitId } from '../graph/tree.js';
import { isNotThere, remedyOf } from '../adapters/github/api.js';
import type { Environment } from '../adapters/github/event.js';
import type { Run } from '../adapters/github/run-records.js';
import { RunsError, WorkflowRuns } from '../adapters/github/runs.js';
import { leavesUndone } from './file/artifact-names.js';

/** What GitHub says about earlier runs of this workflow on a branch. */
export type LastGreen =
  | { readonly kind: 'found'; readonly commit: CommitId; readonly runUrl: string; readonly runNumber: number }
  /** There was no other run of the workflow on this branch. */
  | { readonly kind: 'no runs' }
  /**
   * There were other runs, but none that was green, made a plan, and whose commit is still in the history of the
   * branch.
   */
  | { readonly kind: 'none green' }
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether one commit is reachable from another; null if the clone cannot tell. */
export type AncestorCheck = (ancestor: CommitId, descendant: CommitId) => Promise<boolean | null>;

/** The most green runs to look at: a branch that was rewritten has many runs whose commits are gone. */
const MOST_CANDIDATES = 50;

/**
 * Finds the commit of the last green run of this workflow on a branch that is an ancestor of the head. Only pushes
 * count, because a green run by hand or by schedule may have released nothing. Only runs with a plan that leaves
 * nothing undone count: a run whose job for Bazel was skipped is green too, and so is a run for a deleted branch.
 *
 * @param isAncestor is asked first, so that a full clone saves a request for each run
 */
export async function lastGreenCommit(
  environment: Environment,
  token: string,
  branch: string,
  head: CommitId,
  isAncestor: AncestorCheck,
): Promise<LastGreen> {
  try {
    const runs = new WorkflowRuns(environment, token);
    const compared = new Map<CommitId, boolean>();
    let candidates = 0;
    let isPlan: JobCheck | undefined;
    for await (const run of runs.greenPushes(branch)) {
      if (++candidates > MOST_CANDIDATES) break;
      const counts =
        compared.get(run.commit) ??
        (await isAncestor(run.commit, head)) ??
        (await runs.isAncestor(run.commit, head));
      compared.set(run.commit, counts);
      if (!counts) continue;
      isPlan ??= await planJobCheck(runs, environment);
      const plan = await planOf(run, runs, isPlan);
      if (plan === null) continue;
      if (!(await leavesUndone(runs.artifactNames(run.id), plan.attempt)))
        return { kind: 'found', commit: run.commit, runUrl: run.url, runNumber: run.number };
      // These runs do not use up the limit. Otherwise, deleting many branches at once would hide the green runs before.
      candidates--;
    }
    if (candidates > 0) return { kind: 'none green' };
    // A run that has not ended counts as another run. It may still fail, and a green run after it would hide what it
    // left untested.
    return (await runs.hasOtherPush(branch)) ? { kind: 'none green' } : { kind: 'no runs' };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const remedy = error instanceof RunsError ? '' : remedyOf(error);
    return { kind: 'unknown', why: remedy === '' ? words : `${words} (${remedy})` };
  }
}

export type JobCheck = (name: string) => boolean;

/** Recognises this job in other runs, by its whole name, because a workflow may make several plans. */
export async function planJobCheck(
  runs: Pick<WorkflowRuns, 'ownJob'>,
  environment: Environment,
): Promise<JobCheck> {
  const hasId: JobCheck = (name) => ` / ${name}`.endsWith(` / ${environment.GITHUB_JOB ?? ''}`);
  // Most jobs have their id as their name. A job with another name is found as the job that runs on this runner.
  const own = await ifServed(runs.ownJob(hasId).then((job) => job ?? runs.ownJob(() => true)));
  return own === null ? hasId : (name) => name === own.name;
}

/** The attempt of a run that made its plan, as far as it is known; null if the run made no plan. */
export async function planOf(
  run: Run,
  runs: Pick<WorkflowRuns, 'jobs'>,
  isPlan: JobCheck,
): Promise<{ readonly attempt: number | null } | null> {
  const jobs = await ifServed(runs.jobs(run.id, 'latest'));
  if (jobs === null) return { attempt: null };
  return jobs.find(({ name, conclusion }) => conclusion === 'success' && isPlan(name)) ?? null;
}

/** Returns null if the server lists runs but does not serve their jobs. It is then only known that the run is green. */
async function ifServed<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}
