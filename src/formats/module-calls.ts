import { expressionsIn, partsOfStatement, type Argument, type Expression } from './starlark-syntax.js';
import { statementsOf } from './starlark-parser.js';

/** The calls in a MODULE.bazel file that decide in which order toolchains are considered. */
export interface ModuleCalls {
  /** The modules that it depends on, by name, in its order. */
  readonly dependencies: readonly string[];
  /**
   * The registrations of toolchains and execution platforms, in its order: the name of the function, and the patterns.
   * Null stands for a pattern that is not written there as a text.
   */
  readonly registrations: readonly Registration[];
}

export interface Registration {
  readonly function: string;
  readonly patterns: readonly (string | null)[];
  /** Whether it counts only for the main module. */
  readonly isForDevelopment: boolean;
}

const REGISTERING = new Set(['register_toolchains', 'register_execution_platforms']);

/**
 * Reads a MODULE.bazel file, or a file that it includes.
 *
 * @throws StarlarkSyntaxError
 */
export function moduleCallsIn(text: string): ModuleCalls {
  const calls = statementsOf(text)
    .flatMap(partsOfStatement)
    .flatMap((expression) => [...expressionsIn(expression)])
    .flatMap((expression) => {
      if (expression.kind !== 'call' || expression.callee.kind !== 'name') return [];
      return [{ name: expression.callee.name, given: expression.arguments }];
    });
  return {
    dependencies: calls.flatMap(({ name, given }) => (name === 'bazel_dep' ? dependencyIn(given) : [])),
    registrations: calls
      .filter(({ name }) => REGISTERING.has(name))
      .map(({ name, given }) => ({
        function: name,
        patterns: given
          .filter((argument) => argument.name === null || argument.name.startsWith('*'))
          .map(textOf),
        isForDevelopment: isTrue(given, 'dev_dependency'),
      })),
  };
}

function dependencyIn(given: readonly Argument[]): string[] {
  const named = given.find(({ name }) => name === 'name') ?? given.find(({ name }) => name === null);
  return named?.value.kind === 'string' ? [named.value.value] : [];
}

function textOf({ name, value }: Argument): string | null {
  return name === null && value.kind === 'string' ? value.value : null;
}

function isTrue(given: readonly Argument[], name: string): boolean {
  const found = given.find((argument) => argument.name === name);
  return found !== undefined && !isName(found.value, 'False');
}

function isName(expression: Expression, name: string): boolean {
  return expression.kind === 'name' && expression.name === name;
}
