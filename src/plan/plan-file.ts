import type { Plan } from './plan.js';

/** The version of the plan file's schema (docs/plan-file.md); a reader refuses any other. */
export const PLAN_VERSION = 1;

/** The plan as the JSON value that the plan file and `--json` hold. */
export function planToJson(plan: Plan): Readonly<Record<string, unknown>> {
  return {
    version: PLAN_VERSION,
    base: plan.base,
    head: plan.head,
    everything: plan.everything,
    changes: plan.changes.map(({ path, status }) => ({ path, status })),
    affected: plan.affected,
    test: plan.test,
    build: plan.build,
    release: plan.release,
    excluded: plan.excluded,
    legs: plan.legs,
    timings: plan.timings,
  };
}
