import { createInterface } from 'node:readline/promises';
import { withoutCommands } from '../text/harmless.js';

/** Prints the result to standard output. In a job on GitHub, names in it must not act as commands to the runner. */
export function print(result: string): void {
  process.stdout.write(withoutCommands(result.endsWith('\n') ? result : `${result}\n`));
}

/** Prints a message for the user to standard error. */
export function tell(sentence: string): void {
  process.stderr.write(withoutCommands(`bazel-affected: ${sentence}\n`));
}

/**
 * Prints JSON in pieces, without `##[`, which the runner would take for a command. A line of JSON never begins with
 * `::`.
 */
export function printPieces(pieces: Iterable<string>): void {
  for (const piece of pieces) process.stdout.write(piece.replaceAll('##[', String.raw`\u0023#[`));
  process.stdout.write('\n');
}

/** Prints a result in pieces, each of which is whole lines or the like. Names in it must not act as commands to the runner. */
export function printTexts(pieces: Iterable<string>): void {
  for (const piece of pieces) process.stdout.write(withoutCommands(piece));
}

/** Asks the user something. @returns the answer; null if there is no terminal on which to ask */
export async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(withoutCommands(question));
  } finally {
    terminal.close();
  }
}
