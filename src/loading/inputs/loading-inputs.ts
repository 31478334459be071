import { createHash } from 'node:crypto';
import { parseRc } from '../../formats/rc.js';
import type { Listing } from '../../formats/git-listing.js';
import { mainRepositoryOf } from '../../formats/starlark-loads.js';
import { significantTokens } from '../../formats/starlark-tokens.js';
import { fileNameOf, foldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { SUBMODULE_MODE, SYMLINK_MODE } from '../../graph/tree.js';
import {
  holdsFor,
  isFailed,
  type CountedFiles,
  type ExternalReads,
  type ExternalsRecord,
  type FailedRecord,
  type TriedRecord,
} from '../externals/externals-record.js';
import type { ModuleInputs } from '../externals/module-files.js';
import { moduleInputsOf } from '../externals/module-inputs.js';
import { mayFind, type OwnCode } from '../externals/own-code.js';
import { PRELUDE, REPO_FILE } from '../../graph/bazel-files.js';
import {
  FIXED_EVERYWHERE,
  isBzlmodFile,
  isForExternals,
  isModuleFile,
  isRcFile,
  type FileRole,
} from './file-roles.js';
import { NamedFiles, type NamedEntry } from './named-files.js';
import { rcFilesFrom, type RcFile } from './rc-files.js';
import {
  isOutside,
  RevisionEntries,
  type Entry,
  type LinkText,
  type LookOutside,
} from './revision-entries.js';
import type { SortedPaths } from './sorted-paths.js';
import { byObjectId, type NeedsTexts } from './texts.js';

/**
 * Everything that Bazel's loading phase reads of a revision. Two revisions with the same loading inputs have the same
 * graph.
 */
export interface LoadingInputs {
  /** The names of all files, symlinks and submodules. */
  readonly paths: SortedPaths;
  /** The text of each symlink. */
  readonly links: ReadonlyMap<WorkspacePath, string>;
  /** The commit of each submodule. */
  readonly submodules: ReadonlyMap<WorkspacePath, string>;
  /**
   * BUILD files, by path, with the object id of their text. For a symlink, this is the text of the file that it leads
   * to.
   */
  readonly buildFiles: ReadonlyMap<WorkspacePath, string>;
  /** The files that a `load` can name, with the object id of their text. */
  readonly starlark: ReadonlyMap<WorkspacePath, string>;
  /** The files whose content may affect every package, with a digest of the relevant part of the content. */
  readonly everywhere: ReadonlyMap<WorkspacePath, string>;
  /** The main repository, with the names that it has. */
  readonly main: MainRepository;
  /** Reasons why the loading inputs cannot be listed completely; empty if they are complete. */
  readonly gaps: readonly string[];
}

/** The loading inputs of a revision, and what is known about external repositories. */
export interface LoadingInputsOfRevision {
  readonly inputs: LoadingInputs;
  readonly reads: ExternalReads;
  /** The digest of what decides what external repositories read: see `ExternalsRecord`. */
  readonly deciding: string;
  /** A digest of the paths of folders that module code can find. */
  readonly foundFolders: string;
  /** The files in `everywhere` of the inputs that reach packages by way of external repositories alone. */
  readonly behindExternals: ReadonlySet<WorkspacePath>;
  /** The .bzl files with the code of module files, and those of repositories inside the workspace. */
  readonly moduleCode: ReadonlySet<WorkspacePath>;
  readonly entries: RevisionEntries;
}

/** Whether Bazel may be asked what external repositories read. */
export type Recording = 'possible' | 'impossible';

/** What earlier plans found out about what external repositories read. */
export interface KnownRecords {
  readonly records: readonly TriedRecord[];
  readonly recording: Recording;
}

const NO_RECORDS: KnownRecords = { records: [], recording: 'possible' };

/** Stands for the content of a file that external repositories may find, but do not read. */
const ONLY_THERE = 'there';

/**
 * Collects the loading inputs of a revision.
 *
 * In case of doubt it counts too many files, never too few: a file that is not proved to be read by one package alone
 * is an input of every package. Such files are those that rc files, MODULE.bazel, WORKSPACE, and the .bzl files that
 * these use name, well-known manifests that module extensions read, and all files of the repositories inside the
 * workspace that these use. If code of the workspace itself runs for external repositories, all files count, unless it is
 * recorded what these read. If that cannot be recorded, those count that the code can find by its texts.
 *
 * @param listing all files of the workspace, with paths relative to it; object ids must be those of the content, also
 *   for uncommitted files
 * @param outside looks up a path outside the workspace to which a symlink leads
 * @param linkText the text that counts for a symlink, given the text that git has
 */
export function* loadingInputs(
  listing: Listing<WorkspacePath>,
  { records, recording }: KnownRecords = NO_RECORDS,
  outside: LookOutside = () => ({ kind: 'unknown' }),
  linkText: LinkText = (_path, text) => text,
): NeedsTexts<LoadingInputsOfRevision> {
  const revision = yield* RevisionEntries.of(listing, outside, linkText);
  const collected = new Collected(revision);
  collected.addByRole();
  const main = yield* collected.readModuleFiles();
  const named = new NamedFiles(revision, main, (path) => collected.starlark.has(path));
  yield* collected.addRcFiles(named);
  yield* collected.addNamed(named);
  const direct = collected.directlyRead(named);
  const modules = yield* collected.readModules(named.folders);
  const found = collected.foundBy(modules);
  const deciding = collected.digestWith(found.keys());
  const record = records.find((each) => holdsFor(each, deciding, revision));
  const failed = records.filter(isFailed).find((each) => each.deciding === deciding);
  const reads: ExternalReads =
    record === undefined
      ? {
          kind: 'unrecorded',
          counts: countedWithoutRecord(modules.ownCode, failed, recording),
          failure: failed?.why ?? null,
        }
      : { kind: 'recorded', record };
  collected.addReads(reads, found);
  const { buildFiles, starlark, everywhere, gaps } = collected;
  const { paths, links, submodules } = revision;
  const inputs = { paths, links, submodules, buildFiles, starlark, everywhere, main, gaps };
  const moduleCode = new Set([...modules.code, ...collected.codeBelow(modules.repositories)]);
  return {
    inputs,
    reads,
    deciding,
    foundFolders: foldersDigest(found),
    behindExternals: new Set([...everywhere.keys()].filter((path) => !direct.has(path))),
    moduleCode,
    entries: revision,
  };
}

/** @param failed the record that could not be made */
function countedWithoutRecord(
  ownCode: OwnCode | null,
  failed: FailedRecord | undefined,
  recording: Recording,
): CountedFiles {
  const isUnknowable = failed?.reads === null || (failed === undefined && recording === 'impossible');
  if (isUnknowable && ownCode?.givesRoot !== true) return 'findable files';
  return ownCode === null ? 'named files' : 'every file';
}

class Collected {
  readonly buildFiles = new Map<WorkspacePath, string>();
  readonly starlark = new Map<WorkspacePath, string>();
  readonly everywhere = new Map<WorkspacePath, string>();
  readonly gaps: string[] = [];
  /** The files that affect every package because of their own name, or of the name of a symlink to them. */
  private readonly global: NamedEntry[] = [];
  /** Rc files and those that they import. */
  private readonly optionFiles = new Set<WorkspacePath>();

  constructor(private readonly revision: RevisionEntries) {}

  /**
   * Adds files whose own name makes them loading inputs, the targets of symlinks with such a name, and symlinks that
   * leave the workspace.
   */
  addByRole(): void {
    for (const { entry, role } of this.revision.withRoleOrLink()) {
      if (entry.mode === SUBMODULE_MODE) continue;
      if (entry.mode !== SYMLINK_MODE) this.addFile(entry, entry.path, role);
      else this.addLink(entry.path, role);
    }
    // The path of a fixed file may also lead through a symlinked folder, and then the listing does not contain it.
    for (const path of FIXED_EVERYWHERE) {
      const entry = this.revision.fileAt(path);
      if (entry !== undefined) this.addFile(entry, path, 'everywhere');
    }
  }

  private addLink(path: WorkspacePath, role: FileRole): void {
    const leadsTo = this.revision.leadsOutTo(path);
    if (leadsTo !== null) {
      const { kind } = this.revision.outside(leadsTo);
      // If the role of the symlink is `other`, only its name counts, not the content of the file that it leads to.
      if (role === 'other' && (kind === 'file' || kind === 'missing'))
        this.everywhere.set(path, `outside ${kind}`);
      else this.gaps.push(`the symlink ${path} leads out of the workspace, to ${leadsTo}`);
      return;
    }
    const target = this.revision.fileAt(path);
    if (target !== undefined) this.addFile(target, path, role);
  }

  /** @param namedAs the path by which Bazel finds the file */
  private addFile(entry: Entry, namedAs: WorkspacePath, role: FileRole): void {
    if (role === 'build') this.buildFiles.set(namedAs, entry.objectId);
    else if (role === 'starlark') this.starlark.set(namedAs, entry.objectId);
    else if (role === 'everywhere') {
      this.global.push({ entry, namedAs });
      this.addContent(entry);
    }
  }

  /**
   * Reads module files and REPO.bazel. The relevant part of these, except WORKSPACE files, is their tokens.
   *
   * @returns the main repository, with the names that module files give it
   */
  *readModuleFiles(): NeedsTexts<MainRepository> {
    const files = this.global.filter(({ namedAs }) => isModuleFile(namedAs) || namedAs === REPO_FILE);
    const texts =
      files.length > 0 ? yield files.map(({ entry }) => entry.objectId) : new Map<string, string>();
    const textOf = ({ entry }: NamedEntry): string => texts.get(entry.objectId) ?? '';
    for (const file of files) {
      if (isBzlmodFile(file.namedAs) || file.namedAs === REPO_FILE)
        this.everywhere.set(
          file.entry.path,
          significantDigest('tokens', significantTokens(textOf(file)), file.entry),
        );
    }
    return mainRepositoryOf(files.filter(({ namedAs }) => isModuleFile(namedAs)).map(textOf));
  }

  /**
   * Adds rc files and those that they import, and notes what they name. The relevant part of an rc file is its options.
   */
  *addRcFiles(named: NamedFiles): NeedsTexts<void> {
    const roots = this.global.map(({ namedAs }) => namedAs).filter(isRcFile);
    const fileAt = (path: WorkspacePath): Entry | undefined => this.revision.fileAnywhereAt(path);
    const files = yield* byObjectId(rcFilesFrom(roots), (path) => fileAt(path)?.objectId);
    for (const file of files) {
      const entry = fileAt(file.path);
      if (entry === undefined || file.text === null) this.noteUnreadImport(file);
      else this.addRcFile(entry, file.path, file.text, named);
    }
  }

  private addRcFile(entry: Entry, path: WorkspacePath, text: string, named: NamedFiles): void {
    const options = JSON.stringify(parseRc(text));
    this.optionFiles.add(entry.path);
    this.everywhere.set(entry.path, significantDigest('rc', options, entry));
    if (options.includes('--package_path'))
      this.gaps.push(`${entry.path} sets --package_path: packages may come from anywhere`);
    named.addNamedInOptions(text, path);
  }

  /**
   * Notes an import that was not read. An imported file outside the repository is not part of a revision, but a symlink
   * to it is, so the loading inputs are incomplete then.
   */
  private noteUnreadImport({ path, importedBy }: RcFile): void {
    const leadsTo = isOutside(path) ? null : this.revision.leadsOutTo(path);
    if (leadsTo !== null && this.revision.outside(leadsTo).kind !== 'missing')
      this.gaps.push(`${importedBy ?? 'Bazel'} imports ${path}, which leads to ${leadsTo}`);
  }

  /** Adds the files that rc files, REPO.bazel and the prelude name, and the files that these name or load in turn. */
  *addNamed(named: NamedFiles): NeedsTexts<void> {
    yield* named.follow(this.global.filter(({ namedAs }) => namedAs === REPO_FILE || namedAs === PRELUDE));
    for (const path of named.files) this.addContent(this.revision.get(path));
  }

  /** The files added so far that may reach packages in another way than through external repositories. */
  directlyRead(named: NamedFiles): Set<WorkspacePath> {
    const direct = new Set(this.everywhere.keys());
    for (const { entry, namedAs } of this.global) if (isForExternals(namedAs)) direct.delete(entry.path);
    // A file can have several paths.
    for (const { entry, namedAs } of this.global) if (!isForExternals(namedAs)) direct.add(entry.path);
    for (const path of [...this.optionFiles, ...named.files]) direct.add(path);
    return direct;
  }

  /**
   * Adds module files, their code, and all files of the repositories inside the workspace that these use.
   *
   * @param repositories folders from which repositories may be created
   */
  *readModules(repositories: Iterable<WorkspacePath>): NeedsTexts<ModuleInputs> {
    const modules = yield* byObjectId(
      moduleInputsOf(this.revision.paths.all, repositories),
      (path) => this.revision.fileAt(path)?.objectId,
    );
    for (const path of modules.code) this.addContent(this.revision.fileAt(path));
    for (const path of modules.repositories)
      this.addAllAt(path, (entry) => {
        this.addBehindLinks(entry);
      });
    return modules;
  }

  /** The .bzl files below some folders. */
  codeBelow(folders: ReadonlySet<WorkspacePath>): WorkspacePath[] {
    return [...this.starlark.keys()].filter((path) =>
      [...foldersAbove(path)].some((folder) => folders.has(folder)),
    );
  }

  /** What module files name, and what their code can find: files with their entries, and folders. */
  foundBy({ named, ownCode }: ModuleInputs): Map<WorkspacePath, Entry | 'folder'> {
    const found = new Map<WorkspacePath, Entry | 'folder'>();
    for (const path of named.all())
      this.addAllAt(path, (entry) => {
        found.set(entry.path, entry);
      });
    if (ownCode !== null) this.addFindable(ownCode, found);
    return found;
  }

  /** Adds what code can find by its own path, or by a path through a symlinked folder. */
  private addFindable(code: OwnCode, found: Map<WorkspacePath, Entry | 'folder'>): void {
    for (const entry of this.revision) {
      if (mayFind(entry.path, code)) found.set(entry.path, entry);
      for (const folder of foldersAbove(entry.path))
        if (code.names.has(fileNameOf(folder))) found.set(folder, 'folder');
    }
    for (const link of this.revision.links.keys()) {
      const folder = this.revision.resolve(link);
      if (folder.kind !== 'folder') continue;
      for (const entry of this.revision.below(folder.path)) {
        const behind = folder.path === '' ? entry.path : entry.path.slice(folder.path.length + 1);
        if (mayFind(`${link}/${behind}` as WorkspacePath, code)) found.set(entry.path, entry);
      }
    }
  }

  /**
   * A digest of what was added so far and can reach every package, of the symlinks, and of what code can find: it can read
   * that if it is there.
   */
  digestWith(found: Iterable<WorkspacePath>): string {
    const byPath = ([one]: readonly [string, string], [other]: readonly [string, string]): number =>
      one < other ? -1 : 1;
    const parts = [
      [...this.everywhere].sort(byPath),
      [...this.revision.links].sort(byPath),
      [...found].sort(),
    ];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  }

  /** Adds what external repositories read, or may read. */
  addReads(reads: ExternalReads, found: ReadonlyMap<WorkspacePath, Entry | 'folder'>): void {
    if (reads.kind === 'recorded') this.addRecorded(reads.record, found);
    else if (reads.counts === 'every file') this.addAll();
    else this.addFound(found);
  }

  /**
   * Adds what external repositories read, because .bzl files can be generated from such files, and the names of what code
   * can find.
   */
  private addRecorded(record: ExternalsRecord, found: ReadonlyMap<WorkspacePath, Entry | 'folder'>): void {
    for (const path of record.reads.keys())
      this.addAllAt(path, (entry) => {
        this.addBehindLinks(entry);
      });
    this.addNames(found);
  }

  /** Adds the names of what code can find, also of folders, which end with a `/`. */
  private addNames(found: ReadonlyMap<WorkspacePath, Entry | 'folder'>): void {
    for (const [path, entry] of found) {
      const known = entry === 'folder' ? `${path}/` : this.revision.fileAt(entry.path)?.path;
      if (known !== undefined && !this.everywhere.has(known as WorkspacePath))
        this.everywhere.set(known as WorkspacePath, ONLY_THERE);
    }
  }

  /** Adds the files that module files name, or that their code can find. */
  private addFound(found: ReadonlyMap<WorkspacePath, Entry | 'folder'>): void {
    for (const entry of found.values()) if (entry !== 'folder') this.addBehindLinks(entry);
    this.addNames(found);
  }

  /** Adds all files, because code of the workspace can read each of them. */
  private addAll(): void {
    for (const entry of this.revision) this.addBehindLinks(entry);
  }

  /** Adds the file at a path, or all files below a folder. */
  private addAllAt(path: WorkspacePath, add: (entry: Entry) => void): void {
    const resolution = this.revision.resolve(path);
    if (resolution.kind === 'folder') for (const entry of this.revision.below(resolution.path)) add(entry);
    else {
      const entry = this.revision.fileAt(path);
      if (entry !== undefined) add(entry);
    }
  }

  private addBehindLinks(entry: Entry): void {
    this.addContent(this.revision.fileAt(entry.path));
  }

  /** Adds a file with its whole content, unless a digest of the relevant part of it is there already. */
  private addContent(entry: Entry | undefined): void {
    if (entry !== undefined && !this.everywhere.has(entry.path))
      this.everywhere.set(entry.path, idAndMode(entry));
  }
}

function foldersDigest(found: ReadonlyMap<WorkspacePath, Entry | 'folder'>): string {
  const folders = [...found].flatMap(([path, entry]) => (entry === 'folder' ? [path] : []));
  return createHash('sha256').update(folders.sort().join('\0')).digest('hex');
}

function idAndMode(entry: Entry): string {
  return `${entry.mode} ${entry.objectId}`;
}

/**
 * A digest of the relevant part of a text. If the text is not valid UTF-8, it could not be read fully, and the whole
 * content counts.
 */
function significantDigest(kind: string, significant: string, entry: Entry): string {
  if (significant.includes('\uFFFD')) return idAndMode(entry);
  return `${kind} ${createHash('sha256').update(significant).digest('hex')}`;
}
