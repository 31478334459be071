import type { Graph } from '../../graph/graph.js';
import type { Label } from '../../graph/label.js';
import type { RuleTarget, Target } from '../../graph/target.js';
import { actualTargetsOf } from '../affected/actual-targets.js';
import type { Affected } from '../affected/affected.js';
import type { Everything, Seed } from '../affected/seed.js';

/** Labels that options of Bazel, module files or code name. */
export interface Named {
  /** What names a label of a target; null if nothing does. @param kind of the target in the head, if it is there */
  readonly by: (label: Label, kind: Target['kind'] | undefined) => string | null;
}

/**
 * Finds a change that reaches targets by an edge that `bazel query` does not print. Such edges come from toolchain
 * resolution, platforms, environments, build settings that transitions read, labels in rc options and in the code of
 * transitions and aspects, and external repositories that depend on the main one. If a change reaches one of these, all
 * targets are affected.
 *
 * @returns why everything is affected, or null if no change reaches such an edge
 */
export function escalationByHiddenEdge(
  before: Graph,
  head: Graph,
  affected: Affected,
  seeds: readonly Seed[],
  named: Named,
): Everything | null {
  const escape = (label: Label, what: string): Everything => ({
    reason: `${label} (${what}) changed or depends on a change; Bazel's query does not show which targets use it`,
    change: affected.causeOf(label)?.seed.change ?? null,
  });
  const toolchains = new Set<Label>();
  for (const graph of [before, head]) {
    for (const { outline } of graph.packages()) for (const label of outline.toolchains) toolchains.add(label);
  }
  for (const label of [...affected.labels()].sort()) {
    if (toolchains.has(label)) return escape(label, 'used by a toolchain');
    const namedBy = named.by(label, head.get(label)?.kind);
    if (namedBy !== null) return escape(label, `named by ${namedBy}`);
    for (const graph of [head, before]) {
      const target = graph.get(label);
      if (target?.kind === 'rule' && isResolvedByBazel(target)) return escape(label, target.ruleClass);
      if (target?.kind === 'environment group') return escape(label, target.kind);
    }
  }
  for (const { label } of seeds) {
    const what = changedForBazel(label, before, head);
    if (what !== null) return escape(label, what);
  }
  return null;
}

/** Whether Bazel finds the rule by registration, by `package(default_restricted_to = …)`, or as a member of a group. */
export function isResolvedByBazel(rule: RuleTarget): boolean {
  return ['toolchain', 'platform', 'environment'].includes(rule.ruleClass);
}

/** Whether transitions and toolchain resolution name the rule without an edge. */
export function isLookedUpByBazel(rule: RuleTarget): boolean {
  return rule.buildSetting || rule.ruleClass === 'toolchain_type';
}

/**
 * If a seed is a target that Bazel looks up by its label, or an alias of one, describes that target; else null.
 *
 * Build settings and toolchain types count only if they themselves changed: one that merely depends on something
 * affected has the same meaning as before. If its label is new, it does not count either: a transition or rule that
 * names it must have changed too.
 */
function changedForBazel(label: Label, before: Graph, head: Graph): string | null {
  const wanted = before.has(label)
    ? (rule: RuleTarget): boolean => isResolvedByBazel(rule) || isLookedUpByBazel(rule)
    : isResolvedByBazel;
  for (const graph of [before, head]) {
    for (const end of actualTargetsOf(label, graph)) {
      if (!wanted(end)) continue;
      const name = end.buildSetting ? 'build setting' : end.ruleClass;
      return end.label === label ? name : `an alias of ${end.label}, ${name}`;
    }
  }
  return null;
}
