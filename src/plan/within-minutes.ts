import { ExternalsUnknownError } from '../loading/source/externals-source.js';
import { plural } from '../text/plural.js';

/**
 * Waits for work with external repositories.
 *
 * @param stop ends the work if it takes longer
 * @throws ExternalsUnknownError if the work takes longer, or what the work throws
 */
export async function withinMinutes<T>(minutes: number, work: Promise<T>, stop: () => void): Promise<T> {
  let timeout: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => {
      stop();
      reject(new ExternalsUnknownError(`it took more than ${plural(minutes, 'minute')} (externals-minutes)`));
    }, minutes * 60_000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timeout);
  }
}
