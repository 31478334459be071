import type { CommitId } from '../graph/tree.js';
import { isNotThere, remedyOf } from '../adapters/github/api.js';
import type { Environment } from '../adapters/github/event.js';
import type { Run } from '../adapters/github/run-records.js';
import { RunsError, WorkflowRuns } from '../adapters/github/runs.js';
import { leavesUndone } from './file/artifact-names.js';

/** What GitHub says of the earlier runs of this workflow on a branch. */
export type LastGreen =
  | { readonly kind: 'found'; readonly commit: CommitId; readonly runUrl: string }
  /** There was no other run of it on this branch. */
  | { readonly kind: 'no runs' }
  /** There were others, none of them green, with a plan, and still part of the branch's history. */
  | { readonly kind: 'none green' }
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether one commit is reachable from another; null where that cannot be told from the clone. */
export type AncestorCheck = (ancestor: CommitId, descendant: CommitId) => Promise<boolean | null>;

/** Green runs that are looked at before giving up: rewritten branches have many whose commits are gone. */
const MOST_CANDIDATES = 50;

/**
 * The commit of the last green run of this workflow on a branch that is an ancestor of the head. Only pushes count:
 * a green run by hand or by schedule may have released nothing. Only runs with a plan count, and one that leaves nothing
 * undone: one whose job for Bazel was skipped is green too, and so is one for a branch that was deleted.
 *
 * @param isAncestor asked first, so that a full clone costs no request for each run
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
        return { kind: 'found', commit: run.commit, runUrl: run.url };
      // Whoever deletes many branches at once must not hide what was green before.
      candidates--;
    }
    if (candidates > 0) return { kind: 'none green' };
    // A run that has not ended counts: it may fail yet, and a green run after it would hide what it left untested.
    return (await runs.hasOtherPush(branch)) ? { kind: 'none green' } : { kind: 'no runs' };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const remedy = error instanceof RunsError ? '' : remedyOf(error);
    return { kind: 'unknown', why: remedy === '' ? words : `${words} (${remedy})` };
  }
}

type JobCheck = (name: string) => boolean;

/** Tells this job in other runs: by its whole name, since a workflow may make several plans. */
async function planJobCheck(runs: WorkflowRuns, environment: Environment): Promise<JobCheck> {
  const hasId: JobCheck = (name) => ` / ${name}`.endsWith(` / ${environment.GITHUB_JOB ?? ''}`);
  // Most jobs are called what their id is; one that has a name is still the one on this runner.
  const own = await ifServed(runs.ownJob(hasId).then((job) => job ?? runs.ownJob(() => true)));
  return own === null ? hasId : (name) => name === own.name;
}

/** The attempt of a run that made its plan, as far as that is known; null if there is no plan. */
async function planOf(
  run: Run,
  runs: WorkflowRuns,
  isPlan: JobCheck,
): Promise<{ readonly attempt: number | null } | null> {
  const jobs = await ifServed(runs.jobs(run.id, 'latest'));
  if (jobs === null) return { attempt: null };
  return jobs.find(({ name, conclusion }) => conclusion === 'success' && isPlan(name)) ?? null;
}

/** A server that lists a run, but serves no jobs of it, says no more than that the run is green. */
async function ifServed<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}
