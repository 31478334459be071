/**
 * A word of a Bazel query in the quotes that it does not hold.
 *
 * @returns null where it holds both kinds of quotes: a query has no way to escape one
 */
export function quotedInQuery(word: string): string | null {
  if (!word.includes('"')) return `"${word}"`;
  return word.includes("'") ? null : `'${word}'`;
}
