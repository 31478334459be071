import { BazelError } from '../adapters/bazel/bazel-error.js';
import { ModuleOutputError } from '../formats/repository-definitions.js';
import { QueryOutputError } from '../formats/query-proto.js';
import type { LabelsElsewhere } from '../formats/rc.js';
import type { Graph } from '../graph/graph.js';
import { ExternalsUnknownError } from '../loading/source/externals-source.js';
import type { Everything } from './affected/seed.js';
import type { Comparison } from './comparison.js';
import type { ExternalsEscalation } from './everything/escalation.js';
import { ChangedExternals } from './externals/changed-externals.js';
import type { ExternalDifference } from './externals/external-difference.js';
import type { PlanTools } from './plan-tools.js';

/** What a change that external repositories can notice means for the targets of the main one. */
export type ComparedExternals =
  | { readonly kind: 'everything'; readonly because: Everything }
  /** They could not be compared, so everything is affected. */
  | { readonly kind: 'unknown'; readonly because: Everything; readonly details: string }
  | { readonly kind: 'compared'; readonly difference: ExternalDifference };

/** What to compare. */
export interface ExternalsQuestion {
  readonly comparison: Comparison;
  readonly graphs: { readonly before: Graph; readonly after: Graph };
  readonly escalation: ExternalsEscalation;
  /** The labels of other repositories that options and transitions name. */
  readonly namedElsewhere: LabelsElsewhere;
}

/**
 * Compares the external repositories of a plan's two revisions, as far as the main repository depends on those that
 * may have changed.
 *
 * @throws GitError
 */
export async function comparedExternals(
  question: ExternalsQuestion,
  tools: PlanTools,
): Promise<ComparedExternals> {
  try {
    return await tools.timer.measure('externals', () => compare(question, tools));
  } catch (error) {
    if (!(error instanceof Error) || !EXPECTED.some((type) => error instanceof type)) throw error;
    const details = `external repositories could not be compared, so everything counts as affected: ${error.message}`;
    return { kind: 'unknown', because: question.escalation.because, details };
  }
}

const EXPECTED = [BazelError, ExternalsUnknownError, ModuleOutputError, QueryOutputError];

async function compare(
  { comparison, graphs, escalation, namedElsewhere }: ExternalsQuestion,
  { externals }: PlanTools,
): Promise<ComparedExternals> {
  const { base, head } = comparison;
  const both = { before: await externals.externalsOf(base), after: await externals.externalsOf(head) };
  const changed = ChangedExternals.of(both, {
    paths: comparison.shown.map(({ path }) => path),
    areRead: escalation.areRead,
  });
  const hidden = changed.hiddenUse(graphs, namedElsewhere);
  if (hidden !== null) return everything(escalation, hidden);

  const { names } = changed;
  const after = await externals.reachedFrom(
    head,
    changed.labelsIn('after', graphs.after, namedElsewhere),
    both.after.mapping,
    names,
  );
  const before = await externals.reachedFrom(
    base,
    changed.labelsIn('before', graphs.before, namedElsewhere),
    both.before.mapping,
    names,
  );
  const setting = changed.whereSettingsDiffer(before, after);
  if (setting !== null)
    return everything(
      escalation,
      `the build settings or platforms of the repository @${setting} may differ, and transitions may read them`,
    );
  const difference = changed.difference(
    before,
    after,
    graphs.after,
    escalation.because.change,
    namedElsewhere,
  );
  return { kind: 'compared', difference };
}

function everything({ because: { change } }: ExternalsEscalation, reason: string): ComparedExternals {
  return {
    kind: 'everything',
    because: { reason: `${change ?? 'a module file'} changed: ${reason}`, change },
  };
}
