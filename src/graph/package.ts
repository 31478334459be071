import { fileNameOf } from './folders.js';
import { isMainRepository, packageOf, type Label, type PackagePath } from './label.js';
import { sortedBy } from '../text/sorted.js';
import { inputsOf, type Target } from './target.js';

/** What the file that defines a package is called; where both are there, the second counts. */
export const BUILD_FILES: readonly string[] = ['BUILD', 'BUILD.bazel'];

/** Whether a file defines a package by its name. */
export function isBuildFile(path: string): boolean {
  return BUILD_FILES.includes(fileNameOf(path));
}

/** A package with its targets. */
export interface Package {
  readonly path: PackagePath;
  readonly outline: Outline;
  /** Sorted by label. Reading them may cost: ask the outline first where most packages matter little. */
  targets(): readonly Target[];
  /** Whether the other package is known to have the same targets; false says nothing. */
  isKnownToEqual(other: Package): boolean;
}

/** What is asked of every package of a graph, few of which a change reaches. */
export interface Outline {
  /** The other packages of the main repository that its targets name as inputs, sorted. */
  readonly uses: readonly PackagePath[];
  /** What its `toolchain` rules stand for, sorted. */
  readonly toolchains: readonly Label[];
  /** Its `genquery` rules, sorted: they print what the loading phase sees. */
  readonly queries: readonly Label[];
  /** How many rules and source files it has. */
  readonly namedCount: number;
}

/** A package as a query found it. */
export class QueriedPackage implements Package {
  private readonly sorted: readonly Target[];
  private known: Outline | undefined;

  /** @param targets all of the package, each label once, in any order */
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
  const queries: Label[] = [];
  let namedCount = 0;
  for (const target of targets) {
    for (const input of inputsOf(target)) if (isMainRepository(input)) uses.add(packageOf(input));
    if (target.kind === 'rule' && target.toolchain !== null) toolchains.add(target.toolchain);
    if (target.kind === 'rule' && target.ruleClass === 'genquery') queries.push(target.label);
    if (target.kind === 'rule' || target.kind === 'source') namedCount += 1;
  }
  uses.delete(path);
  return { uses: [...uses].sort(), toolchains: [...toolchains].sort(), queries, namedCount };
}
