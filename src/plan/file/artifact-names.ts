import { randomBytes } from 'node:crypto';
import { MODES, type Mode } from '../legs/leg.js';
import { leavesNothingUndone, type Plan } from './plan.js';

const PLAN = 'bazel-affected-plan-';
const LEG = 'bazel-affected-leg-';
/** What stands behind {@link PLAN} where the plan leaves something undone. */
const UNDONE = 'undone-';

/**
 * A name for a plan's artifact that no other plan of the run has: a workflow may make several. Other runs see the names of
 * this one's artifacts, so a plan that leaves something undone has a name that tells, with the attempt that made it.
 */
export function newPlanArtifact(plan: Pick<Plan, 'nothingToDo' | 'problems'>, attempt: number): string {
  const undone = leavesNothingUndone(plan) ? '' : `${UNDONE}${attempt}-`;
  return PLAN + undone + randomBytes(6).toString('hex');
}

/**
 * Whether an artifact is a plan that leaves something undone: its run, though green, covers no other one's changes.
 *
 * @param attempt of the run that made the plan which counts now; null if it is not known
 */
export function isUndonePlan(artifact: string, attempt: number | null): boolean {
  if (!artifact.startsWith(PLAN + UNDONE)) return false;
  const madeBy = /^\d+(?=-)/.exec(artifact.slice((PLAN + UNDONE).length))?.[0];
  return attempt === null || madeBy === undefined || Number(madeBy) === attempt;
}

/**
 * Whether a plan of a run leaves something undone, so that the run, though green, covers nothing: its releases were withheld,
 * or it was for a branch that was deleted. GitHub shows such a run as one for a push to the default branch.
 *
 * @param artifacts the names of the run's artifacts
 * @param attempt the one that made the plan which counts; null if it is not known: then any plan of the run does
 */
export async function leavesUndone(
  artifacts: AsyncIterable<string>,
  attempt: number | null,
): Promise<boolean> {
  for await (const name of artifacts) if (isUndonePlan(name, attempt)) return true;
  return false;
}

/** Whether a text can be the name of a plan's artifact. */
export function isPlanArtifact(text: string): boolean {
  return text.startsWith(PLAN) && /^[\w.-]+$/.test(text);
}

/** What the names of the result artifacts of a plan's legs begin with. */
export function legArtifactPrefix(planArtifact: string): string {
  return `${LEG}${planArtifact.slice(PLAN.length)}-`;
}

/** What the name of a result artifact says of it. */
export interface LegArtifactName {
  readonly mode: Mode;
  /** The leg's place in the plan, from 0. */
  readonly index: number;
  /** The attempt of the run, from 1. */
  readonly attempt: number;
}

/** Reads the name of an artifact; null if it is none that {@link legArtifact} makes, with or without {@link AGAIN}. */
export function parseLegArtifact(planArtifact: string, name: string): LegArtifactName | null {
  const prefix = legArtifactPrefix(planArtifact);
  if (!name.startsWith(prefix)) return null;
  const parts = /^([a-z]+)-(0|[1-9]\d{0,5})-([1-9]\d{0,5})(?:-again)?$/.exec(name.slice(prefix.length));
  const mode = MODES.find((one) => one === parts?.[1]);
  return mode === undefined ? null : { mode, index: Number(parts?.[2]), attempt: Number(parts?.[3]) };
}

/** What the clean-up step puts behind the name: the name itself may be used up. */
export const AGAIN = '-again';

/** The name of the artifact that holds the result of a leg; each attempt of the run has its own. */
export function legArtifact(planArtifact: string, mode: Mode, index: number, attempt: number): string {
  return `${legArtifactPrefix(planArtifact)}${mode}-${index}-${attempt}`;
}
