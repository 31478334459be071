import { isMainRepository, makeLabel, nameOf, packageOf, parseLabel, type Label } from '../graph/label.js';

/** A target pattern of the main repository, positive or negative. */
export interface TargetPattern {
  readonly text: string;
  readonly negative: boolean;
  readonly matches: (label: Label) => boolean;
}

/** Says that a text is no target pattern. */
export class PatternError extends Error {
  override name = 'PatternError';
}

/**
 * Reads a target pattern as Bazel's command line takes it: `//a:b`, `//a`, `//a:all`, `//a:*`, `//a/...`, each with an
 * optional `-` before it. See https://bazel.build/run/build#specifying-build-targets
 *
 * @throws PatternError if it is none, or names another repository
 */
export function parsePattern(text: string): TargetPattern {
  const negative = text.startsWith('-');
  const body = (negative ? text.slice(1) : text).replace(/^@@?(?=\/\/)/, '');
  if (!body.startsWith('//'))
    throw new PatternError(`${JSON.stringify(text)} is no target pattern of the main repository`);
  return { text, negative, matches: matcherOf(body) };
}

/**
 * Whether the patterns select a label: the last pattern that matches decides, as on Bazel's command line. Where all
 * patterns are negative, they are taken from `//...`.
 *
 * @returns null if selected, else the text of the pattern that excludes it, or `''` if none matches
 */
export function exclusionBy(patterns: readonly TargetPattern[], label: Label): string | null {
  const last = patterns.findLast((pattern) => pattern.matches(label));
  if (last !== undefined) return last.negative ? last.text : null;
  return patterns.every((pattern) => pattern.negative) ? null : '';
}

function matcherOf(body: string): (label: Label) => boolean {
  const recursive = /^\/\/(?:(.*)\/)?\.\.\.(?::(?:all|\*|all-targets))?$/.exec(body);
  if (recursive !== null) {
    const folder = recursive[1] ?? '';
    return (label) =>
      isMainRepository(label) &&
      (folder === '' || packageOf(label) === folder || packageOf(label).startsWith(`${folder}/`));
  }
  const label = parseLabel(body);
  if (['all', '*', 'all-targets'].includes(nameOf(label))) {
    return (other) => isMainRepository(other) && packageOf(other) === packageOf(label);
  }
  const exact = makeLabel(packageOf(label), nameOf(label));
  return (other) => other === exact;
}
