import { randomUUID } from 'node:crypto';

/** Prints at once. */
export type Print = (chunk: string | Buffer) => unknown;

/** Lets GitHub's runner take no commands at all while others print, as they print. */
export async function withCommandsStopped<T>(print: Print, work: () => Promise<T>): Promise<T> {
  const resume = randomUUID();
  print(`::stop-commands::${resume}\n`);
  try {
    return await work();
  } finally {
    print(`\n::${resume}::\n`);
  }
}
