import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ABORT_REASONS, TEST_STATUSES } from '../../src/formats/build-event-messages.js';
import { parseBuildEvent } from '../../src/formats/parse-build-event.js';

const STREAMS = join(import.meta.dirname, 'streams');

/** All values of a field in the streams that Bazel wrote. */
function recorded(field: string): string[] {
  const texts = readdirSync(STREAMS).map((name) => readFileSync(join(STREAMS, name), 'utf8'));
  return texts.flatMap((text) =>
    [...text.matchAll(new RegExp(`"${field}":"([A-Z_]+)"`, 'g'))].map(([, value = '']) => value),
  );
}

function statusOf(value: string): unknown {
  const event = { id: { testSummary: { label: '//:a' } }, testSummary: { overallStatus: value } };
  return parseBuildEvent(JSON.stringify(event));
}

function reasonOf(value: string): unknown {
  return parseBuildEvent(
    JSON.stringify({ id: { targetCompleted: { label: '//:a' } }, aborted: { reason: value } }),
  );
}

describe.each([
  ['the statuses of tests', TEST_STATUSES, ['overallStatus', 'status'], statusOf, 'NO_STATUS'],
  ['the reasons for an abort', ABORT_REASONS, ['reason'], reasonOf, 'UNKNOWN'],
] as const)('%s', (_what, names, fields, read, omitted) => {
  const known: readonly string[] = names;

  test('begin with the one that JSON leaves out, and no name occurs twice', () => {
    expect(known[0]).toBe(omitted);
    expect(new Set(known).size).toBe(known.length);
  });

  test('have all those that Bazel wrote', () => {
    const values = fields.flatMap(recorded);
    expect(values).not.toEqual([]);
    expect(known).toEqual(expect.arrayContaining(values));
  });

  test('are read by their names, and so is one that only a newer Bazel has', () => {
    for (const name of [...known, 'FROM_THE_FUTURE'])
      expect(JSON.stringify(read(name))).toContain(`"${name}"`);
  });
});

test('every message that a recorded stream has is read with a value in each of its fields', () => {
  for (const name of readdirSync(STREAMS)) {
    for (const line of readFileSync(join(STREAMS, name), 'utf8').split('\n')) {
      const event = parseBuildEvent(line);
      if (event !== null && event !== 'not an object') expect(undefinedIn(event)).toEqual([]);
    }
  }
});

/** The paths at which a value has undefined. */
function undefinedIn(value: unknown, path = ''): string[] {
  if (value === undefined) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => undefinedIn(inner, `${path}.${key}`));
}
