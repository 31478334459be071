import { fileNameOf, folderOf, foldersAbove } from '../../graph/folders.js';
import { BUILD_FILES } from '../../graph/package.js';
import { isRepositoryMarker } from '../../graph/repository-markers.js';
import { makeLabel, type PackagePath, type WorkspacePath } from '../../graph/label.js';
import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import { tokensOf, type Token } from '../../formats/starlark-tokens.js';
import { harmlessTexts, namesInOwnCalls, ownIdentities, textsGivenElsewhere } from './identities.js';
import { isDependencyManifest } from '../inputs/dependency-manifests.js';
import { MODULE_FILE } from '../../graph/bazel-files.js';
import { isBzlmodFile, isModuleFile, isStarlark } from '../inputs/file-roles.js';
import {
  listedPaths,
  localPathsIn,
  mayBeList,
  mayBeNamedList,
  pathsOfWords,
  wordsOfText,
  type KnownPaths,
} from './listed-paths.js';
import { UNKNOWN, type NamedPath } from './named-paths.js';
import { textsInCode, withPlaceholders, type CodeText } from './texts-of-code.js';

/** How a file contributes to external repositories. This decides how its texts are read. */
export type Part =
  /** A module file, or code that a module file runs. Its texts are labels and paths of the workspace. */
  | 'module code'
  /** A .bzl file that external repositories load. Targets of these repositories depend on its labels. */
  | 'rules'
  /** A file of another repository, or a file from which one is generated. It refers to the main repository by `@`. */
  | 'foreign'
  /** The same, and code of the workspace names it itself. */
  | 'named';

/** The paths, labels and repositories that one file names. */
export interface Mentions {
  /** Code and module files that it names, each with its part. */
  readonly leadsTo: readonly (readonly [WorkspacePath, Part])[];
  readonly paths: readonly NamedPath[];
  /** Paths that count only if some code finds the workspace's root. */
  readonly pathsBelowRoot: readonly NamedPath[];
  /** Names that own code gets, which may be those of folders and files if code composes labels of unknown packages. */
  readonly namesOfOwn: readonly string[];
  readonly composesPackages: boolean;
  /** The folders of the files that own code may be given, which it can list if some of it lists folders. */
  readonly foldersNearby: readonly WorkspacePath[];
  /** Folders that single words name, in which code may find files by their names. */
  readonly foldersOfWords: readonly WorkspacePath[];
  /** What code may look for beside a file that it was given, relative to its folder. Parts may be `UNKNOWN`. */
  readonly namesNearby: readonly string[];
  /** Labels. Parts of a label may be `UNKNOWN`. */
  readonly labels: readonly string[];
  /** Folders that are repositories themselves. */
  readonly repositories: readonly WorkspacePath[];
  readonly findsRoot: boolean;
  /** Whether it uses the workspace's root otherwise than to name a file below it. */
  readonly keepsRoot: boolean;
  /** Whether it is code that can use files of the main repository: own code, or code of a repository in a folder. */
  readonly isForeign: boolean;
  /** Whether it only defines constants, which the code that loads it can use. */
  readonly isConstants: boolean;
  /** Whether it contains code of repository rules or extensions, which gives things to the code that it loads. */
  readonly implementsRules: boolean;
  /** Whether it goes from a folder to the one above. */
  readonly climbs: boolean;
  readonly listsFolders: boolean;
  /** Whether it looks into folders that it finds in a folder. */
  readonly descends: boolean;
  readonly looksAround: boolean;
  /** Whether it can show a folder in a repository, or give it to a program. */
  readonly handsOnFolders: boolean;
  /** Whether it makes names that no text contains, so that it may find any file beside one that it is given. */
  readonly makesNames: boolean;
}

/** Facts about the workspace that a file is in. */
export interface KnownWorkspace extends KnownPaths {
  /** The names of the repositories in folders of the workspace. */
  readonly localRepositories: ReadonlySet<string>;
  /** The package that a file belongs to. */
  readonly packageOf: (path: WorkspacePath) => PackagePath;
}

/** Collects from one file every text that could be a label or a path of the workspace. */
export function mentionsOf(
  path: WorkspacePath,
  source: string,
  part: Part,
  workspace: KnownWorkspace,
): Mentions {
  const reading = new Reading(path, source, workspace);
  if (part === 'module code') reading.asModuleCode();
  else if (part === 'rules') reading.asRules();
  else reading.asForeign(part === 'named' ? mayBeNamedList : mayBeList);
  return reading;
}

/** Functions by which code can use the label of one file to find another one in its folder, by its name. */
const LOOKING_AROUND = new Set([
  'dirname',
  'package',
  'partition',
  'realpath',
  'relative',
  'removesuffix',
  'replace',
  'rfind',
  'rindex',
  'rpartition',
  'rsplit',
  'same_package_label',
  'split',
]);

/** Functions by which code finds all files in a folder. */
const LISTING = new Set(['readdir', 'watch_tree']);

/** Functions to which code can give a folder, all of which is read then. */
const HANDING_ON = new Set(['execute', 'symlink']);

/** Functions that make other texts of texts. */
const CHANGING_TEXTS = new Set(['capitalize', 'join', 'lower', 'replace', 'title', 'upper']);

/** Names by which code can find the workspace's root. */
const FINDING_ROOT = new Set([
  'dirname',
  'removesuffix',
  'rfind',
  'rindex',
  'rpartition',
  'rsplit',
  'workspace_root',
]);

/** Names that only code of repository rules and module extensions contains. */
const MODULE_CODE = new Set([
  'module_ctx',
  'module_extension',
  'mctx',
  'rctx',
  'repository_ctx',
  'repository_rule',
]);

const LONGEST_TEXT = 4096;
/** Stands for bytes that are no UTF-8, as in an archive. */
const NO_TEXT = '\uFFFD';
const TELLING = /[\p{L}\p{N}]/u;

class Reading implements Mentions {
  readonly leadsTo: [WorkspacePath, Part][] = [];
  readonly paths: NamedPath[] = [];
  readonly pathsBelowRoot: NamedPath[] = [];
  readonly namesOfOwn: string[] = [];
  composesPackages = false;
  readonly foldersNearby: WorkspacePath[] = [];
  readonly foldersOfWords: WorkspacePath[] = [];
  readonly namesNearby: string[] = [];
  readonly labels: string[] = [];
  readonly repositories: WorkspacePath[] = [];
  findsRoot = false;
  keepsRoot = false;
  isForeign = false;
  isConstants = false;
  implementsRules = false;
  climbs = false;
  listsFolders = false;
  descends = false;
  looksAround = false;
  handsOnFolders = false;
  makesNames = false;
  private readonly folders: readonly PackagePath[];

  constructor(
    private readonly path: WorkspacePath,
    private readonly source: string,
    private readonly workspace: KnownWorkspace,
  ) {
    this.folders = [...foldersAbove(path)];
  }

  asModuleCode(): void {
    const tokens = [...tokensOf(this.source)];
    const isRoot = isModuleFile(this.path);
    this.noteAbilities(tokens);

    const local = this.workspace.localRepositories;
    const harmless = harmlessTexts(tokens, local);
    const namesOfOwn = new Set([...namesInOwnCalls(tokens, local), ...ownIdentities(tokens)]);
    const loads = new Set(loadedLabels(this.source));
    const givenElsewhere = textsGivenElsewhere(tokens, local);
    for (const key of keysOfDicts(tokens)) this.addFromRoot(key);
    for (const found of textsInCode(this.source)) {
      const { text } = found;
      const isName = harmless.has(found.literal) && !this.isFile(found.literal);
      if (isName && namesOfOwn.has(found.literal)) {
        this.namesOfOwn.push(found.literal);
        this.addFromRoot(found.literal);
        this.addNearby(found.literal);
      }
      if (!isName) this.addMainLabelsIn(text, 'rules');
      if (!isName) this.addWordsOf(text);
      if (text === '' || text.length > LONGEST_TEXT || /[\r\n]/.test(text)) continue;
      if (/^[@:]|^\/\//.test(text)) {
        this.addLabel(text, 'module code', isName);
        if (!isName && !loads.has(text)) {
          if (!givenElsewhere.has(found.literal)) this.addFolderOf(text);
          if (!text.includes('//')) this.addNearby(text.replace(/^:/, ''));
        }
      } else {
        this.addPlain(found, isRoot, isName);
      }
    }
  }

  /** Notes what the code can do with files and folders that it is given. */
  private noteAbilities(tokens: readonly Token[]): void {
    // `getattr` gets the name of a function as a text.
    const names = new Set(
      tokens.flatMap((token) =>
        token.kind === 'name' ? [token.text] : token.kind === 'string' ? [token.value] : [],
      ),
    );
    const hasOneOf = (some: ReadonlySet<string>): boolean => [...names].some((name) => some.has(name));
    const leadsUp = textsInCode(this.source).some(({ text }) => text.split('/').includes('..'));
    const cuts = cutsPaths(tokens);
    this.findsRoot = hasOneOf(FINDING_ROOT) || leadsUp || cuts;
    this.looksAround = hasOneOf(LOOKING_AROUND) || leadsUp || cuts || this.appends();
    this.listsFolders = hasOneOf(LISTING);
    this.handsOnFolders = hasOneOf(HANDING_ON);
    this.makesNames =
      hasOneOf(CHANGING_TEXTS) ||
      textsInCode(this.source).some(({ text }) => /\0[^/]*\0/.test(text) && !TELLING.test(text));
    this.descends = names.has('is_dir') || names.has('watch_tree') || countOf(tokens, 'readdir') > 1;
    this.keepsRoot = keepsRoot(tokens);
    this.climbs = leadsUp || countOf(tokens, 'dirname') > 1;
    this.implementsRules = tokens.some(isOfModuleCode);
    this.isConstants = !isModuleFile(this.path) && !names.has('def');
  }

  /** Whether the code appends a text to the label or the path of a file: `path + ".lock"`, `"{}:b.txt".format(label)`. */
  private appends(): boolean {
    return textsInCode(this.source).some(
      ({ text }) => text === ':' || /^\0+[:._-][^\s\0/]*[\p{L}\p{N}\0]/u.test(text),
    );
  }

  asRules(): void {
    const names = [...tokensOf(this.source)].flatMap((token) => (token.kind === 'name' ? [token.text] : []));
    if (names.some((name) => MODULE_CODE.has(name))) {
      this.asModuleCode();
      return;
    }
    for (const { text } of textsInCode(this.source)) {
      this.addMainLabelsIn(text, 'rules');
      if (/^[@:]|^\/\//.test(text) && text.length <= LONGEST_TEXT && !/[\r\n]/.test(text))
        this.addLabel(text, 'rules', false);
    }
    for (const label of loadedLabels(this.source)) this.addLabel(label, 'rules', true);
  }

  asForeign(mayList: (path: WorkspacePath) => boolean): void {
    if (!/(^|\/)BUILD$|\.(bazel|bzl|scl|BUILD|bzlmod)$|(^|\/)WORKSPACE$/.test(this.path)) {
      this.addMainLabelsIn(withPlaceholders(this.source), 'rules');
      if (mayList(this.path) && !this.source.includes(NO_TEXT)) this.addListed(this.source);
      return;
    }
    if (isRepositoryMarker(this.path)) this.addRepositories();
    const tokens = [...tokensOf(this.source)];
    const isCode =
      isRepositoryMarker(this.path) ||
      (isStarlark(this.path) && (this.source.includes('workspace_root') || tokens.some(isOfModuleCode)));
    if (isCode) this.noteAbilities(tokens);
    // A helper may have any names.
    else if (isStarlark(this.path)) this.noteHelper(tokens);
    this.isForeign = true;
    for (const found of textsInCode(this.source)) {
      this.addMainLabelsIn(found.text, 'rules');
      if (found.text.startsWith('@') && !/[\s]/.test(found.text)) {
        this.addLabel(found.text, 'rules', false);
        if (isCode) this.addFolderOf(found.text);
      }
      if (isCode && !/^[@:]|^\/\//.test(found.text)) {
        this.addFromRoot(found.text);
        this.addNearby(found.text.replace(/^\0\//, ''));
      }
    }
  }

  private noteHelper(tokens: readonly Token[]): void {
    const names = new Set(tokens.flatMap((token) => (token.kind === 'name' ? [token.text] : [])));
    this.listsFolders = [...names].some((name) => LISTING.has(name));
    this.descends = names.has('is_dir') || names.has('watch_tree');
    this.looksAround = ['dirname', 'relative', 'same_package_label'].some((name) => names.has(name));
  }

  /** Whether a text that looks like a name is the path of a file: code may read the file that is called like it. */
  private isFile(text: string): boolean {
    if (/^(@|\/\/|:)/.test(text)) return false;
    return this.folders.some((folder) => this.workspace.hasFile(folder === '' ? text : `${folder}/${text}`));
  }

  /** Adds what the words of a longer text name, because code may split it. */
  private addWordsOf(text: string): void {
    if (!/[^\w./-]/.test(text.replaceAll(UNKNOWN, '')) && !text.includes('...')) return;
    // In code that becomes a file of another repository, single words and labels are names of that repository.
    const isCode = text.includes('\n') && text.includes('(');
    if (!isCode && !text.includes(UNKNOWN)) {
      for (const word of wordsOfText(text)) {
        this.addNearby(word);
        this.addFolderOfWord(word);
      }
    }
    for (const path of listedPaths(knownWordsOf(text), this.folders, this.workspace))
      if (!isCode || (path.includes('/') && this.workspace.hasFile(path)))
        this.addPath(this.paths, path, 'file or folder');
  }

  /** Adds what a file lists that code reads: other files, or the local folders of a manifest of dependencies. */
  private addListed(text: string): void {
    const listed = isDependencyManifest(this.path)
      ? localPathsIn(text, folderOf(this.path), this.workspace)
      : [...listedPaths(text, this.folders, this.workspace), ...pathsOfWords(text, this.workspace)];
    for (const path of listed) this.addPath(this.paths, path, 'file or folder');
    if (isDependencyManifest(this.path)) return;
    for (const word of wordsOfText(text)) {
      this.addFolderOfWord(word);
      if (/^(@|\/\/)/.test(word)) this.addFolderOf(word);
      else this.addNearby(word.replace(/^:/, ''));
    }
  }

  /** Adds a folder that one word of a text names: code may look there for files that other texts name. */
  private addFolderOfWord(word: string): void {
    if (!/^[\w.+-]+$/.test(word) || !TELLING.test(word) || !this.workspace.hasFolder(word)) return;
    this.foldersOfWords.push(word as WorkspacePath);
  }

  /** Adds the folders from which a module file of another repository makes repositories. */
  private addRepositories(): void {
    for (const { text, keyword } of textsInCode(this.source)) {
      const path = keyword === 'path' ? this.inside(text) : null;
      if (path !== null && path !== '' && !path.includes(UNKNOWN))
        this.repositories.push(path as WorkspacePath);
    }
  }

  /**
   * Adds the labels in a longer text that name the main repository explicitly. Code may write such a text to a file of
   * another repository.
   */
  private addMainLabelsIn(text: string, part: Part): void {
    if (!text.includes('//')) return;
    for (const [whole, repository = ''] of text.matchAll(MAIN_LABEL)) {
      if (this.workspace.main.isCalled(repository)) this.addLabel(whole.replace(/\.$/, ''), part, false);
    }
  }

  /** @param isName whether the text is only a name, of an extension or of toolchains */
  private addLabel(text: string, part: Part, isName: boolean): void {
    // The text is only a fragment of a label, to search for or to join. It names nothing.
    if (/^@*(\/\/)?:?$/.test(text)) return;
    // A label without `//` is relative to the package of the file. Any folder above the file may be that package.
    const folders = text.startsWith('@') || text.startsWith('//') ? [''] : this.folders;
    for (const folder of folders as readonly PackagePath[]) {
      const file = resolveLoad(text, folder, this.workspace.main);
      if (file.kind === 'external') return;
      const path = this.inside(file.path);
      if (path === null) continue;
      if (!path.includes(UNKNOWN) && leadsOn(path)) this.leadsTo.push([path as WorkspacePath, part]);
      if (isName) continue;
      if (text.includes(UNKNOWN) || /[:/]$/.test(text)) {
        this.addOpenLabel(text.replace(/^@+[^/]*/, ''), folder);
        continue;
      }
      this.addPath(this.paths, path, 'file or folder');
      const name = file.packagePath === '' ? file.path : file.path.slice(file.packagePath.length + 1);
      this.labels.push(makeLabel(file.packagePath, name));
    }
  }

  /** Adds a label with unknown parts, or one to which code appends something. */
  private addOpenLabel(text: string, folder: PackagePath): void {
    const open = /[:/]$/.test(text) ? `${text}${UNKNOWN}` : text;
    const absolute = open.startsWith('//') ? open : `//${folder}${open}`;
    const [packagePath = '', name] = absolute.slice(2).split(':');
    if (packagePath.startsWith(UNKNOWN)) this.composesPackages = true;
    if (!TELLING.test(open.replaceAll(UNKNOWN, ''))) {
      // `":" + name` is any file of the package, but for `"//" + label` nothing is known.
      const isOwn = open.startsWith(':') && folder === this.workspace.packageOf(this.path);
      if (!isOwn && packagePath !== '') return;
      if (name === undefined || (!isOwn && open.startsWith(':'))) return;
    }
    this.labels.push(absolute);
    const isRoot = packagePath === '';
    if (name === undefined) this.addPath(this.paths, packagePath, 'file or folder');
    else if (isRoot)
      this.addPath(
        this.paths,
        name,
        // Any folder of the root would be the whole workspace.
        name === UNKNOWN ? 'file' : 'file or folder',
        name.startsWith(UNKNOWN) ? 'name' : 'path',
      );
    // Code that reads the BUILD file of an arbitrary package explores that package, and got the package's name from
    // elsewhere.
    else if (!(packagePath.startsWith(UNKNOWN) && BUILD_FILES.includes(name)))
      this.addPath(this.paths, `${packagePath}/${name}`, 'file or folder');
  }

  /** Adds the folders that a label's file is in, because code may read other files there. */
  private addFolderOf(text: string): void {
    if (/^@*(\/\/)?:?$/.test(text) || text.includes(UNKNOWN)) return;
    const file = resolveLoad(text, this.workspace.packageOf(this.path), this.workspace.main);
    if (file.kind === 'external') return;
    if (isBzlmodFile(file.path) && file.path !== MODULE_FILE) return;
    // A label whose package is the root may as well be the name of a target.
    const isFile = this.workspace.hasFile(file.path);
    if (this.listsFolders && file.packagePath === '' && isFile)
      this.addPath(this.paths, '', 'file or folder');
    if (file.packagePath !== '' || isFile) this.foldersNearby.push(file.packagePath, folderOf(file.path));
  }

  private addNearby(text: string): void {
    const path = this.inside(text);
    if (path !== null && TELLING.test(path.replaceAll(UNKNOWN, ''))) this.namesNearby.push(path);
  }

  private addPlain({ text, keyword }: CodeText, isRoot: boolean, isName: boolean): void {
    const isRepository = keyword === 'path';
    for (const folder of this.folders) {
      const path = this.inside(text.startsWith('%workspace%') ? text : `${folder}/${text}`);
      if (path !== null && !path.includes(UNKNOWN) && leadsOn(path))
        this.leadsTo.push([path as WorkspacePath, 'module code']);
    }
    if (isName) return;
    // Code may put `//` before the text, and so make a label of it.
    const asPath = text.replace(':', '/');
    if (/^[^/:][^:]*:[^/:][^:]*$/.test(text) && this.workspace.hasFile(asPath))
      this.addLabel(`//${text}`, 'module code', false);
    // The unknown part is the name of a repository, maybe of this one.
    if (text.startsWith(`${UNKNOWN}//`) && TELLING.test(text))
      this.addLabel(text.slice(1), 'module code', false);
    if (text.startsWith(`${UNKNOWN}:`)) this.addNearby(text.slice(2));
    const fromRoot = this.normalised(text);
    if (fromRoot.startsWith('../') || (isRepository && fromRoot === '..')) {
      this.addPath(this.paths, fromRoot, 'file or folder');
    }
    if (isRepository && fromRoot === '' && !text.startsWith('/')) {
      this.addPath(this.paths, '', 'file or folder');
    } else if (isRepository && !fromRoot.includes(UNKNOWN) && !fromRoot.startsWith('..')) {
      this.repositories.push(fromRoot as WorkspacePath);
    }
    const upward = /^\0?\/?(?:\.\.\/)+(.+)$/s.exec(text)?.[1];
    if (upward !== undefined) {
      this.addFromRoot(upward);
      this.addNearby(upward);
    }
    if (!/^[a-z+]+:\/\//.test(text)) this.addNearby(text.replace(/^\0\//, ''));
    if (text.startsWith('/') || text.startsWith(`${UNKNOWN}/`)) {
      this.addFromRoot(text);
      return;
    }
    if (!TELLING.test(text.replaceAll(UNKNOWN, '')) || /^[a-z+]+:\/\//.test(text)) return;
    const writes = !isRoot && BUILD_FILES.includes(text);
    for (const folder of this.folders) {
      const path = this.inside(text.startsWith('%workspace%') ? text : `${folder}/${text}`);
      if (path === null || path === '') continue;
      const unknown = text.startsWith(UNKNOWN) ? 'name' : 'path';
      // Repository rules write BUILD files of their own and rarely read those of the workspace.
      this.addPath(writes ? this.pathsBelowRoot : this.paths, path, 'file or folder', unknown);
    }
  }

  /**
   * Adds a text that starts with `/`, or with an unknown part and a `/`. The path before it may be the workspace's
   * root.
   */
  private addFromRoot(text: string): void {
    if (text === '' || text.length > LONGEST_TEXT || /[\r\n]/.test(text) || text.includes('://')) return;
    const path = this.inside(text.replace(/^\0?\/+/, ''));
    if (path === null || !TELLING.test(path.replaceAll(UNKNOWN, ''))) return;
    const unknown = path.startsWith(UNKNOWN) && !path.includes('/') ? 'name' : 'path';
    this.addPath(this.pathsBelowRoot, path, 'file or folder', unknown);
    const name = fileNameOf(path);
    const isWritten = /^(BUILD|WORKSPACE|MODULE|REPO)(\.bazel|\.bzlmod)?$/.test(name);
    if (isWritten || !/^\0?\//.test(text)) return;
    // The unknown part may also be a folder below the root. Only files count then, because a folder somewhere below the
    // root most likely has this name by chance.
    this.addPath(this.pathsBelowRoot, `${UNKNOWN}/${path}`, 'file', 'path');
  }

  private addPath(
    paths: NamedPath[],
    pattern: string,
    reach: NamedPath['reach'],
    unknown: NamedPath['unknown'] = 'path',
  ): void {
    paths.push({ pattern, reach, unknown });
  }

  private inside(path: string): string | null {
    const normalised = this.normalised(path);
    return normalised === '..' || normalised.startsWith('../') ? null : normalised;
  }

  private normalised(path: string): string {
    const segments: string[] = [];
    for (const segment of path.replace(/^%workspace%\/?/, '').split('/')) {
      if (segment === '' || segment === '.') continue;
      const last = segments.at(-1);
      if (segment === '..' && last !== undefined && last !== '..') segments.pop();
      else segments.push(segment);
    }
    return segments.join('/');
  }
}

const MAIN_LABEL = /@@?([A-Za-z0-9_.~+-]*)\/\/[^\s"'`,;:()[\]<>{}|\\]*(?::[^\s"'`,;:()[\]<>{}|\\]+)?/g;

/** Whether a file that code names is itself code or a module file, so that it has to be read, too. */
function leadsOn(path: string): boolean {
  return isStarlark(path) || (isBzlmodFile(path) && path !== MODULE_FILE);
}

/** Whether code uses the workspace's root to list files or hand it on, rather than to name a file below it. */
function keepsRoot(tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => {
    if (token.kind !== 'name' || token.text !== 'workspace_root') return false;
    const [call, bracket, owner, dot, next, method] = [-4, -3, -2, -1, 1, 2].map((by) => tokens[index + by]);
    // That of a label is the path of its repository.
    if (!isOperator(dot, '.') || owner?.kind !== 'name' || owner.text === 'label') return false;
    if (isOperator(next, '+')) return false;
    if (isOperator(next, '.')) return method?.kind === 'name' && method.text === 'readdir';
    return !(call?.kind === 'name' && /^(str|print|format)$/.test(call.text) && isOperator(bracket, '('));
  });
}

/** Whether code cuts something off a path: `path.split("/")`, `path[:-5]`. */
function cutsPaths(tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => {
    const [next, second, third] = [1, 2, 3].map((by) => tokens[index + by]);
    if (isOperator(token, '[') && isOperator(next, ':')) return isOperator(second, '-');
    if (token.kind !== 'name' || (token.text !== 'split' && token.text !== 'partition')) return false;
    return (
      isOperator(next, '(') && second?.kind === 'string' && second.value.includes('/') && third !== undefined
    );
  });
}

/** The words of a text without those that have an unknown part, other than a folder before the rest. */
function knownWordsOf(text: string): string {
  if (!text.includes(UNKNOWN)) return text;
  const words = text
    .split(/[\s,;|=]+/)
    .map((word) => (word.startsWith(`${UNKNOWN}/`) ? word.slice(2) : word));
  return words.filter((word) => !word.includes(UNKNOWN)).join(' ');
}

/** The names that `dict` gets as keywords. Code may look for files and folders that are called like them. */
function keysOfDicts(tokens: readonly Token[]): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const last = tokens[index - 1];
    if (depth === 0) {
      if (isOperator(token, '(') && last?.kind === 'name' && last.text === 'dict') depth = 1;
    } else if (token.kind === 'operator' && '([{'.includes(token.text)) depth += 1;
    else if (token.kind === 'operator' && ')]}'.includes(token.text)) depth -= 1;
    else if (depth === 1 && isOperator(token, '=') && last?.kind === 'name') keys.push(last.text);
  }
  return keys;
}

function countOf(tokens: readonly Token[], name: string): number {
  return tokens.filter((token) => token.kind === 'name' && token.text === name).length;
}

function isOfModuleCode(token: Token): boolean {
  return token.kind === 'name' && MODULE_CODE.has(token.text);
}

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}
