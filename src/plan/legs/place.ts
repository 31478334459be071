import type { Label } from '../../graph/label.js';
import type { RuleTarget } from '../../graph/target.js';
import type { RunsOn } from './leg.js';

/** Which runner a target needs. */
export interface RunnerRules {
  readonly runsOn: RunsOn;
  /** Runners for targets with a tag. The first tag of the map that a target has decides. */
  readonly runners: ReadonlyMap<string, RunsOn>;
}

/**
 * The project that sets options for builds of a target; null if it belongs to none. Bazel refuses targets of two projects in one
 * build, so they do not share a leg.
 */
export type ProjectOf = (label: Label) => string | null;

export function runnerOf(rule: RuleTarget, rules: RunnerRules): RunsOn {
  for (const [tag, runsOn] of rules.runners) if (rule.tags.includes(tag)) return runsOn;
  return rules.runsOn;
}

/** Targets with the same place can share a leg. */
export function placeOf(rule: RuleTarget, rules: RunnerRules, projectOf: ProjectOf): string {
  return JSON.stringify([runnerOf(rule, rules), projectOf(rule.label)]);
}
