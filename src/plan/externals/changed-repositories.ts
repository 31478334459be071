import { LOCK_FILE } from '../../graph/bazel-files.js';
import type { WorkspacePath } from '../../graph/label.js';
import { type CanonicalName, MAIN, NO_NAMES, type RepositoryMapping } from '../../graph/repository.js';
import type { Externals } from '../../loading/externals/external-repositories.js';
import { isModuleFile } from '../../loading/inputs/file-roles.js';
import { foldersAbove, selfAndFoldersAbove } from '../../graph/folders.js';
import { addToGroup } from '../../text/grouped.js';

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
 * The external repositories whose files may differ between two revisions: those that are defined otherwise, show a folder
 * of the workspace with a change, or whose rules may read a file that changed.
 */
export function changedRepositories(both: BothExternals, changes: ExternalChanges): Set<CanonicalName> {
  const paths = new Set(changes.paths);
  const changedFolders = new Set(changes.paths.flatMap((path) => [...selfAndFoldersAbove(path)]));
  // What changed above a folder is a symlink or a submodule: the folder is another one then.
  const isChanged = (folder: WorkspacePath): boolean =>
    changedFolders.has(folder) || [...foldersAbove(folder)].some((above) => paths.has(above));
  const areModuleFiles = changes.paths.some((path) => isModuleFile(path) || path === LOCK_FILE);
  const changed = new Set<CanonicalName>();
  for (const name of repositoriesOf(both)) {
    const before = both.before.repositories.get(name);
    const after = both.after.repositories.get(name);
    const isSame = before !== undefined && before.definition === after?.definition;
    const isTouched = [before, after].some(
      (each) =>
        (each?.readsMain === true && (changes.areRead || (areModuleFiles && each.readsModuleFiles))) ||
        (each?.localFolder != null && isChanged(each.localFolder)),
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
  for (const { names, old, now } of mappingPairs(both)) {
    const renamed = renamedBetween(old, now);
    const seesMain = areNamed && [old, now].some((mapping) => seesMainRepository(mapping));
    for (const pair of renamed) for (const each of pair) found.add(each);
    if (renamed.length > 0 || seesMain) for (const name of names) found.add(name);
  }
  if (areNamed)
    for (const { repositories } of [both.before, both.after])
      for (const { name, sees } of repositories.values()) if (sees.includes(MAIN)) found.add(name);
  // All that can be named from the main repository has a label there.
  found.delete(MAIN);
  return found;
}

/** Repositories that have one mapping at the base and one at the head: an extension may define thousands of them. */
interface MappingPair {
  readonly names: readonly CanonicalName[];
  readonly old: RepositoryMapping;
  readonly now: RepositoryMapping;
}

function mappingPairs({ before, after }: BothExternals): MappingPair[] {
  const pairs = new Map<RepositoryMapping, Map<RepositoryMapping, CanonicalName[]>>();
  for (const name of new Set([...before.mappings.keys(), ...after.mappings.keys()])) {
    const [old, now] = [before.mappings.get(name) ?? NO_NAMES, after.mappings.get(name) ?? NO_NAMES];
    const ofOld = pairs.get(old) ?? new Map<RepositoryMapping, CanonicalName[]>();
    pairs.set(old, ofOld);
    const names = ofOld.get(now) ?? [];
    ofOld.set(now, names);
    names.push(name);
  }
  return [...pairs].flatMap(([old, ofOld]) => [...ofOld].map(([now, names]) => ({ names, old, now })));
}

function seesMainRepository(mapping: RepositoryMapping): boolean {
  return [...mapping.values()].includes(MAIN);
}

/** The repositories to which a name led and leads, for each name that leads elsewhere now. */
function renamedBetween(old: RepositoryMapping, now: RepositoryMapping): (readonly CanonicalName[])[] {
  return [...old].flatMap(([apparent, was]) => {
    const is = now.get(apparent);
    return is === undefined || is === was ? [] : [[was, is]];
  });
}

/**
 * The repositories of both revisions that some repository sees by another name than before, or by one more or less. An
 * executable finds the runfiles of other repositories by these names, so they are a part of its inputs (`_repo_mapping`).
 */
export function namedOtherwise(both: BothExternals): Set<CanonicalName> {
  const { before, after } = both;
  const found = new Set<CanonicalName>();
  for (const { old, now } of mappingPairs(both)) {
    if (old === NO_NAMES || now === NO_NAMES) continue;
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
  const named = edgesBack(both, 'sees');
  const owners = new Map<RepositoryMapping, CanonicalName[]>();
  const containing = new Map<CanonicalName, RepositoryMapping[]>();
  for (const { mappings } of [both.before, both.after]) {
    for (const [name, mapping] of mappings) addToGroup(owners, mapping, name);
    for (const mapping of new Set(mappings.values()))
      for (const seen of new Set(mapping.values())) addToGroup(containing, seen, mapping);
  }
  const reached = new Set(targets);
  for (const name of reached) {
    for (const next of named.get(name) ?? []) reached.add(next);
    for (const mapping of containing.get(name) ?? []) {
      for (const owner of owners.get(mapping) ?? []) reached.add(owner);
      owners.delete(mapping);
    }
  }
  return reached;
}

/** The external repositories of both revisions, without the main one. */
function repositoriesOf({ before, after }: BothExternals): Set<CanonicalName> {
  return new Set([...before.repositories.keys(), ...after.repositories.keys()]);
}

/** For each repository, those whose attributes name it, or whose rules read it, in one of the revisions. */
function edgesBack(both: BothExternals, kind: 'reads' | 'sees'): Map<CanonicalName, CanonicalName[]> {
  const back = new Map<CanonicalName, CanonicalName[]>();
  for (const { repositories } of [both.before, both.after])
    for (const [name, repository] of repositories)
      for (const to of repository[kind]) addToGroup(back, to, name);
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
