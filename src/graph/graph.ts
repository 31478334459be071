import { addToGroup } from '../text/grouped.js';
import { lowerBound } from '../text/sorted.js';
import { foldersAbove } from './folders.js';
import { isMainRepository, makeLabel, OWN_FOLDER, packageOf, pathOf } from './label.js';
import type { Label, PackagePath, WorkspacePath } from './label.js';
import { QueriedPackage, type Package } from './package.js';
import type { Target } from './target.js';

/** All packages in the main repository of one revision. Immutable: another revision has another graph. */
export class Graph {
  private constructor(private readonly byPath: ReadonlyMap<PackagePath, Package>) {}

  /** A graph of the given targets, in any order. If a label occurs twice, the last target counts. */
  static of(targets: Iterable<Target>): Graph {
    const byPath = new Map<PackagePath, Map<Label, Target>>();
    for (const target of targets) {
      if (!isMainRepository(target.label)) continue;
      const path = packageOf(target.label);
      const known = byPath.get(path);
      if (known === undefined) byPath.set(path, new Map([[target.label, target]]));
      else known.set(target.label, target);
    }
    return Graph.ofPackages([...byPath].map(([path, byLabel]) => new QueriedPackage(path, byLabel.values())));
  }

  /** @param packages each path once */
  static ofPackages(packages: Iterable<Package>): Graph {
    const byPath = new Map<PackagePath, Package>();
    for (const each of packages) byPath.set(each.path, each);
    return new Graph(byPath);
  }

  /** All packages that have targets, in no particular order. */
  packages(): IterableIterator<Package> {
    return this.byPath.values();
  }

  package(path: PackagePath): Package | undefined {
    return this.byPath.get(path);
  }

  get packagePaths(): ReadonlySet<PackagePath> {
    return new Set(this.byPath.keys());
  }

  get packageCount(): number {
    return this.byPath.size;
  }

  /** Whether all targets are in memory already, so that reading them costs nothing. */
  get isRead(): boolean {
    for (const each of this.byPath.values()) if (!each.isRead) return false;
    return true;
  }

  get(label: Label): Target | undefined {
    if (!isMainRepository(label)) return undefined;
    const targets = this.byPath.get(packageOf(label))?.targets() ?? [];
    const found = targets[lowerBound(targets, label, (target) => target.label)];
    return found?.label === label ? found : undefined;
  }

  has(label: Label): boolean {
    return this.get(label) !== undefined;
  }

  /** All targets, package by package. */
  *targets(): Generator<Target> {
    for (const each of this.byPath.values()) yield* each.targets();
  }

  /** The source files and folders that BUILD files name, with their paths. */
  *sources(): Generator<readonly [WorkspacePath, Label]> {
    for (const target of this.targets()) {
      if (target.kind === 'source') yield [pathOf(target.label), target.label];
    }
  }

  /**
   * The labels of source files that may denote a path, from the nearest package on. The package may be any folder above
   * the path, and also the path itself if it is a folder.
   */
  *sourcesAt(path: WorkspacePath): Generator<Label> {
    const itself = makeLabel(path, OWN_FOLDER);
    if (this.get(itself)?.kind === 'source') yield itself;
    for (const folder of foldersAbove(path)) {
      const label = makeLabel(folder, folder === '' ? path : path.slice(folder.length + 1));
      if (this.get(label)?.kind === 'source') yield label;
    }
  }
}

/** The packages that use each package. */
export function packagesUsing(graph: Graph): ReadonlyMap<PackagePath, readonly PackagePath[]> {
  const users = new Map<PackagePath, PackagePath[]>();
  for (const { path, outline } of graph.packages()) {
    for (const used of outline.uses) addToGroup(users, used, path);
  }
  return users;
}
