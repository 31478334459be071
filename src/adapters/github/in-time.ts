/** Something exceeded its time limit. */
export class TooLateError extends Error {
  override name = 'TooLateError';
}

/**
 * The result of some work, if it is done in time. Work that is late is not stopped: it goes on until the process ends.
 *
 * @param ms how long to wait, in milliseconds; 0 and below means that no time is left
 * @param hasNot the message for work that is late: `it has not arrived`
 * @throws TooLateError; whatever the work throws
 */
export async function inTime<T>(ms: number, hasNot: string, work: () => Promise<T>): Promise<T> {
  if (ms <= 0) throw new TooLateError('the time limit was already used up');
  const { promise: lateness, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new TooLateError(`${hasNot} within ${Math.ceil(ms / 1000)} s`));
  }, ms);
  const working = work();
  // After the time limit, a rejection of this promise is of no interest and must not count as unhandled.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, lateness]);
  } finally {
    clearTimeout(timer);
  }
}
