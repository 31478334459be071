import { randomBytes } from 'node:crypto';
import type { CommitId } from '../../graph/tree.js';
import { MODES, type Mode } from '../legs/leg.js';
import { leavesNothingUndone, type Plan } from './plan.js';

const PLAN = 'bazel-affected-plan-';
const LEG = 'bazel-affected-leg-';
/** Follows {@link PLAN} in the name if the plan leaves something undone. */
const UNDONE = 'undone-';
/** Follows {@link PLAN} in the name of a plan for a merge group. */
const TESTED = 'tests-';

/** What a plan lets a green run show of a commit: the tests of everything passed, or those of a change since a base. */
export interface TestedChange {
  /** Null if the tests of everything run. */
  readonly since: CommitId | null;
  /** A digest of what decides which tests run, and how: lower-case letters and digits. */
  readonly settings: string;
}

/**
 * Makes a name for a plan's artifact that is unique in the run, because a workflow may make several plans. Other runs
 * see only the names of artifacts, so the name tells whether the plan leaves something undone, what its tests show, and
 * which attempt made it.
 *
 * @param tested null if no other run relies on the tests of this plan
 */
export function newPlanArtifact(
  plan: Pick<Plan, 'nothingToDo' | 'problems'>,
  attempt: number,
  tested: TestedChange | null = null,
): string {
  const unique = randomBytes(6).toString('hex');
  if (!leavesNothingUndone(plan)) return `${PLAN}${UNDONE}${attempt}-${unique}`;
  if (tested === null) return PLAN + unique;
  return `${PLAN}${TESTED}${attempt}-${tested.since ?? 'all'}-${tested.settings}-${unique}`;
}

/**
 * What a green run shows of its commit, by one of its artifacts; null if that is no plan that other runs rely on.
 *
 * @param attempt the attempt of the run that made the plan which counts; null if it is unknown: then any does
 */
export function testedBy(artifact: string, attempt: number | null): TestedChange | null {
  const [, madeBy, since, settings] =
    /^bazel-affected-plan-tests-(\d+)-(all|[0-9a-f]{40,64})-([0-9a-z]+)-[0-9a-f]+$/.exec(artifact) ?? [];
  if (since === undefined || settings === undefined) return null;
  if (attempt !== null && Number(madeBy) !== attempt) return null;
  return { since: since === 'all' ? null : (since as CommitId), settings };
}

/**
 * Whether an artifact belongs to a plan that leaves something undone. The run of such a plan must not be the base of
 * other plans, even if it is green.
 *
 * @param attempt the attempt of the run that made the plan which counts now; null if it is unknown
 */
export function isUndonePlan(artifact: string, attempt: number | null): boolean {
  if (!artifact.startsWith(PLAN + UNDONE)) return false;
  const madeBy = /^\d+(?=-)/.exec(artifact.slice((PLAN + UNDONE).length))?.[0];
  return attempt === null || madeBy === undefined || Number(madeBy) === attempt;
}

/**
 * Whether a plan of a run leaves something undone, so that the run, even if it is green, cannot be a base. Either its
 * releases were withheld, or it was for a deleted branch. GitHub shows a run for a deleted branch as one for a push to
 * the default branch.
 *
 * @param artifacts the names of the run's artifacts
 * @param attempt the attempt that made the plan which counts; null if it is unknown: then any plan of the run counts
 */
export async function leavesUndone(
  artifacts: AsyncIterable<string>,
  attempt: number | null,
): Promise<boolean> {
  for await (const name of artifacts) if (isUndonePlan(name, attempt)) return true;
  return false;
}

/** Whether a text has the form of the name of a plan's artifact. */
export function isPlanArtifact(text: string): boolean {
  return text.startsWith(PLAN) && /^[\w.-]+$/.test(text);
}

/** The prefix of the names of the result artifacts of a plan's legs. */
export function legArtifactPrefix(planArtifact: string): string {
  return `${LEG}${planArtifact.slice(PLAN.length)}-`;
}

/** The parts of the name of a result artifact. */
export interface LegArtifactName {
  readonly mode: Mode;
  /** The leg's position among the plan's legs, from 0. */
  readonly index: number;
  /** The attempt of the run, from 1. */
  readonly attempt: number;
}

/**
 * Parses the name of an artifact. The result is null if {@link legArtifact} does not make such a name, with or without
 * {@link AGAIN}.
 */
export function parseLegArtifact(planArtifact: string, name: string): LegArtifactName | null {
  const prefix = legArtifactPrefix(planArtifact);
  if (!name.startsWith(prefix)) return null;
  const parts = /^([a-z]+)-(0|[1-9]\d{0,5})-([1-9]\d{0,5})(?:-again)?$/.exec(name.slice(prefix.length));
  const mode = MODES.find((one) => one === parts?.[1]);
  return mode === undefined ? null : { mode, index: Number(parts?.[2]), attempt: Number(parts?.[3]) };
}

/** The suffix that the clean-up step appends, because the name without it may already be in use. */
export const AGAIN = '-again';

/** The name of the artifact that contains the result of a leg. Each attempt of the run has its own. */
export function legArtifact(planArtifact: string, mode: Mode, index: number, attempt: number): string {
  return `${legArtifactPrefix(planArtifact)}${mode}-${index}-${attempt}`;
}
