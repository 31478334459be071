import type { Event } from '../adapters/github/event.js';
import type { TestedChange } from './file/artifact-names.js';
import type { Plan } from './file/plan.js';
import type { PlanInputs } from './plan-inputs.js';

/**
 * What the tests of a plan show of its commit, once its run is green; null if no other run relies on it. The push of what a
 * merge group tested does.
 */
export function testedChange(
  { head, base, everything }: Pick<Plan, 'head' | 'base' | 'everything'>,
  event: Event,
  { testSettings }: Pick<PlanInputs, 'testSettings'>,
): TestedChange | null {
  if (event.name !== 'merge_group' || head.commit !== event.commit) return null;
  return { since: everything === null ? (base?.commit ?? null) : null, settings: testSettings };
}
