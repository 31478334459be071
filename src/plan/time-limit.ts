import { ExternalsUnknownError } from '../loading/source/externals-source.js';
import { plural } from '../text/plural.js';

/** How often work that took too long is ended again: a Bazel that is only starting cannot be killed yet. */
const END_AGAIN_MS = 1000;

/** How long to wait for work to end. What goes on after that is asked nothing more. */
const PATIENCE_MS = 60_000;

/** How long the questions about external repositories of one plan may take together. */
export class TimeLimit {
  private spentMs = 0;

  /** @param stop ends all work that takes longer */
  constructor(
    private readonly minutes: number,
    private readonly stop: () => void,
  ) {}

  /**
   * Waits for work, but not longer than what is left of the time. If that is over, it waits until the work was ended, so that
   * it does not go on beside what comes next.
   *
   * @throws ExternalsUnknownError if the work takes longer, or what the work throws
   */
  async spend<T>(work: Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      const settled = await untilSettled(work, this.minutes * 60_000 - this.spentMs);
      if (settled === 'late') {
        await this.end(work);
        throw new ExternalsUnknownError(
          `it took more than ${plural(this.minutes, 'minute')} (externals-minutes)`,
        );
      }
      return await work;
    } finally {
      this.spentMs += performance.now() - start;
    }
  }

  private async end(work: Promise<unknown>): Promise<void> {
    this.stop();
    const again = setInterval(this.stop, END_AGAIN_MS);
    await untilSettled(work, PATIENCE_MS);
    clearInterval(again);
  }
}

async function untilSettled(work: Promise<unknown>, milliseconds: number): Promise<'settled' | 'late'> {
  let timeout: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timeout = setTimeout(() => {
      resolve('late');
    }, milliseconds);
  });
  const settled = Promise.allSettled([work]).then(() => 'settled' as const);
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timeout);
  }
}
