import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import { PRELUDE } from '../../graph/bazel-files.js';
import { LoadClosure, type LoadStatements } from '../inputs/load-closure.js';
import { resolveLoad } from '../../formats/starlark-loads.js';
import type { LoadingInputs } from '../inputs/loading-inputs.js';
import { folderOf, foldersAbove } from '../../graph/folders.js';
import { Symlinks, type Resolution } from '../inputs/symlinks.js';

/** The loading inputs of a revision, and the load statements of its files. */
export interface Loading {
  readonly inputs: LoadingInputs;
  readonly statements: LoadStatements;
}

/** What is known of the difference between the external repositories of two revisions. */
export interface KnownExternals {
  /** The files of both revisions that reach packages by way of external repositories alone, without .bzl files. */
  readonly readByThem: ReadonlySet<WorkspacePath>;
  /** The .bzl files that code of external repositories may load, in one of the revisions, and all that these load. */
  readonly loadedByThem: ReadonlySet<WorkspacePath>;
  /**
   * Whether files of a repository may differ, or of one from which it loads; null if no repository differs.
   *
   * @param name as the main repository calls it, which calls none otherwise than before
   */
  readonly mayDiffer: ((name: string) => boolean) | null;
}

export type DirtyPackages =
  | {
      readonly kind: 'local';
      /** Packages of the later revision that are new or whose targets may differ; sorted. */
      readonly queried: readonly PackagePath[];
      /** Packages of the earlier revision that no longer exist; sorted. */
      readonly removed: readonly PackagePath[];
    }
  /** It cannot be proved that the difference affects only some packages. */
  | { readonly kind: 'full'; readonly reason: string };

/**
 * Finds the packages whose targets may differ between two revisions.
 *
 * The answer is valid only if both revisions load without errors. If the query of the dirty packages fails, either the
 * later revision does not load, or a new BUILD file does not make its folder a package (an ignored folder). Only a full
 * query can tell which.
 *
 * @param packagesBefore the packages that Bazel found in the earlier revision. BUILD files alone do not tell: a folder
 *   with one may not be a package (ignored, deleted by an option, part of another repository), and a folder without one
 *   may be (behind a symlink).
 * @param externals null if nothing is known of external repositories, so that what they read may reach every package
 */
export function dirtyPackages(
  before: Loading,
  packagesBefore: ReadonlySet<PackagePath>,
  after: Loading,
  externals: KnownExternals | null = null,
): DirtyPackages {
  try {
    const difference = new RevisionDifference(before, packagesBefore, after, externals);
    return difference.dirtyPackages();
  } catch (error) {
    if (error instanceof NotLocal) return { kind: 'full', reason: error.message };
    throw error;
  }
}

/** Ends the search for dirty packages, because a full query is needed. */
class NotLocal extends Error {}

class RevisionDifference {
  private readonly dirty = new Set<PackagePath>();
  private readonly names: readonly WorkspacePath[];
  private readonly symlinksBefore: Symlinks;
  private readonly symlinksAfter: Symlinks;
  private readonly foldersBefore: ReadonlySet<PackagePath>;
  private readonly foldersAfter: ReadonlySet<PackagePath>;
  private readonly packagesAfter: ReadonlySet<PackagePath>;
  private knownClosures: readonly LoadClosure[] | undefined;

  constructor(
    private readonly before: Loading,
    private readonly packagesBefore: ReadonlySet<PackagePath>,
    private readonly after: Loading,
    private readonly externals: KnownExternals | null,
  ) {
    this.names = [...before.inputs.paths.difference(after.inputs.paths)];
    this.symlinksBefore = symlinksOf(before.inputs);
    this.symlinksAfter = symlinksOf(after.inputs);
    this.foldersBefore = packageFolders(before.inputs);
    this.foldersAfter = packageFolders(after.inputs);
    this.packagesAfter = new Set([
      ...without(packagesBefore, without(this.foldersBefore, this.foldersAfter)),
      ...without(this.foldersAfter, this.foldersBefore),
    ]);
  }

  dirtyPackages(): DirtyPackages {
    this.checkWhatReachesEveryPackage();
    this.addOwnersOfNames();
    this.addBuildFiles();
    this.addAppearedAndVanished();
    this.addSymlinks();
    this.addLoaders();
    this.addLoadersOfExternals();
    return {
      kind: 'local',
      queried: [...this.dirty].filter((path) => this.packagesAfter.has(path)).sort(),
      removed: [...without(this.packagesBefore, this.packagesAfter)].sort(),
    };
  }

  private checkWhatReachesEveryPackage(): void {
    for (const { inputs } of [this.before, this.after]) {
      const [reason] = inputs.gaps;
      if (reason !== undefined) throw new NotLocal(reason);
    }
    const isAnyPackage = (path: WorkspacePath): boolean => this.externals?.readByThem.has(path) !== true;
    const { inputs: before } = this.before;
    const { inputs: after } = this.after;
    const changed = [...changedKeys(before.everywhere, after.everywhere)].filter(isAnyPackage);
    // What only one of them has may be unchanged: more files count in a revision of which less is recorded.
    const path =
      changed.find((path) => before.everywhere.has(path) && after.everywhere.has(path)) ??
      changed[0] ??
      [...changedKeys(before.submodules, after.submodules)][0];
    if (path !== undefined) throw new NotLocal(`${path} changed: it may reach every package`);
    if (!this.before.inputs.main.hasNamesOf(this.after.inputs.main)) {
      throw new NotLocal('the main repository changed its name');
    }
  }

  /** Globs match names, so a name that was added or removed can change the package that owns it. */
  private addOwnersOfNames(): void {
    for (const path of this.names) this.addOwners(path);
  }

  private addOwners(path: WorkspacePath): void {
    for (const packages of [this.packagesBefore, this.packagesAfter]) {
      const owner = nearestPackage(path, packages);
      if (owner !== undefined) this.dirty.add(owner);
    }
  }

  private addBuildFiles(): void {
    for (const path of changedKeys(this.before.inputs.buildFiles, this.after.inputs.buildFiles)) {
      const folder = folderOf(path);
      if (
        !this.packagesBefore.has(folder) &&
        this.foldersBefore.has(folder) &&
        this.foldersAfter.has(folder)
      ) {
        throw new NotLocal(`${path} changed, in a folder where Bazel found no package`);
      }
      this.dirty.add(folder);
    }
  }

  /**
   * Adds packages that were added or removed, and the packages above them. A new package takes over files from the
   * package above it, and a removed one gives them back.
   */
  private addAppearedAndVanished(): void {
    for (const folder of differing(this.foldersBefore, this.foldersAfter)) {
      const strange = whyUncertain(folder);
      if (strange !== undefined) throw new NotLocal(`the package ${folder} was added or removed: ${strange}`);
      this.dirty.add(folder);
      if (folder !== '') this.addOwners(folder);
    }
  }

  private addSymlinks(): void {
    const links = new Set([...this.before.inputs.links.keys(), ...this.after.inputs.links.keys()]);
    if (links.size === 0) return;
    const changed = this.changedPathsAndFolders();
    for (const link of links) this.addSymlink(link, changed);
  }

  private addSymlink(link: WorkspacePath, changed: ReadonlySet<string>): void {
    const before = this.symlinksBefore.resolve(link);
    const after = this.symlinksAfter.resolve(link);
    const textBefore = this.before.inputs.links.get(link);
    const same = textBefore === this.after.inputs.links.get(link) && before.path === after.path;
    for (const resolution of [before, after]) {
      if (resolution.kind === 'file' || resolution.kind === 'missing') continue;
      if (!same) throw new NotLocal(`the symlink ${link} changed, and it leads or led to a folder`);
      if (changed.has(resolution.path)) {
        throw new NotLocal(
          `${shownTarget(resolution)} changed, and the symlink ${link} shows it at another path`,
        );
      }
    }
    if (!same || before.kind !== after.kind) this.addOwners(link);
  }

  /** The paths that differ for the loading phase, and all folders above them. */
  private changedPathsAndFolders(): ReadonlySet<string> {
    const { before, after } = this;
    const paths = [
      ...this.names,
      ...changedKeys(before.inputs.buildFiles, after.inputs.buildFiles),
      ...changedKeys(before.inputs.links, after.inputs.links),
    ];
    return new Set(paths.flatMap((path) => [path, ...foldersAbove(path)]));
  }

  private addLoaders(): void {
    const contents = new Set(changedKeys(this.before.inputs.starlark, this.after.inputs.starlark));
    const changed = new Set([...contents, ...this.starlarkOfAnotherPackage()]);
    if (changed.size === 0) return;
    const { closures } = this;
    for (const path of contents) {
      if (!this.before.inputs.starlark.has(path) || closures.some((closure) => closure.isLoaded(path)))
        continue;
      throw new NotLocal(`${path} changed, and no package of the main repository is known to load it`);
    }
    for (const closure of closures) {
      for (const packagePath of closure.packagesLoading(changed)) this.dirty.add(packagePath);
    }
    this.checkThatLoadsAreKnown('.bzl files changed');
  }

  /** Adds packages that load code of an external repository that may differ. */
  private addLoadersOfExternals(): void {
    const mayDiffer = this.externals?.mayDiffer ?? null;
    if (mayDiffer === null) return;
    this.checkThatExternalsAreOnlyLoaded(mayDiffer);
    for (const closure of this.closures)
      for (const packagePath of closure.packagesLoadingFrom(mayDiffer)) this.dirty.add(packagePath);
    this.checkThatLoadsAreKnown('external repositories may differ');
  }

  /** Ends the search if what is loaded from a repository that may differ can reach packages by ways that no load shows. */
  private checkThatExternalsAreOnlyLoaded(mayDiffer: (name: string) => boolean): void {
    if ([this.symlinksBefore, this.symlinksAfter].some((links) => links.resolve(PRELUDE).kind !== 'missing'))
      throw new NotLocal(`external repositories may differ, and every package loads what ${PRELUDE} loads`);
    const [submodule] = [...this.before.inputs.submodules.keys(), ...this.after.inputs.submodules.keys()];
    if (submodule !== undefined)
      throw new NotLocal(
        `external repositories may differ, and what files of the submodule ${submodule} load is unknown`,
      );
    const loader = [...(this.externals?.loadedByThem ?? [])].find((path) => this.loadsFrom(path, mayDiffer));
    if (loader !== undefined)
      throw new NotLocal(
        `external repositories may differ, and ${loader} loads from them, which other repositories may load`,
      );
  }

  /** Whether a .bzl file itself loads from some other repositories. */
  private loadsFrom(path: WorkspacePath, isOne: (repository: string) => boolean): boolean {
    return [this.before, this.after].some(({ inputs, statements }) => {
      const labels = statements.get(inputs.starlark.get(path) ?? '') ?? [];
      return labels.some((label) => {
        const loaded = resolveLoad(label, folderOf(path), inputs.main);
        return loaded.kind === 'external' && isOne(loaded.repository);
      });
    });
  }

  /** Which packages load which files, before and after. */
  private get closures(): readonly LoadClosure[] {
    this.knownClosures ??= [this.before, this.after].map(
      ({ inputs, statements }) => new LoadClosure(inputs, statements),
    );
    return this.knownClosures;
  }

  private checkThatLoadsAreKnown(whatDiffers: string): void {
    const [unlisted] = without(this.packagesBefore, this.foldersBefore);
    if (unlisted !== undefined) {
      throw new NotLocal(
        `${whatDiffers}, and what the package ${unlisted} loads is unknown: git lists no BUILD file`,
      );
    }
  }

  /**
   * The .bzl files that now belong to another package. A load across the border of a package fails, so a border that
   * moves affects every package that loads such a file.
   */
  private starlarkOfAnotherPackage(): WorkspacePath[] {
    const { foldersBefore, foldersAfter } = this;
    if (differing(foldersBefore, foldersAfter).size === 0) return [];
    const { starlark, everywhere } = this.after.inputs;
    return [...starlark.keys(), PRELUDE].filter((path) => {
      if (nearestPackage(path, foldersBefore) === nearestPackage(path, foldersAfter)) return false;
      if (!everywhere.has(path)) return true;
      throw new NotLocal(`${path} is in another package now, and it may reach every package`);
    });
  }
}

function symlinksOf(inputs: LoadingInputs): Symlinks {
  return new Symlinks(inputs.paths, inputs.links, new Set(inputs.submodules.keys()));
}

function packageFolders(inputs: LoadingInputs): Set<PackagePath> {
  return new Set([...inputs.buildFiles.keys()].map((path) => folderOf(path)));
}

function nearestPackage(path: WorkspacePath, packages: ReadonlySet<PackagePath>): PackagePath | undefined {
  for (const folder of foldersAbove(path)) if (packages.has(folder)) return folder;
  return undefined;
}

function* changedKeys<Key>(
  before: ReadonlyMap<Key, string>,
  after: ReadonlyMap<Key, string>,
): Generator<Key> {
  for (const [key, value] of before) if (after.get(key) !== value) yield key;
  for (const key of after.keys()) if (!before.has(key)) yield key;
}

/** The members of one set that the other set does not contain. */
function without<Member>(one: ReadonlySet<Member>, other: ReadonlySet<Member>): Set<Member> {
  return new Set([...one].filter((member) => !other.has(member)));
}

/** The members that only one of two sets contains. */
function differing<Member>(one: ReadonlySet<Member>, other: ReadonlySet<Member>): Set<Member> {
  return new Set([...without(one, other), ...without(other, one)]);
}

function shownTarget(resolution: Resolution): string {
  return resolution.path === '' ? 'the workspace' : `something in ${resolution.path}`;
}

/** Why `//...` and a query by name may disagree on whether the folder is a package; undefined if they agree. */
function whyUncertain(folder: PackagePath): string | undefined {
  if (folder === 'external' || folder.startsWith('external/'))
    return 'Bazel gives this folder a meaning of its own';
  if (!/^[A-Za-z0-9/_.+=,@~-]*$/.test(folder)) return 'its name has unusual characters';
  if (folder.split('/').some((segment) => /^\.+$/.test(segment))) return 'its name has a segment of dots';
  return undefined;
}
