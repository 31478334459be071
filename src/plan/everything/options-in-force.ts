import { appliedOptions, joinedOptions, type Option } from '../../formats/rc-lines.js';
import type { RcLine } from '../../formats/rc.js';
import { isHarmless } from './harmless-options.js';

/** What decides, besides the rc files of a revision, which options apply to the calls of Bazel in legs. */
export interface LegCalls {
  /** The options on the command lines of the legs, in words. Those of one leg may be missing in another. */
  readonly flags: readonly string[];
  /** The configurations that `--enable_platform_specific_config` turns on: one for each system that legs run on. */
  readonly platforms: readonly string[];
  /** The words of rc files that belong to no revision. They may be secret, so reasons do not show them. */
  readonly secretWords: ReadonlySet<string>;
}

/** The commands that legs call, with the commands whose rc lines apply to them. */
const LEG_COMMANDS: readonly (readonly string[])[] = [
  ['always', 'common', 'build', 'test'],
  ['always', 'common', 'build'],
  ['always', 'common', 'build', 'run'],
];

const STARTUP = 'startup';

/**
 * Compares the options that the legs run with at two revisions, without the harmless ones.
 *
 * @param base the lines of all rc files in force, with each import replaced by the lines of the imported file. An
 *   import that is still there cannot be followed, and counts as an option itself.
 * @returns the first difference, in words; null if there is none
 */
export function differenceOfOptions(
  base: readonly RcLine[],
  head: readonly RcLine[],
  calls: LegCalls,
): string | null {
  const shown = (option: string): string => shortened(withoutSecret(option, calls.secretWords));
  const imports = difference(importsOf(base), importsOf(head), 'an rc file', shown);
  if (imports !== null) return imports;
  const startup = difference(
    harmful(appliedOptions([STARTUP], base, '')),
    harmful(appliedOptions([STARTUP], head, '')),
    'the start of bazel',
    shown,
  );
  if (startup !== null) return startup;
  // A leg may lack options that another one has, so the legs also count without any.
  const commandLines = calls.flags.length === 0 ? [[]] : [calls.flags, []];
  for (const commands of LEG_COMMANDS) {
    const [command = ''] = commands.slice(-1);
    for (const words of commandLines) {
      for (const platform of calls.platforms) {
        const optionsOf = (lines: readonly RcLine[]): string[] =>
          harmful(appliedOptions(commands, [...lines, { command, words }], platform));
        const found = difference(optionsOf(base), optionsOf(head), `bazel ${command}`, shown);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

/** A harmless value counts if a harmful one of the same option is there, because the last of them is in force. */
function harmful(options: readonly Option[]): string[] {
  const names = new Set(
    options.filter((option) => !isHarmless(option)).map(({ text }) => positiveName(text)),
  );
  return options
    .filter((option) => !isHarmless(option) || names.has(positiveName(option.text)))
    .map(({ text }) => text);
}

function importsOf(lines: readonly RcLine[]): string[] {
  return lines
    .filter(({ command }) => isImport(command))
    .map(({ command, words }) => [command, ...words].join(' '));
}

/** Whether a line of an rc file imports another one. */
export function isImport(command: string): boolean {
  return /^(try-)?import/.test(command);
}

/** The first difference between two lists of options of a command, in words; null if they are equal. */
function difference(
  base: readonly string[],
  head: readonly string[],
  command: string,
  shown: (option: string) => string,
): string | null {
  const [onlyBase, onlyHead] = [withoutEqual(base, head), withoutEqual(head, base)];
  const [before] = onlyBase;
  if (before === undefined && onlyHead.length === 0) {
    const moved = head.find((option, index) => option !== base[index]);
    return moved === undefined
      ? null
      : `${command} has the option ${shortened(optionName(moved))} at another place`;
  }
  const replaced = before === undefined ? undefined : onlyHead.find((option) => haveSameName(option, before));
  const after = before === undefined ? onlyHead[0] : replaced;
  if (after === undefined)
    return `${command} has the option ${shown(before ?? '')} at the base, and not at the head`;
  return before === undefined
    ? `${command} has the option ${shown(after)} at the head, and not at the base`
    : `${command} has the option ${shown(after)} at the head, and ${shown(before)} at the base`;
}

/** The elements of a list that another list lacks, each as often as it lacks it. */
function withoutEqual(list: readonly string[], other: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const each of other) counts.set(each, (counts.get(each) ?? 0) + 1);
  return list.filter((each) => {
    const count = counts.get(each) ?? 0;
    counts.set(each, count - 1);
    return count <= 0;
  });
}

function haveSameName(option: string, other: string): boolean {
  return positiveName(option) === positiveName(other);
}

function positiveName(option: string): string {
  return optionName(option).replace(/^--no/, '--');
}

function optionName(option: string): string {
  return /^[^=]*/.exec(option)?.[0] ?? option;
}

/** An option in a reason, which stands in one line of the log. */
const LONGEST_SHOWN = 200;

function shortened(option: string): string {
  return option.length > LONGEST_SHOWN ? `${option.slice(0, LONGEST_SHOWN)}…` : option;
}

function withoutSecret(option: string, secretWords: ReadonlySet<string>): string {
  const value = option.slice(optionName(option).length + 1);
  return secretWords.has(option) || secretWords.has(value) ? `${optionName(option)}=…` : option;
}

/**
 * The lines whose options may apply to the legs: those for their commands, without configurations that nothing turns
 * on.
 */
export function linesInForce(lines: readonly RcLine[], turnedOn: ReadonlySet<string>): RcLine[] {
  return lines.filter(({ command }) => {
    const [name = '', configuration] = command.split(/:(.*)/s);
    if (!COMMANDS_IN_FORCE.has(name)) return isImport(command);
    return configuration === undefined || turnedOn.has(configuration);
  });
}

const COMMANDS_IN_FORCE = new Set([STARTUP, ...LEG_COMMANDS.flat()]);

/** The configurations that rc lines, or the command lines of the legs, turn on, directly or through each other. */
export function configurationsTurnedOn(
  lines: readonly RcLine[],
  { flags, platforms }: LegCalls,
): ReadonlySet<string> {
  const turnedOn = new Set<string>();
  let count: number;
  do {
    count = turnedOn.size;
    const words = [...linesInForce(lines, turnedOn).flatMap((line) => line.words), ...flags];
    for (const name of configurationsIn(words)) turnedOn.add(name);
    if (words.some((word) => word.startsWith('--enable_platform_specific_config')))
      for (const platform of platforms) turnedOn.add(platform);
  } while (turnedOn.size > count);
  return turnedOn;
}

function configurationsIn(words: readonly string[]): string[] {
  return joinedOptions(words).flatMap((option) => /^--config=(.*)$/s.exec(option)?.[1] ?? []);
}
