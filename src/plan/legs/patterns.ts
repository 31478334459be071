import type { Graph } from '../../graph/graph.js';
import { isMainRepository, makeLabel, nameOf, packageOf, parseLabel, type Label } from '../../graph/label.js';

/** A target pattern of the main repository, positive or negative. */
export interface TargetPattern {
  readonly text: string;
  readonly negative: boolean;
  /** The one target that it can match; null if it can match several targets. */
  readonly target: Label | null;
  readonly matches: (label: Label) => boolean;
}

/** A text is not a target pattern. */
export class PatternError extends Error {
  override name = 'PatternError';
}

/**
 * Parses a target pattern as Bazel's command line accepts it: `//a:b`, `//a`, `//a:all`, `//a:*`, `//a/...`, each with
 * an optional `-` before it. See https://bazel.build/run/build#specifying-build-targets
 *
 * @throws PatternError if it is not a pattern, or names another repository
 */
export function parsePattern(text: string): TargetPattern {
  const negative = text.startsWith('-');
  const body = (negative ? text.slice(1) : text).replace(/^@@?(?=\/\/)/, '');
  if (!body.startsWith('//'))
    throw new PatternError(`${JSON.stringify(text)} is not a target pattern of the main repository`);
  return { text, negative, ...matcherOf(body) };
}

/**
 * Tells whether the patterns exclude a label. As on Bazel's command line, the last pattern that matches decides. If all
 * patterns are negative, they are subtracted from `//...`.
 *
 * @returns null if the label is selected, else the text of the pattern that excludes it, or `''` if none matches
 */
export function exclusionBy(patterns: readonly TargetPattern[], label: Label): string | null {
  const last = patterns.findLast((pattern) => pattern.matches(label));
  if (last !== undefined) return last.negative ? last.text : null;
  return patterns.every((pattern) => pattern.negative) ? null : '';
}

/** The positive patterns that match no target of the graph, so that they never select anything. */
export function matchingNothing(patterns: readonly TargetPattern[], graph: Graph): TargetPattern[] {
  const packages = [...graph.packagePaths];
  const matchesSome = ({ target, matches }: TargetPattern): boolean =>
    target === null ? packages.some((path) => matches(makeLabel(path, 'any'))) : graph.has(target);
  return patterns.filter((pattern) => !pattern.negative && !matchesSome(pattern));
}

function matcherOf(body: string): Pick<TargetPattern, 'target' | 'matches'> {
  const recursive = /^\/\/(?:(.*)\/)?\.\.\.(?::(?:all|\*|all-targets))?$/.exec(body);
  if (recursive !== null) {
    const folder = recursive[1] ?? '';
    const matches = (label: Label): boolean =>
      isMainRepository(label) &&
      (folder === '' || packageOf(label) === folder || packageOf(label).startsWith(`${folder}/`));
    return { target: null, matches };
  }
  const label = parseLabel(body);
  if (['all', '*', 'all-targets'].includes(nameOf(label))) {
    const matches = (other: Label): boolean =>
      isMainRepository(other) && packageOf(other) === packageOf(label);
    return { target: null, matches };
  }
  const target = makeLabel(packageOf(label), nameOf(label));
  return { target, matches: (other) => other === target };
}
