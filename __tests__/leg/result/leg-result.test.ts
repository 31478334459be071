import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLabel } from '../../../src/graph/label.js';
import {
  formatLegResult,
  LegResultError,
  parseLegResult,
  unfinishedResult,
} from '../../../src/leg/result/leg-result.js';
import type { Outcome } from '../../../src/leg/result/outcome.js';
import { failed, legResult, PASSED, target } from './builders.js';

const LOG = { name: 'test.log', uri: 'file:///x', tail: null };
const PUBLISHED = [{ name: 'registry/api', digest: `sha256:${'a'.repeat(64)}`, kind: 'oci' }] as const;
const EVERY_OUTCOME: Readonly<Record<string, Outcome>> = {
  '//a:passed': PASSED,
  '//a:cached': { kind: 'cached', durationMs: null, attempts: 1, shards: 2 },
  '//a:flaky': { kind: 'flaky', durationMs: 5, attempts: 2, shards: 1, logs: [LOG] },
  '//a:failed': failed(),
  '//a:slow': { kind: 'timed out', durationMs: 5, attempts: 1, shards: 1, logs: [LOG] },
  '//a:built': { kind: 'built', logs: [] },
  '//a:released': { kind: 'released', durationMs: 7, published: PUBLISHED },
  '//a:unreleased': { kind: 'failed to release', durationMs: 7, message: 'm', logs: [LOG], published: [] },
  '//a:broken': { kind: 'failed to build', message: 'm', logs: [] },
  '//a:incompatible': { kind: 'incompatible', message: 'm' },
  '//a:superseded': { kind: 'superseded', message: 'm' },
  '//a:unchanged': { kind: 'unchanged', message: 'm' },
  '//a:withheld': { kind: 'withheld', message: 'm' },
  '//a:lost': { kind: 'no status', message: 'm' },
};

test('what is written is what is read, for every kind of outcome', () => {
  const result = legResult(EVERY_OUTCOME, { status: 'failed', bazel: { exitCode: 3, message: 'ERROR: no' } });
  expect(parseLegResult(formatLegResult(result))).toEqual(result);
});

test('the tests that ran before releases are read as they were written', () => {
  const result = legResult(
    { '//a:r': { kind: 'built', logs: [] } },
    { ownTests: [target('//a:t', failed())] },
  );
  expect(parseLegResult(formatLegResult(result))).toEqual(result);
});

test('of a text no more is read than a leg writes', () => {
  const result = legResult({ '//a:a': failed('x'.repeat(1_000_000)) }, { message: 'y'.repeat(1_000_000) });
  expect(formatLegResult(parseLegResult(formatLegResult(result))).length).toBeLessThan(300_000);
});

test('of a key that comes twice the last counts', () => {
  const content = formatLegResult(legResult({ '//a:a': PASSED }));
  expect(parseLegResult(content.replace('"status"', '"status": "failed", "status"')).status).toBe(
    'succeeded',
  );
});

test('what the result of an unfinished leg says is read back', () => {
  const leg = { name: 'x', mode: 'release', targets: [parseLabel('//a:b')], runsOn: 'ubuntu' } as const;
  const result = unfinishedResult(leg, 2, new Date(0));
  expect(parseLegResult(formatLegResult(result))).toEqual(result);
});

test('a file that is cut off anywhere is refused', () => {
  const content = formatLegResult(legResult(EVERY_OUTCOME)).trimEnd();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: content.length - 1 }), (length) => {
      expect(() => parseLegResult(content.slice(0, length))).toThrow(LegResultError);
    }),
  );
});

describe('a file is refused with the place and the reason', () => {
  const sound = () =>
    JSON.parse(formatLegResult(legResult({ '//a:a': failed() }))) as Record<string, unknown>;

  test.each([
    ['version', 2, /version 2.*reads version 1/],
    ['status', 'fine', /^status should be one of succeeded, failed, interrupted, and is "fine"$/],
    ['durationMs', -1, /^durationMs should be a whole number of at least 0/],
    ['startedAt', 'yesterday', /^startedAt should be a time/],
    ['targets', {}, /^targets should be a list/],
    ['targets', [{ label: 'x' }], /^targets\[0\]\.label should be a label/],
    [
      'targets',
      [{ label: '//a:a', outcome: { kind: 'good' } }],
      /^targets\[0\]\.outcome\.kind should be one of/,
    ],
    ['leg', null, /^leg should be an object, and is null$/],
    ['bazel', {}, /^bazel\.exitCode should be .*, and is nothing$/],
  ])('%s: %j', (key, value, message) => {
    expect(() => parseLegResult(JSON.stringify({ ...sound(), [key]: value }))).toThrow(message);
  });

  test.each(['leg', 'targets', 'version', 'status', 'durationMs', 'bazel'])(
    'where %s is nested deeper than the stack reaches',
    (key) => {
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      const content = JSON.stringify({ ...sound(), [key]: 0 }).replace(`"${key}":0`, `"${key}":${deep}`);
      expect(() => parseLegResult(content)).toThrow(LegResultError);
      expect(() => parseLegResult(deep)).toThrow(LegResultError);
    },
  );

  test.each(['', '[]', 'null', '"x"', '<html>'])('%j', (content) => {
    expect(() => parseLegResult(content)).toThrow(LegResultError);
  });
});
