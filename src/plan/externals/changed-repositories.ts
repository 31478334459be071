import type { WorkspacePath } from '../../graph/label.js';
import { MAIN, type CanonicalName } from '../../graph/repository.js';
import { seenFrom, type Externals } from '../../loading/externals/external-repositories.js';
import { selfAndFoldersAbove } from '../../graph/folders.js';

/** The externals of a plan's two revisions. */
export interface BothExternals {
  readonly before: Externals;
  readonly after: Externals;
}

/** What changed in the workspace, as far as external repositories can notice it. */
export interface ExternalChanges {
  /** All changed paths. */
  readonly paths: readonly WorkspacePath[];
  /** Whether a file changed that the rules of repositories may read, beside module files and the lock file. */
  readonly areRead: boolean;
}

/**
 * The external repositories whose files may differ between two revisions, or mean something else: those that are defined
 * otherwise, show a folder of the workspace with a change, see another repository by a name than before, or whose rules
 * may read a file that changed.
 */
export function changedRepositories(both: BothExternals, changes: ExternalChanges): Set<CanonicalName> {
  const changedFolders = new Set(changes.paths.flatMap((path) => [...selfAndFoldersAbove(path)]));
  const changed = new Set<CanonicalName>();
  for (const name of repositoriesOf(both)) {
    const before = both.before.repositories.get(name);
    const after = both.after.repositories.get(name);
    const isSame = before !== undefined && before.definition === after?.definition;
    const isTouched = [before, after].some(
      (each) =>
        (changes.areRead && each?.readsMain === true) ||
        each?.readsModuleFiles === true ||
        (each?.localFolder != null && changedFolders.has(each.localFolder)),
    );
    if (!isSame || isTouched || renamedIn(both, name).length > 0) changed.add(name);
  }
  for (const apparent of renamedIn(both, MAIN))
    for (const { mapping } of [both.before, both.after]) changed.add(mapping.get(apparent) ?? MAIN);
  changed.delete(MAIN);
  return closure(changed, edgesBack(both, 'reads'));
}

/** The names by which a repository sees other repositories than before. Names that only one revision has are left out. */
export function renamedIn({ before, after }: BothExternals, name: CanonicalName): string[] {
  const [old, now] = [before.mappings.get(name), after.mappings.get(name)];
  if (old === undefined || now === undefined) return [];
  return [...now].flatMap(([apparent, canonical]) => {
    const known = old.get(apparent);
    return known === undefined || known === canonical ? [] : [apparent];
  });
}

/** The given repositories, and those from whose BUILD files one of them can be reached. */
export function repositoriesReaching(
  both: BothExternals,
  targets: ReadonlySet<CanonicalName>,
): Set<CanonicalName> {
  return closure(targets, edgesBack(both, 'sees'));
}

/** The external repositories of both revisions, without the main one. */
export function repositoriesOf({ before, after }: BothExternals): Set<CanonicalName> {
  return new Set([...before.repositories.keys(), ...after.repositories.keys()]);
}

/** For each repository, those that see it, or whose rules read it, in one of the revisions. */
function edgesBack(both: BothExternals, kind: 'reads' | 'sees'): Map<CanonicalName, CanonicalName[]> {
  const back = new Map<CanonicalName, CanonicalName[]>();
  const add = (from: CanonicalName, to: CanonicalName): void => {
    const known = back.get(to);
    if (known === undefined) back.set(to, [from]);
    else known.push(from);
  };
  for (const externals of [both.before, both.after]) {
    for (const [name, repository] of externals.repositories) for (const to of repository[kind]) add(name, to);
    if (kind === 'sees') for (const to of seenFrom(externals, MAIN)) add(MAIN, to);
  }
  return back;
}

function closure(
  start: ReadonlySet<CanonicalName>,
  edges: ReadonlyMap<CanonicalName, readonly CanonicalName[]>,
): Set<CanonicalName> {
  const reached = new Set(start);
  for (const name of reached) for (const next of edges.get(name) ?? []) reached.add(next);
  return reached;
}
