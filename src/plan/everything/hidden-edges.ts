import type { Graph } from '../../graph/graph.js';
import type { Label } from '../../graph/label.js';
import type { RuleTarget } from '../../graph/target.js';
import type { Affected } from '../affected/affected.js';
import type { Everything, Seed } from '../affected/seed.js';

/** Labels that options of Bazel, module files or code name. */
export interface Named {
  /** Who names a label, if anyone does. */
  readonly by: (label: Label) => string | null;
}

/**
 * Some targets reach others by ways that `bazel query` does not print: toolchain resolution, platforms, environments,
 * build settings that transitions read, labels in rc options and in the code of transitions and aspects, external
 * repositories that depend on the main one. Where a change reaches one of those, all targets are affected.
 *
 * @returns why, or null if no change reaches one
 */
export function escapeOf(
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
    const namedBy = named.by(label);
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

/** Rules that Bazel finds by registration, by `package(default_restricted_to = …)`, or as a member of a group. */
function isResolvedByBazel(rule: RuleTarget): boolean {
  return ['toolchain', 'platform', 'environment'].includes(rule.ruleClass);
}

/**
 * What a target that itself changed is or leads to, as an alias, that Bazel looks up by its label; null if nothing.
 *
 * A build setting or toolchain type that only depends on something affected says the same as before, and a label that is
 * new has no users yet: transitions and rules that name it have changed with it.
 */
function changedForBazel(label: Label, before: Graph, head: Graph): string | null {
  const lookedUp = (rule: RuleTarget): boolean => rule.buildSetting || rule.ruleClass === 'toolchain_type';
  const wanted = before.has(label)
    ? (rule: RuleTarget): boolean => isResolvedByBazel(rule) || lookedUp(rule)
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

/** The rules that a label stands for: its own, or what an alias leads to. */
function* actualTargetsOf(label: Label, graph: Graph): Generator<RuleTarget> {
  const reached = new Set([label]);
  for (const at of reached) {
    const target = graph.get(at);
    if (target?.kind !== 'rule') continue;
    if (target.ruleClass !== 'alias') yield target;
    // Beside where it leads, the conditions of a select and the groups of its visibility: none of those is looked up.
    else for (const input of target.inputs) reached.add(input);
  }
}
