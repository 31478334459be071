import type { Graph } from '../../graph/graph.js';
import type { Label } from '../../graph/label.js';
import type { RuleTarget } from '../../graph/target.js';

/** The rules that a label stands for: its own rule or, for an alias, the rules that the alias leads to. */
export function* actualTargetsOf(label: Label, graph: Graph): Generator<RuleTarget> {
  const reached = new Set([label]);
  for (const at of reached) {
    const target = graph.get(at);
    if (target?.kind !== 'rule') continue;
    if (target.ruleClass !== 'alias') yield target;
    // The inputs of an alias also contain the conditions of its select and the package groups of its visibility. These
    // do no harm, because Bazel looks up neither of them by label.
    else for (const input of target.inputs) reached.add(input);
  }
}
