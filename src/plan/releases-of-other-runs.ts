import { CommitMissingError } from '../adapters/git/remote.js';
import { parseLabel, type Label } from '../graph/label.js';
import type { RuleTarget, Target } from '../graph/target.js';
import type { CommitId } from '../graph/tree.js';
import type { Revision } from '../loading/source/revision.js';
import type { PlanInputs } from './plan-inputs.js';
import type { PlanTools } from './plan-tools.js';
import { reachOf, type Reach } from './reach.js';
import type { ReleasedLeg, ReleasedSince } from './released-since.js';
import type { Revisions } from './revisions.js';

/** What other runs released after the green run that the head is compared with, and what that means for its releases. */
export interface ReleasesOfOtherRuns {
  /** Releases that nothing affects, but that another run may have made with another content; each with the reason. */
  readonly again: ReadonlyMap<RuleTarget, string>;
  /** Releases that another run has made with the content of the head; each with the reason. */
  readonly done: ReadonlyMap<Label, string>;
}

export const NO_OTHER_RUNS: ReleasesOfOtherRuns = { again: new Map(), done: new Map() };

/** The head is compared with the commits of at most so many runs. What others released is released again. */
const MOST_COMPARED = 3;

/**
 * Compares the head with the commits that were released since the last green run.
 *
 * @throws GitError
 */
export async function releasesOfOtherRuns(
  reach: Reach,
  head: Revision,
  revisions: Revisions,
  inputs: PlanInputs,
  tools: PlanTools,
): Promise<ReleasesOfOtherRuns> {
  const { findReleased } = revisions;
  // If everything is affected, all releases are made.
  if (findReleased === null || reach.scope.kind === 'everything') return NO_OTHER_RUNS;
  const since = await tools.timer.measure('other runs', findReleased);
  const done = await madeAlready(reach, since, head, revisions, inputs, tools);
  const again = madeOtherwise(reach, since, inputs);
  return { again: new Map([...again].filter(([{ label }]) => !done.has(label))), done };
}

/** The releases that are not affected, but that another run may have made, with another content than the head has. */
export function madeOtherwise(
  { scope, graph }: Pick<Reach, 'scope' | 'graph'>,
  since: ReleasedSince,
  inputs: Pick<PlanInputs, 'isReleaseKind'>,
): Map<RuleTarget, string> {
  const found = new Map<RuleTarget, string>();
  if (scope.kind === 'everything') return found;
  const candidates =
    since.kind === 'any'
      ? [...graph.targets()].map((target) => [target, since.why] as const)
      : [...since.legs].map(
          ([leg, { run }]) =>
            [graph.get(labelOf(leg)), `the run ${run} released it, and is not green`] as const,
        );
  for (const [target, why] of candidates) {
    if (isRelease(target, inputs) && !scope.affected.has(target.label)) found.set(target, why);
  }
  return found;
}

async function madeAlready(
  { graph }: Reach,
  since: ReleasedSince,
  head: Revision,
  revisions: Revisions,
  inputs: PlanInputs,
  tools: PlanTools,
): Promise<Map<Label, string>> {
  const done = new Map<Label, string>();
  // With the input `head`, a run need not have released its own commit.
  if (since.kind === 'any' || inputs.head !== null) return done;
  const released = [...since.legs].filter(
    ([leg, { isDone }]) => isDone && isRelease(graph.get(labelOf(leg)), inputs),
  );
  const byCommit = [...Map.groupBy(released, ([, { commit }]) => commit)].slice(0, MOST_COMPARED);
  for (const [commit, legs] of byCommit) {
    const isSame = await sameSince(commit, head, revisions, inputs, tools);
    for (const [leg, about] of legs) if (isSame(labelOf(leg))) done.set(labelOf(leg), whyDone(about));
  }
  return done;
}

function whyDone({ run }: ReleasedLeg): string {
  return `the run ${run} released the same`;
}

/** Tells which labels are the same at a commit as at the head. If that is not known, none is. */
async function sameSince(
  commit: CommitId,
  head: Revision,
  revisions: Revisions,
  inputs: PlanInputs,
  tools: PlanTools,
): Promise<(label: Label) => boolean> {
  try {
    await tools.repositories.scratch.remote.need(commit);
  } catch (error) {
    if (error instanceof CommitMissingError) return () => false;
    throw error;
  }
  const base = { kind: 'commit', commit, why: 'what another run released' } as const;
  const { scope, unknownBase } = await reachOf({ ...revisions, base }, head, inputs, tools);
  return (label) => unknownBase === null && scope.kind === 'some' && !scope.affected.has(label);
}

function isRelease(
  target: Target | undefined,
  { isReleaseKind }: Pick<PlanInputs, 'isReleaseKind'>,
): target is RuleTarget {
  return target?.kind === 'rule' && target.test === null && isReleaseKind(target.ruleClass);
}

/** The name of a leg of one release is its label. */
function labelOf(leg: string): Label {
  return parseLabel(leg);
}
