import { folderOf, foldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import { labelsOfFile } from '../../graph/labels-of-file.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { mainRepositoryOf } from '../../formats/starlark-loads.js';
import { tokensOf } from '../../formats/starlark-tokens.js';
import { isDependencyManifest, isReadByConvention } from '../inputs/dependency-manifests.js';
import type { NeedsFiles } from '../inputs/texts.js';
import type { Abilities } from './abilities.js';
import { dependencyAliases, localRepositoryNames, rulesUsedBy } from './identities.js';
import { mentionsOf, type KnownWorkspace, type Mentions, type Part } from './mentions.js';
import { MODULE_FILE } from '../../graph/bazel-files.js';
import { FileNames } from '../inputs/file-names.js';
import { isBzlmodFile, isModuleFile, isStarlark } from '../inputs/file-roles.js';
import type { ModuleInputs } from './module-files.js';
import { NamedPaths } from './named-paths.js';
import { OpenTexts } from './open-texts.js';
import type { OwnCode } from './own-code.js';
import { namesInText } from './words.js';

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
  const search = new Search(FileNames.of(paths), repositories as Iterable<WorkspacePath>);
  while (search.hasUnread()) search.take(yield search.unread());
  return search.found();
}

const RANKS: readonly Part[] = ['foreign', 'list', 'rules', 'module code'];

function isCode(part: Part | undefined): boolean {
  return part === 'rules' || part === 'module code';
}

class Search {
  private readonly waiting = new Map<WorkspacePath, Part>();
  private readonly asked = new Map<WorkspacePath, Part>();
  private readonly mentions = new Map<WorkspacePath, Mentions>();
  private readonly rulesUsed = new Set<string>();
  private readonly knownNames = new OpenTexts();
  /** The texts whose names are known. */
  private readonly counted = new Map<WorkspacePath, readonly string[]>();
  private knownFolders: ReadonlySet<string> | null = null;
  private knownManifests: ReadonlySet<string> | null = null;
  private main: MainRepository | null = null;
  private localRepositories: ReadonlySet<string> | null = null;

  constructor(
    private readonly names: FileNames,
    private readonly repositories: Iterable<WorkspacePath>,
  ) {
    for (const path of names.moduleFiles) this.waiting.set(path, 'module code');
  }

  hasUnread(): boolean {
    if (this.waiting.size === 0) this.addWhatIsNamed();
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
    const ofModuleFiles = [...texts].filter(([path]) => isModuleFile(path)).map(([, text]) => text);
    let main = this.main ?? mainRepositoryOf(ofModuleFiles);
    this.localRepositories ??= localRepositoryNames(ofModuleFiles.flatMap((text) => [...tokensOf(text)]));
    for (const [path, part] of taken) {
      if (!isCode(part) && path.endsWith(`/${MODULE_FILE}`))
        main = main.alsoCalled(...dependencyAliases([...tokensOf(texts.get(path) ?? '')], main));
    }
    this.main = main;
    const workspace = this.workspaceOf(main);
    for (const [path, part] of taken) {
      const text = texts.get(path);
      if (text !== undefined) this.read(path, part, text, workspace);
    }
  }

  private read(path: WorkspacePath, part: Part, text: string, workspace: KnownWorkspace): void {
    const mentions = mentionsOf(path, text, part, workspace);
    this.mentions.set(path, mentions);
    if (part === 'module code')
      for (const repository of rulesUsedBy([...tokensOf(text)])) this.rulesUsed.add(repository);
    for (const [leadsTo, asWhat] of mentions.leadsTo) this.add(leadsTo, asWhat);
  }

  private workspaceOf(main: MainRepository): KnownWorkspace {
    return {
      main,
      localRepositories: this.localRepositories ?? new Set(),
      hasFile: (path) => this.hasFile(path),
      hasFolder: (path) => this.folders.has(path),
      isRepository: (folder) => this.names.nestedRepositories.has(folder as WorkspacePath),
      hasManifest: (folder) => this.withManifests.has(folder),
    };
  }

  /** A path through a symlink or a submodule counts as a file, because it may lead to one. */
  private hasFile(path: string): boolean {
    const { paths } = this.names;
    if (paths.hasFile(path)) return true;
    return [...foldersAbove(path)].some((folder) => paths.hasFile(folder));
  }

  /** The folders that contain files. They are listed only if some text could name one, which is rare. */
  private get folders(): ReadonlySet<string> {
    this.knownFolders ??= foldersOf(this.names.paths.all);
    return this.knownFolders;
  }

  private get withManifests(): ReadonlySet<string> {
    this.knownManifests ??= new Set(this.names.manifests.map(folderOf));
    return this.knownManifests;
  }

  private add(path: WorkspacePath, part: Part): void {
    for (const known of [this.waiting.get(path), this.asked.get(path)]) {
      if (known !== undefined && RANKS.indexOf(known) >= RANKS.indexOf(part)) return;
    }
    this.waiting.set(path, part);
  }

  /**
   * Called when all known files are read. Adds the files that they name, .bzl files whose labels they put together, and the
   * code of repositories inside the workspace.
   */
  private addWhatIsNamed(): void {
    for (const [path, { paths }] of this.mentions)
      for (const each of paths) this.add(each as WorkspacePath, partOf(each, isCode(this.asked.get(path))));
    for (const path of this.names.manifests)
      if (isReadByConvention(path, this.rulesUsed)) this.add(path, 'list');
    const inside = this.repositoriesInside();
    const labels = this.labels();
    const isPutTogether = (path: WorkspacePath): boolean =>
      labels.areOpen && isStarlark(path) && [...labelsOfFile(path)].some((label) => labels.has(label));
    for (const path of this.names.code) {
      if ([...foldersAbove(path)].some((folder) => inside.has(folder))) this.add(path, 'foreign');
      else if (isPutTogether(path)) this.add(path, 'rules');
    }
  }

  /** The folders that are repositories which something names; the workspace itself is left out. */
  private repositoriesInside(): ReadonlySet<WorkspacePath> {
    const named = this.named();
    const repositories = [
      ...[...this.names.nestedRepositories].filter((root) => named.nameOf(root) !== null),
      ...this.repositories,
      ...[...this.mentions.values()].flatMap((mentions) => mentions.repositories),
    ];
    return new Set(repositories.filter((folder) => folder !== ''));
  }

  private labels(): OpenTexts {
    return OpenTexts.of([...this.mentions.values()].flatMap(({ labels }) => labels));
  }

  private named(): NamedPaths {
    return new NamedPaths(new Set([...this.mentions.values()].flatMap(({ paths }) => paths)));
  }

  private ownCode(): OwnCode | null {
    const all = [...this.mentions.values()];
    const extensions = this.extensions();
    const haveHelpers = all.some(({ loadsHelpers }) => loadsHelpers);
    const definesRules = ([path, { abilities }]: readonly [WorkspacePath, Mentions]): boolean =>
      abilities?.definesRules === true || extensions.has(path);
    const areDefined = [...this.mentions].some(definesRules);
    const reading = [...this.mentions].find(([path, mentions]) => {
      // Rules for builds read files by functions of the same names.
      const reads =
        mentions.abilities?.reads === true && (areDefined || this.asked.get(path) === 'module code');
      return mentions.composes || reads || (haveHelpers && definesRules([path, mentions]));
    });
    if (reading === undefined) return null;
    const can = (ability: keyof Abilities): boolean => all.some(({ abilities }) => abilities?.[ability]);
    const folders = new Set(all.flatMap((each) => each.folders));
    const reachesRoot = can('findsRoot') || (can('climbs') && folders.has('' as WorkspacePath));
    return {
      path: reading[0],
      names: this.namesOfFiles(),
      lists: can('lists'),
      folders,
      givesRoot: reachesRoot && can('handsOn'),
    };
  }

  /** The names in all texts that were read so far. */
  private namesOfFiles(): OpenTexts {
    for (const [path, { texts }] of this.mentions) {
      if (this.counted.get(path) === texts) continue;
      this.counted.set(path, texts);
      for (const text of texts) for (const name of namesInText(text)) this.knownNames.add(name);
    }
    return this.knownNames;
  }

  /** The files from which module files take extensions and repository rules. A helper may define these. */
  private extensions(): ReadonlySet<WorkspacePath> {
    const ofModules = [...this.mentions].filter(([path]) => isBzlmodFile(path));
    const used = ofModules.flatMap(([, { leadsTo }]) => leadsTo.map(([path]) => path));
    return new Set(used.filter((path) => isStarlark(path)));
  }

  found(): ModuleInputs {
    return {
      code: new Set([...this.mentions.keys()].filter((path) => isCode(this.asked.get(path)))),
      named: this.named(),
      ownCode: this.ownCode(),
      labels: this.labels(),
      repositories: this.repositoriesInside(),
      rulesUsed: this.rulesUsed,
    };
  }
}

/**
 * How a file that another one names is read. Patches and templates are applied and copied. In files that lists name, only
 * formats of lists are searched for more.
 */
function partOf(path: string, isNamedByCode: boolean): Part {
  if (/\.(patch|diff|tpl|tmpl|template)$/.test(path)) return 'foreign';
  const isList =
    isNamedByCode ||
    isDependencyManifest(path) ||
    /\.(json5?|ya?ml|toml|csv|tsv|txt|list|lst|lock|ini|cfg|conf|properties|xml)$/.test(path);
  return isList ? 'list' : 'foreign';
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
