import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';
import type { CommitId } from '../git/tree.js';
import type { Environment } from './event.js';
import { placeOf, statusOf } from './place.js';

/** What GitHub says of the earlier runs of this workflow on a branch. */
export type LastGreen =
  | { readonly kind: 'found'; readonly commit: CommitId; readonly runUrl: string }
  /** There was no other run of it on this branch. */
  | { readonly kind: 'no runs' }
  /** There were others, none of them green and still part of the branch's history. */
  | { readonly kind: 'none green' }
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether one commit is reachable from another; null where that cannot be told from the clone. */
export type AncestorCheck = (ancestor: CommitId, descendant: CommitId) => Promise<boolean | null>;

/** Green runs whose commits are compared with the head before giving up: rewritten branches have many that are gone. */
const MOST_COMPARISONS = 50;

/**
 * The commit of the last green run of this workflow on a branch that is an ancestor of the head. Only pushes count:
 * a green run by hand or by schedule may have released nothing.
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
  const place = placeOf(environment);
  if (place === null) return { kind: 'unknown', why: 'GITHUB_REPOSITORY or GITHUB_WORKFLOW_REF is not set' };
  const { owner, repo, workflow } = place;
  const octokit = getOctokit(token, {}, retry);
  const compare = async (commit: CommitId): Promise<boolean> => {
    const local = await isAncestor(commit, head);
    if (local !== null) return local;
    try {
      const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
        owner,
        repo,
        basehead: `${commit}...${head}`,
        per_page: 1,
      });
      return data.status === 'ahead' || data.status === 'identical';
    } catch (error) {
      // A commit that GitHub no longer has is part of no history.
      if (statusOf(error) === 404) return false;
      throw error;
    }
  };
  try {
    const thisRun = Number(environment.GITHUB_RUN_ID ?? 0);
    const compared = new Map<string, boolean>();
    let ended = 0;
    const runs = { owner, repo, workflow_id: workflow, branch, event: 'push', per_page: 100 } as const;
    for await (const { data } of octokit.paginate.iterator(octokit.rest.actions.listWorkflowRuns, {
      ...runs,
      status: 'success',
    })) {
      for (const run of data) {
        if (run.id === thisRun) continue;
        ended++;
        if (compared.size >= MOST_COMPARISONS) return { kind: 'none green' };
        const commit = run.head_sha as CommitId;
        const counts = compared.get(commit) ?? (await compare(commit));
        compared.set(commit, counts);
        if (counts) return { kind: 'found', commit, runUrl: run.html_url };
      }
    }
    if (ended > 0) return { kind: 'none green' };
    // A run that has not ended counts: it may fail yet, and a green run after it would hide what it left untested.
    const { data } = await octokit.rest.actions.listWorkflowRuns({ ...runs, per_page: 2 });
    return data.workflow_runs.some((run) => run.id !== thisRun)
      ? { kind: 'none green' }
      : { kind: 'no runs' };
  } catch (error) {
    const hint = statusOf(error) === 403 ? ' (give the job the permission actions: read)' : '';
    return { kind: 'unknown', why: `${error instanceof Error ? error.message : String(error)}${hint}` };
  }
}
