import type { Run } from '../adapters/github/run-records.js';
import type { CommitId } from '../graph/tree.js';
import { isUndonePlan, testedIn } from './file/artifact-names.js';

/** Asks GitHub for runs of this workflow for merge groups. */
export interface MergeGroupRuns {
  /** The green runs for merge groups with a commit as their head. */
  greenMergeGroups(commit: CommitId): AsyncIterable<Run>;
  artifactNames(run: number): AsyncIterable<string>;
}

/** A push merges at most so many groups, one on top of the other. */
const MOST_GROUPS = 20;

/**
 * Finds out whether green runs for merge groups have tested all changes between two commits: one tested those up to the head,
 * another one those up to where that group began, and so on to the base.
 *
 * @param inputs the digest of the inputs that decide which tests run, and how
 * @returns the address of the run for the head; null if something was not tested, or that is not known
 */
export async function testedByMergeGroups(
  github: MergeGroupRuns,
  head: CommitId,
  base: CommitId,
  inputs: string,
): Promise<string | null> {
  try {
    let found: string | null = null;
    let commit = head;
    for (let groups = 0; groups < MOST_GROUPS; groups += 1) {
      if (commit === base) return found;
      const group = await groupOf(commit, github, inputs);
      if (group === null) return null;
      found ??= group.run;
      commit = group.from;
    }
    return null;
  } catch {
    // The tests run. That is always right.
    return null;
  }
}

/** The green run for a merge group with a head, and where the group began; null if there is none. */
async function groupOf(
  head: CommitId,
  github: MergeGroupRuns,
  inputs: string,
): Promise<{ readonly run: string; readonly from: CommitId } | null> {
  for await (const run of github.greenMergeGroups(head)) {
    if (run.event !== 'merge_group' || run.conclusion !== 'success' || run.commit !== head) continue;
    const starts = new Set<CommitId>();
    let isUndone = false;
    for await (const name of github.artifactNames(run.id)) {
      isUndone ||= isUndonePlan(name, null);
      const tested = testedIn(name);
      if (tested?.inputs === inputs) starts.add(tested.from);
    }
    const [from] = starts;
    if (!isUndone && starts.size === 1 && from !== undefined) return { run: run.url, from };
  }
  return null;
}
