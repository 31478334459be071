import type { Graph } from '../../graph/graph.js';
import { isMainRepository, type Label } from '../../graph/label.js';
import { canonicalLabel, type RepositoryMapping } from '../../graph/repository.js';
import { inputsOf } from '../../graph/target.js';
import { addToGroup } from '../../text/grouped.js';
import type { ReachedExternals } from '../../loading/externals/reached-externals.js';

/** The edges from and to targets of external repositories, which the graph of the main repository does not have. */
export class ExternalEdges {
  /** By labels with canonical names, because several names can mean one repository. */
  private readonly users = new Map<Label, Label[]>();

  /** @param mapping of the main repository */
  constructor(
    graph: Graph,
    { targets }: Pick<ReachedExternals, 'targets'>,
    private readonly mapping: RepositoryMapping,
  ) {
    for (const { label, inputs } of targets.values())
      for (const input of inputs) addToGroup(this.users, input, label);
    for (const target of graph.targets())
      for (const input of inputsOf(target))
        if (!isMainRepository(input)) addToGroup(this.users, canonicalLabel(input, mapping), target.label);
  }

  /** @param label as the main repository writes it, or with a canonical name @returns labels as Bazel prints them */
  usersOf(label: Label): readonly Label[] {
    return this.users.get(canonicalLabel(label, this.mapping)) ?? [];
  }
}
