import { tokensOf } from '../../formats/starlark-tokens.js';

const DEFAULTS = new Set(['default_restricted_to', 'default_compatible_with']);

/**
 * Whether a BUILD or .bzl file names an argument of `package(…)` that sets the default environments of the package's
 * rules, either as an argument or as a string that can become one.
 */
export function namesDefaultEnvironments(source: string): boolean {
  // Most files do not contain these names, so they need no scan.
  if (![...DEFAULTS].some((name) => source.includes(name))) return false;
  return [...tokensOf(source)].some(
    (token) =>
      (token.kind === 'name' && DEFAULTS.has(token.text)) ||
      (token.kind === 'string' && DEFAULTS.has(token.value)),
  );
}
