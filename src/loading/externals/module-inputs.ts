import { isDependencyManifest } from '../inputs/dependency-manifests.js';
import { folderOf, foldersAbove } from '../../graph/folders.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { isBuildFile } from '../../graph/package.js';
import { isRepositoryMarker } from '../../graph/repository-markers.js';
import { mainRepositoryOf } from '../../formats/starlark-loads.js';
import { tokensOf } from '../../formats/starlark-tokens.js';
import type { NeedsFiles } from '../inputs/texts.js';
import { dependencyAliases } from './identities.js';
import { mentionsOf, type Mentions, type Part } from './mentions.js';
import { isModuleFile, isStarlark, nestedRepositoriesAmong } from '../inputs/file-roles.js';
import { runsCode, type ModuleInputs } from './module-files.js';
import { NamedLabels, NamedPaths, UNKNOWN } from './named-paths.js';

/**
 * Finds what the module files of a revision may read. It follows the files and labels that each file names, and the
 * repositories inside the workspace that the main one uses.
 *
 * @param paths the paths of all files
 * @param repositories folders from which options create repositories
 */
export function* moduleInputsOf(
  paths: Iterable<WorkspacePath>,
  repositories: Iterable<string>,
): NeedsFiles<ModuleInputs> {
  const search = new Search(new Set(paths), repositories);
  while (search.hasUnread()) search.take(yield search.unread());
  return search.found();
}

const RANKS: readonly Part[] = ['foreign', 'rules', 'module code'];

class Search {
  private readonly waiting = new Map<WorkspacePath, Part>();
  private readonly asked = new Map<WorkspacePath, Part>();
  private readonly texts = new Map<WorkspacePath, string>();
  private readonly mentions = new Map<WorkspacePath, Mentions>();
  private readonly nestedRoots: readonly WorkspacePath[];
  private readonly packages = new Set<PackagePath>();
  private readonly starlark: WorkspacePath[] = [];
  private main: MainRepository | null = null;
  private runsCode = false;

  constructor(
    private readonly paths: ReadonlySet<WorkspacePath>,
    private readonly repositories: Iterable<string>,
  ) {
    for (const path of paths) {
      if (isModuleFile(path)) this.waiting.set(path, 'module code');
      if (isBuildFile(path)) this.packages.add(folderOf(path));
      if (isCode(path)) this.starlark.push(path);
    }
    this.nestedRoots = [...nestedRepositoriesAmong(paths)];
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
      if (part === 'foreign' && path.endsWith('/MODULE.bazel'))
        main = main.alsoCalled(...dependencyAliases([...tokensOf(text)], main));
    }
    this.main = main;
    for (const { path, part, text } of found) this.read(path, part, text, main);
  }

  private read(path: WorkspacePath, part: Part, text: string, main: MainRepository): void {
    this.texts.set(path, text);
    const packageOf = (file: WorkspacePath): PackagePath =>
      [...foldersAbove(file)].find((folder) => this.packages.has(folder)) ?? folderOf(file);
    const hasFile = (file: string): boolean => this.paths.has(file as WorkspacePath);
    const mentions = mentionsOf(path, text, part, { main, packageOf, hasFile });
    this.mentions.set(path, mentions);
    if (part === 'module code') this.runsCode ||= runsCode(text);
    for (const [leadsTo, asWhat] of mentions.leadsTo) this.add(leadsTo, asWhat);
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
    for (const path of named.exact()) if (!isDependencyManifest(path)) this.add(path, 'foreign');
    const repositories = [
      ...this.nestedRoots.filter((root) => named.nameOf(root) !== null),
      ...this.repositories,
      ...[...this.mentions.values()].flatMap((mentions) => mentions.repositories),
    ];
    const inside = new Set(repositories.filter((folder) => folder !== ''));
    const patterns = NamedPaths.of(this.allPaths().filter(({ pattern }) => pattern.includes(UNKNOWN)));
    for (const path of this.starlark) {
      if (patterns.nameOf(path) !== null) this.add(path, isStarlark(path) ? 'rules' : 'foreign');
      else if (inside.size > 0 && [...foldersAbove(path)].some((folder) => inside.has(folder)))
        this.add(path, 'foreign');
    }
  }

  private allPaths(): Mentions['paths'] {
    const all = [...this.mentions.values()];
    const findsRoot = all.some((mentions) => mentions.findsRoot);
    const searchesFolders = all.some((mentions) => mentions.searchesFolders);
    return all.flatMap(({ paths, pathsBelowRoot, pathsNearby: pathsAround }) => [
      ...paths,
      ...(findsRoot ? pathsBelowRoot : []),
      ...(searchesFolders ? pathsAround : []),
    ]);
  }

  private named(): NamedPaths {
    return NamedPaths.of(this.allPaths());
  }

  found(): ModuleInputs {
    const code = [...this.texts.keys()].filter((path) => this.asked.get(path) !== 'foreign');
    return {
      code: new Set(code),
      named: this.named(),
      labels: NamedLabels.of([...this.mentions.values()].flatMap((mentions) => mentions.labels)),
      runsCode: this.runsCode,
    };
  }
}

function isCode(path: string): boolean {
  return isBuildFile(path) || isStarlark(path) || path.endsWith('.BUILD') || isRepositoryMarker(path);
}
