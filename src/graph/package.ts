import { fileNameOf } from './folders.js';
import { isMainRepository, packageOf, type Label, type PackagePath } from './label.js';
import { sortedBy } from '../text/sorted.js';
import { inputsOf, type Target } from './target.js';

/** The names of the files that define a package. If both exist, Bazel reads the second. */
export const BUILD_FILES: readonly string[] = ['BUILD', 'BUILD.bazel'];

/** Whether a file's name makes it the file that defines a package. */
export function isBuildFile(path: string): boolean {
  return BUILD_FILES.includes(fileNameOf(path));
}

/** A package with its targets. */
export interface Package {
  readonly path: PackagePath;
  readonly outline: Outline;
  /** Sorted by label. Decoding them may be expensive: if only few packages matter, read the outline first. */
  targets(): readonly Target[];
  /** Whether the targets are in memory already, so that reading them costs nothing. */
  readonly isRead: boolean;
  /** Whether the other package is known to have the same targets. False means unknown. */
  isKnownToEqual(other: Package): boolean;
}

/** The data that is needed of every package in a graph, while a change reaches only few of them. */
export interface Outline {
  /** The other packages in the main repository that contain inputs of its targets, sorted. */
  readonly uses: readonly PackagePath[];
  /** The toolchains that its `toolchain` rules declare, sorted. */
  readonly toolchains: readonly Label[];
  /** What its rules need of every platform (`target_compatible_with`), sorted. */
  readonly constraints: readonly Label[];
  /** Its `genquery` rules, sorted. Their output describes the graph of the loading phase. */
  readonly queries: readonly Label[];
  /** The number of its rules and source files. */
  readonly namedCount: number;
}

/** A package from the answer of a query. */
export class QueriedPackage implements Package {
  readonly isRead = true;
  private readonly sorted: readonly Target[];
  private known: Outline | undefined;

  /** @param targets all targets of the package, each label once, in any order */
  constructor(
    readonly path: PackagePath,
    targets: Iterable<Target>,
  ) {
    this.sorted = sortedBy([...targets], (target) => target.label);
  }

  get outline(): Outline {
    this.known ??= outlineOf(this.path, this.sorted);
    return this.known;
  }

  targets(): readonly Target[] {
    return this.sorted;
  }

  isKnownToEqual(other: Package): boolean {
    return this === other;
  }
}

function outlineOf(path: PackagePath, targets: readonly Target[]): Outline {
  const uses = new Set<PackagePath>();
  const toolchains = new Set<Label>();
  const constraints = new Set<Label>();
  const queries: Label[] = [];
  let namedCount = 0;
  for (const target of targets) {
    for (const input of inputsOf(target)) if (isMainRepository(input)) uses.add(packageOf(input));
    if (target.kind === 'rule') for (const label of target.toolchains) toolchains.add(label);
    if (target.kind === 'rule') for (const label of target.constraints) constraints.add(label);
    if (target.kind === 'rule' && target.ruleClass === 'genquery') queries.push(target.label);
    if (target.kind === 'rule' || target.kind === 'source') namedCount += 1;
  }
  uses.delete(path);
  return {
    uses: [...uses].sort(),
    toolchains: [...toolchains].sort(),
    constraints: [...constraints].sort(),
    queries,
    namedCount,
  };
}
