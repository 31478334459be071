import { posix } from 'node:path';
import { parseLabel, pathOf, type Label, type WorkspacePath } from '../graph/label.js';
import type { MainRepository } from '../graph/main-repository.js';

/** One line of an rc file: `build:config --option …`, or an import. */
export interface RcLine {
  readonly command: string;
  readonly words: readonly string[];
}

/**
 * Reads an rc file: each line is a command and its options, `#` starts a comment, quotes group, a backslash makes the
 * next character literal, and at the end of a line joins the next line. See https://bazel.build/run/bazelrc
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

/** Splits a line into words as Bazel does for rc files. A quote that is not closed ends at the end of the line. */
export function splitWords(line: string): string[] {
  return split(line).words;
}

/** Whether a line has a quote that is not closed. */
export function hasOpenQuote(line: string): boolean {
  return split(line).openQuote;
}

function split(line: string): { readonly words: string[]; readonly openQuote: boolean } {
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
  return { words, openQuote: quote !== null };
}

/** Whether two rc files have the same effect. */
export function sameOptions(before: string, after: string): boolean {
  return JSON.stringify(parseRc(before)) === JSON.stringify(parseRc(after));
}

const IMPORT = /^(try-)?import(-if-bazel-version)?$/;

/**
 * The files that an rc file imports, in their order: relative to the workspace (with `../` at the start of a path that
 * leaves it), or absolute. A `..` removes the folder before it, even if that is a symlink.
 */
export function importedRcFiles(text: string): string[] {
  return parseRc(text)
    .filter((line) => IMPORT.test(line.command))
    .flatMap((line) => line.words.slice(-1))
    .map(workspacePathIn);
}

/**
 * The file that Bazel reads in the place of a line, written as by `importedRcFiles`. Null for every other line: one with
 * a condition on Bazel's version, and one that does not name exactly one file, for which Bazel reports an error.
 */
export function plainImportOf({ command, words }: RcLine): string | null {
  const [path, ...more] = words;
  if (!/^(try-)?import$/.test(command) || path === undefined || more.length > 0) return null;
  return workspacePathIn(path);
}

/** A path in an option, relative to the workspace if it is not absolute, and normalized. */
export function workspacePathIn(path: string): string {
  return posix.normalize(path.replace(/^%workspace%\/+/, ''));
}

function optionLines(text: string): RcLine[] {
  return parseRc(text).filter((line) => !IMPORT.test(line.command));
}

/**
 * Labels of the main repository that options may contain, without duplicates: `--aspects=//tools:lint.bzl%lint` gives
 * `//tools:lint.bzl`, `--run_under="//tools:wrap -v"` gives `//tools:wrap`, `--platforms=p:linux` gives `//p:linux`.
 * There may be too many: a word can be a label unless its option is known to accept none.
 */
export function labelsInOptions(text: string, main: MainRepository): Label[] {
  const labels = optionLines(text).flatMap(({ words }) =>
    words.flatMap((word, index) => labelsInOption(word, words[index - 1], main)),
  );
  return [...new Set(labels)];
}

/** Labels of other repositories, as written. */
export interface LabelsElsewhere {
  /** Labels of single targets. */
  readonly targets: readonly Label[];
  /** Patterns, and labels of toolchains and platforms that options register. No query shows who uses these. */
  readonly registered: readonly Label[];
}

/** A label of another repository in a word of an option. `@lib` alone is one, too, but only where a value begins. */
const ELSEWHERE = /(@@?[^\s/@,='"]+\/\/[^\s,='"%]*|(?<=^|[=,\s'"])@@?[^\s/@,='"%]+(?=$|[=,\s'"%]))/g;

/** `@lib` is the target `lib` at the root of its repository. */
export function withSlashes(label: string): string {
  return label.includes('//') ? label : `${label}//:${label.replace(/^@+/, '')}`;
}

/** The labels of other repositories that options name. */
export function labelsElsewhereIn(text: string, main: MainRepository): LabelsElsewhere {
  const targets = new Set<Label>();
  const registered = new Set<Label>();
  for (const { words } of optionLines(text)) {
    words.forEach((word, index) => {
      const option = word.startsWith('-') ? word : `${words[index - 1] ?? ''} ${word}`;
      for (const [, written] of word.matchAll(ELSEWHERE)) {
        const label = withSlashes(written ?? '');
        if (main.label(label) !== null) continue;
        const isOfOne =
          !/^--(extra_toolchains|extra_execution_platforms)\b/.test(option) &&
          !/\.\.\.|:(all|\*|all-targets)$/.test(label);
        if (isOfOne) targets.add(parseLabel(label));
        // A query takes a pattern as it is written: `@x//...` is no label.
        else registered.add(label.includes('...') ? (label as Label) : parseLabel(label));
      }
    });
  }
  return { targets: [...targets], registered: [...registered] };
}

function labelsInOption(word: string, previous: string | undefined, main: MainRepository): Label[] {
  const isValue = !word.startsWith('-');
  const option = /^[^=]*/.exec((isValue ? previous : word) ?? '')?.[0] ?? '';
  // For a build setting, the option itself is a label: `--//config:tone=formal`, `--no//config:loud`.
  const pieces = word.replace(/^--(no)?(?=\/\/|@)/, '').split(/[=,\s'"]/);
  return pieces.flatMap((piece) => labelOfLine(piece.replace(/%.*$/s, ''), takesNoLabel(option), main));
}

/** Bazel reads a label without slashes relative to the root: `lib:alt` is `//lib:alt`, and `lib` is `//lib:lib`. */
function labelOfLine(text: string, isLabelOnlyIfMarked: boolean, main: MainRepository): Label[] {
  const marked = main.label(text);
  if (marked !== null) return [marked];
  if (text === '' || /^[-/~.@]|\/\//.test(text)) return [];
  return isLabelOnlyIfMarked && !text.includes(':') ? [] : [parseLabel(`//${text}`)];
}

/** Whether the values of an option look like packages but never are. */
function takesNoLabel(option: string): boolean {
  return /^-[^-]|^--(config|define|(host_)?features|\w*(env|opt|mode|strategy|filters?|outputs?|summary|symlinks|version))$/.test(
    option,
  );
}

/**
 * Options whose value is a folder of the workspace if it is a relative path. If the value contains a `=`, the folder
 * comes after it and a name before it.
 */
const FOLDER_OPTION = /^--(?:override_module|override_repository|inject_repository|vendor_dir)(?:=(.*))?$/s;

/**
 * Everything in options that may be a name, as written and without duplicates: labels, paths, and much that is neither.
 * A value with spaces is returned as a whole and in its parts. A folder that is a single word is also returned with
 * `./` before it.
 */
export function namesInOptions(text: string): string[] {
  const names = optionLines(text).flatMap(({ words }) =>
    words.flatMap((word, index) => [...wordPieces(word), ...folderNamedBy(word, words[index + 1])]),
  );
  return [...new Set(names)].filter((name) => name !== '' && !name.startsWith('-'));
}

function wordPieces(word: string): string[] {
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
 * Everything in options that may be a path of the workspace, relative to it and without duplicates:
 * `--platform_mappings=conf/mappings`, `--workspace_status_command=%workspace%/status.sh`. Names with a slash are
 * listed a second time with a `/` at the end, because they may be folders.
 */
export function pathsInOptions(text: string): string[] {
  const paths = namesInOptions(text)
    // A registry is a URL: https://bazel.build/reference/command-line-reference#flag--registry
    .map((name) => name.replace(/^file:\/+(?=%workspace%)/, ''))
    .filter((name) => !/^[/~@]|(?<!^%workspace%)\/\//.test(name))
    .flatMap((name) => {
      const path = workspacePathIn(name).replace(/\/$/, '');
      return name.includes('/') ? [path, `${path}/`] : [path];
    });
  return [...new Set(paths)];
}

/**
 * The values of `--package_path`, except `%workspace%` alone. With any other value, a package need not be in the folder
 * that its label names.
 */
export function packagePathsIn(text: string): string[] {
  return valuesOf('--package_path', text).filter((value) => !/^%workspace%\/?$/.test(value));
}

/** The values of an option, whether written as one word with it or as the next word. */
function valuesOf(option: string, text: string): string[] {
  return optionLines(text).flatMap(({ words }) =>
    words.flatMap((word, index) => {
      if (word === option) return words[index + 1] ?? '';
      return word.startsWith(`${option}=`) ? word.slice(option.length + 1) : [];
    }),
  );
}

/** The values of `--workspace_status_command`, relative to the workspace. */
export function statusCommandsIn(text: string): string[] {
  return valuesOf('--workspace_status_command', text)
    .filter((value) => value !== '')
    .map(workspacePathIn);
}

/** The values of `--platform_mappings`, relative to the workspace. */
export function platformMappingsIn(text: string): string[] {
  return valuesOf('--platform_mappings', text).map(workspacePathIn);
}

/** The options in a file of platform mappings, as lines of an rc file. See https://bazel.build/concepts/platforms */
export function optionsOfMappings(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.map((line) => (line.startsWith('--') ? `build ${line}\n` : '')).join('');
}

/** The values of `--aspects`, which apply to all targets, as written: `//tools:lint.bzl%lint`. */
export function aspectsIn(text: string): string[] {
  return valuesOf('--aspects', text).flatMap((value) => value.split(','));
}

/**
 * The file in the main repository that defines an aspect; null if it is in another repository.
 *
 * @param aspect as written in an option: a label or (the old form) a path, then `%` and a name
 */
export function fileOfAspect(aspect: string, main: MainRepository): WorkspacePath | null {
  const file = aspect.replace(/%.*$/s, '');
  const label = main.label(file);
  if (label !== null) return pathOf(label);
  if (file === '' || file.startsWith('@')) return null;
  return file
    .replace(/^\//, '')
    .replace(/(\.bzl)?$/, '.bzl')
    .replace(':', '/') as WorkspacePath;
}
