import { isDependencyManifest, isReadByConvention } from '../inputs/dependency-manifests.js';
import { BUILD_FILES } from '../../graph/package.js';
import { fileNameOf, folderOf, foldersAbove, selfAndFoldersAbove } from '../../graph/folders.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { mainRepositoryOf } from '../../formats/starlark-loads.js';
import { tokensOf } from '../../formats/starlark-tokens.js';
import type { NeedsFiles } from '../inputs/texts.js';
import { addToGroup } from '../../text/grouped.js';
import { dependencyAliases, localRepositoryNames, rulesUsedBy } from './identities.js';
import { mentionsOf, type Mentions, type Part } from './mentions.js';
import { MODULE_FILE } from '../../graph/bazel-files.js';
import { FileNames } from '../inputs/file-names.js';
import { isModuleFile, isStarlark, isWrittenInStarlark } from '../inputs/file-roles.js';
import type { ModuleInputs } from './module-files.js';
import { isPlainList } from './listed-paths.js';
import { NamedLabels, NamedPaths, UNKNOWN, type NamedPath } from './named-paths.js';
import { NearbyNames } from './nearby-names.js';

/**
 * Finds what the module files of a revision may read. It follows the files and labels that each file names, and the
 * repositories inside the workspace that the main one uses.
 *
 * @param paths the paths of all files
 * @param repositories folders from which options create repositories
 */
export function* moduleInputsOf(
  paths: readonly WorkspacePath[],
  repositories: Iterable<string>,
): NeedsFiles<ModuleInputs> {
  const search = new Search(FileNames.of(paths), repositories);
  while (search.hasUnread()) search.take(yield search.unread());
  return search.found();
}

const RANKS: readonly Part[] = ['foreign', 'named', 'rules', 'module code'];

function isCode(part: Part | undefined): boolean {
  return part === 'rules' || part === 'module code';
}

class Search {
  private readonly waiting = new Map<WorkspacePath, Part>();
  private readonly asked = new Map<WorkspacePath, Part>();
  private readonly texts = new Map<WorkspacePath, string>();
  private readonly mentions = new Map<WorkspacePath, Mentions>();
  private knownFolders: ReadonlySet<string> | null = null;
  /** The lists that match the patterns of the code that was read so far. Looking through all paths takes time. */
  private lists: { readonly key: string; readonly paths: WorkspacePath[] } = { key: '', paths: [] };
  private knownManifests: ReadonlySet<string> | null = null;
  private main: MainRepository | null = null;
  private localRepositories: ReadonlySet<string> | null = null;
  private readonly rulesUsed = new Set<string>();

  constructor(
    private readonly names: FileNames,
    private readonly repositories: Iterable<string>,
  ) {
    for (const path of names.moduleFiles) this.waiting.set(path, 'module code');
  }

  hasUnread(): boolean {
    if (this.waiting.size === 0) this.addWhatNamesLeadTo();
    return this.waiting.size > 0;
  }

  unread(): WorkspacePath[] {
    return [...this.waiting.keys()];
  }

  take(texts: ReadonlyMap<WorkspacePath, string>): void {
    const taken = [...this.waiting];
    this.waiting.clear();
    for (const [path, part] of taken) this.asked.set(path, part);
    // All module files are found by their own name. So they are in the first batch, and the names of the main
    // repository are known from then on.
    let main =
      this.main ??
      mainRepositoryOf([...texts].filter(([path]) => isModuleFile(path)).map(([, text]) => text));
    const found = taken.flatMap(([path, part]) => {
      const text = texts.get(path);
      return text === undefined ? [] : [{ path, part, text }];
    });
    for (const { path, part, text } of found) {
      if (!isCode(part) && path.endsWith(`/${MODULE_FILE}`))
        main = main.alsoCalled(...dependencyAliases([...tokensOf(text)], main));
    }
    this.main = main;
    this.localRepositories ??= localRepositoryNames(
      [...texts].filter(([path]) => isModuleFile(path)).flatMap(([, text]) => [...tokensOf(text)]),
    );
    for (const { path, part, text } of found) this.read(path, part, text, main);
  }

  private read(path: WorkspacePath, part: Part, text: string, main: MainRepository): void {
    this.texts.set(path, text);
    const packageOf = (file: WorkspacePath): PackagePath =>
      [...foldersAbove(file)].find((folder) => this.names.packages.has(folder)) ?? folderOf(file);
    const hasFile = (file: string): boolean => this.hasFile(file as WorkspacePath);
    const hasFolder = (folder: string): boolean => this.folders.has(folder);
    const hasManifest = (folder: string): boolean => this.foldersWithManifests.has(folder);
    const isRepository = (folder: string): boolean =>
      this.names.nestedRepositories.has(folder as WorkspacePath);
    const mentions = mentionsOf(path, text, part, {
      main,
      packageOf,
      paths: this.names.paths.all,
      hasFile,
      hasFolder,
      hasManifest,
      isRepository,
      localRepositories: this.localRepositories ?? new Set(),
    });
    this.mentions.set(path, mentions);
    if (part === 'module code') this.noteCode(text);
    for (const [leadsTo, asWhat] of mentions.leadsTo) this.add(leadsTo, asWhat);
  }

  private noteCode(text: string): void {
    for (const repository of rulesUsedBy([...tokensOf(text)])) this.rulesUsed.add(repository);
  }

  /** The folders that contain files. They are listed only if some text could name one, which is rare. */
  private get folders(): ReadonlySet<string> {
    this.knownFolders ??= foldersOf(this.names.paths.all);
    return this.knownFolders;
  }

  private get foldersWithManifests(): ReadonlySet<string> {
    this.knownManifests ??= new Set(this.names.manifests.map(folderOf));
    return this.knownManifests;
  }

  /** A path through a symlink or a submodule counts as a file, because it may lead to one. */
  private hasFile(path: WorkspacePath): boolean {
    const { paths } = this.names;
    if (paths.hasFile(path)) return true;
    return [...foldersAbove(path)].some((folder) => paths.hasFile(folder));
  }

  private add(path: WorkspacePath, part: Part): void {
    for (const known of [this.waiting.get(path), this.asked.get(path)]) {
      if (known !== undefined && RANKS.indexOf(known) >= RANKS.indexOf(part)) return;
    }
    this.waiting.set(path, part);
  }

  /**
   * Called when all known code is read. Adds the files that the code names, and the code of repositories inside the
   * workspace.
   */
  private addWhatNamesLeadTo(): void {
    const named = this.named();
    const byCode = this.namedIn((path) => isCode(this.asked.get(path)));
    const byLists = this.namedIn((path) => !isCode(this.asked.get(path)));
    for (const path of named.exact()) {
      if (byCode.has(path)) this.add(path, 'named');
      else if (
        byLists.has(path) ||
        isPlainList(path) ||
        isDependencyManifest(path) ||
        isWrittenInStarlark(path)
      )
        this.add(path, 'foreign');
    }
    for (const path of this.listsInPatterns()) this.add(path, 'foreign');
    for (const path of this.names.manifests)
      if (isReadByConvention(path, this.rulesUsed)) this.add(path, 'foreign');
    const inside = this.repositoriesInside(named);
    const patterns = NamedPaths.of(this.allPaths().filter(({ pattern }) => pattern.includes(UNKNOWN)));
    for (const path of this.names.code) {
      if (patterns.nameOf(path) !== null) this.add(path, isStarlark(path) ? 'rules' : 'foreign');
      else if (inside.size > 0 && [...foldersAbove(path)].some((folder) => inside.has(folder)))
        this.add(path, 'foreign');
    }
  }

  /** What texts of some files name, rather than what code finds by looking around. */
  private namedIn(isOne: (path: WorkspacePath) => boolean): ReadonlySet<string> {
    return new Set(
      [...this.mentions].flatMap(([path, { paths, pathsBelowRoot }]) =>
        isOne(path) ? [...paths, ...pathsBelowRoot].map(({ pattern }) => pattern) : [],
      ),
    );
  }

  /** The lists among the files that own code names by patterns: what they list may be read, too. */
  private listsInPatterns(): WorkspacePath[] {
    const own = [...this.mentions].filter(([path]) => this.asked.get(path) === 'module code');
    const open = own.flatMap(([, { paths }]) => paths).filter(({ pattern }) => pattern.includes(UNKNOWN));
    const key = [...new Set(open.map((path) => JSON.stringify(path)))].sort().join();
    if (key === this.lists.key) return this.lists.paths;
    const patterns = NamedPaths.of(open);
    const paths = this.names.paths.all.filter((path) => isPlainList(path) && patterns.nameOf(path) !== null);
    this.lists = { key, paths };
    return paths;
  }

  /** The folders that are repositories which something names; the workspace itself is left out. */
  private repositoriesInside(named: NamedPaths): ReadonlySet<WorkspacePath> {
    const repositories = [
      ...[...this.names.nestedRepositories].filter((root) => named.nameOf(root) !== null),
      ...(this.repositories as Iterable<WorkspacePath>),
      ...[...this.mentions.values()].flatMap((mentions) => mentions.repositories),
    ];
    return new Set(repositories.filter((folder) => folder !== ''));
  }

  private allPaths(): NamedPath[] {
    const all = [...this.mentions.values()];
    const findsRoot = all.some((mentions) => mentions.findsRoot);
    return [
      ...all.flatMap(({ paths, pathsBelowRoot }) => (findsRoot ? [...paths, ...pathsBelowRoot] : paths)),
      ...this.pathsOfNames(),
      ...this.pathsListed(),
      ...this.pathsNearby(),
    ];
  }

  /** The names that own code gets, if it makes labels with unknown packages, such as `"//{}:{}".format(tag.name, …)`. */
  private pathsOfNames(): NamedPath[] {
    const all = [...this.mentions.values()];
    if (!all.some((mentions) => mentions.composesPackages)) return [];
    return all.flatMap(({ namesOfOwn }) => namesOfOwn.map((name) => allOf(name)));
  }

  /** The folders all of which code may read because it is given a file in them. */
  private pathsListed(): NamedPath[] {
    const listing = this.using((mentions) => mentions.listsFolders);
    const handingOn = this.using((mentions) => mentions.handsOnFolders || mentions.makesNames);
    const looking = this.using((mentions) => mentions.looksAround);
    const givers = new Set([...listing, ...[...looking].filter((each) => handingOn.has(each))]);
    const beside = [...givers].flatMap(({ foldersNearby }) => foldersNearby);
    const climbs = [...listing].some((each) => each.climbs);
    const folders = new Set(climbs ? [...beside, ...beside.map(folderOf)] : beside);
    // The module files lead to all code, so they tell nothing about which code is given the root.
    const keeping = this.using((mentions) => mentions.keepsRoot);
    const keepsRoot = [...keeping].some(
      (each) => listing.has(each) && (each.isForeign || !this.moduleFiles.has(each)),
    );
    const listsRoot = keepsRoot || (folders.has('' as WorkspacePath) && this.descendsFrom(listing));
    return [...folders, ...(listsRoot ? [''] : [])].map((folder) =>
      folder === '' && !listsRoot ? { pattern: UNKNOWN, reach: 'file', unknown: 'name' } : allOf(folder),
    );
  }

  private descendsFrom(listing: ReadonlySet<Mentions>): boolean {
    return [...listing].some(({ listsFolders, descends }) => listsFolders && descends);
  }

  private get moduleFiles(): ReadonlySet<Mentions> {
    return new Set(this.names.moduleFiles.flatMap((path) => this.mentions.get(path) ?? []));
  }

  /** What code can find by its name beside a file that it is given, or above it. */
  private pathsNearby(): NamedPath[] {
    const givers = [...this.using((mentions) => mentions.looksAround)];
    // Texts that name something in the root are among the paths already.
    const beside = new Set(
      givers
        .flatMap((mentions) => mentions.foldersNearby)
        .flatMap((folder) => [...selfAndFoldersAbove(folder)])
        .filter((folder) => folder !== ''),
    );
    const ofWords = new Set([...this.mentions.values()].flatMap(({ foldersOfWords }) => foldersOfWords));
    if (beside.size + ofWords.size === 0) return [];
    const names = new NearbyNames([...this.mentions.values()].flatMap(({ namesNearby }) => namesNearby));
    const behindLinks = [...beside, ...ofWords].filter((folder) => this.hasFile(folder));
    const found = this.names.paths.all.filter((path) =>
      [...foldersAbove(path)].some(
        (folder) =>
          // Repository rules write BUILD files of their own and rarely read those of the workspace.
          (beside.has(folder) || (ofWords.has(folder) && !BUILD_FILES.includes(fileNameOf(path)))) &&
          names.has(path.slice(folder.length + 1)),
      ),
    );
    return [...behindLinks, ...found].map(allOf);
  }

  /**
   * What the files mention that have a property, or that give something to a file that has it: the code that leads there,
   * the constants that this code loads, all that it loads if it implements rules or extensions, all that the file itself
   * loads, and lists. Which code of repositories in folders is given something is unknown.
   */
  private using(has: (mentions: Mentions) => boolean): ReadonlySet<Mentions> {
    const having = [...this.mentions].filter(([, mentions]) => has(mentions));
    if (having.some(([, { isForeign }]) => isForeign)) return new Set(this.mentions.values());
    const users = new Map<WorkspacePath, WorkspacePath[]>();
    for (const [path, { leadsTo }] of this.mentions)
      for (const [used] of leadsTo) addToGroup(users, used, path);
    const found = new Set(having.map(([path]) => path));
    for (const path of found) for (const user of users.get(path) ?? []) found.add(user);
    const loading = new Set([...found].filter((path) => !isModuleFile(path)));
    const given = new Set(having.map(([path]) => path));
    for (const path of given) for (const used of this.usedBy(path)) given.add(used);
    for (const path of loading) {
      const implementsRules = this.mentions.get(path)?.implementsRules === true;
      for (const used of this.usedBy(path))
        if (implementsRules || this.mentions.get(used)?.isConstants === true) loading.add(used);
    }
    const lists = having.length === 0 ? [] : [...this.mentions].filter(([path]) => this.isList(path));
    return new Set([
      ...[...found, ...loading, ...given].flatMap((path) => this.mentions.get(path) ?? []),
      ...lists.map(([, mentions]) => mentions),
    ]);
  }

  private usedBy(path: WorkspacePath): WorkspacePath[] {
    return (this.mentions.get(path)?.leadsTo ?? []).map(([used]) => used);
  }

  private isList(path: WorkspacePath): boolean {
    return !isCode(this.asked.get(path)) && !isWrittenInStarlark(path);
  }

  private named(): NamedPaths {
    return NamedPaths.of(this.allPaths());
  }

  found(): ModuleInputs {
    const code = [...this.texts.keys()].filter((path) => isCode(this.asked.get(path)));
    return {
      code: new Set(code),
      named: this.named(),
      labels: NamedLabels.of([...this.mentions.values()].flatMap((mentions) => mentions.labels)),
      repositories: this.repositoriesInside(this.named()),
      rulesUsed: this.rulesUsed,
    };
  }
}

function allOf(path: string): NamedPath {
  return { pattern: path, reach: 'file or folder', unknown: 'path' };
}

function foldersOf(paths: readonly WorkspacePath[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (const folder of foldersAbove(path)) {
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
