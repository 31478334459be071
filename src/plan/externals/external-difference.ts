import { isMainRepository, type Label } from '../../graph/label.js';
import { isLookedUpByBazel, isResolvedByBazel } from '../everything/hidden-edges.js';
import type { Target } from '../../graph/target.js';
import type { Affected } from '../affected/affected.js';
import type { Everything, Seed } from '../affected/seed.js';

/** How the external targets of two revisions differ, as far as targets of the main repository depend on them. */
export interface ExternalDifference {
  /** The external targets that themselves changed. */
  readonly seeds: readonly Seed[];
  /** The targets that have a label among their inputs, if the target or the label is external. */
  readonly usersOf: (label: Label) => readonly Label[];
  /** The target with an external label, in each revision that has it. */
  readonly targetsOf: (label: Label) => readonly Target[];
  /** External labels whose users no query shows, each with what names it. */
  readonly named: ReadonlyMap<Label, string>;
}

/** Nothing that external repositories can notice changed. */
export const NO_EXTERNAL_DIFFERENCE: ExternalDifference = {
  seeds: [],
  usersOf: () => [],
  targetsOf: () => [],
  named: new Map(),
};

/**
 * Finds a change that reaches targets by an external target whose users Bazel's query does not show.
 *
 * @returns why everything is affected, or null if no change reaches such a target
 */
export function escalationByExternalTarget(
  affected: Affected,
  { seeds, targetsOf, named }: ExternalDifference,
): Everything | null {
  const escape = (label: Label, what: string): Everything => ({
    reason: `${label} (${what}) changed or depends on a change; Bazel's query does not show which targets use it`,
    change: affected.causeOf(label)?.seed.change ?? null,
  });
  for (const label of [...affected.labels()].sort()) {
    // A registered toolchain of another repository may stand for a target of the main one.
    const namedBy = named.get(label);
    if (namedBy !== undefined) return escape(label, namedBy);
    if (isMainRepository(label)) continue;
    const resolved = rulesAmong(targetsOf(label)).find(isResolvedByBazel);
    if (resolved !== undefined) return escape(label, resolved.ruleClass);
  }
  for (const { label } of seeds) {
    const rules = rulesAmong(targetsOf(label));
    const found = rules.find(isLookedUpByBazel);
    // If only one revision has it, what names it must have changed too.
    if (found !== undefined && rules.length > 1)
      return escape(label, found.buildSetting ? 'build setting' : found.ruleClass);
  }
  return null;
}

function rulesAmong(targets: readonly Target[]) {
  return targets.filter((target) => target.kind === 'rule');
}
