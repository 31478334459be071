import { plainText } from '../text/plain-text.js';

/**
 * Bazel's error messages out of what it printed: each `ERROR:` or `FATAL` line with the lines that belong to it, in order, each
 * once. Empty if there is none.
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

/** An error with the place that Bazel names for it. */
export interface LocatedError {
  /** Relative to the workspace. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** The errors in what Bazel printed that name a file of the workspace (its paths relative), in order, each once. */
export function locatedErrors(output: string): LocatedError[] {
  const found = new Map<string, LocatedError>();
  for (const [whole, file = '', line = '1', message = ''] of plainText(output).matchAll(LOCATED))
    found.set(whole, { file, line: Number(line), message });
  return [...found.values()];
}

const LOCATED = /^ERROR: ([^/\n][^:\n]*):(\d+):\d+: (.+)$/gm;

/** The beginning of a line that is not part of an error before it. */
const OTHER_MESSAGE =
  /^(INFO|WARNING|DEBUG|FAIL|FAILED|TIMEOUT|FLAKY|PASS|NO STATUS|INCOMPLETE): |^(FAILED: |INFO: ?|Target \/\/.*)$|^(Analyzing|Loading|Computing|Building|Executed|Use --|There were tests)\b|^\[[\d,]+ \/ [\d,]+\]|^(@@?[^/]*)?\/\/\S+ .*(PASSED|FAILED|TIMEOUT|NO STATUS|SKIPPED|FLAKY)/;
