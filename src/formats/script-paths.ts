import { posix } from 'node:path';

/** The paths that a script may read. They are candidates: most of them do not exist. */
export interface ScriptPaths {
  readonly files: readonly string[];
  readonly folders: readonly string[];
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

const WORD = /[^\s"'`$(){}<>|;&=,:[\]\\]+/g;

/** Words in which other characters count, too: the names of files may have them. */
const LONG_WORD = /(?<=")[^"`]*(?=")|(?<=')[^'$`]*(?=')|[^\s"'`$(){}<>|;&]+/g;

/**
 * The paths that the words of a script may name, relative to the root and to the script's own folder. What a variable or
 * a command stands for at the start of a word is unknown: `$ROOT/VERSION` and `$(dirname "$0")/VERSION` may be either. A
 * word that is a value may become the folder in such a path: `DIR=conf`.
 *
 * @param path of the script, relative to the root
 */
export function pathsInScript(path: string, text: string): ScriptPaths {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    for (const [word] of line.matchAll(LONG_WORD)) for (const each of meanings(word, path)) files.add(each);
    for (const match of line.matchAll(WORD)) {
      const [word] = match;
      if (word === 'make') for (const each of meanings('Makefile', path)) files.add(each);
      const pattern = word.search(/[^/]*[*?]/);
      const before = line.slice(0, match.index);
      const isFolder =
        pattern > 0 || word.includes('/') || FOLDER_COMMAND.test(before) || isValue(before, line, word);
      for (const each of meanings(pattern < 0 ? word : word.slice(0, pattern), path)) {
        if (pattern < 0) for (const file of [each, ...codeNamed(each)]) files.add(file);
        if (isFolder) folders.add(each);
        if (isFolder) for (const name of CODE_OF_FOLDER) files.add(`${each}/${name}`);
      }
    }
  }
  return { files: [...files], folders: [...folders] };
}

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
  const afterFirst = whole.includes('/') ? [whole.slice(whole.indexOf('/') + 1)] : [];
  return [whole, ...afterFirst]
    .flatMap((part) => [part, posix.join(posix.dirname(script), part)])
    .map((part) => posix.normalize(part).replace(/\/$/, ''))
    .filter((part) => part !== '.' && part !== '..' && part !== '');
}

/** Whether the text of a file that a script names may name further files. */
export function mayBeScript(path: string): boolean {
  return !/\.(?:cfg|csv|ini|json|lock|md|properties|rst|toml|txt|xml|ya?ml)$/.test(path);
}
