import type { LabelsElsewhere } from '../formats/rc.js';
import type { Graph } from '../graph/graph.js';
import { isBound, isMainRepository, type Label } from '../graph/label.js';
import { canonicalLabel, NO_NAMES, repositoryOf } from '../graph/repository.js';
import type { ReachedExternals } from '../loading/externals/reached-externals.js';
import type { ExternalsSource } from '../loading/source/externals-source.js';
import type { Revision } from '../loading/source/revision.js';
import type { Everything } from './affected/seed.js';
import type { Comparison } from './comparison.js';
import type { ExternalsEscalation } from './everything/escalation.js';
import type { ChangedExternals, Listed, Side } from './externals/changed-externals.js';
import type { BothExternals } from './externals/changed-repositories.js';
import type { ExternalDifference } from './externals/external-difference.js';
import {
  areTooMany,
  patternWithoutTargets,
  registeredToolchains,
  repositoriesOf,
  type RegisteredToolchains,
} from './externals/registered-toolchains.js';
import { orderThatMatters } from './externals/toolchain-types.js';
import { ofBoth, orUnknown, type KnownRepositories } from './known-repositories.js';
import type { PlanTools } from './plan-tools.js';

/** What a change that external repositories can notice means for the targets of the main one. */
export type ComparedExternals =
  | { readonly kind: 'everything'; readonly because: Everything }
  /** They could not be compared. */
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'compared'; readonly difference: ExternalDifference };

/** What to compare. */
export interface ExternalsQuestion {
  readonly comparison: Comparison;
  readonly graphs: { readonly before: Graph; readonly after: Graph };
  readonly repositories: KnownRepositories;
  readonly escalation: ExternalsEscalation;
  /** The labels of other repositories that options and transitions name. */
  readonly namedElsewhere: LabelsElsewhere;
  /** The files of other repositories that have code of aspects which options turn on. No digest covers that code. */
  readonly aspectCode: readonly Label[];
}

/**
 * Compares the external repositories of a plan's two revisions, as far as the main repository depends on those that
 * may have changed.
 *
 * @throws GitError
 */
export async function comparedExternals(
  question: ExternalsQuestion,
  { timer, externals }: PlanTools,
): Promise<ComparedExternals> {
  const { repositories } = question;
  if (repositories.kind === 'unknown') return repositories;
  return orUnknown(() =>
    timer.measure('externals', async () => {
      const compared = await repositories.limit.spend(compareRepositories(question, repositories, externals));
      // What leads to everything may be a failure that is over the next time.
      if (compared.kind === 'compared') await externals.keep();
      return compared;
    }),
  );
}

async function compareRepositories(
  question: ExternalsQuestion,
  { both, changed }: Extract<KnownRepositories, { kind: 'known' }>,
  externals: ExternalsSource,
): Promise<ComparedExternals> {
  const { comparison, graphs, escalation, namedElsewhere } = question;
  const { base, head } = comparison;
  const aspect = aspectThatMayDiffer(question, both, changed);
  if (aspect !== undefined)
    return affectEverything(
      escalation,
      `options of Bazel turn on an aspect whose code in ${aspect} may differ`,
    );
  const toolchains = await toolchainsBehind(changed, both, question, externals);
  if (toolchains.kind === 'unknown') return affectEverything(escalation, toolchains.why);
  const { replaceable } = toolchains;

  const named = new Map([
    ...namedElsewhere.targets.map((label) => [label, 'named by an option or a transition'] as const),
    ...toolchains.labels.map((label) => [label, 'used by a registered toolchain'] as const),
  ]);
  const { names } = changed;
  const reachedIn = (side: Side, revision: Revision): Promise<ReachedExternals> =>
    externals.reachedFrom(revision, {
      labels: changed.labelsIn(side, graphs[side], [...named.keys()]),
      mapping: both[side].mapping,
      // What a target of the main repository in the graph depends on is among the labels already.
      isFollowed: (label) =>
        isMainRepository(label) && !isBound(label) ? !graphs[side].has(label) : changed.reaches(label, side),
      changed: names,
      standIns: changed.standIns(side, replaceable),
    });
  const { before, after } = await ofBoth(reachedIn('before', base), reachedIn('after', head));
  const setting = changed.whereSettingsDiffer(before, after);
  if (setting !== null)
    return affectEverything(
      escalation,
      `the build settings or platforms of the repository @${setting} may differ, and transitions may read them`,
    );
  const difference = changed.difference(before, after, graphs.after, escalation.because.change, named);
  return { kind: 'compared', difference };
}

function aspectThatMayDiffer(
  { aspectCode }: ExternalsQuestion,
  { before, after }: BothExternals,
  changed: ChangedExternals,
): Label | undefined {
  return aspectCode.find((file) =>
    [before, after].some(({ mapping }) => changed.reaches(canonicalLabel(file, mapping))),
  );
}

/**
 * What stands behind registered toolchains from which a changed repository can be reached, the toolchains included; or
 * why that is not known or not the same as before.
 *
 * @returns also which of these labels lie in repositories of which nothing else is asked
 */
async function toolchainsBehind(
  changed: ChangedExternals,
  both: BothExternals,
  { comparison, graphs, namedElsewhere }: ExternalsQuestion,
  externals: ExternalsSource,
): Promise<(Listed & { kind: 'labels'; replaceable: readonly Label[] }) | (Listed & { kind: 'unknown' })> {
  const other = changed.everywhere;
  if (other !== null) return { kind: 'unknown', why: other };
  // All of them register the same in both revisions, or they are compared below.
  const order = await orderThatMatters(
    changed.reordered,
    (patterns) => externals.targetsMatching(comparison.head, patterns),
    both.after.mapping,
  );
  if (order !== null) return { kind: 'unknown', why: order };
  const found: RegisteredToolchains[] = [];
  for (const [side, revision] of [
    ['after', comparison.head],
    ['before', comparison.base],
  ] as const) {
    const patterns = changed.registered(side, namedElsewhere.registered);
    if (patterns.kind === 'unknown') return patterns;
    const targets = await externals.targetsMatching(revision, patterns.labels);
    const lost = patternWithoutTargets(patterns.labels, targets, both[side].mapping);
    if (lost !== null)
      return { kind: 'unknown', why: `Bazel found nothing of the registered toolchains ${lost}` };
    found.push(registeredToolchains(targets, both[side].mapping));
  }
  const [after, before] = found;
  if (after?.resolution !== before?.resolution)
    return { kind: 'unknown', why: 'registered toolchains or platforms differ' };
  const ofMain = [graphs.before, graphs.after].flatMap(toolchainsOfMain);
  const registered = after?.labels ?? [];
  const behind = [...(after?.behind ?? []), ...ofMain];
  const canonical = (label: Label): Label => canonicalLabel(label, both.after.mapping);
  const labels = [...new Set([...registered, ...behind])].filter((label) =>
    changed.reaches(canonical(label)),
  );
  // Those of the toolchains themselves were fetched already.
  const fetched = new Set([...repositoriesOf(registered), ...changed.namedByMain(graphs)]);
  const replaceable = labels.map(canonical).filter((label) => !fetched.has(repositoryOf(label, NO_NAMES)));
  const areThere = new Set([...repositoriesOf(registered), ...changed.standIns('after', replaceable).keys()]);
  return areTooMany(labels.map(canonical), areThere)
    ? { kind: 'unknown', why: 'toolchains of many repositories may depend on it' }
    : { kind: 'labels', labels, replaceable };
}

/** What toolchains of the main repository stand for in other ones. */
function toolchainsOfMain(graph: Graph): Label[] {
  return [...graph.packages()].flatMap(({ outline }) =>
    outline.toolchains.filter((label) => !isMainRepository(label)),
  );
}

function affectEverything({ because: { change } }: ExternalsEscalation, reason: string): ComparedExternals {
  return {
    kind: 'everything',
    because: { reason: `${change ?? 'a module file'} changed: ${reason}`, change },
  };
}
