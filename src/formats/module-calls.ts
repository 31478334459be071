import { MODULE_FILE } from '../graph/bazel-files.js';
import { MainRepository } from '../graph/main-repository.js';
import type { Ends } from './printed-labels.js';
import { StarlarkFiles, type StarlarkFile } from './starlark-constants.js';
import { openTextsOf } from './starlark-open-texts.js';
import { expressionsIn, partsOfStatement, type Argument, type Expression } from './starlark-syntax.js';
import { statementsOf } from './starlark-parser.js';
import { significantCode } from './starlark-tokens.js';
import { textsOf, type Constant } from './starlark-values.js';

/** The calls in a MODULE.bazel file that decide in which order toolchains are considered. */
export interface ModuleCalls {
  /** The modules that it depends on, by name, in its order, and between them the files that it includes. */
  readonly dependencies: readonly string[];
  /**
   * The registrations of toolchains and execution platforms, the files that it includes, and its aliases of flags, in its
   * order: the name of the function, and the patterns or texts.
   */
  readonly registrations: readonly Registration[];
  /** The code of the file if it has to be known to know all registrations and their order; null if it does not. */
  readonly unread: string | null;
  /** Whether all patterns that the file may register are among those of the registrations. */
  readonly isComplete: boolean;
}

export interface Registration {
  readonly function: string;
  readonly patterns: readonly RegisteredPattern[];
  /** Whether it certainly counts only for the main module. */
  readonly isForDevelopment: boolean;
}

/**
 * A pattern; if the file puts it together from parts, how it begins, which is not empty, and how it ends. Null stands for
 * one of which nothing is known.
 */
export type RegisteredPattern = string | Ends | null;

const TOOLCHAINS = 'register_toolchains';
const EXECUTION_PLATFORMS = 'register_execution_platforms';
const REGISTERING = new Set([TOOLCHAINS, EXECUTION_PLATFORMS]);

/** Included files can register, too, and an alias changes what an option means. */
const INCLUDE = 'include';
const FLAG_ALIAS = 'flag_alias';

const ORDERED = new Set([...REGISTERING, INCLUDE, FLAG_ALIAS]);

/**
 * Stands in the calls of several files where one of them ends: what moves from one file to another may change its place
 * among that of others.
 */
export const END_OF_FILE = 'end of file';

/** Whether the patterns are those of toolchains or execution platforms. */
export function registersPatterns({ function: name }: Registration): boolean {
  return REGISTERING.has(name);
}

/** Whether the patterns are those of toolchains. */
export function registersToolchains({ function: name }: Registration): boolean {
  return name === TOOLCHAINS;
}

/** Whether the patterns are those of execution platforms. */
export function registersExecutionPlatforms({ function: name }: Registration): boolean {
  return name === EXECUTION_PLATFORMS;
}

/** Whether a module includes other files, whose registrations are not among its own. */
export function includesFiles({ registrations }: ModuleCalls): boolean {
  return registrations.some((each) => each.function === INCLUDE);
}

/**
 * Reads a MODULE.bazel file, or a file that it includes.
 *
 * @throws StarlarkSyntaxError
 */
export function moduleCallsIn(text: string): ModuleCalls {
  const statements = statementsOf(text);
  const expressions = statements
    .flatMap(partsOfStatement)
    .flatMap((expression) => [...expressionsIn(expression)]);
  const calls = expressions.flatMap((expression) => {
    if (expression.kind !== 'call' || expression.callee.kind !== 'name') return [];
    return [{ name: expression.callee.name, given: expression.arguments }];
  });
  const ordered = calls.filter(({ name }) => ORDERED.has(name));
  const valueOf = constantsOf({ path: MODULE_FILE, statements, expressions });
  const written = ordered.map(({ name, given }) => given.filter((argument) => isWritten(name, argument)));
  const registrations = ordered.map(({ name, given }, index) => ({
    function: name,
    patterns: (written[index] ?? []).flatMap((argument) => patternsIn(argument, valueOf)),
    isForDevelopment: isGiven(given, 'dev_dependency', 'True'),
  }));
  const mentions = expressions.filter((each) => each.kind === 'name' && ORDERED.has(each.name));
  const isComplete =
    mentions.length === ordered.length &&
    !calls.some(({ name, given }) => name === 'bazel_dep' && nameOfDependency(given) === null) &&
    !registrations.some(({ patterns }) => patterns.includes(null)) &&
    !ordered.some(({ given }) => given.some((each) => each.name === 'dev_dependency') && !isCertain(given));
  return {
    dependencies: dependenciesIn(calls.filter(({ name }) => name === 'bazel_dep' || name === INCLUDE)),
    registrations,
    unread: isComplete && written.flat().every(isLiteral) ? null : significantCode(text),
    isComplete,
  };
}

/** What expressions of a file mean, which cannot load others. */
function constantsOf(file: StarlarkFile): (expression: Expression) => Constant | null {
  const files = new StarlarkFiles(new Map(), MainRepository.named());
  return (expression) => files.valueOf(expression, file);
}

/** The patterns are arguments by position, and everything else has names. */
function isWritten(calls: string, { name }: Argument): boolean {
  return name === null || name.startsWith('*') || (!REGISTERING.has(calls) && name !== 'dev_dependency');
}

interface ModuleCall {
  readonly name: string;
  readonly given: readonly Argument[];
}

/** A module that is named several times, in several versions, is told apart by all that is given. */
function dependenciesIn(calls: readonly ModuleCall[]): string[] {
  const names = calls.map(({ name, given }) => (name === INCLUDE ? null : nameOfDependency(given)));
  return calls.map((call, index) => {
    const name = names[index] ?? null;
    const isUnique = name !== null && names.indexOf(name) === names.lastIndexOf(name);
    return isUnique ? name : JSON.stringify(call);
  });
}

function nameOfDependency(given: readonly Argument[]): string | null {
  const named = given.find(({ name }) => name === 'name') ?? given.find(({ name }) => name === null);
  return named?.value.kind === 'string' ? named.value.value : null;
}

function isLiteral({ name, value }: Argument): boolean {
  return name?.startsWith('*') !== true && value.kind === 'string';
}

/** The patterns that an argument may stand for. */
function patternsIn(
  { name, value }: Argument,
  valueOf: (expression: Expression) => Constant | null,
): readonly RegisteredPattern[] {
  if (name === '**') return [null];
  if (name !== '*') return patternsOf(value, valueOf);
  const items = valueOf(value);
  if (items?.kind === 'list')
    return items.items.flatMap((item): readonly RegisteredPattern[] => textsOf(item) ?? [null]);
  if (value.kind === 'list') return value.items.flatMap((item) => patternsOf(item, valueOf));
  const [made] = value.kind === 'comprehension' ? value.parts : [];
  return made === undefined ? [null] : patternsOf(made, valueOf);
}

function patternsOf(
  expression: Expression,
  valueOf: (expression: Expression) => Constant | null,
): readonly RegisteredPattern[] {
  return (openTextsOf(expression, valueOf) ?? [null]).map((found) => {
    if (found === null) return null;
    if (found.kind === 'whole') return found.text;
    const start = found.start.replace(/^-/, '');
    return start === '' ? null : { start, end: found.end };
  });
}

function isCertain(given: readonly Argument[]): boolean {
  return isGiven(given, 'dev_dependency', 'True') || isGiven(given, 'dev_dependency', 'False');
}

function isGiven(given: readonly Argument[], name: string, constant: string): boolean {
  const found = given.find((argument) => argument.name === name);
  return found?.value.kind === 'name' && found.value.name === constant;
}
