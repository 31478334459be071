import { expect, test } from '@jest/globals';
import { legStatus } from '../../../src/leg/result/leg-status.js';
import { failed, PASSED, target } from './builders.js';

const exited = (exitCode: number) => ({ kind: 'exited', exitCode }) as const;
const LOST = target('//a:lost', { kind: 'no status', message: '' });
const SKIPPED = target('//a:skipped', { kind: 'incompatible', message: '' });
const GOOD = target('//a:good', PASSED);
const BAD = target('//a:bad', failed());

test('a leg succeeds if Bazel does and all targets passed', () => {
  expect(legStatus('test', exited(0), null, [GOOD, SKIPPED]).status).toBe('succeeded');
});

test('a leg fails if Bazel does, whatever its targets say', () => {
  expect(legStatus('test', exited(37), null, [GOOD])).toEqual({
    status: 'failed',
    message: 'All targets passed, but Bazel ended with exit code 37: an internal error of Bazel.',
  });
});

test('a leg fails if Bazel succeeds and a target has no result', () => {
  expect(legStatus('build', exited(0), null, [GOOD, LOST]).status).toBe('failed');
});

test('no tests found is a success only if every target is incompatible', () => {
  expect(legStatus('test', exited(4), null, [SKIPPED]).status).toBe('succeeded');
  expect(legStatus('test', exited(4), null, [SKIPPED, LOST]).status).toBe('failed');
  expect(legStatus('test', exited(4), null, [SKIPPED, GOOD]).status).toBe('failed');
  expect(legStatus('build', exited(4), null, [SKIPPED]).status).toBe('failed');
});

test('a signal makes a leg interrupted, whatever Bazel ended with', () => {
  expect(legStatus('test', exited(0), 'SIGTERM', [BAD]).status).toBe('interrupted');
});

test('a Bazel that something else killed fails the leg', () => {
  expect(legStatus('test', { kind: 'killed', signal: 'SIGKILL' }, null, [GOOD])).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('killed by SIGKILL'),
  });
});

test("a release's program has exit codes of its own, which are none of Bazel's", () => {
  const ended = { kind: 'program ended', exitCode: 7 } as const;
  const failure = target('//a:release', {
    kind: 'failed to release',
    durationMs: 1,
    message: 'It was built, but its program ended with exit code 7.',
    logs: [],
    published: [],
  });
  const released = target('//b:release', { kind: 'released', durationMs: 1, published: [] });
  expect(legStatus('release', ended, null, [failure])).toEqual({
    status: 'failed',
    message: 'It was built, but its program ended with exit code 7.',
  });
  expect(legStatus('release', ended, null, [failure, released]).message).toBe(
    '1 of 2 targets failed; the first of them was built, but its program ended with exit code 7.',
  );
});

test('an exit code that Bazel does not document is shown as it is', () => {
  expect(legStatus('test', exited(99), null, [BAD]).message).toBe(
    '1 of 1 targets failed; Bazel ended with exit code 99.',
  );
});
