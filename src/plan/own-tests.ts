import type { Graph } from '../graph/graph.js';
import { isMainRepository, type Label } from '../graph/label.js';
import { inputsOf } from '../graph/target.js';
import type { Affected } from './affected/affected.js';
import type { Scope } from './reach.js';

/**
 * The own tests of each release, which it waits for: those of the planned tests that a seed of the release reaches too. If
 * everything is affected, there are no seeds; then they are the tests of what the release consists of. A test that only leads
 * there through the code of other releases is a test of those.
 *
 * @param tests all that are planned
 * @returns by release, sorted; each release has an entry
 */
export function ownTests(
  releases: readonly Label[],
  tests: readonly Label[],
  scope: Scope,
  graph: Graph,
): ReadonlyMap<Label, readonly Label[]> {
  if (releases.length === 0 || tests.length === 0) return new Map(releases.map((label) => [label, []]));
  const planned = new Set(tests);
  const found = scope.kind === 'some' ? testsOfSeeds(releases, scope.affected) : testsOfCode(releases, graph);
  return new Map(
    [...found].map(([release, reached]) => [release, reached.filter((label) => planned.has(label)).sort()]),
  );
}

function testsOfSeeds(releases: readonly Label[], affected: Affected): Map<Label, Label[]> {
  const edges = new Edges();
  for (const label of affected.labels())
    for (const user of affected.usersOf(label)) if (affected.has(user)) edges.add(label, user);
  return new Map(
    releases.map((release) => {
      const seeds = edges.behind([release]).filter((label) => affected.isSeed(label));
      return [release, edges.reachedFrom(seeds, () => true)];
    }),
  );
}

function testsOfCode(releases: readonly Label[], graph: Graph): Map<Label, Label[]> {
  const edges = new Edges();
  // Who may see a target is nothing that the target consists of. What is in other repositories is seldom one's own: nearly
  // everything depends on some toolchain.
  const groups = new Set<Label>();
  for (const { kind, label } of graph.targets()) if (kind === 'package group') groups.add(label);
  for (const target of graph.targets())
    for (const input of inputsOf(target))
      if (isMainRepository(input) && !groups.has(input)) edges.add(input, target.label);
  const code = new Map(releases.map((release) => [release, edges.behind([release])]));
  const released = new Set([...code.values()].flat());
  return new Map(
    [...code].map(([release, own]) => [release, edges.reachedFrom(own, (label) => !released.has(label))]),
  );
}

/** A label, with those that depend on it directly, and those that it depends on. */
interface Node {
  readonly label: Label;
  readonly users: Node[];
  readonly inputs: Node[];
}

/** Labels, and which of them depend on which. */
class Edges {
  private readonly nodes = new Map<Label, Node>();

  add(input: Label, user: Label): void {
    const [from, to] = [this.nodeOf(input), this.nodeOf(user)];
    from.users.push(to);
    to.inputs.push(from);
  }

  /** The labels, and all that they depend on. */
  behind(labels: readonly Label[]): Label[] {
    return this.walk(labels, ({ inputs }) => inputs);
  }

  /**
   * The labels, and all that depends on them.
   *
   * @param isOnTheWay whether a label that is reached counts, and what depends on it
   */
  reachedFrom(labels: readonly Label[], isOnTheWay: (label: Label) => boolean): Label[] {
    return this.walk(labels, ({ users }) => users.filter(({ label }) => isOnTheWay(label)));
  }

  private walk(from: readonly Label[], next: (node: Node) => readonly Node[]): Label[] {
    const found = new Set(from.map((label) => this.nodeOf(label)));
    // A set goes on to what is added meanwhile.
    for (const node of found) for (const each of next(node)) found.add(each);
    return [...found].map(({ label }) => label);
  }

  private nodeOf(label: Label): Node {
    const known = this.nodes.get(label);
    if (known !== undefined) return known;
    const node: Node = { label, users: [], inputs: [] };
    this.nodes.set(label, node);
    return node;
  }
}
