import { createHash } from 'node:crypto';
import { importedRcFiles, namesInOptions, parseRc } from '../../formats/rc.js';
import type { Listing } from '../../formats/git-listing.js';
import { SUBMODULE_MODE, SYMLINK_MODE, type TreeEntry } from '../../graph/tree.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { moduleInputsOf } from '../externals/module-inputs.js';
import { loadedLabels, mainRepositoryOf, resolveLoad } from '../../formats/starlark-loads.js';
import { significantTokens, stringLiterals } from '../../formats/starlark-tokens.js';
import {
  FIXED_EVERYWHERE,
  isBzlmodFile,
  isModuleFile,
  isRcFile,
  nestedRepositoriesAmong,
  PRELUDE,
  REPO_FILE,
  roleOf,
} from './file-roles.js';
import { foldersAbove } from '../../graph/folders.js';
import { SortedPaths } from './sorted-paths.js';
import { Symlinks, type Resolution } from './symlinks.js';
import type { NeedsTexts } from './texts.js';

type Entry = TreeEntry<WorkspacePath>;

/** All that Bazel's loading phase reads of a revision: two revisions with the same loading inputs have the same graph. */
export interface LoadingInputs {
  /** The names of all files, symlinks and submodules. */
  readonly paths: SortedPaths;
  /** What each symlink says. */
  readonly links: ReadonlyMap<WorkspacePath, string>;
  /** The commit of each submodule. */
  readonly submodules: ReadonlyMap<WorkspacePath, string>;
  /** BUILD files, by path, with the object id of their text (of the file behind a symlink). */
  readonly buildFiles: ReadonlyMap<WorkspacePath, string>;
  /** The files that a `load` can name, with the object id of their text. */
  readonly starlark: ReadonlyMap<WorkspacePath, string>;
  /** The files whose content may reach every package, with a digest of what counts of it. */
  readonly everywhere: ReadonlyMap<WorkspacePath, string>;
  /** The main repository, by its own names. */
  readonly main: MainRepository;
  /** Why the inputs are more than a listing can tell; empty when they are all here. */
  readonly unknowable: readonly string[];
}

/**
 * What stands at a path outside the workspace: one that starts with `../` (relative to the workspace: the repository may
 * know it), or an absolute one.
 */
export type LookOutside = (path: string) => Outside;

/** What stands at such a path; a file comes with the object id of its content. */
export type Outside =
  { readonly kind: 'file'; readonly objectId: string } | { readonly kind: 'folder' | 'missing' | 'unknown' };

/** Raised whenever equal inputs would no longer give equal fingerprints, or what counts as an input changes. */
const FINGERPRINT_SCHEMA = 3;

/**
 * The loading inputs of a revision.
 *
 * Rather counts a file too many than one too few: what no rule proves to be read by one package alone is an input of
 * every package. Those are files that rc files, MODULE.bazel, WORKSPACE, and the .bzl files behind them name, well-known
 * manifests that module extensions read, and all files of nested repositories (which the main one may use as modules).
 *
 * @param listing all files of the workspace, each path relative to it; object ids have to be of the content, for
 *   uncommitted files too
 * @param outside what stands at a path that a symlink leads to out of the workspace
 */
export function* loadingInputs(
  listing: Listing<WorkspacePath>,
  outside: LookOutside = () => ({ kind: 'unknown' }),
): NeedsTexts<LoadingInputs> {
  const entries = new Entries(listing);
  const linkIds = entries.links.map((entry) => entry.objectId);
  const linkTexts = linkIds.length > 0 ? yield linkIds : new Map<string, string>();
  const links = new Map(entries.links.map((entry) => [entry.path, linkTexts.get(entry.objectId) ?? '']));
  const submodules = new Map(entries.submodules.map((entry) => [entry.path, entry.objectId]));
  const symlinks = new Symlinks(entries.paths, links, new Set(submodules.keys()));

  const collected = new Collected(entries, symlinks, outside);
  collected.addByRole();
  collected.addNestedRepositories();
  const main = yield* collected.addWhatGlobalFilesName();
  yield* collected.addWhatModulesRead();

  return {
    paths: entries.paths,
    links,
    submodules,
    buildFiles: collected.buildFiles,
    starlark: collected.starlark,
    everywhere: collected.everywhere,
    main,
    unknowable: collected.unknowable,
  };
}

/** A listing with its special entries apart. */
class Entries {
  readonly paths: SortedPaths;
  readonly links: Entry[] = [];
  readonly submodules: Entry[] = [];

  constructor(private readonly listing: Listing<WorkspacePath>) {
    this.paths = SortedPaths.of(listing.entries.map((entry) => entry.path));
    for (const entry of listing.entries) {
      if (entry.mode === SYMLINK_MODE) this.links.push(entry);
      if (entry.mode === SUBMODULE_MODE) this.submodules.push(entry);
    }
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.listing.entries[Symbol.iterator]();
  }

  get(path: WorkspacePath): Entry | undefined {
    return this.listing.get(path);
  }
}

class Collected {
  readonly buildFiles = new Map<WorkspacePath, string>();
  readonly starlark = new Map<WorkspacePath, string>();
  readonly everywhere = new Map<WorkspacePath, string>();
  readonly unknowable: string[] = [];
  /** Global files that may name others and have not been read yet, with the path that says what they are. */
  private readonly unread = new Map<WorkspacePath, WorkspacePath>();
  private readonly rcFiles = new Set<WorkspacePath>();
  /** Rc files of the repository outside the workspace, by their paths from it. */
  private readonly rcFilesOutside = new Map<WorkspacePath, Entry>();
  /** Folders that options name: they may be repositories. */
  private readonly namedFolders = new Set<WorkspacePath>();

  constructor(
    private readonly entries: Entries,
    private readonly symlinks: Symlinks,
    private readonly outside: LookOutside,
  ) {}

  /** Files that count because of their own name, those behind symlinks of such a name, and symlinks that lead away. */
  addByRole(): void {
    for (const entry of this.entries) {
      if (entry.mode === SUBMODULE_MODE) continue;
      const role = roleOf(entry.path);
      if (entry.mode === SYMLINK_MODE) this.addLink(entry.path, role);
      else if (role === 'build') this.buildFiles.set(entry.path, entry.objectId);
      else if (role === 'starlark') this.starlark.set(entry.path, entry.objectId);
      else if (role === 'everywhere') this.addEverywhere(entry.path);
    }
    for (const path of FIXED_EVERYWHERE) {
      const resolution = this.symlinks.resolve(path);
      if (resolution.kind === 'file') this.addEverywhere(resolution.path);
    }
  }

  private addLink(path: WorkspacePath, role: ReturnType<typeof roleOf>): void {
    const resolution = this.symlinks.resolve(path);
    if (resolution.kind === 'outside') {
      const { kind } = this.outside(resolution.path);
      // Of a file, only its name counts: unless it is of a name that counts by its content.
      if (role === 'other' && (kind === 'file' || kind === 'missing'))
        this.everywhere.set(path, `outside ${kind}`);
      else this.unknowable.push(`the symlink ${path} leads out of the workspace, to ${resolution.path}`);
      return;
    }
    if (resolution.kind !== 'file') return;
    const target = this.entries.get(resolution.path);
    if (target === undefined) return;
    if (role === 'build') this.buildFiles.set(path, target.objectId);
    else if (role === 'starlark') this.starlark.set(path, target.objectId);
    else if (role === 'everywhere') this.addEverywhere(target.path, path);
  }

  /** @param namedAs the symlink through which Bazel finds the file, where there is one */
  private addEverywhere(path: WorkspacePath, namedAs = path): void {
    const entry = this.entries.get(path);
    if (entry === undefined) return;
    if (this.everywhere.has(path) && namedAs === path) return;
    this.everywhere.set(path, contentOf(entry));
    if (mayNameFiles(namedAs) || this.rcFiles.has(namedAs) || this.starlark.has(path))
      this.unread.set(path, namedAs);
  }

  addNestedRepositories(): void {
    for (const root of nestedRepositoriesAmong(this.entries.paths.all)) {
      for (const path of this.entries.paths.below(root)) {
        const entry = this.entries.get(path);
        if (entry !== undefined) this.everywhere.set(path, contentOf(entry));
      }
    }
  }

  /** Follows global files to the files that they name, and those further on. Returns the main repository's names. */
  *addWhatGlobalFilesName(): NeedsTexts<MainRepository> {
    let main: MainRepository | undefined;
    while (this.unread.size > 0) {
      const batch = [...this.unread].flatMap(([path, namedAs]) => {
        const entry = this.entries.get(path) ?? this.rcFilesOutside.get(path);
        return entry === undefined ? [] : [{ entry, namedAs }];
      });
      this.unread.clear();
      const texts = yield batch.map(({ entry }) => entry.objectId);
      const textOf = (entry: Entry): string => texts.get(entry.objectId) ?? '';
      // All files that can say the names have a name of their own, so they are in the first batch.
      main ??= mainRepositoryOf(
        batch.filter(({ namedAs }) => isModuleFile(namedAs)).map(({ entry }) => textOf(entry)),
      );
      for (const { entry, namedAs } of batch) this.addNamedBy(entry, namedAs, textOf(entry), main);
    }
    return main ?? mainRepositoryOf([]);
  }

  private addNamedBy(entry: Entry, namedAs: WorkspacePath, text: string, main: MainRepository): void {
    if (isRcFile(namedAs) || this.rcFiles.has(namedAs)) {
      const options = JSON.stringify(parseRc(text));
      this.everywhere.set(entry.path, digestOf('rc', options, entry));
      if (options.includes('--package_path')) {
        this.unknowable.push(`${entry.path} sets --package_path: packages may come from anywhere`);
      }
      this.addImported(text, namedAs);
      for (const name of namesInOptions(text)) this.addNamed(name, namedAs, main);
      return;
    }
    if (isBzlmodFile(namedAs) || namedAs === REPO_FILE) {
      this.everywhere.set(entry.path, digestOf('tokens', significantTokens(text), entry));
    }
    if (isModuleFile(namedAs)) return;
    for (const name of stringLiterals(text)) this.addNamed(name, namedAs, main);
    for (const label of loadedLabels(text)) {
      for (const packagePath of foldersAbove(namedAs)) {
        const file = resolveLoad(label, packagePath, main);
        const resolution = file.kind === 'main' ? this.symlinks.resolve(file.path) : undefined;
        if (resolution?.kind === 'file') this.addEverywhere(resolution.path);
      }
    }
  }

  private addImported(rcText: string, importedBy: WorkspacePath): void {
    for (const path of importedRcFiles(rcText)) {
      const named = path as WorkspacePath;
      if (this.rcFiles.has(named)) continue;
      const leadsOut = path.startsWith('/') || path.startsWith('../');
      const resolution: Resolution = leadsOut ? { kind: 'outside', path } : this.symlinks.resolve(path);
      if (resolution.kind === 'outside') {
        const found = this.outside(resolution.path);
        if (found.kind === 'file') this.addRcFileOutside(resolution.path as WorkspacePath, found.objectId);
        // What lies nowhere in the repository is no part of a revision, but a symlink to it is.
        else if (!leadsOut && found.kind !== 'missing')
          this.unknowable.push(`${importedBy} imports ${path}, which leads to ${resolution.path}`);
      }
      if (resolution.kind !== 'file') continue;
      this.rcFiles.add(named);
      this.everywhere.delete(resolution.path);
      this.addEverywhere(resolution.path, named);
    }
  }

  private addRcFileOutside(path: WorkspacePath, objectId: string): void {
    if (this.rcFilesOutside.has(path)) return;
    this.rcFiles.add(path);
    this.rcFilesOutside.set(path, { path, mode: '100644', objectId });
    this.unread.set(path, path);
  }

  private addNamed(name: string, namedBy: WorkspacePath, main: MainRepository): void {
    for (const path of pathsNamed(name, namedBy, main)) {
      const resolution = this.symlinks.resolve(path);
      if (resolution.kind === 'file') this.addEverywhere(resolution.path);
      // A single word is seldom a folder, even where there is a folder of that name.
      else if (resolution.kind === 'folder' && name.includes('/')) {
        this.addStarlarkBelow(resolution.path);
        this.namedFolders.add(resolution.path);
      }
    }
  }

  /** Module files, their code, and all that these may make external repositories of: .bzl files can be made of it. */
  *addWhatModulesRead(): NeedsTexts<void> {
    const search = moduleInputsOf(this.entries.paths.all, this.namedFolders);
    let step = search.next();
    while (step.done !== true) {
      const entries = new Map(step.value.flatMap((path) => this.namedEntry(path)));
      const ids = new Set([...entries.values()].map((entry) => entry.objectId));
      const texts = ids.size > 0 ? yield [...ids] : new Map<string, string>();
      step = search.next(
        new Map([...entries].map(([path, entry]) => [path, texts.get(entry.objectId) ?? ''])),
      );
    }
    const { code, named } = step.value;
    for (const path of code) this.addContent(path);
    for (const path of named.exact()) {
      const resolution = this.symlinks.resolve(path);
      if (resolution.kind !== 'folder') this.addContent(path);
      else for (const below of this.entries.paths.below(resolution.path)) this.addContent(below);
    }
    if (!named.hasPatterns) return;
    for (const path of this.entries.paths.all) if (named.nameOf(path) !== null) this.addContent(path);
    for (const link of this.symlinks.texts.keys()) {
      const folder = this.symlinks.resolve(link);
      if (folder.kind !== 'folder') continue;
      for (const path of this.entries.paths.below(folder.path)) {
        const behind = folder.path === '' ? path : path.slice(folder.path.length + 1);
        if (named.nameOf(`${link}/${behind}` as WorkspacePath) !== null) this.addContent(path);
      }
    }
  }

  private namedEntry(path: WorkspacePath): [WorkspacePath, Entry][] {
    const resolution = this.symlinks.resolve(path);
    const entry = resolution.kind === 'file' ? this.entries.get(resolution.path) : undefined;
    return entry === undefined ? [] : [[path, entry]];
  }

  private addContent(path: WorkspacePath): void {
    for (const [, entry] of this.namedEntry(path)) {
      if (!this.everywhere.has(entry.path)) this.everywhere.set(entry.path, contentOf(entry));
    }
  }

  /** The folder may be the root of a repository that has no boundary file of its own (`new_local_repository`). */
  private addStarlarkBelow(folder: WorkspacePath): void {
    if (folder === '') return;
    for (const path of this.entries.paths.below(folder)) {
      if (roleOf(path) === 'starlark') this.addEverywhere(path);
    }
  }
}

function mayNameFiles(path: string): boolean {
  return isModuleFile(path) || isRcFile(path) || path === REPO_FILE || path === PRELUDE;
}

function contentOf(entry: Entry): string {
  return `${entry.mode} ${entry.objectId}`;
}

/** A digest of what counts of a text; of all of it where the text is no UTF-8, since then it did not come whole. */
function digestOf(kind: string, significant: string, entry: Entry): string {
  if (significant.includes('\uFFFD')) return contentOf(entry);
  return `${kind} ${createHash('sha256').update(significant).digest('hex')}`;
}

const LONGEST_PATH = 4096;

/**
 * The paths that a string may stand for: as a label, as a path in the workspace, as a path beside its file. Which folder
 * above a file is its package is not asked: any may be.
 */
function* pathsNamed(name: string, namedBy: WorkspacePath, main: MainRepository): Generator<WorkspacePath> {
  if (name === '' || name.length > LONGEST_PATH || /[\n\0]/.test(name)) return;
  for (const folder of foldersAbove(namedBy)) {
    if (/^(@|\/\/|:)/.test(name)) {
      const file = resolveLoad(name, folder, main);
      if (file.kind === 'main') yield file.path;
    } else {
      const path = insideWorkspace(name.startsWith('%workspace%') ? name : `${folder}/${name}`);
      if (path !== undefined) yield path;
    }
  }
}

/** The path relative to the workspace, or undefined if it leads out of it. */
function insideWorkspace(path: string): WorkspacePath | undefined {
  const segments: string[] = [];
  for (const segment of path.replace(/^%workspace%\/?/, '').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/') as WorkspacePath;
}

/** How much text goes into the hash at once: many small calls are slow, one large text takes memory. */
const CHUNK = 64 * 1024;

/**
 * One digest over all loading inputs: equal fingerprints mean equal graphs. Hexadecimal.
 *
 * @param options what else decides the graph: Bazel's start-up and query options, the Bazel that is asked for, in order
 */
export function fingerprint(inputs: LoadingInputs, options: readonly string[]): string {
  const hash = createHash('sha256');
  let waiting = JSON.stringify([FINGERPRINT_SCHEMA, options]);
  const add = (text: string): void => {
    waiting += text;
    if (waiting.length < CHUNK) return;
    hash.update(waiting);
    waiting = '';
  };
  for (const path of inputs.paths.all) add(`\0${path}`);
  const contents = {
    links: inputs.links,
    submodules: inputs.submodules,
    build: inputs.buildFiles,
    starlark: inputs.starlark,
    everywhere: inputs.everywhere,
  };
  for (const [section, files] of Object.entries(contents)) {
    add(`\0\0${section} ${files.size}`);
    for (const [path, content] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
      add(`\0${path}\0${content}`);
    }
  }
  hash.update(waiting);
  return hash.digest('hex');
}
