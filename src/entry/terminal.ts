import { withoutCommands } from '../text/harmless.js';

/** Prints the result to standard output. In a job on GitHub, the runner takes no name in it for a command. */
export function print(result: string): void {
  process.stdout.write(withoutCommands(result.endsWith('\n') ? result : `${result}\n`));
}

/** Tells the user something besides the result, on standard error. */
export function tell(sentence: string): void {
  process.stderr.write(withoutCommands(`bazel-affected: ${sentence}\n`));
}

/** Prints JSON, in pieces, in which the runner sees no `##[`; no line of JSON begins with `::`. */
export function printPieces(pieces: Iterable<string>): void {
  for (const piece of pieces) process.stdout.write(piece.replaceAll('##[', String.raw`\u0023#[`));
  process.stdout.write('\n');
}
