import { parseLabel } from '../graph/label.js';

/** How a text begins and ends, if something in between is unknown. */
export interface Ends {
  readonly start: string;
  readonly end: string;
}

/** Whether Bazel reads a text as a label of some repository, and not as one that is relative to a package. */
export function isAbsoluteLabel(text: string): boolean {
  return /^(@|\/\/)/.test(text);
}

/**
 * An absolute label as Bazel prints it, apart from how it names the repository: with the name of the target, also if the
 * text leaves that out, and without a `/.` at its end.
 */
export function printedLabel(text: string): string {
  const [, repository] = /^@@?([^/]*)$/.exec(text) ?? [];
  if (repository !== undefined) return `${text}//:${repository}`;
  return text.includes('//') ? parseLabel(withoutDot(text)) : text;
}

/**
 * How a label of which the start and the end are known begins and ends when Bazel prints it. The start has a `//`.
 *
 * Bazel takes a label as it is written: it refuses `..`, `//` in the middle and the like instead of resolving them. There
 * are two exceptions. It adds the name to a label without one, as in `//a/b`, which is `//a/b:b`; so the end counts only
 * if a `:` is known to stand before it. And it leaves out a `/.` at the end of a name.
 */
export function printedEnds({ start, end }: Ends): Ends {
  if (!start.includes(':') && !end.includes(':')) return { start, end: '' };
  const isEndKept = end !== '' && !/[./]$/.test(end);
  if (isEndKept) return { start, end };
  return { start: start.includes(':') ? start.replace(/\/\.?$/, '') : start, end: '' };
}

/** A label, also a relative one, without the `/.` that Bazel leaves out at its end. */
export function withoutDot(text: string): string {
  return text.replace(/\/\.$/, '');
}
