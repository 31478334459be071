/**
 * A word in a Bazel query, quoted with the kind of quotes that it does not contain.
 *
 * @returns null if it contains both kinds, because a query has no escape for quotes
 */
export function quotedInQuery(word: string): string | null {
  if (!word.includes('"')) return `"${word}"`;
  return word.includes("'") ? null : `'${word}'`;
}
