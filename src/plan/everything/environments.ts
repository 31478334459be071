import { tokensOf } from '../../formats/starlark-tokens.js';

const DEFAULTS = new Set(['default_restricted_to', 'default_compatible_with']);

/**
 * Whether a BUILD or .bzl file names what `package(…)` says of the environments of a package's rules: as an argument, or as
 * a string that can become one.
 */
export function namesDefaultEnvironments(source: string): boolean {
  // Few files do: most need no scan.
  if (![...DEFAULTS].some((name) => source.includes(name))) return false;
  return [...tokensOf(source)].some(
    (token) =>
      (token.kind === 'name' && DEFAULTS.has(token.text)) ||
      (token.kind === 'string' && DEFAULTS.has(token.value)),
  );
}
