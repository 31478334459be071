import { expect, test } from '@jest/globals';
import { BazelError, type BazelFailure } from '../../../src/adapters/bazel/bazel-error.js';
import { describeExit } from '../../../src/formats/exit-codes.js';

function messageOf(failure: BazelFailure, output = ''): string {
  return new BazelError('loading all packages', failure, output).message;
}

test('a failure of Bazel has its own words first, and what its exit code means', () => {
  expect(messageOf({ kind: 'exited', exitCode: 7 }, 'ERROR: x\n')).toBe(
    'ERROR: x\n\nloading all packages failed: Bazel ended with exit code 7: targets or packages could not be loaded. ' +
      'Its output is above.',
  );
});

test.each<[BazelFailure, string]>([
  [{ kind: 'killed', signal: 'SIGKILL' }, ''],
  [{ kind: 'exited', exitCode: 137 }, ''],
  [{ kind: 'exited', exitCode: 37 }, 'Server terminated abruptly (error code: 14)'],
  [{ kind: 'unfinished' }, ''],
])(
  'a Bazel that was ended from outside (%j) is told as such, with memory as the likely cause',
  (failure, output) => {
    expect(messageOf(failure, output)).toContain('ran out of memory');
    expect(messageOf(failure, output)).toContain('-Xmx');
  },
);

test('a failure says whose it is', () => {
  const ofCode = (exitCode: number): BazelError => new BazelError('x', { kind: 'exited', exitCode }, '');
  expect([2, 7, 36].map((code) => ofCode(code).isAboutOptions)).toEqual([true, false, false]);
  expect([2, 7, 36].map((code) => ofCode(code).isAboutCode)).toEqual([false, true, false]);
});

test('an exit code that a shell makes of a signal names the signal', () => {
  expect(describeExit(143)).toBe('exit code 143: a wrapper says that SIGTERM ended it');
  expect(describeExit(3)).toBe('exit code 3: the build succeeded, and tests failed');
  expect(describeExit(99)).toBe('exit code 99');
});
