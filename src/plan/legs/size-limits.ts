/**
 * The limits of GitHub and the kernel for the strings that pass from the plan to the jobs after it, and the length of
 * such a string in the form in which it arrives.
 */

/**
 * The most bytes of an input of an action, including `INPUT_NAME=` before it. Linux starts no program that has a string
 * of 131,072 bytes or more, its final NUL included, in its environment or arguments: MAX_ARG_STRLEN in execve(2).
 */
export const MOST_INPUT_BYTES = 131_071;

/**
 * The most UTF-16 units of all outputs of a job together. GitHub counts them as UTF-16, and accepts 1 MB.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs
 */
export const MOST_OUTPUT_UNITS = 500_000;

/**
 * The space that is reserved for the outputs of the plan other than its matrices, in bytes, and so in UTF-16 units. All
 * of them are short.
 */
export const OTHER_OUTPUTS = 16_384;

/**
 * The most UTF-16 units of a sentence in an output. Without a limit it could be long, because it may name paths of
 * 4,096 bytes each.
 */
export const MOST_SENTENCE_UNITS = 1_000;

/**
 * The bytes of a value as GitHub's `toJSON` writes it: with line ends and two spaces for each level, in UTF-8.
 * Characters that only some runners write as `\u…` are counted as if all runners did: Newtonsoft's library (GitHub)
 * escapes U+0085, U+2028 and U+2029, and Go's (act) escapes `<`, `>` and `&`.
 */
export function bytesOfToJson(value: unknown): number {
  const written = JSON.stringify(value, null, 2);
  const escaped = written.match(/[<>&\u0085\u2028\u2029]/g) ?? [];
  const before = escaped.reduce((sum, character) => sum + Buffer.byteLength(character), 0);
  return Buffer.byteLength(written) + String.raw`\u0000`.length * escaped.length - before;
}
