import type { Graph } from '../graph/graph.js';
import type { Label } from '../graph/label.js';
import type { RuleTarget } from '../graph/target.js';
import type { Affected } from './affected.js';
import type { Everything, Seed } from './seed.js';

/**
 * Some targets reach others by ways that `bazel query` does not print: toolchain resolution, platforms,
 * environments, build settings that transitions read, labels in rc options, external repositories that depend on the main one. Where a change reaches one of those, all targets are affected.
 *
 * @param named labels that rc files or module files name, each with who names it
 * @returns why, or null if no change reaches one
 */
export function escapeOf(
  before: Graph,
  head: Graph,
  affected: Affected,
  seeds: readonly Seed[],
  named: ReadonlyMap<Label, string>,
): Everything | null {
  const escape = (label: Label, what: string): Everything => ({
    reason: `${label} (${what}) is affected, and Bazel's query shows no edge from it to its users`,
    change: affected.causeOf(label)?.seed.change ?? null,
  });
  const toolchains = new Set<Label>();
  for (const graph of [before, head]) {
    for (const { outline } of graph.packages()) for (const label of outline.toolchains) toolchains.add(label);
  }
  for (const label of [...affected.labels()].sort()) {
    if (toolchains.has(label)) return escape(label, 'what a toolchain stands for');
    const namedBy = named.get(label);
    if (namedBy !== undefined) return escape(label, `named by ${namedBy}`);
    for (const graph of [head, before]) {
      const target = graph.get(label);
      if (target?.kind === 'rule' && isResolvedByBazel(target)) return escape(label, target.ruleClass);
      if (target?.kind === 'environment group') return escape(label, target.kind);
    }
  }
  // A build setting that only depends on something affected has the same default: it counts only if it changed itself.
  for (const seed of seeds) {
    const target = before.get(seed.label);
    if (target?.kind === 'rule' && target.buildSetting) return escape(seed.label, 'build setting');
  }
  return null;
}

/** Rules that Bazel finds by registration, by `package(default_restricted_to = …)`, or as a member of a group. */
function isResolvedByBazel(rule: RuleTarget): boolean {
  return ['toolchain', 'platform', 'environment'].includes(rule.ruleClass);
}
