import { plainText } from '../text/plain-text.js';

/**
 * Bazel's error messages in its output: each `ERROR:` or `FATAL` line with its continuation lines, in order and without
 * duplicates. Empty if there is none.
 */
export function errorMessages(output: string): string {
  const messages: string[][] = [];
  let open = false;
  for (const line of plainText(output).split('\n')) {
    if (/^(ERROR: |FATAL: |\[FATAL )/.test(line)) {
      messages.push([line]);
      open = true;
    } else if (open && !OTHER_MESSAGE.test(line)) {
      messages.at(-1)?.push(line);
    } else {
      open = false;
    }
  }
  return [...new Set(messages.map((lines) => lines.join('\n').trimEnd()))].join('\n');
}

/** An error and the position that Bazel reports for it. */
export interface LocatedError {
  /** Relative to the workspace. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/**
 * The errors in Bazel's output whose position is in a file of the workspace (with relative paths), in order and without
 * duplicates.
 */
export function locatedErrors(output: string): LocatedError[] {
  const found = new Map<string, LocatedError>();
  for (const [whole, file = '', line = '1', message = ''] of plainText(output).matchAll(LOCATED))
    found.set(whole, { file, line: Number(line), message });
  return [...found.values()];
}

const LOCATED = /^ERROR: ([^/\n][^:\n]*):(\d+):\d+: (.+)$/gm;

/** The beginning of a line that does not continue a preceding error message. */
const OTHER_MESSAGE =
  /^(INFO|WARNING|DEBUG|FAIL|FAILED|TIMEOUT|FLAKY|PASS|NO STATUS|INCOMPLETE): |^(FAILED: |INFO: ?|Target \/\/.*)$|^(Analyzing|Loading|Computing|Building|Executed|Use --|There were tests)\b|^\[[\d,]+ \/ [\d,]+\]|^(@@?[^/]*)?\/\/\S+ .*(PASSED|FAILED|TIMEOUT|NO STATUS|SKIPPED|FLAKY)/;
