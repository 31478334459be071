import { registersPatterns, type Registration } from './module-calls.js';
import { QueryOutputError } from './query-proto.js';
import { statementsOf, StarlarkSyntaxError } from './starlark-parser.js';
import { expressionsIn, partsOfStatement, type Expression } from './starlark-syntax.js';

/**
 * Reads what the code of a WORKSPACE file registers, in its order, from the file that `bazel sync` writes about what it
 * resolved. Patterns are as the code wrote them.
 *
 * @throws QueryOutputError
 */
export function parseResolvedRegistrations(text: string): Registration[] {
  const found = expressionsOf(text).flatMap((expression) => {
    const name = textOf(entryOf(expression, 'original_rule_class'));
    const registration = { function: name ?? '', patterns: [], isForDevelopment: false };
    if (!registersPatterns(registration)) return [];
    const given = entryOf(entryOf(expression, 'original_attributes'), '*args');
    const patterns = given?.kind === 'list' ? given.items.map(textOf) : [null];
    if (!patterns.every((pattern) => pattern !== null)) throw unknownForm();
    return [{ ...registration, patterns }];
  });
  // Bazel writes both, also if nothing is registered.
  if (found.length !== BOTH) throw unknownForm();
  return found;
}

/** Toolchains and execution platforms. */
const BOTH = 2;

function expressionsOf(text: string): Expression[] {
  try {
    return statementsOf(text)
      .flatMap(partsOfStatement)
      .flatMap((expression) => [...expressionsIn(expression)]);
  } catch (error) {
    if (error instanceof StarlarkSyntaxError) throw unknownForm();
    throw error;
  }
}

function unknownForm(): QueryOutputError {
  return new QueryOutputError(
    'bazel sync does not say which toolchains and execution platforms are registered',
  );
}

function entryOf(expression: Expression | undefined, name: string): Expression | undefined {
  if (expression?.kind !== 'dict') return undefined;
  return expression.entries.find(({ key }) => textOf(key) === name)?.value;
}

function textOf(expression: Expression | undefined): string | null {
  return expression?.kind === 'string' ? expression.value : null;
}
