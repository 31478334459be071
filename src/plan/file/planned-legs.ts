import type { Leg } from '../legs/leg.js';
import type { ReadPlan } from './plan-file.js';

/** The part of a plan that the verdict needs. */
export interface PlannedLegs {
  readonly legs: readonly Pick<Leg, 'name' | 'mode' | 'targets' | 'waitsForTests'>[];
  /** Why there is nothing to run; null if there is something. */
  readonly emptyReason: string | null;
  /** Why everything is affected; null if only some targets are. */
  readonly everythingReason: string | null;
  /** Sentences that make the verdict a failure, whatever the outcome of the legs. */
  readonly problems: readonly string[];
}

/** Selects the part of a plan that the verdict needs. */
export function plannedLegsOf(plan: Omit<ReadPlan, 'isFromGreenRun'>): PlannedLegs {
  return {
    legs: plan.legs,
    emptyReason: plan.legs.length === 0 ? (plan.nothingToDo?.reason ?? whyEmpty(plan.affectedCount)) : null,
    everythingReason: plan.everything?.reason ?? null,
    problems: plan.problems,
  };
}

function whyEmpty(affected: number): string {
  if (affected === 0) return 'no target is affected';
  return affected === 1
    ? '1 target is affected, and it is neither a test nor a release that the inputs leave in'
    : `${affected} targets are affected, and none is a test or a release that the inputs leave in`;
}
