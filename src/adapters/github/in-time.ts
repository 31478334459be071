/** Says that something took longer than it may. */
export class TooLateError extends Error {
  override name = 'TooLateError';
}

/**
 * What a work gives, if it is done in time. One that is not goes on: whoever ends the process ends it too.
 *
 * @param ms how long to wait, in milliseconds; 0 and below is not any time at all
 * @param hasNot what is said of a work that took longer: `it has not arrived`
 * @throws TooLateError; whatever the work throws
 */
export async function inTime<T>(ms: number, hasNot: string, work: () => Promise<T>): Promise<T> {
  if (ms <= 0) throw new TooLateError('the time limit was already used up');
  const { promise: lateness, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new TooLateError(`${hasNot} within ${Math.ceil(ms / 1000)} s`));
  }, ms);
  const working = work();
  // Nobody listens any more once it is too late.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, lateness]);
  } finally {
    clearTimeout(timer);
  }
}
