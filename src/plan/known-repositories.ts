import { BazelError } from '../adapters/bazel/bazel-error.js';
import { QueryOutputError } from '../formats/query-proto.js';
import { ModuleOutputError } from '../formats/repository-definitions.js';
import type { CanonicalName } from '../graph/repository.js';
import { ExternalsUnknownError, type ExternalsSource } from '../loading/source/externals-source.js';
import { NoWorkspaceError } from '../loading/source/site.js';
import type { Comparison } from './comparison.js';
import type { ExternalsEscalation } from './everything/escalation.js';
import { ChangedExternals, type Side } from './externals/changed-externals.js';
import type { BothExternals, ExternalChanges } from './externals/changed-repositories.js';
import type { PlanTools } from './plan-tools.js';
import { TimeLimit } from './time-limit.js';

/** The external repositories of a plan's two revisions as they are defined. */
export type KnownRepositories =
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'known';
      readonly both: BothExternals;
      readonly changed: ChangedExternals;
      /** For further questions about them. */
      readonly limit: TimeLimit;
    };

/**
 * Asks for the external repositories of both revisions. This is done before graphs are made: a Bazel that has loaded all
 * packages looks at all of their files again for each question.
 *
 * @throws GitError
 */
export async function knownRepositories(
  comparison: Comparison,
  escalation: ExternalsEscalation,
  { timer, externals }: PlanTools,
): Promise<KnownRepositories> {
  const limit = new TimeLimit(externals.minutes, () => {
    externals.stop();
  });
  const changes: ExternalChanges = {
    paths: comparison.shown.map(({ path }) => path),
    areRead: escalation.areRead,
    areNamed: escalation.areNamed,
  };
  return orUnknown(async () => {
    await externals.announce(comparison.base, comparison.head, [
      changes.paths,
      changes.areRead,
      changes.areNamed,
    ]);
    const asking = repositoriesOfBoth(comparison, changes, externals);
    const both = await timer.measure('externals', () => limit.spend(asking));
    return { kind: 'known', both, changed: ChangedExternals.of(both, changes), limit };
  });
}

/**
 * Does some work, and says why if Bazel cannot tell what the work asks for.
 *
 * @throws what the work throws for another reason
 */
export async function orUnknown<T>(
  work: () => Promise<T>,
): Promise<T | { readonly kind: 'unknown'; readonly why: string }> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !EXPECTED.some((type) => error instanceof type)) throw error;
    return { kind: 'unknown', why: error.message };
  }
}

const EXPECTED = [BazelError, ExternalsUnknownError, ModuleOutputError, NoWorkspaceError, QueryOutputError];

/** Waits for both revisions, also if one of them fails, so that no work goes on beside what comes next. */
export async function ofBoth<T>(before: Promise<T>, after: Promise<T>): Promise<Readonly<Record<Side, T>>> {
  await Promise.allSettled([before, after]);
  return { before: await before, after: await after };
}

/** The external repositories, with the registrations of all modules that may register what depends on a change. */
async function repositoriesOfBoth(
  { base, head }: Comparison,
  changes: ExternalChanges,
  externals: ExternalsSource,
): Promise<BothExternals> {
  const both = await ofBoth(externals.externalsOf(base), externals.externalsOf(head));
  const unknownIn = (side: Side, known: BothExternals): CanonicalName[] =>
    ChangedExternals.of(known, changes).unknownModules(side);
  const after = await externals.withModules(head, both.after, unknownIn('after', both));
  // What is known of a module that did not change holds for both revisions.
  const known = { before: both.before, after };
  return { before: await externals.withModules(base, both.before, unknownIn('before', known)), after };
}
