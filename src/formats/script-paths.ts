import { posix } from 'node:path';

/** The paths that a script may read. They are candidates: most of them do not exist. */
export interface ScriptPaths {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly open: readonly OpenPath[];
}

/** A path with a part that the script computes: `lib_$(uname).sh`, `conf/part-*`. That part has no slash. */
export interface OpenPath {
  readonly beginning: string;
  readonly ending: string;
  /** What has this path. */
  readonly of: 'file' | 'folder';
}

/** Commands and options whose argument is a folder even if it has no slash. */
const FOLDER_COMMAND =
  /(?:\b(?:cd|pushd|ls|find|tree|du|listdir|scandir|glob|walk|join|Path)\b|(?:^|\s)-C\b|\/\s*(?=["']))[\s("']*$/;

/** Files in a folder that a program reads if it is given the folder: `make -C tools`, `import lib`, `require('./lib')`. */
const CODE_OF_FOLDER = ['Makefile', '__init__.py', 'index.js'];

/** Words before a command. */
const KEYWORDS = /^(?:\s*\b(?:then|do|else|elif|if|while|until|exec|time|eval)\b|\s*!)*/;

/** Commands whose arguments are printed, and not read. */
const PRINTS = /^\s*(?:echo|printf)\b/;

/** What a program leaves out when it names a file of code: `import lib.version`, `require('./version')`. */
const CODE_ENDINGS = ['.py', '.js', '.cjs', '.mjs', '.rb', '.pm', '.sh'];

/** What can be anything in the name of a file, or in a text that becomes one. */
const WILD = /[*?]|%[-.\d]*[dis](?![a-z])/gi;

/** A variable or a command in a script of a shell, and parts of other texts in braces. */
const EXPANSION = /^["']?(?:\$\{[^}]*\}|\$\([^()]*\)|\$\w+|`[^`]*`|\{[^}]*\})/;

/** Operators that append to a text: `"version-" + name`. */
const APPENDED = /^["']\s*(?:[+%]|\.(?=\s*["'$(]|format\b))/;

const WORD = /[^\s"'`$(){}<>|;&=,:[\]\\]+/g;

/** Words in which other characters count, too: the names of files may have them. */
const LONG_WORD = /(?<=")[^"`]*(?=")|(?<=')[^'$`]*(?=')|[^\s"'`$(){}<>|;&]+/g;

/**
 * The paths that the words of a script may name, relative to the root and to the script's own folder. What a variable or
 * a command stands for at the start of a word is unknown: `$ROOT/VERSION` and `$(dirname "$0")/VERSION` may be either. A
 * word that is a value may become the folder in such a path: `DIR=conf`. Further on in a word, it can be any name.
 *
 * @param path of the script, relative to the root
 */
export function pathsInScript(path: string, text: string): ScriptPaths {
  const files = new Set<string>();
  const folders = new Set<string>();
  const open: OpenPath[] = [];
  const addFolder = (folder: string): void => {
    folders.add(folder);
    for (const name of CODE_OF_FOLDER) files.add(`${folder}/${name}`);
  };
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    for (const [word] of line.matchAll(LONG_WORD)) for (const each of meanings(word, path)) files.add(each);
    for (const match of line.matchAll(WORD)) {
      const before = line.slice(0, match.index);
      const word = /\$\{?$/.test(before) ? match[0].replace(/^\w+/, '') : match[0];
      if (word === 'make') for (const each of meanings('Makefile', path)) files.add(each);
      const isPath = word.includes('/') || FOLDER_COMMAND.test(before) || isValue(before, line, match[0]);
      const ends = knownEnds(word, line.slice(match.index + match[0].length));
      if (ends === null && word !== '')
        for (const each of meanings(word, path)) {
          for (const file of [each, ...codeNamed(each)]) files.add(file);
          if (isPath) addFolder(each);
        }
      else if (ends?.beginning.endsWith('/') === true)
        for (const each of meanings(ends.beginning, path)) addFolder(each);
      else if (ends !== null && isPath) open.push(...openPaths(ends, path));
    }
  }
  return { files: [...files], folders: [...folders], open };
}

/** How a word begins and ends of which a part is computed. */
interface KnownEnds {
  readonly beginning: string;
  readonly ending: string;
}

/** @param after what follows the word in its line @returns null if all of the word is known */
function knownEnds(word: string, after: string): KnownEnds | null {
  const parts = word.split(WILD);
  const [beginning = '', ...others] = parts;
  const [expansion] = EXPANSION.exec(after) ?? [];
  if (expansion === undefined && !APPENDED.test(after))
    return others.length === 0 ? null : { beginning, ending: others.at(-1) ?? '' };
  const [ending = ''] =
    expansion === undefined ? [] : (/^[\w./-]*/.exec(after.slice(expansion.length)) ?? []);
  const isLast = expansion !== undefined && !EXPANSION.test(after.slice(expansion.length + ending.length));
  return { beginning, ending: isLast ? ending : '' };
}

/** The paths that a word may mean of which a part is computed; none if nothing is known of the name. */
function openPaths({ beginning, ending }: KnownEnds, script: string): OpenPath[] {
  if (beginning === '' && /^(\/|$)/.test(ending)) return [];
  const places = meanings(`${beginning}${ANY}`, script).map((path) => path.slice(0, -ANY.length));
  return places.map((place) =>
    ending.includes('/')
      ? { beginning: place, ending: ending.slice(0, ending.indexOf('/')), of: 'folder' }
      : { beginning: place, ending, of: 'file' },
  );
}

/** Stands for what is computed. */
const ANY = '*';

/** Whether a word may be given to a variable or a function. The name of a command is not, and what is only printed. */
function isValue(before: string, line: string, word: string): boolean {
  const [command = ''] = before.split(/[;|&({`]/).slice(-1);
  const withoutKeywords = command.replace(KEYWORDS, '');
  if (withoutKeywords.trim() === '') return line.trim() === word;
  return !PRINTS.test(withoutKeywords);
}

/** The files of code that a word may name without their ending. */
function codeNamed(path: string): string[] {
  if (path.startsWith('-') || !/^[\w./-]+$/.test(path)) return [];
  const asModule = /^[\w.]+$/.test(posix.basename(path)) ? path.replace(/(?<=\w)\.(?=\w)/g, '/') : path;
  return [...CODE_ENDINGS.map((ending) => `${path}${ending}`), `${asModule}.py`];
}

/** The paths in a text that is a list of words, one in a line; none in other texts. */
export function pathsInList(path: string, text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.some((line) => /\s/.test(line)) ? [] : lines.flatMap((line) => meanings(line, path));
}

function meanings(word: string, script: string): string[] {
  const whole = word.replace(/^\/+/, '');
  // The first part may be the name of a variable, or `%workspace%`.
  const afterFirst = /^(?!\.{1,2}\/)[^/]*\/./.test(whole) ? [whole.slice(whole.indexOf('/') + 1)] : [];
  return [whole, ...afterFirst]
    .flatMap((part) => [part, posix.join(posix.dirname(script), part)])
    .map((part) => posix.normalize(part).replace(/\/$/, ''))
    .filter((part) => part !== '.' && part !== '..' && part !== '');
}

/** Whether the text of a file that a script names may name further files. */
export function mayBeScript(path: string): boolean {
  return !/\.(?:cfg|csv|ini|json|lock|md|properties|rst|toml|txt|xml|ya?ml)$/.test(path);
}
