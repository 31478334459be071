import { randomBytes } from 'node:crypto';
import type { Mode } from '../matrix/leg.js';

const PLAN = 'bazel-affected-plan-';
const LEG = 'bazel-affected-leg-';

/** A name for a plan's artifact that no other plan of the run has: a workflow may make several. */
export function newPlanArtifact(): string {
  return PLAN + randomBytes(6).toString('hex');
}

/** Whether a text can be the name of a plan's artifact. */
export function isPlanArtifact(text: string): boolean {
  return text.startsWith(PLAN) && /^[\w.-]+$/.test(text);
}

/** What the names of the result artifacts of a plan's legs begin with. */
export function legArtifactPrefix(planArtifact: string): string {
  return `${LEG}${planArtifact.slice(PLAN.length)}-`;
}

/** The name of the artifact that holds the result of a leg; each attempt of the run has its own. */
export function legArtifact(planArtifact: string, mode: Mode, index: number, attempt: number): string {
  return `${legArtifactPrefix(planArtifact)}${mode}-${index}-${attempt}`;
}
