import {
  isMainRepository,
  makeLabel,
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

  /** The source files (and folders) that BUILD files name, each with its path. */
  *sources(): Generator<readonly [WorkspacePath, Label]> {
    for (const target of this.byLabel.values()) {
      if (target.kind === 'source') yield [pathOf(target.label), target.label];
    }
  }

  /** The labels of source files that stand for a path, nearest package first: any folder above it may be the package. */
  *sourcesAt(path: WorkspacePath): Generator<Label> {
    for (let slash = path.lastIndexOf('/'); ; slash = path.lastIndexOf('/', slash - 1)) {
      const label = makeLabel(path.slice(0, Math.max(0, slash)), path.slice(slash + 1));
      if (this.byLabel.get(label)?.kind === 'source') yield label;
      if (slash <= 0) return;
    }
  }
}

/** The labels that a target depends on directly, in the order that Bazel prints them. */
export function inputsOf(target: Target): readonly Label[] {
  return target.kind === 'generated' ? [target.generatingRule] : target.inputs;
}
