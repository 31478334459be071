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
    .split(/\r?\n/)
    .map(splitWords)
    .flatMap(([command, ...words]) => (command === undefined ? [] : [{ command, words }]));
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
    } else if (/\s/.test(character)) {
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

const IMPORTS: ReadonlySet<string> = new Set(['import', 'try-import']);

/** The files of the workspace that an rc file imports, relative to the workspace. */
export function importedRcFiles(text: string): string[] {
  return parseRc(text)
    .filter((line) => IMPORTS.has(line.command))
    .flatMap((line) => line.words.slice(0, 1))
    .map((path) => path.replace(/^%workspace%\//, ''))
    .filter((path) => !path.startsWith('/') && !path.startsWith('~'));
}

/** Labels of the main repository that options name: `--aspects=//tools:lint.bzl%lint` names `//tools:lint.bzl`. */
export function labelsInOptions(text: string): string[] {
  const words = parseRc(text).flatMap((line) => line.words);
  return words.flatMap((word) =>
    [...word.matchAll(/(?:^|[=,])(?:--)?@{0,2}(\/\/[^=,%]*)/g)].map((match) => match[1] ?? ''),
  );
}

/**
 * What options name that can be a path of the workspace, relative to it: `--platform_mappings=conf/mappings`,
 * `--workspace_status_command=%workspace%/status.sh`. What is clearly a path is listed a second time with a `/` at its
 * end: it may be a folder.
 */
export function pathsInOptions(text: string): string[] {
  const words = parseRc(text)
    .filter((line) => !IMPORTS.has(line.command))
    .flatMap((line) => line.words);
  return words
    .flatMap((word) => word.split(/[=,\s]/))
    .filter((piece) => piece !== '' && !/^[-/~@]|\/\//.test(piece))
    .flatMap((piece) => {
      const path = piece
        .replace(/^%workspace%\//, '')
        .replace(/^\.\//, '')
        .replace(/\/+$/, '');
      return piece.includes('/') ? [path, `${path}/`] : [path];
    });
}

/** Whether an option puts aspects over all targets. */
export function turnsOnAspects(text: string): boolean {
  return parseRc(text).some((line) => line.words.some((word) => /^--aspects(=|$)/.test(word)));
}
