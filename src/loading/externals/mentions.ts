import { folderOf, foldersAbove } from '../../graph/folders.js';
import { isRepositoryMarker } from '../../graph/repository-markers.js';
import { BUILD_FILES } from '../../graph/package.js';
import { makeLabel, type PackagePath, type WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import { tokensOf, type Token } from '../../formats/starlark-tokens.js';
import { harmlessTexts, textsGivenElsewhere } from './identities.js';
import { isDependencyManifest } from '../inputs/dependency-manifests.js';
import { MODULE_FILE } from '../../graph/bazel-files.js';
import { isBzlmodFile, isStarlark, isWrittenInStarlark } from '../inputs/file-roles.js';
import { abilitiesOf, keywordsIn, type Abilities } from './abilities.js';
import { UNKNOWN } from './open-texts.js';
import { textsInCode, withPlaceholders, type CodeText } from './texts-of-code.js';
import { wordsOfText } from './words.js';

/** How a file contributes to external repositories. This decides how its texts are read. */
export type Part =
  /** A module file, or code that a module file runs. Its texts are labels and paths of the workspace. */
  | 'module code'
  /** A .bzl file that external repositories load. Targets of these repositories depend on its labels. */
  | 'rules'
  /** A file of another repository, or a template for one. It refers to the main repository by `@`. */
  | 'foreign'
  /** The same, and it may list files and folders of the workspace. */
  | 'list';

/** What one file names. */
export interface Mentions {
  /** Code and module files, each with its part. */
  readonly leadsTo: readonly (readonly [WorkspacePath, Part])[];
  /** Files, and folders with all that is below them. */
  readonly paths: readonly string[];
  /** Texts from which code can put names of files together. Parts of a text may be `UNKNOWN`. */
  readonly texts: readonly string[];
  /** The folders of files that code is given. */
  readonly folders: readonly WorkspacePath[];
  /** Labels. Parts of a label may be `UNKNOWN`. */
  readonly labels: readonly string[];
  /** Folders that are repositories themselves. */
  readonly repositories: readonly WorkspacePath[];
  /** Whether it puts labels or paths of the main repository together, so that they are not known entirely. */
  readonly composes: boolean;
  /** Whether it is code that loads functions of other repositories, which may read what they are given. */
  readonly loadsHelpers: boolean;
  /** What the file can do, if it is code of the workspace that runs for external repositories; else null. */
  readonly abilities: Abilities | null;
}

/** Facts about the workspace that a file is in. */
export interface KnownWorkspace {
  readonly main: MainRepository;
  /** The names of the repositories in folders of the workspace. */
  readonly localRepositories: ReadonlySet<string>;
  /** Whether the workspace has a file at a path. A path through a symlink counts as one. */
  readonly hasFile: (path: string) => boolean;
  readonly hasFolder: (path: string) => boolean;
  /** Whether a folder below the root is a repository itself. */
  readonly isRepository: (folder: string) => boolean;
  readonly hasManifest: (folder: string) => boolean;
}

/** Collects from one file every text that could be a label or a path of the workspace. */
export function mentionsOf(
  path: WorkspacePath,
  source: string,
  part: Part,
  workspace: KnownWorkspace,
): Mentions {
  const reading = new Reading(path, source, part, workspace);
  switch (part) {
    case 'module code':
      reading.asModuleCode();
      break;
    case 'rules':
      reading.asRules();
      break;
    case 'list':
      reading.asForeign();
      reading.asList();
      break;
    case 'foreign':
      reading.asForeign();
  }
  return reading;
}

const LONGEST_TEXT = 4096;
/** Stands for bytes that are no UTF-8, as in an archive. */
const NO_TEXT = '\uFFFD';
const TELLING = /[\p{L}\p{N}]/u;

class Reading implements Mentions {
  readonly leadsTo: [WorkspacePath, Part][] = [];
  readonly paths: string[] = [];
  readonly texts: string[] = [];
  readonly folders: WorkspacePath[] = [];
  readonly labels: string[] = [];
  readonly repositories: WorkspacePath[] = [];
  composes = false;
  loadsHelpers = false;
  abilities: Abilities | null = null;
  /** Whether it may join packages and names of labels, which stand in different texts. */
  private joins = false;
  /** The folders that a path or a label in the file may be relative to: any of them may be its package. */
  private readonly above: readonly PackagePath[];

  constructor(
    private readonly path: WorkspacePath,
    private readonly source: string,
    private readonly part: Part,
    private readonly workspace: KnownWorkspace,
  ) {
    this.above = [...foldersAbove(path)];
  }

  asModuleCode(): void {
    const tokens = [...tokensOf(this.source)];
    this.noteCode(tokens);
    this.texts.push(...keywordsIn(tokens));
    const local = this.workspace.localRepositories;
    const harmless = harmlessTexts(tokens, local);
    const loads = new Set(loadedLabels(this.source));
    const givenElsewhere = textsGivenElsewhere(tokens, local);
    for (const found of textsInCode(this.source)) {
      const { text, literal } = found;
      // Code may read the file that is called like a repository.
      const isName = loads.has(text) || (harmless.has(literal) && !this.isFile(literal));
      // A harmless text of several words is a message or a description.
      if (!isName || !/\s/.test(text)) this.texts.push(text);
      if (!isName) this.addMainLabelsIn(text, 'rules');
      if (text === '' || text.length > LONGEST_TEXT || /[\r\n]/.test(text)) continue;
      if (isLabel(text)) {
        this.addLabel(text, 'module code', isName ? 'a name' : 'a target');
        if (!isName && !givenElsewhere.has(literal)) this.addFolderOf(text);
      } else if (!isName) this.addPlain(found);
    }
  }

  asRules(): void {
    this.noteCode([...tokensOf(this.source)]);
    if (this.abilities?.definesRules === true) {
      this.asModuleCode();
      return;
    }
    for (const { text } of textsInCode(this.source)) {
      this.addMainLabelsIn(text, 'rules');
      if (isLabel(text) && text.length <= LONGEST_TEXT && !/[\r\n]/.test(text))
        this.addLabel(text, 'rules', 'a target');
    }
    for (const label of loadedLabels(this.source)) this.addLabel(label, 'rules', 'a name');
  }

  /** Reads a list of files, or a manifest of dependencies with local folders. */
  asList(): void {
    if (isInStarlark(this.path) || this.source.includes(NO_TEXT)) return;
    // Most words of a manifest are names of packages.
    if (!isDependencyManifest(this.path)) this.texts.push(this.source);
    for (const each of wordsOfText(this.source)) {
      const word = each.replace(/^(?:file|link|portal|path):(?=.)/, './');
      if (isLabel(word)) {
        const path = this.pathOfLabel(word);
        if (path !== null && this.isThere(path)) this.paths.push(path);
        this.addFolderOf(word);
        continue;
      }
      for (const folder of this.above) {
        const path = inside(joined(folder, word));
        if (path === null || path === '') continue;
        const mayBeFolder = word.includes('/') || this.isNamedByOneWord(path);
        if (mayBeFolder ? this.isThere(path) : this.workspace.hasFile(path)) this.paths.push(path);
      }
    }
  }

  asForeign(): void {
    if (!isInStarlark(this.path)) {
      this.addMainLabelsIn(withPlaceholders(this.source), 'rules');
      return;
    }
    if (isRepositoryMarker(this.path)) this.addRepositories();
    const isCode = isStarlark(this.path) || isRepositoryMarker(this.path);
    if (isCode) this.noteCode([...tokensOf(this.source)]);
    for (const { text } of textsInCode(this.source)) {
      if (isCode) this.texts.push(text);
      this.addMainLabelsIn(text, 'rules');
      if (!text.startsWith('@') || /\s/.test(text)) continue;
      this.addLabel(text, 'rules', 'a target');
      if (isCode) this.addFolderOf(text);
    }
  }

  private noteCode(tokens: readonly Token[]): void {
    this.abilities = abilitiesOf(tokens);
    this.joins = textsInCode(this.source).some(({ text }) => joinsLabels(text));
    // Labels may be made of constants that stand elsewhere.
    if (this.part === 'module code' || this.abilities.definesRules)
      this.composes = this.joins || this.abilities.changesTexts;
    this.loadsHelpers = loadedLabels(this.source).some((label) => this.isHelper(label));
  }

  /** Bazel's own rules for archives are given all that they read as attributes. */
  private isHelper(label: string): boolean {
    const repository = /^@@?([^/]+)\/\//.exec(label)?.[1];
    if (repository === undefined || this.workspace.main.isCalled(repository)) return false;
    return !/^@@?bazel_tools\/\/tools\/build_defs\/repo:(http|git|local|cache)\.bzl$/.test(label);
  }

  /** Whether a text that looks like a name is the path of a file. */
  private isFile(text: string): boolean {
    return !isLabel(text) && this.above.some((folder) => this.workspace.hasFile(joined(folder, text)));
  }

  /** Whether a single word names a folder, which it may do by chance: it is a repository, or a package of a manifest. */
  private isNamedByOneWord(folder: string): boolean {
    const { isRepository, hasManifest } = this.workspace;
    return isRepository(folder) || (isDependencyManifest(this.path) && hasManifest(folder));
  }

  private isThere(path: string): boolean {
    return this.workspace.hasFile(path) || this.workspace.hasFolder(path);
  }

  private pathOfLabel(label: string): WorkspacePath | null {
    if (isOnlySigns(label)) return null;
    const file = resolveLoad(label, folderOf(this.path), this.workspace.main);
    return file.kind === 'external' ? null : inside(file.path);
  }

  /** Adds the folders from which a module file of another repository makes repositories. */
  private addRepositories(): void {
    for (const { text, keyword } of textsInCode(this.source)) {
      const path = keyword === 'path' ? inside(text) : null;
      if (path !== null && path !== '' && !path.includes(UNKNOWN)) this.repositories.push(path);
    }
  }

  /**
   * Adds the labels in a longer text that name the main repository explicitly. Code may write such a text to a file of
   * another repository.
   */
  private addMainLabelsIn(text: string, part: Part): void {
    if (!text.includes('//')) return;
    for (const [whole, repository = ''] of text.matchAll(MAIN_LABEL)) {
      if (this.workspace.main.isCalled(repository) || repository.includes(UNKNOWN))
        this.addLabel(whole.replace(/\.$/, ''), part, 'a target');
    }
  }

  /** @param what a name, of an extension or of toolchains, leads only to code */
  private addLabel(written: string, part: Part, what: 'a target' | 'a name'): void {
    // The unknown name of a repository may be that of this one.
    const text = written.replace(/^@+[^/]*\0[^/]*(?=\/\/)/, '');
    if (text !== written) this.composes = true;
    // The text is only a fragment of a label, to search for or to join. It names nothing.
    if (isOnlySigns(text)) return;
    const isAbsolute = text.startsWith('@') || text.startsWith('//');
    for (const folder of isAbsolute ? (['' as PackagePath] as const) : this.above) {
      const file = resolveLoad(text, folder, this.workspace.main);
      if (file.kind === 'external') return;
      const path = inside(file.path);
      if (path === null) continue;
      if (!path.includes(UNKNOWN) && leadsOn(path)) this.leadsTo.push([path, part]);
      if (what === 'a name') continue;
      if (text.includes(UNKNOWN) || /[:/]$/.test(text)) {
        this.addOpenLabel(text.replace(/^@+[^/]*/, ''), folder);
        continue;
      }
      this.paths.push(path);
      const name = file.packagePath === '' ? file.path : file.path.slice(file.packagePath.length + 1);
      this.labels.push(makeLabel(file.packagePath, name));
      // The code may add the name of a target.
      if (this.joins && !text.includes(':')) this.labels.push(`//${file.packagePath}:${UNKNOWN}`);
    }
  }

  /** Adds a label with unknown parts, or one to which code appends something. */
  private addOpenLabel(text: string, folder: PackagePath): void {
    const open = /[:/]$/.test(text) ? `${text}${UNKNOWN}` : text;
    const absolute = open.startsWith('//') ? open : `//${folder}${open}`;
    this.composes = true;
    const known = /^\/\/([^\0:]*)(?:\/\0|:[^\0]*\0)/.exec(absolute)?.[1];
    if (known !== undefined) this.folders.push(known as WorkspacePath);
    // Of `"//" + label` and of `":" + name` in any folder above, nothing is known.
    const isOwn = open.startsWith(':') && folder === folderOf(this.path);
    if (TELLING.test(open) || isOwn) this.labels.push(absolute);
  }

  /** Adds the folders that a label's file is in, because code may look for other files there. */
  private addFolderOf(text: string): void {
    if (isOnlySigns(text) || text.includes(UNKNOWN)) return;
    const path = this.pathOfLabel(text);
    if (path === null || (isBzlmodFile(path) && path !== MODULE_FILE)) return;
    const packagePath = /\/\/([^:]*)/.exec(text)?.[1] ?? folderOf(this.path);
    // A label whose package is the root may as well be the name of a target.
    if (packagePath !== '' || this.workspace.hasFile(path))
      this.folders.push(packagePath as WorkspacePath, folderOf(path));
  }

  private addPlain({ text: written, keyword }: CodeText): void {
    const text = written.replace(/^file:\/+(?=%workspace%)/, '');
    // Code may put `//` before the text, and so make a label of it.
    if (/^[^/:][^:]*:[^/:][^:]*$/.test(text) && this.workspace.hasFile(text.replace(':', '/')))
      this.addLabel(`//${text}`, 'module code', 'a target');
    // The unknown part is the name of a repository, maybe of this one.
    if (text.startsWith(`${UNKNOWN}//`) && TELLING.test(text))
      this.addLabel(text.slice(1), 'module code', 'a target');
    this.addRepositoryAt(text, keyword);
    if (isUrl(text) || !TELLING.test(text)) return;
    // What is unknown before the path may be the path of the root.
    const fromRoot = /^\0?\/+(.+)$/s.exec(text)?.[1];
    if (fromRoot !== undefined) {
      this.addComposedPath(inside(fromRoot));
      return;
    }
    // Repository rules write BUILD files of their own and rarely read those of the workspace.
    if (BUILD_FILES.includes(text)) return;
    for (const folder of this.above) {
      this.addComposedPath(inside(text.startsWith('%workspace%') ? text : joined(folder, text)));
    }
  }

  /** Adds a path, of which parts may be unknown; null if it leads out of the workspace. */
  private addComposedPath(path: WorkspacePath | null): void {
    if (path === null || path === '') return;
    if (path.includes(UNKNOWN)) {
      const known = path.slice(0, path.indexOf(UNKNOWN));
      this.folders.push(folderOf(known));
      // The names of repositories are put together, too, but rarely with a folder of the workspace.
      if (known.includes('/') && this.workspace.hasFolder(folderOf(known))) this.composes = true;
      return;
    }
    if (leadsOn(path)) this.leadsTo.push([path, 'module code']);
    this.paths.push(path);
    if (this.workspace.hasFile(path)) this.folders.push(folderOf(path));
  }

  /** Adds the folder that the attribute `path` of a repository names: `local_repository(path = …)`. */
  private addRepositoryAt(text: string, keyword: string | null): void {
    const path = normalised(text);
    if (keyword === 'path' && path.includes(UNKNOWN)) this.composes = true;
    if (path.startsWith('../') || (keyword === 'path' && path === '..')) this.paths.push(path);
    if (keyword !== 'path' || text.startsWith('/') || path.startsWith('..') || path.includes(UNKNOWN)) return;
    if (path === '') this.paths.push('');
    else this.repositories.push(path as WorkspacePath);
  }
}

const MAIN_LABEL = /@@?([A-Za-z0-9_.~+\0-]*)\/\/[^\s"'`,;:()[\]<>{}|\\]*(?::[^\s"'`,;:()[\]<>{}|\\]+)?/g;

function isLabel(text: string): boolean {
  return /^[@:]|^\/\//.test(text);
}

/** Whether code with this text may join the package and the name of a label. */
function joinsLabels(text: string): boolean {
  if (isOnlySigns(text)) return text !== '';
  return /\0:[^\s/]|(^|\S):\0/.test(text) && !isUrl(text);
}

function isUrl(text: string): boolean {
  return /^[a-z+]+:\/\//.test(text);
}

function isOnlySigns(label: string): boolean {
  return /^@*(\/\/)?:?$/.test(label);
}

/** Whether a file has the language of BUILD files, which texts for BUILD files of other repositories have as well. */
function isInStarlark(path: string): boolean {
  return isWrittenInStarlark(path) || /(^|[/.])BUILD$/.test(path);
}

/** Whether a file that code names is itself code or a module file, so that it has to be read, too. */
function leadsOn(path: string): boolean {
  return isStarlark(path) || (isBzlmodFile(path) && path !== MODULE_FILE);
}

function joined(folder: string, text: string): string {
  return folder === '' ? text : `${folder}/${text}`;
}

/** The path without `.` and `..`; null if it leads out of the workspace. */
function inside(path: string): WorkspacePath | null {
  const found = normalised(path);
  return found === '..' || found.startsWith('../') ? null : (found as WorkspacePath);
}

function normalised(path: string): string {
  const segments: string[] = [];
  for (const segment of path.replace(/^%workspace%\/?/, '').split('/')) {
    if (segment === '' || segment === '.') continue;
    const last = segments.at(-1);
    if (segment === '..' && last !== undefined && last !== '..') segments.pop();
    else segments.push(segment);
  }
  return segments.join('/');
}
