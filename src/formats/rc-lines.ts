import { parseRc, splitWords, workspacePathIn, type RcLine } from './rc.js';

/** The text of a file; null if it cannot be read. */
export type ReadText = (path: string) => string | null;

const PLAIN_IMPORT = /^(try-)?import$/;

/**
 * The lines of an rc file, with each import replaced by the lines of the imported file. An import that cannot be read
 * stays, so that Bazel reports the error.
 *
 * @param path absolute, or relative to the workspace; the same holds for the paths passed to `read`
 */
export function linesWithImports(path: string, read: ReadText): RcLine[] {
  const follow = (file: string, importedBy: readonly string[]): RcLine[] | null => {
    if (importedBy.includes(file)) return null;
    const text = read(file);
    if (text === null) return null;
    return parseRc(text).flatMap((line): RcLine[] => {
      const [imported] = line.words;
      if (!PLAIN_IMPORT.test(line.command) || imported === undefined) return [line];
      return follow(workspacePathIn(imported), [...importedBy, file]) ?? [line];
    });
  };
  return follow(path, []) ?? [];
}

export function rcText(lines: readonly RcLine[]): string {
  return lines.map(({ command, words }) => `${[command, ...words.map(quoted)].join(' ')}\n`).join('');
}

/** A word as it must be written in an rc file: quoted if it would otherwise not be read as one word. */
export function quoted(word: string): string {
  const [same, ...more] = splitWords(word);
  return same === word && more.length === 0 ? word : `"${word.replace(/[\\"]/g, '\\$&')}"`;
}

/** How deeply configurations may turn each other on. More means that they form a circle. */
const DEEPEST_CONFIGURATION = 20;

/**
 * The options that rc lines give a command, in Bazel's order: the options of more general commands come first, and the
 * options of a configuration replace the option that turns it on. See https://bazel.build/run/bazelrc#option-defaults
 *
 * @param commands the commands whose lines count, such as `common`, `build`, `test`
 * @param platform the configuration that `--enable_platform_specific_config` turns on
 * @returns each option as one word, `--name` or `--name=value`
 */
export function optionsFor(
  commands: readonly string[],
  lines: readonly RcLine[],
  platform: string,
): string[] {
  const ofConfiguration = (name: string, depth: number): string[] => {
    if (depth > DEEPEST_CONFIGURATION) return [];
    return commands.flatMap((command) =>
      lines
        .filter((line) => line.command === (name === '' ? command : `${command}:${name}`))
        .flatMap(({ words }) => joinedOptions(words))
        .flatMap((option) => {
          const config = option.startsWith('--config=') ? option.slice('--config='.length) : null;
          return config === null ? [option] : ofConfiguration(config, depth + 1);
        }),
    );
  };
  const options = ofConfiguration('', 0);
  const specific = options.findLast((option) => PLATFORM_SPECIFIC.test(option));
  return specific === '--enable_platform_specific_config'
    ? [...options, ...ofConfiguration(platform, 1)]
    : options;
}

const PLATFORM_SPECIFIC = /^--(no)?enable_platform_specific_config$/;

/** Options in one word each: if an option's value is a separate word, `--name value` becomes `--name=value`. */
export function joinedOptions(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (word.startsWith('-') || last?.startsWith('--') !== true || last.includes('=')) joined.push(word);
    else joined[joined.length - 1] = `${last}=${word}`;
  }
  return joined;
}
