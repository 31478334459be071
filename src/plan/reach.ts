import { isStarlark } from '../loading/inputs/file-roles.js';
import { GitError } from '../adapters/git/git.js';
import type { Graph } from '../graph/graph.js';
import type { PackagePath, WorkspacePath } from '../graph/label.js';
import type { CommitId } from '../graph/tree.js';
import { Checkout } from '../loading/source/checkout.js';
import type { SourcedGraph } from '../loading/source/graph-source.js';
import type { LoadingReader } from '../loading/source/loading-reader.js';
import type { Revision } from '../loading/source/revision.js';
import { workspacePath, type RevisionFiles } from '../loading/source/revision-files.js';
import { Affected } from './affected/affected.js';
import { blameOf } from './affected/blame.js';
import { changesOfLayout, packagesOfSameCode } from './affected/same-code.js';
import type { Everything } from './affected/seed.js';
import { seedsOf } from './affected/seeds.js';
import { SetFlags } from './affected/set-flags.js';
import { comparedGraphs } from './compared-graphs.js';
import {
  compare,
  escalatedBySubmodule,
  escalatedByUser,
  escalatedByWorkflow,
  type Comparison,
} from './comparison.js';
import { comparedExternals } from './compared-externals.js';
import { knownRepositories, type KnownRepositories } from './known-repositories.js';
import { loadedExternals } from './loaded-externals.js';
import {
  escalationByExternalTarget,
  NO_EXTERNAL_DIFFERENCE,
  type ExternalDifference,
} from './externals/external-difference.js';
import { packagesOfOtherEnvironments } from './everything/default-environments.js';
import type { ExternalReads } from '../loading/externals/externals-record.js';
import { escalationOf, type Escalation, type ExternalsEscalation } from './everything/escalation.js';
import { packagesOfProjects, type ChangedProject } from './everything/projects.js';
import { escalationByHiddenEdge } from './everything/hidden-edges.js';
import { packagesOfChangedMacros } from './everything/symbolic-macros.js';
import type { Surroundings } from './everything/surroundings.js';
import { readSurroundings, type ReadSurroundings } from './everything/read-surroundings.js';
import type { PlanInputs } from './plan-inputs.js';
import type { PlanTools } from './plan-tools.js';
import type { Revisions } from './revisions.js';

/** The targets that a change affects: all of them, with the reason, or some. */
export type Scope =
  | { readonly kind: 'everything'; readonly because: Everything }
  | { readonly kind: 'some'; readonly affected: Affected };

/** The targets that a change affects, and what changed. */
export interface Reach {
  readonly scope: Scope;
  /** Why the base is unknown; null if it is known, also if it is known that there is none. */
  readonly unknownBase: string | null;
  /** The graph of the head. */
  readonly graph: Graph;
  /** Null if nothing was compared. */
  readonly comparison: Comparison | null;
  /** How the graph of each side (`base`, `head`) was made. */
  readonly ways: Readonly<Record<string, string>>;
  readonly notices: readonly string[];
}

/**
 * Finds the targets that the change between a plan's two revisions affects.
 *
 * @throws BazelError if the head does not load
 */
export async function reachOf(
  revisions: Revisions,
  head: Revision,
  inputs: PlanInputs,
  tools: PlanTools,
): Promise<Reach> {
  const { base } = revisions;
  if (base.kind !== 'commit') {
    const reach = await reachOfAll(head, { reason: base.why, change: null }, null, tools);
    return { ...reach, unknownBase: base.kind === 'unknown' ? base.why : null };
  }
  try {
    return await reachFrom(base.commit, revisions, head, inputs, tools);
  } catch (error) {
    // Git fetches the files of a base only when they are read, so this can fail late.
    if (!(error instanceof GitError)) throw error;
    const why = `the base ${base.commit} cannot be read`;
    const reach = await reachOfAll(head, { reason: why, change: null }, null, tools);
    const details = `${why}: ${error.message}`;
    return { ...reach, unknownBase: details, notices: [details] };
  }
}

/**
 * Goes through the steps, each of which may find that everything is affected.
 *
 * @throws GitError if the base cannot be read
 */
async function reachFrom(
  base: CommitId,
  revisions: Revisions,
  head: Revision,
  inputs: PlanInputs,
  tools: PlanTools,
): Promise<Reach> {
  const { timer, repositories } = tools;
  const comparison = await timer.measure('changes', () => compare(base, head, inputs, repositories));
  const named = await escalatedByPaths(comparison, revisions, inputs, tools);
  if (named !== null) return reachOfAll(head, named, comparison, tools);

  const read = await surroundingsOf(comparison, inputs, tools);
  const escalation = escalationOf(comparison.shown, comparison.outside, read.surroundings);
  const everything = whyAtOnce(escalation, tools) ?? escalatedByProject(read.changedProjects);
  if (everything !== null) return reachOfAll(head, everything, comparison, tools);

  const noticed = await noticedByExternals(escalation, comparison, tools);
  const ignored = new Set(comparison.ignored.flatMap((path) => workspacePath(path, inputs.workspace) ?? []));
  const known = await loadedExternals(
    comparison,
    noticed?.repositories ?? null,
    { namesAutoloads: read.namesAutoloads, ignored },
    tools,
  );
  if (known !== null) await tools.graphs.learnExternals(comparison.base, head, known);
  const graphs = await comparedGraphs(comparison.base, head, tools);
  switch (graphs.kind) {
    case 'unusable base': {
      const why = `the base ${graphs.commit} cannot be loaded`;
      const reach = await reachOfAll(head, { reason: why, change: null }, comparison, tools);
      return { ...reach, notices: [`${why}, which this change did not cause: ${graphs.details}`] };
    }
    case 'of two Bazels': {
      const reason = `the base was loaded by ${graphs.base.bazelVersion} and the head by ${graphs.head.bazelVersion}`;
      const scope: Scope = { kind: 'everything', because: { reason, change: null } };
      return reachWith(scope, graphs.base, graphs.head, comparison);
    }
    case 'comparable': {
      const { scope, notices } = await scopeBetween(
        graphs.base.graph,
        graphs.head.graph,
        comparison,
        read,
        noticed,
        tools,
      );
      return { ...reachWith(scope, graphs.base, graphs.head, comparison), notices };
    }
  }
}

/** A change that external repositories can notice, and these repositories. */
interface Noticed {
  readonly escalation: ExternalsEscalation;
  readonly repositories: KnownRepositories;
}

/** Null if external repositories are those of the base. @throws GitError */
async function noticedByExternals(
  escalation: Escalation | null,
  comparison: Comparison,
  tools: PlanTools,
): Promise<Noticed | null> {
  if (escalation?.kind !== 'externals') return null;
  return { escalation, repositories: await knownRepositories(comparison, escalation, tools) };
}

/**
 * The escalations that the paths of the changes alone decide.
 *
 * @throws GitError
 */
async function escalatedByPaths(
  comparison: Comparison,
  revisions: Revisions,
  inputs: PlanInputs,
  { repositories }: PlanTools,
): Promise<Everything | null> {
  return (
    escalatedByUser(comparison, inputs) ??
    escalatedByWorkflow(comparison, revisions, inputs) ??
    comparison.everything ??
    (await escalatedBySubmodule(comparison, repositories.user))
  );
}

/** Why everything is affected, also if external repositories may not be compared; null if it is not known to be. */
function whyAtOnce(escalation: Escalation | null, { externals }: PlanTools): Everything | null {
  const mayCompare = escalation?.kind === 'externals' && externals.minutes > 0;
  return escalation === null || mayCompare ? null : escalation.because;
}

/** A project at the root sets options for all targets. */
function escalatedByProject(projects: readonly ChangedProject[]): Everything | null {
  const atRoot = projects.find(({ folder }) => folder === '');
  if (atRoot === undefined) return null;
  const change = atRoot.change.origin;
  return { reason: `${change} changed: PROJECT.scl sets the options of all targets`, change };
}

async function surroundingsOf(
  { base, head, shown }: Comparison,
  inputs: PlanInputs,
  { timer, repositories, reader }: PlanTools,
): Promise<ReadSurroundings> {
  const checkout = new Checkout(repositories.user.folder, inputs.workspace);
  return timer.measure('loading inputs', async () => {
    const recorded = await recordedIn(base.files, head.files, reader);
    return readSurroundings(base.files, head.files, shown, inputs, checkout, recorded);
  });
}

async function recordedIn(
  base: RevisionFiles,
  head: RevisionFiles,
  reader: LoadingReader,
): Promise<Pick<Surroundings, 'reads' | 'otherFolders'>> {
  const [before, after] = [await reader.allOf(base), await reader.allOf(head)];
  return {
    reads: knownOfEither(before.reads, after.reads),
    otherFolders: before.foundFolders !== after.foundFolders,
  };
}

/** A record of either revision, else that nothing can be recorded of one, else what was tried of one. */
function knownOfEither(before: ExternalReads, after: ExternalReads): ExternalReads {
  if (before.kind === 'recorded') return before;
  if (after.kind === 'recorded' || after.counts === 'findable files') return after;
  const isKnownOfAfter =
    before.counts !== 'findable files' && before.failure === null && after.failure !== null;
  return isKnownOfAfter ? after : before;
}

/**
 * The targets that depend on the seeds. If a seed reaches an edge that Bazel's query does not show, everything is
 * affected.
 *
 * @param noticed what external repositories can notice; null if they are those of the base
 */
async function scopeBetween(
  before: Graph,
  after: Graph,
  comparison: Comparison,
  read: ReadSurroundings,
  noticed: Noticed | null,
  tools: PlanTools,
): Promise<Pick<Reach, 'scope' | 'notices'>> {
  if (noticed === null) return scopeFromSeeds(before, after, comparison, read, NO_EXTERNAL_DIFFERENCE, tools);
  const { namedElsewhere } = read;
  const aspectCode = read.surroundings.aspectCode.elsewhere;
  const graphs = { before, after };
  const externals = await comparedExternals(
    { comparison, graphs, ...noticed, namedElsewhere, aspectCode },
    tools,
  );
  switch (externals.kind) {
    case 'everything':
      return { scope: { kind: 'everything', because: externals.because }, notices: [] };
    case 'unknown': {
      const left = escalationByTexts(comparison, read.surroundings, noticed.escalation);
      if (left !== null)
        return {
          scope: { kind: 'everything', because: left.because },
          notices: [
            `external repositories could not be compared, so everything counts as affected: ${externals.why}`,
          ],
        };
      const scoped = await scopeFromSeeds(before, after, comparison, read, NO_EXTERNAL_DIFFERENCE, tools);
      const notice =
        'external repositories could not be compared, and no text of their code leads to a changed file, so none of them ' +
        `counts as changed: ${externals.why}`;
      return { ...scoped, notices: [...scoped.notices, notice] };
    }
    case 'compared':
      return scopeFromSeeds(before, after, comparison, read, externals.difference, tools);
  }
}

/**
 * The escalation if Bazel cannot be asked. Where code of the workspace may read any file, and no plan has found out which, those
 * files count that it can find by its texts: else every change would affect everything. If it was tried in vain to find that
 * out and every file counts all the same, the whole workspace is read.
 */
function escalationByTexts(
  { shown, outside }: Comparison,
  surroundings: Surroundings,
  escalation: ExternalsEscalation,
): Pick<Escalation, 'because'> | null {
  const { reads, moduleInputs } = surroundings;
  const isUntried = reads.kind === 'unrecorded' && reads.counts === 'every file' && reads.failure === null;
  if (!isUntried || moduleInputs.ownCode?.givesRoot === true) return escalation;
  return escalationOf(shown, outside, { ...surroundings, reads: { ...reads, counts: 'findable files' } });
}

async function scopeFromSeeds(
  before: Graph,
  after: Graph,
  comparison: Comparison,
  { namedLabels, changedProjects, transitions }: ReadSurroundings,
  externals: ExternalDifference,
  { timer, reader }: PlanTools,
): Promise<Pick<Reach, 'scope' | 'notices'>> {
  const layout = await timer.measure('affected', () => changesOfLayout(comparison));
  const packages = await timer.measure(
    'affected',
    async () =>
      new Set([
        ...(await packagesOfOtherEnvironments(comparison, reader)),
        ...packagesOfProjects(changedProjects, after),
        ...(await packagesOfChangedMacros(comparison, layout, reader)),
      ]),
  );
  // Code of other repositories may have changed as well, and only the digests of rules tell.
  const sameCode =
    externals === NO_EXTERNAL_DIFFERENCE
      ? await timer.measure('affected', () =>
          packagesOfSameCode(comparison, layout, before.packagePaths, reader),
        )
      : new Set<PackagePath>();
  const blame = blameOf(comparison.shown, await loadersOf(comparison, reader));
  return timer.measure('affected', () => {
    const seeds = [
      ...seedsOf(before, after, comparison.shown, blame, packages, sameCode),
      ...externals.seeds,
    ];
    // Compared repositories account for the source files that they read.
    const known = externals === NO_EXTERNAL_DIFFERENCE ? namedLabels.always : namedLabels.besidesExternals;
    const flags = new SetFlags(after, transitions);
    const affected = Affected.of(after, seeds, {
      usersOf: (label) => [...flags.usersOf(label), ...externals.usersOf(label)],
    });
    const because =
      escalationByHiddenEdge(before, after, affected, seeds, known) ??
      escalationByExternalTarget(affected, externals);
    return because === null
      ? { scope: { kind: 'some', affected }, notices: openFlags(flags, affected) }
      : { scope: { kind: 'everything', because }, notices: [] };
  });
}

/** Notes for flags that transitions may set to any label, which make plans larger than they need to be. */
function openFlags({ open }: SetFlags, affected: Affected): string[] {
  return [...open]
    .filter(([flag]) => affected.has(flag))
    .map(
      ([flag, file]) =>
        `the transitions in ${file} may set ${flag} to any label, so every change affects what depends on it: ` +
        'plans are smaller if the function of the transition returns a label that is written there',
    );
}

/** Which packages of the head load a .bzl file. The files are read only if a .bzl file changed. */
async function loadersOf(
  comparison: Comparison,
  reader: LoadingReader,
): Promise<(file: WorkspacePath) => ReadonlySet<PackagePath>> {
  if (!comparison.shown.some((change) => isStarlark(change.path))) return () => new Set();
  const closure = await reader.closureOf(comparison.head.files);
  return (file) => closure.packagesLoading([file]);
}

/**
 * Everything is affected, so only the graph of the head is needed.
 *
 * @throws BazelError if it does not load
 */
async function reachOfAll(
  head: Revision,
  because: Everything,
  comparison: Comparison | null,
  { graphs, timer }: PlanTools,
): Promise<Reach> {
  const { graph, way } = await timer.measure('head graph', () => graphs.graphOf(head));
  return {
    scope: { kind: 'everything', because },
    unknownBase: null,
    graph,
    comparison,
    ways: { head: way },
    notices: [],
  };
}

function reachWith(scope: Scope, base: SourcedGraph, head: SourcedGraph, comparison: Comparison): Reach {
  return {
    scope,
    unknownBase: null,
    graph: head.graph,
    comparison,
    ways: { base: base.way, head: head.way },
    notices: [],
  };
}
