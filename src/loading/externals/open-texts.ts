/** Stands for an unknown part of a text that code composes. */
export const UNKNOWN = '\0';

/** The known parts of a text: its start, its end, and what stands between two unknown parts. */
export interface KnownParts {
  readonly start: string;
  readonly end: string;
  readonly middle: readonly string[];
}

/** @returns null if all of the text is known */
export function knownPartsOf(pattern: string): KnownParts | null {
  const [start, ...others] = pattern.split(UNKNOWN);
  const end = others.pop();
  return start === undefined || end === undefined ? null : { start, end, middle: others };
}

/** Whether a text consists of these parts, with anything between them. */
export function fits(text: string, { start, end, middle }: KnownParts): boolean {
  if (text.length < start.length + end.length || !text.startsWith(start) || !text.endsWith(end)) return false;
  const between = text.slice(start.length, text.length - end.length);
  let at = 0;
  for (const part of middle) {
    const found = between.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
