/**
 * What GitHub and the kernel take of the strings that go from the plan to the jobs after it, and how long such a string
 * is by the time it gets there.
 */

/**
 * Most bytes of an input of an action, with `INPUT_NAME=` before it. Linux starts no program with a string of 131,072
 * bytes or more, its final NUL included, in its environment or arguments: MAX_ARG_STRLEN in execve(2).
 */
export const MOST_INPUT_BYTES = 131_071;

/**
 * Most UTF-16 units of all outputs of a job together: GitHub counts them as UTF-16, and takes 1 MB.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs
 */
export const MOST_OUTPUT_UNITS = 500_000;

/** What is left for all outputs of the plan but its matrices, in bytes, and so in UTF-16 units: none of them is long. */
export const OTHER_OUTPUTS = 16_384;

/** Most UTF-16 units of a sentence in an output: it may name paths, which take 4,096 bytes each. */
export const MOST_SENTENCE_UNITS = 1_000;

/**
 * The bytes that a value takes as GitHub's `toJSON` writes it: with line ends and two spaces for each level, in UTF-8.
 * Characters that only some runners write as `\u…` count as if all did: Newtonsoft's (GitHub) writes U+0085, U+2028 and
 * U+2029 so, and Go's (act) `<`, `>` and `&`.
 */
export function bytesOfToJson(value: unknown): number {
  const written = JSON.stringify(value, null, 2);
  const escaped = written.match(/[<>&\u0085\u2028\u2029]/g) ?? [];
  const before = escaped.reduce((sum, character) => sum + Buffer.byteLength(character), 0);
  return Buffer.byteLength(written) + String.raw`\u0000`.length * escaped.length - before;
}
