import { isSwitch, withLongName } from './option-names.js';
import { followImports } from './rc-imports.js';
import { parseRc, plainImportOf, splitWords, type RcLine } from './rc.js';

/** The text of a file; null if it cannot be read. */
export type ReadText = (path: string) => string | null;

/**
 * The lines of an rc file, with each import replaced by the lines of the imported file. An import that cannot be read
 * stays, so that Bazel reports the error.
 *
 * @param path absolute, or relative to the workspace; the same holds for the paths passed to `read`
 */
export function linesWithImports(path: string, read: ReadText): RcLine[] {
  const files = linesOfFiles([path], read);
  return inPlaceOfImports(files.get(path) ?? [], files, [path]);
}

/** The same for lines that are not in a file of their own. */
export function withImports(lines: readonly RcLine[], read: ReadText): RcLine[] {
  const roots = lines.map(plainImportOf).filter((path) => path !== null);
  return inPlaceOfImports(lines, linesOfFiles(roots, read), []);
}

type LinesOfFiles = ReadonlyMap<string, readonly RcLine[]>;

/** The lines of each file that the roots lead to. */
function linesOfFiles(roots: readonly string[], read: ReadText): LinesOfFiles {
  const following = followImports(roots);
  let step = following.next();
  while (step.done !== true) {
    const texts = step.value.map((path) => [path, read(path)] as const);
    step = following.next(new Map(texts.flatMap(([path, text]) => (text === null ? [] : [[path, text]]))));
  }
  return new Map(
    step.value.flatMap(({ path, text }) => (text === null ? [] : [[path, parseRc(text)] as const])),
  );
}

function inPlaceOfImports(
  lines: readonly RcLine[],
  files: LinesOfFiles,
  importedBy: readonly string[],
): RcLine[] {
  return lines.flatMap((line): RcLine[] => {
    const path = plainImportOf(line);
    const imported = path === null || importedBy.includes(path) ? undefined : files.get(path);
    if (path === null || imported === undefined) return [line];
    return inPlaceOfImports(imported, files, [...importedBy, path]);
  });
}

export function rcText(lines: readonly RcLine[]): string {
  return lines.map(({ command, words }) => `${[command, ...words.map(quoted)].join(' ')}\n`).join('');
}

/** A word as it must be written in an rc file: quoted if it would otherwise not be read as one word. */
export function quoted(word: string): string {
  const [same, ...more] = splitWords(word);
  return same === word && more.length === 0 ? word : `"${word.replace(/[\\"]/g, '\\$&')}"`;
}

/** An option as it applies to a command. */
export interface Option {
  /** In one word, with its long name: `--name` or `--name=value`. */
  readonly text: string;
  /** The command of its line, which may be a more general one: `common` for an option of `build`. */
  readonly command: string;
  /** False if this word may be the value of the option before it instead, as in `--unknown_option --jobs=8`. */
  readonly isCertain: boolean;
}

/**
 * The options that rc lines give a command, in Bazel's order: the options of more general commands come first, and the
 * options of a configuration replace the option that turns it on. A configuration that has no options, or that would
 * turn itself on, stays as `--config=name`. See https://bazel.build/run/bazelrc#option-defaults
 *
 * @param commands the commands whose lines count, such as `common`, `build`, `test`
 * @param platform the configuration that `--enable_platform_specific_config` turns on
 */
export function appliedOptions(
  commands: readonly string[],
  lines: readonly RcLine[],
  platform: string,
): Option[] {
  const words = new Map<string, string[]>();
  for (const { command, words: more } of lines) {
    const earlier = words.get(command);
    if (earlier === undefined) words.set(command, [...more]);
    else earlier.push(...more);
  }
  const withSuffix = (suffix: string, active: readonly string[]): Option[] =>
    commands.flatMap((command) =>
      optionsIn(words.get(`${command}${suffix}`) ?? []).flatMap(({ text, isCertain }): Option[] => {
        const option = { text, command, isCertain };
        const name = /^--config=(.*)$/s.exec(text)?.[1];
        const expansion =
          name === undefined || active.includes(name) ? [] : withSuffix(`:${name}`, [...active, name]);
        return isCertain && expansion.length > 0 ? expansion : [option, ...expansion];
      }),
    );
  return withPlatform(withSuffix('', []), () => withSuffix(`:${platform}`, [platform]));
}

/** The last option that turns the platform's configuration on or off decides, and the configuration takes its place. */
function withPlatform(options: readonly Option[], ofPlatform: () => Option[]): Option[] {
  const last = options.findLastIndex(({ text }) => PLATFORM_SPECIFIC.test(text));
  return options.flatMap((option, index) => {
    const [matched, value] = PLATFORM_SPECIFIC.exec(option.text) ?? [];
    if (matched === undefined) return [option];
    const others = option.isCertain ? [] : [option];
    return index === last && isOn(matched, value) ? [...others, ...ofPlatform()] : others;
  });
}

const PLATFORM_SPECIFIC = /^--(?:no)?enable_platform_specific_config(?:=(.*))?$/s;

function isOn(option: string, value: string | undefined): boolean {
  return !option.startsWith('--no') && (value === undefined || /^(1|t|true|y|yes)$/i.test(value));
}

/** The texts of the options that rc lines give a command, see `appliedOptions`. */
export function optionsFor(
  commands: readonly string[],
  lines: readonly RcLine[],
  platform: string,
): string[] {
  return appliedOptions(commands, lines, platform).map(({ text }) => text);
}

/** Options in one word each: if an option's value is a separate word, `--name value` becomes `--name=value`. */
export function joinedOptions(words: readonly string[]): string[] {
  return optionsIn(words).map(({ text }) => text);
}

/**
 * Splits words into options. Whether an option takes the next word as its value is known of some options only. After
 * the others, a word that begins with a dash may be either: it is an option of its own here, and not certain.
 */
function optionsIn(words: readonly string[]): { readonly text: string; readonly isCertain: boolean }[] {
  const options: { text: string; isCertain: boolean }[] = [];
  let open: 'closed' | 'certain' | 'uncertain' = 'closed';
  for (const word of words) {
    const last = options.at(-1);
    if (open === 'certain' && last !== undefined && !word.startsWith('-')) {
      last.text = `${last.text}=${word}`;
      open = 'closed';
      continue;
    }
    const isCertain: boolean = open === 'closed';
    const text = isCertain ? withLongName(word) : word;
    options.push({ text, isCertain });
    if (!mayTakeNext(withLongName(text))) open = 'closed';
    else open = isCertain ? 'certain' : 'uncertain';
  }
  return options;
}

function mayTakeNext(word: string): boolean {
  const name = /^--([^=]+)$/s.exec(word)?.[1];
  // The value of a build setting is always part of its word: `--//config:tone=formal`, `--no//config:loud`.
  return name !== undefined && !/^(no)?(\/\/|@)/.test(name) && !isSwitch(name);
}
