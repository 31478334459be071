import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { ExternalsUnknownError } from '../../src/loading/source/externals-source.js';
import { TimeLimit } from '../../src/plan/time-limit.js';

const MINUTE = 60_000;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function later<T>(milliseconds: number, value: T): Promise<T> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(value);
    }, milliseconds);
  });
}

test('work that is done in time gives its result, and nothing is ended', async () => {
  const stop = jest.fn();
  const result = new TimeLimit(1, stop).spend(later(MINUTE / 2, 'done'));
  await jest.advanceTimersByTimeAsync(MINUTE);
  expect(await result).toBe('done');
  expect(stop).not.toHaveBeenCalled();
});

test('work that fails, fails', async () => {
  const limit = new TimeLimit(1, () => undefined);
  await expect(limit.spend(Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('several pieces of work share the time', async () => {
  const stop = jest.fn();
  const limit = new TimeLimit(1, stop);
  const first = limit.spend(later(MINUTE * 0.75, 'first'));
  await jest.advanceTimersByTimeAsync(MINUTE * 0.75);
  expect(await first).toBe('first');
  const second = expect(limit.spend(later(MINUTE / 2, 'second'))).rejects.toThrow(
    'it took more than 1 minute (externals-minutes)',
  );
  await jest.advanceTimersByTimeAsync(MINUTE);
  await second;
  expect(stop).toHaveBeenCalled();
});

test('late work is ended again and again until it has ended, and only then it is late', async () => {
  let end: (error: Error) => void = () => undefined;
  const work = new Promise<never>((_, reject) => {
    end = reject;
  });
  // A Bazel that is only starting when it is ended the first time.
  let calls = 0;
  const stop = (): void => {
    calls += 1;
    if (calls === 3) end(new Error('ended'));
  };
  let isLate = false;
  const late = expect(
    new TimeLimit(1, stop).spend(work).finally(() => {
      isLate = true;
    }),
  ).rejects.toThrow(ExternalsUnknownError);
  await jest.advanceTimersByTimeAsync(MINUTE + 1500);
  expect({ calls, isLate }).toEqual({ calls: 2, isLate: false });
  await jest.advanceTimersByTimeAsync(1000);
  await late;
  expect(calls).toBe(3);
});

test('work that cannot be ended is not waited for for ever', async () => {
  const late = expect(new TimeLimit(1, () => undefined).spend(new Promise(() => undefined))).rejects.toThrow(
    ExternalsUnknownError,
  );
  await jest.advanceTimersByTimeAsync(3 * MINUTE);
  await late;
});
