import type { Graph } from '../../graph/graph.js';
import { isMainRepository, type Label } from '../../graph/label.js';
import { inputsOf } from '../../graph/target.js';
import type { ReachedExternals } from '../../loading/externals/reached-externals.js';

/** The edges from and to targets of external repositories, which the graph of the main repository does not have. */
export class ExternalEdges {
  private readonly users = new Map<Label, Label[]>();

  /** @param reached null if no external target has to be followed */
  constructor(graph: Graph, { targets }: Pick<ReachedExternals, 'targets'>) {
    // Bazel prints a label that the main repository can write as it would write it.
    const printed = (canonical: Label): Label => targets.get(canonical)?.label ?? canonical;
    for (const { label, inputs } of targets.values())
      for (const input of inputs) this.add(printed(input), label);
    for (const target of graph.targets())
      for (const input of inputsOf(target)) if (!isMainRepository(input)) this.add(input, target.label);
  }

  usersOf(label: Label): readonly Label[] {
    return this.users.get(label) ?? [];
  }

  private add(input: Label, user: Label): void {
    const known = this.users.get(input);
    if (known === undefined) this.users.set(input, [user]);
    else known.push(user);
  }
}
