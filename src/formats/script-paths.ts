import { posix } from 'node:path';
import { fileNameOf, foldersAbove } from '../graph/folders.js';
import { ANY, withComputed } from './computed-words.js';

/** The paths that a script may read. They are candidates: most of them do not exist. */
export interface ScriptPaths {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Files of which a part of the name is computed: `lib_$(uname).sh`, `conf/part-*`. */
  readonly openFiles: readonly OpenPath[];
  /** How the paths of folders begin of which the rest is computed: `conf/part-$x/VERSION`. */
  readonly openFolders: readonly string[];
  /** Names of files in any folder: `find . -name "VERSION*"`. */
  readonly names: readonly OpenPath[];
}

/** A path, or a name, that begins and ends in a known way. What is in between has no slash. */
export interface OpenPath {
  readonly beginning: string;
  readonly ending: string;
}

/** What a text names that is no script and no list. */
export const NO_PATHS: ScriptPaths = { files: [], folders: [], openFiles: [], openFolders: [], names: [] };

/** Commands and options whose argument is a folder even if it has no slash. */
const FOLDER_COMMAND =
  /(?:\b(?:cd|pushd|ls|find|tree|du|listdir|scandir|glob|walk|join|Path)\b|(?:^|\s)-C\b|\/\s*(?=["']))[\s("']*$/;

/** Options and functions whose argument is the name of a file, wherever it is. */
const NAME_OPTION = /(?:\s-i?(?:name|path|wholename)|\bls-files|--include=|\brglob\()[\s"'\\(]*$/;

/** Files in a folder that a program reads if it is given the folder: `make -C tools`, `import lib`, `require('./lib')`. */
const CODE_OF_FOLDER = ['Makefile', '__init__.py', 'index.js'];

/** Words before a command. */
const KEYWORDS = /^(?:\s*\b(?:then|do|else|elif|if|while|until|exec|time|eval)\b|\s*!)*/;

/** Commands whose arguments are printed, and not read. */
const PRINTS = /^\s*(?:echo|printf)\b/;

/** What a program leaves out when it names a file of code: `import lib.version`, `require('./version')`. */
const CODE_ENDINGS = ['.py', '.js', '.cjs', '.mjs', '.rb', '.pm', '.sh'];

/** What stands before the quote of a text in Python: `f"{root}/VERSION"`. */
const PREFIX_OF_TEXT = /^(?:[fbru]|[fb]r|r[fb])$/i;

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
  const found = new Found(path);
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    for (const [word] of line.matchAll(LONG_WORD)) found.addFile(word);
    const taken = new Set<number>();
    for (const { 0: word, index } of line.matchAll(WORD)) {
      const [before, after] = [line.slice(0, index), line.slice(index + word.length)];
      found.addWord(word, before, after);
      if (taken.has(index) || (PREFIX_OF_TEXT.test(word) && /^["']/.test(after))) continue;
      const whole = withComputed(word, before, after);
      const isOther = whole.text !== word && whole.text !== '' && !whole.text.includes(ANY);
      if (isOther) found.addWord(whole.text, before, after);
      for (const at of whole.taken) taken.add(index + word.length + at);
      found.addComputed(word, whole.text, before, after);
    }
  }
  return found.paths();
}

/** The paths that were found in one script so far. */
class Found {
  private readonly files = new Set<string>();
  private readonly folders = new Set<string>();
  private readonly openFiles = new Map<string, OpenPath>();
  private readonly openFolders = new Set<string>();
  private readonly names = new Map<string, OpenPath>();

  constructor(private readonly script: string) {}

  paths(): ScriptPaths {
    return {
      files: [...this.files],
      folders: [...this.folders],
      openFiles: [...this.openFiles.values()],
      openFolders: [...this.openFolders],
      names: [...this.names.values()],
    };
  }

  addFile(word: string): void {
    for (const each of meanings(word, this.script)) this.files.add(each);
  }

  /**
   * Adds what a word by itself may name. Of a pattern, all of the folder counts.
   *
   * @param before what stands before the word in its line
   * @param after what follows it there
   */
  addWord(word: string, before: string, after: string): void {
    if (word === 'make') this.addFile('Makefile');
    const pattern = word.search(/[^/]*[*?]/);
    const isPath = pattern > 0 || word.includes('/') || FOLDER_COMMAND.test(before) || isValue(before, after);
    // `$here/..` is no folder that is called `here`.
    const known = /\$\{?$/.test(before) && /^\w+\/\.\./.test(word) ? word.replace(/^\w+/, '') : word;
    const isOpenName = pattern === 0 && /\w/.test(word);
    const places = isOpenName ? [] : meanings(pattern < 0 ? known : known.slice(0, pattern), this.script);
    for (const each of places) {
      if (pattern < 0) for (const file of [each, ...codeNamed(each)]) this.files.add(file);
      if (isPath) this.addFolder(each);
    }
  }

  /**
   * Adds what a word may name of which a part is computed.
   *
   * @param whole the word with what belongs to it, and `ANY` for each computed part
   */
  addComputed(word: string, whole: string, before: string, after: string): void {
    if (NAME_OPTION.test(before)) addOpen(this.names, endsOf(fileNameOf(whole)));
    if (!whole.includes(ANY) || (!whole.includes('/') && isPrinted(before, after))) return;
    const isFolder = /[*?]/.test(word) || FOLDER_COMMAND.test(before) || /=["']?$/.test(before);
    const own = /\$\{?$/.test(before) ? word.replace(/^\w+/, '') : word;
    this.addSegments(whole.split('/'), /^(\.{0,2}\/)*[*?]/.test(own), isFolder);
  }

  private addFolder(folder: string): void {
    this.folders.add(folder);
    for (const name of CODE_OF_FOLDER) this.files.add(`${folder}/${name}`);
  }

  /**
   * @param segments with `ANY` for each computed part
   * @param isPattern whether a pattern stands for the first folders
   * @param isFolder whether a name alone may be that of a folder
   */
  private addSegments(segments: readonly string[], isPattern: boolean, isFolder: boolean): void {
    const at = segments.findIndex((segment) => segment.includes(ANY));
    const [open = ''] = segments.slice(at);
    const isLast = at === segments.length - 1;
    const { beginning, ending } = endsOf(open);
    const known = segments.slice(0, at);
    const isInFolder = known.some((segment) => !['', '.', '..'].includes(segment));
    if (beginning === '' && isInFolder) {
      // Of the name nothing is known, or only its ending: all of the folder counts.
      for (const each of meanings(known.join('/'), this.script)) this.addFolder(each);
    } else if (beginning === '' && !isLast) {
      // A variable at the start is taken for the root or the script's folder, a pattern for any folder.
      if (isPattern) addOpen(this.names, endsOf(segments.at(-1) ?? ''));
    } else if (beginning !== '' || isTelling(ending)) {
      const places = meanings([...known, `${beginning}${ANY}`].join('/'), this.script);
      for (const place of places.map((each) => each.slice(0, -ANY.length))) {
        if (isLast) addOpen(this.openFiles, { beginning: place, ending });
        if (isInFolder || (isTelling(beginning) && (!isLast || isFolder))) this.openFolders.add(place);
      }
    }
  }
}

function addOpen(known: Map<string, OpenPath>, path: OpenPath): void {
  if (path.beginning !== '' || path.ending !== '') known.set(`${path.beginning}${ANY}${path.ending}`, path);
}

/** Whether a part of a name is more than a letter or two such as in `v$(git describe)`. */
function isTelling(part: string): boolean {
  return part.length >= 3 || /[._-]/.test(part);
}

/** How a word begins and ends that may have computed parts. */
function endsOf(word: string): OpenPath {
  const parts = word.split(ANY);
  const [beginning = '', ...others] = parts;
  return { beginning, ending: others.at(-1) ?? '' };
}

/** Whether a word may be given to a variable or a function. The name of a command is not, and what is only printed. */
function isValue(before: string, after: string): boolean {
  const command = commandAround(before);
  if (command.trim() === '') return before.trim() === '' && after.trim() === '';
  return !isPrinted(before, after);
}

/** Whether a word is only printed, and nothing gets what is printed. */
function isPrinted(before: string, after: string): boolean {
  const isTaken = /(?:\$\(|`)[^)`]*$/.test(before) || /(?<!\|)\|(?!\|)/.test(after);
  return PRINTS.test(commandAround(before)) && !isTaken;
}

/** The words before a word in its command. */
function commandAround(before: string): string {
  const [command = ''] = before.split(/[;|&({`]/).slice(-1);
  return command.replace(KEYWORDS, '');
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
  const withoutUp = whole.replace(/^(?:\.\.(?:\/|$))+/, '');
  // The first part may be the name of a variable, or `%workspace%`.
  const afterFirst = withoutUp.replace(/^[^/]*\//, '');
  const folder = posix.dirname(script);
  // From which folder a script goes up is unknown.
  const folders = whole.startsWith('../') ? [folder, ...foldersAbove(folder)] : [folder];
  return [whole, ...[withoutUp, afterFirst].filter((part) => part !== '')]
    .flatMap((part) => [part, ...folders.map((each) => posix.join(each, part))])
    .map((part) => posix.normalize(part).replace(/\/$/, ''))
    .filter((part) => part !== '.' && part !== '' && !/(^|\/)\.\.$/.test(part));
}

/** Whether the text of a file that a script names may name further files. */
export function mayBeScript(path: string): boolean {
  return !/\.(?:cfg|csv|ini|json|lock|md|properties|rst|toml|txt|xml|ya?ml)$/.test(path);
}
