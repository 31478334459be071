import type { Label } from '../../graph/label.js';
import { type CanonicalName, NO_NAMES, repositoryOf } from '../../graph/repository.js';
import type { RepositoryPath } from '../../graph/tree.js';
import type { ReachedExternals, ReachedTarget } from '../../loading/externals/reached-externals.js';
import type { Seed, SeedKind } from '../affected/seed.js';

/** What may have changed in a repository. */
export interface RepositoryChanges {
  /** Whether its files may differ. */
  isChanged(name: CanonicalName): boolean;
  /** Whether its BUILD files can lead to a repository whose files may differ. */
  reachesChange(name: CanonicalName): boolean;
}

/**
 * The targets of external repositories that differ between two revisions, in no order.
 *
 * @param change the changed path that explains why
 * @param shownAs how the main repository of the head writes a label with a canonical name
 */
export function externalSeeds(
  before: ReachedExternals,
  after: ReachedExternals,
  repositories: RepositoryChanges,
  change: RepositoryPath | null,
  shownAs: (label: Label) => Label,
): Seed[] {
  const seed = (label: Label, kind: SeedKind): Seed => ({ label: shownAs(label), kind, change });
  const seeds: Seed[] = [];
  for (const [label, target] of after.targets) {
    const old = before.targets.get(label);
    if (old === undefined) seeds.push(seed(label, 'new target'));
    else if (!isSameTarget(old, target)) seeds.push(seed(label, 'definition'));
    else if (!hasSameContent(label, old, target, repositories)) seeds.push(seed(label, 'content'));
  }
  for (const label of before.targets.keys())
    if (!after.targets.has(label)) seeds.push(seed(label, 'deleted target'));
  // What Bazel could not load may be anything.
  for (const label of after.missing)
    if (repositories.reachesChange(repositoryOf(label, NO_NAMES))) seeds.push(seed(label, 'definition'));
  return seeds;
}

function isSameTarget(old: ReachedTarget, now: ReachedTarget): boolean {
  return describedTarget(old) === describedTarget(now);
}

function describedTarget({ target, inputs }: ReachedTarget): string {
  return JSON.stringify([
    target.kind,
    target.kind === 'generated' ? '' : target.definition,
    [...inputs].sort(),
  ]);
}

/** A file that cannot be read is the same if nothing can have changed its repository. */
function hasSameContent(
  label: Label,
  old: ReachedTarget,
  now: ReachedTarget,
  repositories: RepositoryChanges,
): boolean {
  if (now.target.kind !== 'source') return true;
  if (old.content === null && now.content === null)
    return !repositories.isChanged(repositoryOf(label, NO_NAMES));
  return old.content === now.content;
}
