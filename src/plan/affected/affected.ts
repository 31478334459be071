import type { Graph } from '../../graph/graph.js';
import type { Label } from '../../graph/label.js';
import type { SetFlags } from './set-flags.js';
import { Users } from './users.js';
import type { Seed } from './seed.js';

const NO_FLAGS: Pick<SetFlags, 'usersOf'> = { usersOf: () => [] };

/** Why a target is affected: the seed, and the shortest path to it. */
export interface Cause {
  readonly seed: Seed;
  /** From the target to the seed, both included. */
  readonly path: readonly Label[];
}

/** All seeds and the labels that depend on them, directly or not, each with its cause. */
export class Affected {
  private constructor(
    private readonly seeds: ReadonlyMap<Label, Seed>,
    /** For each label, the input through which the search first reached it. A seed maps to itself. */
    private readonly reachedThrough: ReadonlyMap<Label, Label>,
    private readonly users: (label: Label) => readonly Label[],
  ) {}

  /**
   * Finds the labels that depend on the seeds, breadth first. If several seeds have one label, the first counts. Among
   * several shortest paths, the one through the labels that sort first counts, so that equal plans give equal
   * explanations.
   *
   * @param flags has the edges that the graph does not show
   */
  static of(graph: Graph, seeds: readonly Seed[], flags: Pick<SetFlags, 'usersOf'> = NO_FLAGS): Affected {
    const bySeed = new Map<Label, Seed>();
    for (const seed of seeds) if (!bySeed.has(seed.label)) bySeed.set(seed.label, seed);
    const ofGraph = new Users(graph);
    const users = (label: Label): readonly Label[] => [...ofGraph.of(label), ...flags.usersOf(label)];
    const reachedThrough = new Map<Label, Label>();
    let level = [...bySeed.keys()].sort();
    for (const label of level) reachedThrough.set(label, label);
    while (level.length > 0) {
      const next: Label[] = [];
      for (const label of level) {
        for (const user of users(label)) {
          if (reachedThrough.has(user)) continue;
          reachedThrough.set(user, label);
          next.push(user);
        }
      }
      level = next.sort();
    }
    return new Affected(bySeed, reachedThrough, users);
  }

  has(label: Label): boolean {
    return this.reachedThrough.has(label);
  }

  /**
   * All affected labels, in no order. They include labels of deleted targets that the head graph only names as inputs.
   */
  labels(): IterableIterator<Label> {
    return this.reachedThrough.keys();
  }

  /** Whether the label is one of the seeds. */
  isSeed(label: Label): boolean {
    return this.seeds.has(label);
  }

  /** The labels that depend directly on an affected one, and so are affected too; in no order, some perhaps twice. */
  usersOf(label: Label): readonly Label[] {
    return this.users(label);
  }

  /** @returns undefined if the label is not affected */
  causeOf(label: Label): Cause | undefined {
    const path: Label[] = [];
    for (let at: Label | undefined = label; at !== undefined;) {
      path.push(at);
      const through: Label | undefined = this.reachedThrough.get(at);
      if (through === at) break;
      at = through;
    }
    const seed = this.seeds.get(path.at(-1) ?? label);
    return seed === undefined || !this.has(label) ? undefined : { seed, path };
  }
}
