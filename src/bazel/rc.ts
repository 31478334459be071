import { posix } from 'node:path';

/** One line of an rc file: `build:config --option …`, or an import. */
export interface RcLine {
  readonly command: string;
  readonly words: readonly string[];
}

/**
 * Reads an rc file: a command and its options a line, `#` starts a comment, quotes group, a backslash takes the next
 * character as it is, and at a line's end joins the next line.
 * See https://bazel.build/run/bazelrc
 */
export function parseRc(text: string): RcLine[] {
  return text
    .replace(/\\\r?\n/g, '')
    .split('\n')
    .map((line) => splitWords(stripped(line)))
    .flatMap(([command, ...words]) => (command === undefined ? [] : [{ command, words }]));
}

const WHITE_SPACE = ' \t\r\f\v';

function stripped(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && WHITE_SPACE.includes(line.charAt(start))) start++;
  while (end > start && WHITE_SPACE.includes(line.charAt(end - 1))) end--;
  return line.slice(start, end);
}

/** Splits a line as Bazel splits a line of an rc file. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === '\\') {
      index++;
      word = (word ?? '') + line.charAt(index);
    } else if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '#') {
      break;
    } else if (character === ' ' || character === '\t' || character === '\r') {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** Whether two rc files put the same options in force. */
export function sameOptions(before: string, after: string): boolean {
  return JSON.stringify(parseRc(before)) === JSON.stringify(parseRc(after));
}

const IMPORT = /^(try-)?import(-if-bazel-version)?$/;

/**
 * The files that an rc file imports, in their order: relative to the workspace (with `../` before a path that leaves it),
 * or absolute. A `..` after a folder takes that folder away, symlink or not.
 */
export function importedRcFiles(text: string): string[] {
  return parseRc(text)
    .filter((line) => IMPORT.test(line.command))
    .flatMap((line) => line.words.slice(-1))
    .map((path) => posix.normalize(path.replace(/^%workspace%\/+/, '')));
}

/** Labels of the main repository that options name: `--aspects=//tools:lint.bzl%lint` names `//tools:lint.bzl`. */
export function labelsInOptions(text: string): string[] {
  const words = parseRc(text).flatMap((line) => line.words);
  return words.flatMap((word) =>
    [...word.matchAll(/(?:^|[=,])(?:--)?@{0,2}(\/\/[^=,%]*)/g)].map((match) => match[1] ?? ''),
  );
}

/** Options whose value is a folder of the workspace, if it is a relative path; a `=` in it comes after a name. */
const FOLDER_OPTION = /^--(?:override_module|override_repository|inject_repository|vendor_dir)(?:=(.*))?$/s;

/**
 * What options may name, as it is written, each once: labels, paths, and much that is neither. A value with spaces comes
 * whole and in its parts; a folder that is a single word comes also with `./` before it.
 */
export function namesInOptions(text: string): string[] {
  const names = parseRc(text)
    .filter((line) => !IMPORT.test(line.command))
    .flatMap(({ words }) =>
      words.flatMap((word, index) => [...piecesOf(word), ...folderNamedBy(word, words[index + 1])]),
    );
  return [...new Set(names)].filter((name) => name !== '' && !name.startsWith('-'));
}

function piecesOf(word: string): string[] {
  return word.split(/[=,]/).flatMap((piece) => (/\s/.test(piece) ? [piece, ...piece.split(/\s/)] : [piece]));
}

function folderNamedBy(option: string, next: string | undefined): string[] {
  const match = FOLDER_OPTION.exec(option);
  if (match === null) return [];
  const value = match[1] ?? next ?? '';
  const folder = value.slice(value.lastIndexOf('=') + 1);
  return folder === '' || folder.includes('/') ? [] : [`./${folder}`];
}

/**
 * What options name that can be a path of the workspace, relative to it, each once: `--platform_mappings=conf/mappings`,
 * `--workspace_status_command=%workspace%/status.sh`. What is clearly a path is listed a second time with a `/` at its
 * end: it may be a folder.
 */
export function pathsInOptions(text: string): string[] {
  const paths = namesInOptions(text)
    .filter((name) => !/^[/~@]|\/\//.test(name))
    .flatMap((name) => {
      const path = name
        .replace(/^%workspace%\//, '')
        .replace(/^\.\//, '')
        .replace(/\/$/, '');
      return name.includes('/') ? [path, `${path}/`] : [path];
    });
  return [...new Set(paths)];
}

/** Whether an option puts aspects over all targets. */
export function turnsOnAspects(text: string): boolean {
  return parseRc(text).some((line) => line.words.some((word) => /^--aspects(=|$)/.test(word)));
}
