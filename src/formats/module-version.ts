import { significantCode } from './starlark-tokens.js';

/**
 * A text made of the tokens of a MODULE.bazel file, without docstrings and without the version that the module gives
 * itself. Two files with equal texts define the same external repositories, unless code reads that version.
 */
export function codeWithoutOwnVersion(source: string): string {
  return significantCode(source)
    .replace(/^module \( ((?:[^()\n]*, )?)version = "(?:[^"\\\n]|\\.)*" ?(?:, )?/m, 'module ( $1')
    .replace(/^module \( ([^()\n]*?)(?:, )?\)/m, 'module ( $1)');
}
