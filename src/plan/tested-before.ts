import { setTimeout } from 'node:timers/promises';
import type { Environment } from '../adapters/github/event.js';
import type { Run } from '../adapters/github/run-records.js';
import type { WorkflowRuns } from '../adapters/github/runs.js';
import type { CommitId } from '../graph/tree.js';
import { testedBy } from './file/artifact-names.js';
import { plural } from '../text/plural.js';
import { planJobCheck, planOf, type JobCheck } from './green-runs.js';

/** Whether the tests of a plan passed before, for the commit that is its head. */
export type TestedBefore =
  /** @property runs the addresses of the runs for merge groups that together show it, that for the head first */
  | { readonly kind: 'tested'; readonly runs: readonly string[] }
  /** @property why a sentence for the readers of the plan; null if there was no merge group */
  | { readonly kind: 'not tested'; readonly why: string | null };

/** Why a test does not run: a green run for a merge group ran it, or tested what it depends on before a later change. */
export function whyTested([run = '', ...earlier]: readonly string[]): string {
  const more = earlier.length === 0 ? '' : ` and ${plural(earlier.length, 'run')} for merge groups before it`;
  return `tested for this commit by the run ${run} for a merge group${more}`;
}

/** Asks GitHub for runs of this workflow, their jobs and artifacts. */
export type MergeGroupRuns = Pick<WorkflowRuns, 'mergeGroupRuns' | 'jobs' | 'ownJob' | 'artifactNames'>;

/** The change whose tests matter. */
export interface ChangeToTest {
  readonly head: CommitId;
  /** Null if the tests of everything matter. */
  readonly base: CommitId | null;
  /** The digest of what decides which tests run, and how. */
  readonly settings: string;
}

/** The most merge groups between a base and a head. */
const MOST_GROUPS = 30;

/** How often, and after how long, a run is asked for again that goes on. The queue does not wait for jobs that are not required. */
const MOST_PAUSES = 6;
const PAUSE_MS = 10_000;

/**
 * Finds out whether green runs for merge groups show that all tests pass that a change affects. Each such run shows it for the
 * change from the base of its plan to its own commit, so the runs have to follow on one another from the head back to the base:
 * a test that the change affects is affected by one of them, and by no later one.
 */
export async function testedByMergeGroups(
  github: MergeGroupRuns,
  environment: Environment,
  { head, base, settings }: ChangeToTest,
  pause: () => Promise<unknown> = () => setTimeout(PAUSE_MS),
): Promise<TestedBefore> {
  const runs: string[] = [];
  const notTested = (why: string | null): TestedBefore => ({
    kind: 'not tested',
    why: why === null ? null : `the tests run again, although there was a merge group: ${why}`,
  });
  try {
    let isPlan: JobCheck | undefined;
    let commit = head;
    while (runs.length < MOST_GROUPS) {
      const run = await endedRun(github, commit, pause);
      if (run === null)
        return notTested(runs.length === 0 ? null : `there is no run for the merge group of ${commit}`);
      if (run.conclusion !== 'success') return notTested(`the run ${run.url} is not green`);
      isPlan ??= await planJobCheck(github, environment);
      const shown = await shownBy(run, github, isPlan, settings);
      if (shown === null)
        return notTested(`the run ${run.url} has no plan that was made with the same inputs`);
      runs.push(run.url);
      if (shown.since === null || shown.since === base) return { kind: 'tested', runs };
      commit = shown.since;
    }
    return notTested(`there are more than ${MOST_GROUPS} merge groups since the base`);
  } catch (error) {
    return notTested(`its run cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The newest run for a merge group with this head; null if there is none, or it does not end soon. */
async function endedRun(
  github: MergeGroupRuns,
  commit: CommitId,
  pause: () => Promise<unknown>,
): Promise<Run | null> {
  for (let pauses = 0; ; pauses += 1) {
    const run = await newestOf(github.mergeGroupRuns(commit));
    const goesOn = run?.conclusion === null;
    if (!goesOn || pauses === MOST_PAUSES) return run;
    await pause();
  }
}

async function newestOf(runs: AsyncIterable<Run>): Promise<Run | null> {
  for await (const run of runs) return run;
  return null;
}

/** What a green run shows of its commit; null if it made no plan like this one. */
async function shownBy(
  run: Run,
  github: MergeGroupRuns,
  isPlan: JobCheck,
  settings: string,
): Promise<{ readonly since: CommitId | null } | null> {
  const plan = await planOf(run, github, isPlan);
  if (plan === null) return null;
  const found = new Set<CommitId | null>();
  for await (const name of github.artifactNames(run.id)) {
    const tested = testedBy(name, plan.attempt);
    if (tested?.settings === settings) found.add(tested.since);
  }
  const [since, ...others] = found;
  return since === undefined || others.length > 0 ? null : { since };
}
