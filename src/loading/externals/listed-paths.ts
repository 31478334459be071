import { isDependencyManifest } from '../inputs/dependency-manifests.js';
import { resolveLoad } from '../../formats/starlark-loads.js';
import type { MainRepository } from '../../graph/main-repository.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';

/** What is needed to tell whether a word names something of the workspace. */
export interface KnownPaths {
  readonly main: MainRepository;
  /** The paths of all files. */
  readonly paths: readonly WorkspacePath[];
  /** Whether the workspace has a file at a path. A path through a symlink counts as one. */
  readonly hasFile: (path: string) => boolean;
  readonly hasFolder: (path: string) => boolean;
  /** Whether a folder contains a manifest of dependencies. */
  readonly hasManifest: (folder: string) => boolean;
  /** Whether a folder below the root is a repository itself. */
  readonly isRepository: (path: string) => boolean;
}

/** What stands between the words of lists, JSON, YAML and the like. */
const BETWEEN_WORDS = /[\s"'`,;|()[\]{}<>=&!?\\]+/;
const LONGEST_WORD = 4096;

/**
 * Matches files that are no lists of files: patches, templates, documents, lists of what to ignore, and the code of
 * programs, other build systems included. What code does with them is to apply, copy or run them.
 */
const NO_LIST = new RegExp(
  [
    /\.(patch|diff|tpl|tmpl|template|md|rst|adoc|html|css|svg|proto|ipynb)$/,
    /\.(py|sh|bash|zsh|bats|pl|php|rb|lua|r|jl|js|cjs|mjs|jsx|ts|mts|tsx|c|cc|cpp|cxx|h|hh|hpp|inc|m|mm|go|rs|java|kt|kts|scala|clj|groovy|swift|cs|fs|hs|ml|ex|exs|erl)$/,
    /\.(cmake|mk|gradle|ninja|bp|gn|gni|nix|xacro)$/,
    /(^|\/)\.[a-z]+(ignore|attributes)$/,
    /(^|\/)(CMakeLists\.txt|Makefile|Rakefile|Dockerfile|Jenkinsfile|README|LICENSE|CHANGELOG|CODEOWNERS)$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/**
 * Whether a file that a list names, or that code finds by looking around, may be a list again: the ending of its name does
 * not tell that it is something else.
 */
export function mayBeList(path: string): boolean {
  return !NO_LIST.test(path) || isDependencyManifest(path);
}

/** Whether a file that code itself names may be a list: code can read one in any format, but patches and templates. */
export function mayBeNamedList(path: string): boolean {
  return !/\.(patch|diff|tpl|tmpl|template)$/.test(path);
}

/** Whether the ending of a file's name tells that it is a list or structured data. */
export function isPlainList(path: string): boolean {
  return /\.(json5?|ya?ml|toml|csv|tsv|txt|list|lst|lock|ini|cfg|conf|properties|xml)$/.test(path);
}

/**
 * The files and folders of the workspace that words of a text name, by label or by path. Code may read a list and then
 * what the list names. A folder that is no repository counts only if the word has a `/` in it, because a single word
 * names it by chance.
 *
 * @param folders the folders that a path may be relative to
 */
export function listedPaths(
  text: string,
  folders: readonly string[],
  known: KnownPaths,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const word of wordsOfText(text)) {
    for (const folder of folders) {
      const path = pathOfWord(word, folder as PackagePath, known.main);
      if (path === null || path === '' || path.startsWith('..')) continue;
      const isFolder = word.includes('/') ? known.hasFolder(path) : known.isRepository(path);
      if (isFolder || known.hasFile(path)) found.add(path);
    }
  }
  return found;
}

/**
 * The files of the workspace whose path consists of words of a text. A list may have the names of folders and of files in
 * different places: `{"root": "web", "files": ["a.txt"]}`.
 */
export function pathsOfWords(text: string, known: KnownPaths): readonly string[] {
  const words = wordsOfText(text);
  return known.paths.filter((path) => path.split('/').every((name) => words.has(name)));
}

/**
 * The folders and files that a manifest of dependencies names as local ones, such as `replace x => ./dir` in go.mod or
 * `"x": "file:../dir"` in package.json. Other words of a manifest are names of packages.
 */
export function localPathsIn(text: string, folder: string, known: KnownPaths): ReadonlySet<string> {
  const words = wordsOfText(text);
  const named = [...words].filter((word) => !/^(@|\/\/|:)/.test(word));
  const local = named.flatMap((word) => {
    const local = /^(?:file|link|portal|path):(.+)$/.exec(word)?.[1];
    if (local !== undefined) return [`${local}/`];
    if (word.includes('/')) return [word];
    // `file:dir`, `"workspaces": ["dir"]`, `<module>dir</module>`: a folder of a package has a manifest itself.
    const path = joinedWords(folder, word);
    return known.hasManifest(path) ? [`${word}/`] : known.hasFile(path) ? [word] : [];
  });
  return listedPaths(local.join('\n'), [folder], known);
}

/** The words of a text that may name files, and their parts. */
export function wordsOfText(text: string): ReadonlySet<string> {
  const words = text.split(BETWEEN_WORDS).filter((word) => word !== '' && word.length <= LONGEST_WORD);
  return new Set(words.flatMap(partsOfWord));
}

/**
 * A `:` ends a key, separates paths, and stands in labels. Behind other signs may be a version or a comment (`dir@1.0`,
 * `dir#main`) or one more path. Before a `*` or `...` is a folder in which code looks for files.
 */
function partsOfWord(word: string): string[] {
  const parts = [word];
  if (word.includes(':')) parts.push(...word.split(':'));
  // A sign of a list, or a variable for the root: `-dir/a.txt`, `$ROOT/dir/a.txt`.
  const plain = word.replace(/^(?:[$%]\w+%?\/|[-+*!~^]+)/, '');
  if (plain !== word) parts.push(plain);
  for (const part of [...parts]) {
    if (/.[@#+~]/.test(part)) parts.push(...part.split(/(?<=.)[@#+~]/));
    const folder = folderOfGlob(part);
    if (folder !== null) parts.push(folder);
  }
  return parts.filter((part) => part !== '');
}

/** The folder in which a pattern (`dir/*.txt`, `//dir/...`) looks for files; null if the text is no such pattern. */
export function folderOfGlob(text: string): string | null {
  const known = /^\/*([^*]*?)\/(?:[^/*]*\*|\.\.\.)/.exec(text)?.[1];
  // A word of one name is a folder only with a `/` behind it.
  return known === undefined || known === '' ? null : `${known}/`;
}

function pathOfWord(word: string, folder: PackagePath, main: MainRepository): string | null {
  if (!/^(@|\/\/|:)/.test(word)) return joinedWords(folder, word);
  if (/^@*(\/\/)?:?$/.test(word)) return null;
  const file = resolveLoad(word, folder, main);
  return file.kind === 'external' ? null : joinedWords('', file.path);
}

/** The path of a word in a folder, without `.` and `..`; one that leads out of the workspace starts with `..`. */
function joinedWords(folder: string, word: string): string {
  const segments: string[] = [];
  for (const segment of `${folder}/${word}`.split('/')) {
    if (segment === '' || segment === '.') continue;
    const last = segments.at(-1);
    if (segment === '..' && last !== undefined && last !== '..') segments.pop();
    else segments.push(segment);
  }
  return segments.join('/');
}
