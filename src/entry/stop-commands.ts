import { randomUUID } from 'node:crypto';

/** Prints immediately. */
export type Print = (chunk: string | Buffer) => unknown;

/** Makes GitHub's runner ignore all commands while other programs print, without delaying their output. */
export async function withCommandsStopped<T>(print: Print, work: () => Promise<T>): Promise<T> {
  const resume = randomUUID();
  print(`::stop-commands::${resume}\n`);
  try {
    return await work();
  } finally {
    print(`\n::${resume}::\n`);
  }
}
