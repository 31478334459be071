import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Log, Outcome } from './result/outcome.js';
import { plainText, tail } from '../text/plain-text.js';

/** The limits for the tail of one log. */
export const TAIL_LINES = 100;
export const TAIL_BYTES = 16 * 1024;
/** How many logs of one target are read at most. */
const LOGS_PER_TARGET = 3;
/** The limit for all tails of a leg together. It keeps the result file small. */
const LEG_BYTES = 4 * 1024 * 1024;

/** Bazel writes this line at the start of a test's log, so that executing the log displays it. */
const PAGER_LINE = /^exec \$\{PAGER:-\/usr\/bin\/less\} "\$0" \|\| exit 1\n/;

/** Reads the ends of the logs that outcomes name, up to a limit for the whole leg. */
export class LogTails {
  private left = LEG_BYTES;

  /** @param conceal replaces secrets; applied before a log is cut, because part of a secret would not be recognised */
  constructor(private readonly conceal: (text: string) => string) {}

  /** The outcome with the tails of its first logs. A log that is not on this machine has no tail. */
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
      // Logs are only additional information: a log that was deleted must not change the target's outcome.
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
