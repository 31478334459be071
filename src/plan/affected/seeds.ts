import { foldersAbove, selfAndFoldersAbove } from '../../graph/folders.js';
import type { Graph } from '../../graph/graph.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import { isBuildFile, type Package } from '../../graph/package.js';
import { inputsOf, type Target } from '../../graph/target.js';
import type { RepositoryPath } from '../../graph/tree.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import { isLink, type Change, type ShownChange } from '../../graph/change.js';
import type { Seed, SeedKind } from './seed.js';

/** Finds the changed path that explains why the targets of a package changed; null if no path does. */
export type Blame = (packagePath: PackagePath) => RepositoryPath | null;

/**
 * The targets that themselves changed between two graphs, in no order. A label can occur more than once.
 *
 * @param changes the differences between the two revisions, also at the paths where symlinks show them (see
 *   `throughSymlinks`)
 * @param packagesWithOtherDefaults packages that may give their rules other defaults than before, which no digest
 *   covers
 * @param packagesOfSameCode packages whose digests may differ although both revisions define them in the same way (see
 *   `packagesOfSameCode`)
 */
export function seedsOf(
  before: Graph,
  head: Graph,
  changes: readonly ShownChange[],
  blame: Blame,
  packagesWithOtherDefaults: ReadonlySet<PackagePath> = new Set(),
  packagesOfSameCode: ReadonlySet<PackagePath> = new Set(),
): Seed[] {
  const files = [...changedFiles(head, changes), ...changedQueries(head, changes)];
  // Revisions with equal loading inputs share one graph, so there is nothing to compare.
  if (before === head) return files;
  return [
    ...files,
    ...changedDefinitions(before, head, packagesOfSameCode, blame),
    ...deletedTargets(before, head, blame),
    ...rulesOf(packagesWithOtherDefaults, head, blame),
  ];
}

/**
 * Source files whose content, mode or type changed. A label of a folder is a seed if anything below the folder changed.
 */
function* changedFiles(head: Graph, changes: readonly ShownChange[]): Generator<Seed> {
  for (const change of changes) {
    for (const path of selfAndFoldersAbove(change.path)) {
      for (const label of head.sourcesAt(path))
        yield { label, kind: seedKindOf(change), change: change.origin };
    }
  }
  // If a symlink or a submodule changed, every file below it may be a different file.
  const links = new Map(changes.filter(isLink).map((change) => [change.path, change]));
  if (links.size === 0) return;
  for (const [path, label] of head.sources()) {
    for (const folder of foldersAbove(path)) {
      const change = links.get(folder);
      if (change !== undefined) yield { label, kind: seedKindOf(change), change: change.origin };
    }
  }
}

/**
 * A `genquery` prints what Bazel's loading phase reads, including line numbers and loads, which no digest of a target
 * covers. Any change of a BUILD or .bzl file makes every `genquery` a seed, whichever packages it queries.
 */
function* changedQueries(head: Graph, changes: readonly ShownChange[]): Generator<Seed> {
  const change = changes.find((each) => isLoaded(each.path) || isLink(each));
  if (change === undefined) return;
  for (const { outline } of head.packages()) {
    for (const label of outline.queries) yield { label, kind: 'definition', change: change.origin };
  }
}

function isLoaded(path: WorkspacePath): boolean {
  return isStarlark(path) || isBuildFile(path);
}

function* changedDefinitions(
  before: Graph,
  head: Graph,
  packagesOfSameCode: ReadonlySet<PackagePath>,
  blame: Blame,
): Generator<Seed> {
  for (const each of head.packages()) {
    const old = before.package(each.path);
    if (old !== undefined && each.isKnownToEqual(old)) continue;
    const isSame = packagesOfSameCode.has(each.path) ? sameButForCode : sameDefinition;
    yield* changedDefinitionsIn(each, before, isSame, blame);
  }
}

function* changedDefinitionsIn(
  each: Package,
  before: Graph,
  isSame: (old: Target, target: Target) => boolean,
  blame: Blame,
): Generator<Seed> {
  for (const target of each.targets()) {
    const old = before.get(target.label);
    if (old !== undefined && isSame(old, target)) continue;
    const kind: SeedKind =
      old === undefined ? 'new target' : target.kind === 'package group' ? 'package group' : 'definition';
    yield { label: target.label, kind, change: blame(each.path) };
  }
}

function* rulesOf(packages: ReadonlySet<PackagePath>, head: Graph, blame: Blame): Generator<Seed> {
  for (const path of packages) {
    const rules =
      head
        .package(path)
        ?.targets()
        .filter((target) => target.kind === 'rule') ?? [];
    for (const rule of rules) yield { label: rule.label, kind: 'package', change: blame(path) };
  }
}

/**
 * A deleted target is a seed because other targets may still depend on its label. The head graph does not contain the
 * target, but it contains these users.
 */
function* deletedTargets(before: Graph, head: Graph, blame: Blame): Generator<Seed> {
  for (const old of before.packages()) {
    const each = head.package(old.path);
    if (each?.isKnownToEqual(old) === true) continue;
    for (const target of old.targets()) {
      if (head.has(target.label)) continue;
      yield { label: target.label, kind: 'deleted target', change: blame(old.path) };
    }
  }
}

/**
 * Whether the targets are the same, given that the code behind them is. The digest of a Starlark rule covers the bytes
 * of that code, comments included, so it is not compared.
 */
function sameButForCode(old: Target, target: Target): boolean {
  if (old.kind !== 'rule' || target.kind !== 'rule' || !old.starlark || !target.starlark)
    return sameDefinition(old, target);
  return old.ruleClass === target.ruleClass && sameInputs(old, target);
}

function sameDefinition(old: Target, target: Target): boolean {
  if (old.kind === 'generated' || target.kind === 'generated') {
    return (
      old.kind === 'generated' && target.kind === 'generated' && old.generatingRule === target.generatingRule
    );
  }
  return old.kind === target.kind && old.definition === target.definition && sameInputs(old, target);
}

/**
 * The inputs can differ although the definition is the same: implicit inputs come from label flags or computed
 * defaults.
 */
function sameInputs(old: Target, target: Target): boolean {
  const before = inputsOf(old);
  const after = inputsOf(target);
  if (before.length !== after.length) return false;
  if (before.every((label, index) => label === after[index])) return true;
  const known = new Set(before);
  return after.every((label) => known.has(label));
}

function seedKindOf(change: Change): SeedKind {
  switch (change.status) {
    case 'added':
      return 'file added';
    case 'deleted':
      return 'file deleted';
    case 'type changed':
      return 'file type';
    case 'modified':
      return change.modeBefore === change.modeAfter ? 'content' : 'executable bit';
  }
}
