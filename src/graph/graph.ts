import {
  isMainRepository,
  packageOf,
  pathOf,
  type Label,
  type PackagePath,
  type WorkspacePath,
} from './label.js';
import type { RuleTarget, Target } from './target.js';

/**
 * All targets of one revision's main repository, by label. Immutable: a change of revision makes another graph.
 */
export class Graph {
  private constructor(private readonly byLabel: ReadonlyMap<Label, Target>) {}

  /** A graph of the given targets; a label that comes twice keeps its last target. */
  static of(targets: Iterable<Target>): Graph {
    const byLabel = new Map<Label, Target>();
    for (const target of targets) if (isMainRepository(target.label)) byLabel.set(target.label, target);
    return new Graph(byLabel);
  }

  get size(): number {
    return this.byLabel.size;
  }

  get(label: Label): Target | undefined {
    return this.byLabel.get(label);
  }

  has(label: Label): boolean {
    return this.byLabel.has(label);
  }

  targets(): IterableIterator<Target> {
    return this.byLabel.values();
  }

  *rules(): Generator<RuleTarget> {
    for (const target of this.byLabel.values()) if (target.kind === 'rule') yield target;
  }

  /** Every package that has a target. */
  packages(): Set<PackagePath> {
    const packages = new Set<PackagePath>();
    for (const label of this.byLabel.keys()) packages.add(packageOf(label));
    return packages;
  }

  /** The source files (and folders) that BUILD files name, by their path. */
  sourcesByPath(): Map<WorkspacePath, Label> {
    const sources = new Map<WorkspacePath, Label>();
    for (const target of this.byLabel.values()) {
      if (target.kind === 'source') sources.set(pathOf(target.label), target.label);
    }
    return sources;
  }
}

/** The labels that a target depends on directly, in the order that Bazel prints them. */
export function inputsOf(target: Target): readonly Label[] {
  return target.kind === 'generated' ? [target.generatingRule] : target.inputs;
}
