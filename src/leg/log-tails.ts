import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Log, Outcome } from './result/outcome.js';
import { plainText, tail } from '../text/plain-text.js';

/** Of one log at most this much is kept. */
export const TAIL_LINES = 100;
export const TAIL_BYTES = 16 * 1024;
/** Of one target at most this many logs are read. */
const LOGS_PER_TARGET = 3;
/** All tails of a leg together, so that its result file stays handy. */
const LEG_BYTES = 4 * 1024 * 1024;

/** What Bazel starts a test's log with, so that the log can be run to be read. */
const PAGER_LINE = /^exec \$\{PAGER:-\/usr\/bin\/less\} "\$0" \|\| exit 1\n/;

/** Reads the ends of the logs that outcomes name, up to a limit for the whole leg. */
export class LogTails {
  private left = LEG_BYTES;

  /** @param conceal hides secrets: before a log is cut, for what is left of one is not found */
  constructor(private readonly conceal: (text: string) => string) {}

  /** The outcome with the tails of its first logs; a log that is not on this machine keeps none. */
  async readInto(outcome: Outcome): Promise<Outcome> {
    if (!('logs' in outcome)) return outcome;
    const logs: Log[] = [];
    for (const log of outcome.logs.slice(0, LOGS_PER_TARGET))
      logs.push({ ...log, tail: await this.tailOf(log) });
    return { ...outcome, logs };
  }

  private async tailOf(log: Log): Promise<string | null> {
    if (log.tail !== null || !log.uri.startsWith('file:') || this.left <= 0) return log.tail;
    try {
      const text = (await endOfFile(fileURLToPath(log.uri))).replace(PAGER_LINE, '');
      const end = tail(this.conceal(plainText(text)), TAIL_LINES, TAIL_BYTES);
      this.left -= Buffer.byteLength(end);
      return end;
    } catch {
      // A log is a help and no result: one that vanished must not cost the target its outcome.
      return null;
    }
  }
}

async function endOfFile(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  const length = Math.min(size, 4 * TAIL_BYTES);
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, size - length);
  return bytes.subarray(0, bytesRead).toString('utf8');
}
