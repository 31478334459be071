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
  /** Whether a file changed that BUILD files of external repositories may name. */
  readonly areNamed: boolean;
}

/**
 * The external repositories whose files may differ between two revisions: those that are defined
 * otherwise, show a folder of the workspace with a change, or whose rules may read a file that changed.
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
    if (!isSame || isTouched) changed.add(name);
  }
  return closure(changed, edgesBack(both, 'reads'));
}

/**
 * The repositories whose BUILD files may mean something else than before although no file of theirs differs: they call
 * another repository by a name, or they can name files of the main one that changed. Of the first kind, also those that
 * the names led to and lead to now.
 */
export function repositoriesSeeingOtherwise(
  both: BothExternals,
  { areNamed }: ExternalChanges,
): Set<CanonicalName> {
  const found = new Set<CanonicalName>();
  for (const name of [MAIN, ...repositoriesOf(both)]) {
    for (const pair of renamedIn(both, name)) {
      for (const each of pair) found.add(each);
      found.add(name);
    }
    const seesMain = [both.before, both.after].some((each) => seenFrom(each, name).includes(MAIN));
    if (areNamed && seesMain) found.add(name);
  }
  // All that can be named from the main repository has a label there.
  found.delete(MAIN);
  return found;
}

/** The repositories to which a name of a repository led and leads, for each name that leads elsewhere now. */
function renamedIn({ before, after }: BothExternals, name: CanonicalName): (readonly CanonicalName[])[] {
  const [old, now] = [before, after].map(
    (each) => each.mappings.get(name) ?? new Map<string, CanonicalName>(),
  );
  return [...(old ?? [])].flatMap(([apparent, was]) => {
    const is = now?.get(apparent);
    return is === undefined || is === was ? [] : [[was, is]];
  });
}

/**
 * The repositories of both revisions that some repository sees by another name than before, or by one more or less. An
 * executable finds the runfiles of other repositories by these names, so they are a part of its inputs (`_repo_mapping`).
 */
export function namedOtherwise({ before, after }: BothExternals): Set<CanonicalName> {
  const found = new Set<CanonicalName>();
  for (const [name, old] of before.mappings) {
    const now = after.mappings.get(name) ?? old;
    for (const [apparent, canonical] of old) if (now.get(apparent) !== canonical) found.add(canonical);
    for (const [apparent, canonical] of now) if (old.get(apparent) !== canonical) found.add(canonical);
  }
  // What depends on a repository that only one revision has differs anyway.
  const isOfBoth = (name: CanonicalName): boolean =>
    name === MAIN || (before.repositories.has(name) && after.repositories.has(name));
  return new Set([...found].filter(isOfBoth));
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
