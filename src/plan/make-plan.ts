import type { Revision } from '../loading/source/revision.js';
import { Affected } from './affected/affected.js';
import { blameOf, isStarlark } from './affected/blame.js';
import { escalationOf } from './everything/escalation.js';
import { escapeOf } from './everything/hidden-edges.js';
import type { Everything } from './affected/seed.js';
import { seedsOf } from './affected/seeds.js';
import { BazelError } from '../adapters/bazel/bazel-error.js';
import { GitError } from '../adapters/git/git.js';
import type { Repository } from '../adapters/git/repository.js';
import type { ScratchRepository } from '../adapters/git/scratch-repository.js';
import type { CommitId } from '../graph/tree.js';
import type { Graph } from '../graph/graph.js';
import type { PackagePath, WorkspacePath } from '../graph/label.js';
import type { RuleTarget, SourceTarget } from '../graph/target.js';
import type { PlanInputs } from './plan-inputs.js';
import { legsOf } from './legs/legs.js';
import { matchingNothing, type TargetPattern } from './legs/patterns.js';
import { select } from './legs/selection.js';
import type { AffectedTarget, BaseFrom, Plan, PlanContext, Reason } from './file/plan.js';
import {
  compare,
  escalatedBySubmodule,
  escalatedByUser,
  escalatedByWorkflow,
  headOf,
  type Comparison,
} from './comparison.js';
import { packagesOfOtherEnvironments } from './everything/default-environments.js';
import type { GraphSource, SourcedGraph } from '../loading/source/graph-source.js';
import type { LoadingReader } from '../loading/source/loading-reader.js';
import { Checkout } from '../loading/inputs/rc-files.js';
import type { Revisions } from './revisions.js';
import { readSurroundings } from './everything/read-surroundings.js';
import { NoWorkspaceError } from '../loading/source/site.js';
import type { Timer } from './timer.js';

/** What a plan is made with. */
export interface Doors {
  readonly repository: Repository;
  readonly scratch: ScratchRepository;
  readonly graphs: GraphSource;
  readonly reader: LoadingReader;
  readonly timer: Timer;
}

/** A plan, and what its readers want to know beyond it. */
export interface Planned {
  readonly plan: Plan;
  readonly context: PlanContext;
  readonly graph: Graph;
}

/** Which targets a change reaches, and what it was that changed. */
interface Reach {
  readonly everything: Everything | null;
  /** Why nobody knows what to compare with; null where that is known, be it nothing. */
  readonly unknownBase: string | null;
  /** Null: all are. */
  readonly affected: Affected | null;
  readonly graph: Graph;
  readonly comparison: Comparison | null;
  /** Where the graphs came from, by side. */
  readonly ways: Readonly<Record<string, string>>;
  readonly notices: readonly string[];
}

/**
 * From two revisions to the legs of a matrix.
 *
 * @throws BazelError if the head does not load: that is its author's error, and there is nothing to plan
 */
export async function makePlan(revisions: Revisions, inputs: PlanInputs, doors: Doors): Promise<Planned> {
  const { timer } = doors;
  const head = await timer.measure('changes', () =>
    headOf(revisions, inputs, doors.repository, doors.scratch),
  );
  const reach = await reachOf(revisions, head, inputs, doors);
  const targets = reachedTargets(reach);
  const always = alwaysRun(reach, inputs.alwaysTags);
  const rules = [...targets.filter((target) => target.kind === 'rule'), ...always.keys()];
  // Without its base, nobody knows what has been released already. That it can be built shows all the same.
  const isHeld = revisions.mode === 'release' && reach.unknownBase !== null;
  const mode = isHeld ? 'build' : revisions.mode;
  const selection = await timer.measure('legs', () =>
    select(rules, {
      targets: inputs.targets,
      isReleaseKind: inputs.isReleaseKind,
      excludeTags: inputs.excludeTags,
      mode,
    }),
  );
  const legs = await timer.measure('legs', () => legsOf(selection, inputs.legs));
  return {
    plan: {
      base: revisions.base.kind === 'commit' ? { commit: revisions.base.commit } : null,
      baseFrom: revisions.baseFrom,
      head: revisions.head,
      everything: reach.everything === null ? null : { reason: reach.everything.reason },
      nothingToDo: null,
      changes: reach.comparison?.listed ?? [],
      affected: targets.flatMap((target) => affectedTarget(target, reach)),
      always: selection.chosen.test.flatMap((rule) => {
        const tag = always.get(rule);
        return tag === undefined ? [] : [{ label: rule.label, why: `tag ${tag}: runs in every plan` }];
      }),
      test: selection.chosen.test.map((rule) => rule.label),
      build: selection.chosen.build.map((rule) => rule.label),
      release: selection.chosen.release.map((rule) => rule.label),
      excluded: selection.excluded,
      problems: isHeld ? heldReleases(selection.chosen.build, reach.unknownBase, revisions.baseFrom) : [],
      legs,
      timings: { steps: timer.milliseconds, graphs: reach.ways },
    },
    context: {
      mode,
      whyBase: revisions.base.why,
      targetCount: countNamed(reach.graph),
      ignored: reach.comparison?.ignored ?? [],
      notices: [
        ...reach.notices,
        ...unused(inputs.unusedQueryOptions),
        ...unmatched(inputs.targets, reach.graph),
      ],
    },
    graph: reach.graph,
  };
}

async function reachOf(
  revisions: Revisions,
  head: Revision,
  inputs: PlanInputs,
  doors: Doors,
): Promise<Reach> {
  const { base } = revisions;
  if (base.kind !== 'commit') {
    const reach = await allOf(head, { reason: base.why, change: null }, null, doors);
    return { ...reach, unknownBase: base.kind === 'unknown' ? base.why : null };
  }
  try {
    return await reachFrom(base.commit, revisions, head, inputs, doors);
  } catch (error) {
    // Of a base that was fetched, git brings the files when they are asked for.
    if (!(error instanceof GitError)) throw error;
    const why = `the base ${base.commit} cannot be read`;
    const reach = await allOf(head, { reason: why, change: null }, null, doors);
    const details = `${why}: ${error.message}`;
    return { ...reach, unknownBase: details, notices: [details] };
  }
}

/** What an escalation reaches. */
async function allOf(
  head: Revision,
  everything: Everything,
  comparison: Comparison | null,
  { graphs, timer }: Doors,
): Promise<Reach> {
  const { graph, way } = await timer.measure('head graph', () => graphs.graphOf(head));
  const ways = { head: way };
  return { everything, unknownBase: null, affected: null, graph, comparison, ways, notices: [] };
}

/** @throws GitError if the base cannot be read */
async function reachFrom(
  base: CommitId,
  revisions: Revisions,
  head: Revision,
  inputs: PlanInputs,
  doors: Doors,
): Promise<Reach> {
  const { timer } = doors;
  const all = (everything: Everything, comparison: Comparison): Promise<Reach> =>
    allOf(head, everything, comparison, doors);
  const comparison = await timer.measure('changes', () =>
    compare(base, head, inputs, doors.repository, doors.scratch),
  );
  const named =
    escalatedByUser(comparison, inputs) ??
    escalatedByWorkflow(comparison, revisions, inputs) ??
    comparison.everything ??
    (await escalatedBySubmodule(comparison, doors.repository));
  if (named !== null) return all(named, comparison);

  const around = await timer.measure('loading inputs', () =>
    readSurroundings(
      comparison.base.files,
      head.files,
      comparison.seen,
      inputs,
      new Checkout(doors.repository.folder, inputs.workspace),
    ),
  );
  const escalation = escalationOf(comparison.seen, comparison.outside, around.surroundings);
  if (escalation !== null) return all(escalation, comparison);

  const graphOfBase = (): Promise<BaseGraph> =>
    timer.measure('base graph', () => baseGraph(comparison, doors.graphs));
  const withoutBase = async ({ why, details }: UnusableBase): Promise<Reach> => {
    const reach = await all({ reason: why, change: null }, comparison);
    return { ...reach, notices: [`${why}, which is no fault of this change: ${details}`] };
  };
  // The base first: the scratch folder goes from it to the head, and Bazel looks only at what differs.
  const first = await graphOfBase();
  if (first.kind === 'unusable') return withoutBase(first);
  const after = await timer.measure('head graph', () => doors.graphs.graphOf(head));
  // The base can be a snapshot of an earlier Bazel: after the head, the one of this plan is known.
  const before = first.sourced.bazelVersion === after.bazelVersion ? first : await graphOfBase();
  if (before.kind === 'unusable') return withoutBase(before);
  const ways = { base: before.sourced.way, head: after.way };
  if (before.sourced.bazelVersion !== after.bazelVersion) {
    const reason = `the base was loaded by ${before.sourced.bazelVersion} and the head by ${after.bazelVersion}`;
    return {
      everything: { reason, change: null },
      unknownBase: null,
      affected: null,
      graph: after.graph,
      comparison,
      ways,
      notices: [],
    };
  }
  const regiven = await timer.measure('affected', () =>
    packagesOfOtherEnvironments(comparison, doors.reader),
  );
  const blame = blameOf(comparison.seen, await loadersOf(comparison, doors.reader));
  return timer.measure('affected', () => {
    const seeds = seedsOf(before.sourced.graph, after.graph, comparison.seen, blame, regiven);
    const affected = Affected.of(after.graph, seeds);
    const escape = escapeOf(before.sourced.graph, after.graph, affected, seeds, around.namedLabels);
    const reached = escape === null ? affected : null;
    return {
      everything: escape,
      unknownBase: null,
      affected: reached,
      graph: after.graph,
      comparison,
      ways,
      notices: [],
    };
  });
}

type BaseGraph = { readonly kind: 'graph'; readonly sourced: SourcedGraph } | UnusableBase;

interface UnusableBase {
  readonly kind: 'unusable';
  readonly why: string;
  readonly details: string;
}

/** The author of a head cannot mend its base: one that does not load is no error, but nothing to compare with either. */
async function baseGraph({ base, head }: Comparison, graphs: GraphSource): Promise<BaseGraph> {
  try {
    return { kind: 'graph', sourced: await graphs.graphOf(base, head) };
  } catch (error) {
    if (error instanceof BazelError || error instanceof NoWorkspaceError) {
      return {
        kind: 'unusable',
        why: `the base ${base.commit} cannot be loaded`,
        details: error.message,
      };
    }
    throw error;
  }
}

/** Which packages of the head load a .bzl file; read only where one of those changed. */
async function loadersOf(
  comparison: Comparison,
  reader: LoadingReader,
): Promise<(file: WorkspacePath) => ReadonlySet<PackagePath>> {
  if (!comparison.seen.some((change) => isStarlark(change.path))) return () => new Set();
  const closure = await reader.closureOf(comparison.head.files);
  return (file) => closure.packagesLoading([file]);
}

/** The tests that nothing reaches and that run all the same, each with the tag that says so. */
function alwaysRun({ affected, graph }: Reach, tags: readonly string[]): Map<RuleTarget, string> {
  const always = new Map<RuleTarget, string>();
  // Most plans name no such tag, and need not read every target of the workspace.
  if (tags.length === 0 || affected === null) return always;
  for (const target of graph.targets()) {
    if (target.kind !== 'rule' || target.test === null || affected.has(target.label)) continue;
    const tag = tags.find((each) => target.tags.includes(each));
    if (tag !== undefined) always.set(target, tag);
  }
  return always;
}

/** The rules and source files that the change reaches, sorted by label: what a plan names. */
function reachedTargets({ affected, graph }: Reach): (RuleTarget | SourceTarget)[] {
  // Labels that the head graph only names, deleted ones, have no target there.
  const reached =
    affected === null
      ? [...graph.targets()]
      : [...affected.labels()].flatMap((label) => graph.get(label) ?? []);
  return reached
    .filter((target) => target.kind === 'rule' || target.kind === 'source')
    .sort((one, other) => (one.label < other.label ? -1 : 1));
}

/** What a query does not see, and the legs do, would be left out without a word. */
function unused(queryOptions: readonly string[]): string[] {
  return queryOptions.map(
    (option) =>
      `the query option ${option} is not used, because it hides packages that the jobs see: if they have it too, name ` +
      'it in the input leg-options',
  );
}

/** Held releases that are named before the rest is only counted. */
const MOST_HELD = 20;

/** The problem that makes the verdict a failure where releases are held, so that a later plan has them again. */
function heldReleases(releases: readonly RuleTarget[], why: string | null, baseFrom: BaseFrom): string[] {
  if (releases.length === 0) return [];
  const more = releases.length - MOST_HELD;
  const named = releases
    .slice(0, MOST_HELD)
    .map(({ label }) => label)
    .join(', ');
  const when =
    baseFrom === 'last green run'
      ? 'The next run that can tell releases them, and so does this one if all its jobs are run again.'
      : 'No later run makes up for that by itself: run all jobs of this one again, or the workflow by hand with the input base.';
  return [
    `Nothing is released, because nobody can tell what this commit is to be compared with (${why ?? ''}): ` +
      `${named}${more > 0 ? ` and ${more} more` : ''} ${releases.length === 1 ? 'is' : 'are'} only built. ${when}`,
  ];
}

/** A pattern that matches nothing would leave everything out without a word. */
function unmatched(patterns: readonly TargetPattern[], graph: Graph): string[] {
  if (graph.packageCount === 0) return [];
  return matchingNothing(patterns, graph).map(
    ({ text }) => `the target pattern ${text} matches nothing in this workspace: is it misspelt?`,
  );
}

function countNamed(graph: Graph): number {
  return [...graph.packages()].reduce((sum, { outline }) => sum + outline.namedCount, 0);
}

function affectedTarget(target: RuleTarget | SourceTarget, reach: Reach): AffectedTarget[] {
  const reason = reasonOf(target, reach);
  if (reason === null) return [];
  return [
    target.kind === 'rule'
      ? { label: target.label, type: 'rule', ruleClass: target.ruleClass, tags: target.tags, reason }
      : { label: target.label, type: 'source', ruleClass: null, tags: [], reason },
  ];
}

function reasonOf(target: RuleTarget | SourceTarget, reach: Reach): Reason | null {
  if (reach.affected === null) {
    return { kind: 'everything', change: reach.everything?.change ?? null, path: [target.label] };
  }
  const cause = reach.affected.causeOf(target.label);
  return cause === undefined ? null : { kind: cause.seed.kind, change: cause.seed.change, path: cause.path };
}
