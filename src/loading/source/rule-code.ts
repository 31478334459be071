import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isThere, textIfReadable } from '../../adapters/disk/external-files.js';
import { MODULE_FILE } from '../../graph/bazel-files.js';
import type { RepositoryDefinition } from '../../formats/repository-definitions.js';
import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import { significantCode, stringLiterals, tokensOf } from '../../formats/starlark-tokens.js';
import { abilitiesOf } from '../externals/abilities.js';
import { BUILD_FILES } from '../../graph/package.js';
import type { PackagePath } from '../../graph/label.js';
import { MainRepository } from '../../graph/main-repository.js';
import { MAIN, type CanonicalName, type RepositoryMapping } from '../../graph/repository.js';

/** The code of a repository rule: the file that defines it, and all that this file loads. */
export interface CodeOfRule {
  /**
   * The repositories of these files, and those of labels that they name: the rule may read files there. None if the code can
   * read no file.
   */
  readonly repositories: ReadonlySet<CanonicalName>;
  /** Of the code without comments. */
  readonly digest: string;
  /** Whether the code asks for the folder of the workspace, or names a label there, so that it can read any file there. */
  readonly findsWorkspace: boolean;
  /** Whether the code has text in which a label of the main repository can begin. It may write it into a BUILD file. */
  readonly namesMain: boolean;
  /** Whether the code names MODULE.bazel, the lock file or the label of a WORKSPACE file. */
  readonly namesModuleFiles: boolean;
}

/** Where Bazel has the repositories; absolute. */
export interface FoldersOnDisk {
  /** Of the main repository. */
  readonly workspace: string;
  /** With the other repositories. */
  readonly externalFolder: string;
}

/** A .bzl file of a repository. */
interface CodeFile {
  readonly repository: CanonicalName;
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly packagePath: string;
}

/** A .bzl file, and what is in it. */
export interface LoadedCode extends CodeFile {
  /** Null if it cannot be read. */
  readonly text: string | null;
  /** Without comments; if it cannot be read, what stands for it. */
  readonly code: string;
}

const OWN_REPOSITORY = MainRepository.named();

/** How a label of the main repository begins, also if code joins its mark and the rest. */
const MARK_OF_MAIN = /@@?(["']\s*\+\s*["'])?\/\//;

const LISTING = /\b(glob|subpackages|existing_rules?)\b/;

/** Reads the code of repository rules where Bazel found it on disk. */
export class RuleCode {
  private readonly known = new Map<string, CodeOfRule>();

  constructor(
    private readonly folders: FoldersOnDisk,
    private readonly mappings: ReadonlyMap<CanonicalName, RepositoryMapping>,
    private readonly definitions: ReadonlyMap<CanonicalName, RepositoryDefinition>,
  ) {}

  /** @param ruleFile the file that defines a rule: a label with a canonical name, or an absolute path */
  codeOf(ruleFile: string): CodeOfRule {
    const known = this.known.get(ruleFile) ?? this.read(ruleFile);
    this.known.set(ruleFile, known);
    return known;
  }

  /**
   * Whether functions that a BUILD file loads may list the files of its package, or cannot be read.
   *
   * @param text of the BUILD file, which lies in the root of a repository
   */
  mayListFiles(text: string, repository: CanonicalName): boolean {
    const loaded = loadedLabels(text).map((label) => this.fileWithLabel(label, repository, ''));
    return [...this.allLoadedBy(loaded)].some((each) => each.text === null || LISTING.test(each.text));
  }

  /**
   * The code of a file and of all that it loads.
   *
   * @param file a label with a canonical name, or an absolute path
   */
  filesFrom(file: string): Generator<LoadedCode> {
    return this.allLoadedBy([file.startsWith('@') ? this.fileWithLabel(file, MAIN, '') : this.fileAt(file)]);
  }

  private read(ruleFile: string): CodeOfRule {
    const hash = createHash('sha256');
    const repositories = new Set<CanonicalName>();
    let readsFiles = false;
    let findsWorkspace = false;
    let namesMain = false;
    let namesModuleFiles = false;
    for (const file of this.filesFrom(ruleFile)) {
      const { repository, path, code, text } = file;
      hash.update(JSON.stringify([`${repository}//${path}`, code]));
      repositories.add(repository);
      readsFiles ||= isOfBazel(file) || text === null || abilitiesOf([...tokensOf(text)]).reads;
      if (isOfBazel(file)) continue;
      for (const named of this.named(text ?? '', repository)) repositories.add(named);
      namesMain ||= this.namesMain(code, repository);
      findsWorkspace ||= code.includes('workspace_root') || namesMain;
      namesModuleFiles ||= code.includes(MODULE_FILE) || /:WORKSPACE\b/.test(code);
    }
    const digest = hash.digest('base64');
    return readsFiles
      ? { repositories, digest, findsWorkspace, namesMain, namesModuleFiles }
      : { repositories: new Set(), digest, findsWorkspace: false, namesMain, namesModuleFiles: false };
  }

  /** The code of some files and of all that they load, each once. */
  private *allLoadedBy(files: readonly CodeFile[]): Generator<LoadedCode> {
    const waiting = [...files];
    const reached = new Set<string>();
    for (const each of waiting) {
      const id = `${each.repository}//${each.path}`;
      if (reached.has(id)) continue;
      reached.add(id);
      const text = textIfReadable(join(this.folderOf(each.repository), each.path));
      // The definition of a repository stands for its files if these cannot be read.
      const code =
        text === null ? (this.definitions.get(each.repository)?.call ?? '') : significantCode(text);
      yield { ...each, text, code };
      for (const label of loadedLabels(text ?? ''))
        waiting.push(this.fileWithLabel(label, each.repository, each.packagePath));
    }
  }

  /** The repositories of labels that a file of a repository names. */
  private *named(text: string, repository: CanonicalName): Generator<CanonicalName> {
    for (const literal of stringLiterals(text)) {
      const [, marks, name] = /^(@{1,2})([^/@\s]*)(?:\/\/|$)/.exec(literal) ?? [];
      // Code puts a name behind a mark alone, and the name is a text of its own.
      if (/^@{1,2}$/.test(literal)) continue;
      if (marks !== undefined && name !== undefined) yield this.repositoryCalled(marks + name, repository);
    }
  }

  /** @param name with its marks: `@rules`, `@@rules~` @param repository from which it is seen */
  private repositoryCalled(name: string, repository: CanonicalName): CanonicalName {
    const bare = name.replace(/^@{1,2}/, '') as CanonicalName;
    if (bare === MAIN || name.startsWith('@@')) return bare;
    return this.mappings.get(repository)?.get(bare) ?? bare;
  }

  /** Whether code of a repository has text in which the label of a target of the main repository can begin. */
  private namesMain(code: string, repository: CanonicalName): boolean {
    if (MARK_OF_MAIN.test(code)) return true;
    const mapping = [...(this.mappings.get(repository) ?? [])];
    return mapping.some(([apparent, canonical]) => canonical === MAIN && code.includes(`@${apparent}`));
  }

  /** @param repository from which the label is seen @param packagePath from which it is seen */
  private fileWithLabel(label: string, repository: CanonicalName, packagePath: string): CodeFile {
    const loaded = resolveLoad(label, packagePath as PackagePath, OWN_REPOSITORY);
    const { path, packagePath: itsPackage } = loaded;
    // Without the name of a repository it is of the same one, and `@//` is the main one, from everywhere.
    if (loaded.kind === 'main')
      return { repository: label.startsWith('@') ? MAIN : repository, path, packagePath: itsPackage };
    const marks = label.startsWith('@@') ? '@@' : '@';
    return {
      repository: this.repositoryCalled(marks + loaded.repository, repository),
      path,
      packagePath: itsPackage,
    };
  }

  private fileAt(path: string): CodeFile {
    const inExternal = path.startsWith(`${this.folders.externalFolder}/`)
      ? path.slice(this.folders.externalFolder.length + 1)
      : null;
    const repository = (inExternal?.slice(0, inExternal.indexOf('/')) ?? MAIN) as CanonicalName;
    const root = this.folderOf(repository);
    const inRepository = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
    return { repository, path: inRepository, packagePath: packageAround(root, inRepository) };
  }

  private folderOf(repository: CanonicalName): string {
    return repository === MAIN ? this.folders.workspace : join(this.folders.externalFolder, repository);
  }
}

/**
 * Whether the file is one of Bazel's own rules, such as http_archive, or of their helpers, which other rules use too. These
 * read nothing of the workspace but what attributes and the calling code name, although their code and its documentation
 * have the texts that let other rules read anything.
 */
function isOfBazel({ repository, path }: CodeFile): boolean {
  return repository === 'bazel_tools' && path.startsWith('tools/build_defs/repo/');
}

function packageAround(root: string, path: string): string {
  for (let folder = dirname(path); folder !== '.' && folder !== '/'; folder = dirname(folder))
    if (BUILD_FILES.some((name) => isThere(join(root, folder, name)))) return folder;
  return '';
}
