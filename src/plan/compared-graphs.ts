import { BazelError } from '../adapters/bazel/bazel-error.js';
import type { SourcedGraph } from '../loading/source/graph-source.js';
import type { Revision } from '../loading/source/revision.js';
import { NoWorkspaceError } from '../loading/source/site.js';
import type { CommitId } from '../graph/tree.js';
import type { PlanTools } from './plan-tools.js';

/** The graphs of a plan's two revisions, or why they cannot be compared. */
export type ComparedGraphs =
  | { readonly kind: 'comparable'; readonly base: SourcedGraph; readonly head: SourcedGraph }
  /** The two graphs come from different Bazel versions, whose digests cannot be compared. */
  | { readonly kind: 'of two Bazels'; readonly base: SourcedGraph; readonly head: SourcedGraph }
  | UnusableBase;

/**
 * The base does not load. This is not an error of the plan, because the author of the head cannot fix it, but there is
 * no graph to compare with.
 */
export interface UnusableBase {
  readonly kind: 'unusable base';
  readonly commit: CommitId;
  /** Bazel's message. */
  readonly details: string;
}

/**
 * Gets both graphs. The base comes first, because the scratch folder is updated from the base to the head, and Bazel
 * then loads only what differs.
 *
 * @throws BazelError if the head does not load; NoWorkspaceError
 */
export async function comparedGraphs(
  base: Revision,
  head: Revision,
  tools: PlanTools,
): Promise<ComparedGraphs> {
  await tools.timer.measure('base graph', () => tools.graphs.prepare([base, head]));
  const before = await graphOfBase(base, head, tools);
  if (before.kind === 'unusable base') return before;
  const after = await tools.timer.measure('head graph', () => tools.graphs.graphOf(head));
  const isOfOneBazel = before.sourced.bazelVersion === after.bazelVersion;
  return { kind: isOfOneBazel ? 'comparable' : 'of two Bazels', base: before.sourced, head: after };
}

async function graphOfBase(
  base: Revision,
  head: Revision,
  { graphs, timer }: PlanTools,
): Promise<{ readonly kind: 'graph'; readonly sourced: SourcedGraph } | UnusableBase> {
  try {
    const sourced = await timer.measure('base graph', () => graphs.graphOf(base, head));
    return { kind: 'graph', sourced };
  } catch (error) {
    if (!(error instanceof BazelError || error instanceof NoWorkspaceError)) throw error;
    return { kind: 'unusable base', commit: base.commit, details: error.message };
  }
}
