import type { Graph } from '../graph/graph.js';
import type { Label } from '../graph/label.js';
import type { RuleTarget } from '../graph/target.js';
import { notesOnWorkflows } from './changed-workflows.js';
import { headOf } from './comparison.js';
import type { Plan, PlanContext } from './file/plan.js';
import { Incompatible } from './legs/incompatible.js';
import { nearestProject } from './everything/projects.js';
import type { Revision } from '../loading/source/revision.js';
import { legsOf } from './legs/legs.js';
import { select, withoutTests, type PlanMode, type Selection } from './legs/selection.js';
import type { ProjectOf } from './legs/place.js';
import { waitsOf, type Wait } from './legs/waits.js';
import { ownTests } from './own-tests.js';
import type { PlanInputs } from './plan-inputs.js';
import type { PlanTools } from './plan-tools.js';
import { reachOf, type Reach } from './reach.js';
import { affectedTargets, alwaysRun, reachedTargets } from './reached-targets.js';
import { releaseHints } from './release-hints.js';
import { madeOtherwise } from './releases-of-other-runs.js';
import type { Revisions } from './revisions.js';
import { InputError } from '../text/input-error.js';
import { whyTested, type TestedBefore } from './tested-before.js';
import type { Timer } from './timer.js';
import { unknownBaseProblem } from './unknown-base-problem.js';
import { unmatchedInputs } from './unmatched-inputs.js';

/** A plan, and more information for its readers. */
export interface Planned {
  readonly plan: Plan;
  readonly context: PlanContext;
  readonly graph: Graph;
  readonly head: Revision;
  /** Null if nothing was compared. */
  readonly base: Revision | null;
}

/**
 * Makes the plan for two revisions, up to the legs of the matrix.
 *
 * @throws BazelError if the head does not load: the author of the head has to fix it, and there is nothing to plan;
 *   InputError if somebody chose releases by hand, and a pattern names none
 */
export async function makePlan(revisions: Revisions, inputs: PlanInputs, tools: PlanTools): Promise<Planned> {
  const { timer } = tools;
  const head = await timer.measure('changes', () => headOf(revisions, inputs, tools.repositories));
  const reach = await reachOf(revisions, head, inputs, tools);
  const targets = reachedTargets(reach);
  const always = alwaysRun(reach, inputs.alwaysTags);
  const mode = modeFor(revisions.mode, reach);
  const again = await madeByOtherRuns(reach, mode, revisions, inputs, timer);
  const rules = [...targets.filter((target) => target.kind === 'rule'), ...always.keys(), ...again.keys()];
  const selected = await timer.measure('legs', () => selectFrom(rules, mode, inputs, reach.graph));
  const tested = await testedBefore(selected, revisions, timer);
  const selection = tested.kind === 'tested' ? withoutTests(selected, whyTested(tested.runs)) : selected;
  const { test, build, release } = selection.chosen;
  if (revisions.isRedelivery) requireReleases(labelsOf(release), inputs);
  const projectOf = nearestProject(head.files);
  const waits = await timer.measure('legs', () => waitsIn(reach, selection, inputs, projectOf));
  const legs = await timer.measure('legs', () => legsOf(selection, inputs.legs, projectOf, waits));
  return {
    plan: {
      ...comparedIn(revisions),
      everything: reach.scope.kind === 'everything' ? { reason: reach.scope.because.reason } : null,
      nothingToDo: null,
      changes: reach.comparison?.listed ?? [],
      affected: affectedTargets(targets, reach),
      always: [
        ...withReasons(
          test,
          (rule) => always.get(rule),
          (tag) => `tag ${tag}: runs in every plan`,
        ),
        ...withReasons(
          release,
          (rule) => again.get(rule),
          (why) => why,
        ),
      ],
      test: labelsOf(test),
      build: labelsOf(build),
      release: labelsOf(release),
      excluded: selection.excluded,
      problems: problemsOf(revisions, reach, selection),
      legs,
      timings: { steps: timer.milliseconds, graphs: reach.ways },
    },
    context: { ...(await contextOf(revisions, mode, reach, inputs, tested)), waits },
    graph: reach.graph,
    head,
    base: reach.comparison?.base ?? null,
  };
}

function selectFrom(
  rules: readonly RuleTarget[],
  mode: PlanMode,
  { targets, isReleaseKind, excludeTags }: PlanInputs,
  graph: Graph,
): Selection {
  const incompatible = new Incompatible(graph);
  return select(rules, {
    targets,
    isReleaseKind,
    excludeTags,
    mode,
    whyIncompatible: (rule) => incompatible.why(rule),
  });
}

/** Those of some rules that run although nothing affects them, each with the reason. */
function withReasons(
  rules: readonly RuleTarget[],
  causeOf: (rule: RuleTarget) => string | undefined,
  inWords: (cause: string) => string,
): Plan['always'] {
  return rules.flatMap((rule) => {
    const cause = causeOf(rule);
    return cause === undefined ? [] : [{ label: rule.label, why: inWords(cause) }];
  });
}

/** @throws InputError if a pattern of the input `targets` names no release */
function requireReleases(releases: readonly Label[], { targets, releaseKinds }: PlanInputs): void {
  for (const { text, negative, matches } of targets) {
    if (negative || releases.some(matches)) continue;
    throw new InputError('targets', text, {
      problem:
        `names no release, and a run by hand with mode: release runs what targets names. Releases are rules of the class ` +
        `${releaseKinds.join(', ')} (the input release-kinds) without an excluded tag`,
    });
  }
}

/** The releases that nothing affects, but that another run may have made with another content; each with the reason. */
async function madeByOtherRuns(
  reach: Reach,
  mode: PlanMode,
  { findReleased }: Revisions,
  inputs: PlanInputs,
  timer: Timer,
): Promise<ReadonlyMap<RuleTarget, string>> {
  // If everything is affected, all releases are made.
  if (mode !== 'release' || findReleased === null || reach.scope.kind === 'everything') return new Map();
  return madeOtherwise(reach, await timer.measure('other runs', findReleased), inputs);
}

/** Whether the tests that would run passed before for the same commit. */
async function testedBefore(
  { chosen }: Selection,
  { findTested }: Revisions,
  timer: Timer,
): Promise<TestedBefore> {
  return chosen.test.length === 0 || findTested === null
    ? { kind: 'not tested', why: null }
    : timer.measure('other runs', findTested);
}

/** What each release waits for beside the plan. */
function waitsIn(
  { scope, graph }: Reach,
  selection: Selection,
  inputs: PlanInputs,
  projectOf: ProjectOf,
): ReadonlyMap<Label, Wait> {
  const { test, release } = selection.chosen;
  const own = () => ownTests(labelsOf(release), labelsOf(test), scope, graph);
  return waitsOf(selection, inputs.releaseAfter, own, inputs.legs, projectOf);
}

function comparedIn({ base, baseFrom, head }: Revisions): Pick<Plan, 'base' | 'baseFrom' | 'head'> {
  return { base: base.kind === 'commit' ? { commit: base.commit } : null, baseFrom, head };
}

/** If everything is affected anyway, CI plans no more than that. */
async function workflowNotes(revisions: Revisions, reach: Reach, inputs: PlanInputs): Promise<string[]> {
  if (reach.comparison === null || reach.scope.kind === 'everything') return [];
  return notesOnWorkflows(reach.comparison, revisions, inputs);
}

async function contextOf(
  revisions: Revisions,
  mode: PlanMode,
  reach: Reach,
  inputs: PlanInputs,
  tested: TestedBefore,
): Promise<Omit<PlanContext, 'waits'>> {
  return {
    mode,
    whyBase: revisions.base.why,
    targetCount: countNamed(reach.graph),
    ignored: reach.comparison?.ignored ?? [],
    testedBy: tested.kind === 'tested' ? tested.runs : [],
    notices: [
      ...reach.notices,
      ...(tested.kind === 'tested' || tested.why === null ? [] : [tested.why]),
      ...(await workflowNotes(revisions, reach, inputs)),
      ...unused(inputs.unusedQueryOptions),
      ...unmatchedInputs(reach.graph, inputs),
      ...(mode !== 'test' && reach.graph.isRead ? releaseHints(reach.graph, inputs) : []),
    ],
  };
}

function labelsOf(rules: readonly RuleTarget[]): Label[] {
  return rules.map((rule) => rule.label);
}

/**
 * If the base is unknown, it is also unknown what has been released already. Therefore releases are withheld and only
 * built.
 */
function modeFor(mode: PlanMode, { unknownBase }: Reach): PlanMode {
  return unknownBase === null || mode !== 'release' ? mode : 'build';
}

function problemsOf(revisions: Revisions, { unknownBase }: Reach, { chosen }: Selection): string[] {
  if (revisions.mode !== 'release' || unknownBase === null) return [];
  return unknownBaseProblem(chosen.build, unknownBase, revisions.baseFrom);
}

/**
 * Notes for options that the queries do not use. They would hide packages that the legs see, and a plan would silently
 * leave these out.
 */
function unused(queryOptions: readonly string[]): string[] {
  return queryOptions.map(
    (option) =>
      `the query option ${option} is not used, because it hides packages that the jobs see: if they have it too, name ` +
      'it in the input leg-options',
  );
}

function countNamed(graph: Graph): number {
  return [...graph.packages()].reduce((sum, { outline }) => sum + outline.namedCount, 0);
}
