import { posix } from 'node:path';
import { fileNameOf, foldersAbove } from '../graph/folders.js';

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

/** What can be anything in the name of a file, or in a text that becomes one. */
const WILD = /[*?]|%[-.\d]*[dis](?![a-z])|(?<=[\w.-])%\w+%/gi;

/** What stands before the quote of a text in Python: `f"{root}/VERSION"`. */
const PREFIX_OF_TEXT = /^(?:[fbru]|[fb]r|r[fb])$/i;

/** Operators that append to a text: `"version-" + name`. Without spaces, a dot calls a method. */
const APPENDED = /^["']\s*(?:[+%]|\s\.\s|\.(?=\s*["'$(]|format\b))/;

/** Patterns that go on behind a word, or behind its quote: `version.[a-z]`, `"version-"*`, `version.@(a|b)`. */
const PATTERN = /^["']?(?:\[[^\]]*\]|[*?])/;

const WORD = /[^\s"'`$(){}<>|;&=,:[\]\\]+/g;

/** Words in which other characters count, too: the names of files may have them. */
const LONG_WORD = /(?<=")[^"`]*(?=")|(?<=')[^'$`]*(?=')|[^\s"'`$(){}<>|;&]+/g;

/** Stands for what is computed. */
const ANY = '\0';

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

/** What follows a word without a space and belongs to it. */
interface Following {
  readonly text: string;
  /** The places in the line, from the end of the word on, that are a part of the word and are no words themselves. */
  readonly taken: readonly number[];
}

/** A word with what belongs to it before and after, and `ANY` for each part that is computed. */
function withComputed(word: string, before: string, after: string): Following {
  const isVariable = /\$\{?$/.test(before);
  const isDefault = /\$\{\w+:?$/.test(before) || (before.endsWith('${') && /^\w+[-=+?]/.test(word));
  // `$ROOT/VERSION`, `${1-VERSION}`, `${FILE:-VERSION}`
  const withoutName = isVariable ? word.replace(/^\w+/, '') : word;
  const own = isDefault ? withoutName.replace(/^[-=+?]/, '') : withoutName;
  const follows = computedAfter(own, after);
  // Such a mark belongs to what follows: `version.@(a|b)`, `version.#{k}`, `version.%(k)s`.
  const literal = follows === null ? own : own.replace(/[@!+?*#%]$/, '');
  const wild = literal.replaceAll(WILD, ANY);
  // A name that begins with a variable: `$f.version`, `$(name).version`, `name + ".version"`
  const isOpen = isVariable ? !isDefault && /^[\w.-]/.test(own) : followsComputed(before);
  const text = `${isOpen && !own.startsWith('/') ? ANY : ''}${wild}${follows?.text ?? ''}`;
  return { text, taken: follows?.taken ?? [] };
}

/** Whether a word goes on with what something before it stands for: `$(name).version`, `name + ".version"`. */
function followsComputed(before: string): boolean {
  const isAfterCommand = before.endsWith('`') && before.split('`').length % 2 === 1;
  return isAfterCommand || /(?:[)}]|\$\w+["'])$|[)}]["']$|[\w)\]]\s*\+\s*["']$/.test(before);
}

/** What follows a word without a space, as far as it belongs to it; null if nothing computed does. */
function computedAfter(word: string, after: string): Following | null {
  const any: Following = { text: ANY, taken: [] };
  if (APPENDED.test(after)) return any;
  // In other languages, a name with brackets is a member of a list.
  const isPattern = PATTERN.test(after) && (/[./-]/.test(word) || !after.startsWith('['));
  if (isPattern || (/[@!+?*]$/.test(word) && after.startsWith('('))) return any;
  if (word.endsWith('%') && after.startsWith('(')) return any;
  let at = /^["'](?=[$`{])/.test(after) ? 1 : 0;
  let text = '';
  const taken: number[] = [];
  for (let length = expansionLength(after, at); length > 0; length = expansionLength(after, at)) {
    const end = at + length;
    const [ending = ''] = /^[\w./-]*/.exec(after.slice(end)) ?? [];
    text += `${ANY}${ending}`;
    // What a command is made of is read by itself.
    const isCommand = /^(`|\$\()/.test(after.slice(at));
    for (let place = isCommand ? end : at; place < end + ending.length; place += 1) taken.push(place);
    at = end + ending.length;
  }
  return text === '' ? null : { text, taken };
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** The length of a variable, a command or a part in braces at a place of a text; 0 if there is none. */
function expansionLength(whole: string, place: number): number {
  const text = whole.slice(place);
  const [variable] = /^\$\w+/.exec(text) ?? /^`[^`]*`/.exec(text) ?? [];
  if (variable !== undefined) return variable.length;
  const [opening] = /^\$?[({]/.exec(text) ?? [];
  if (opening === undefined || opening === '(') return 0;
  const [bracket = ''] = opening.slice(-1);
  let depth = 0;
  for (let at = opening.length - 1; at < text.length; at += 1) {
    if (text[at] === bracket) depth += 1;
    if (text[at] === CLOSING[bracket]) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
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
