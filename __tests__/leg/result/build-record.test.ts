import { BuildRecord, type Aim } from '../../../src/leg/result/build-record.js';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBuildEvents } from '../../../src/formats/build-events.js';
import { parseLabel } from '../../../src/graph/label.js';
import type { Outcome } from '../../../src/leg/result/outcome.js';

const STREAMS = join(import.meta.dirname, '../../formats/streams');

async function recordOf(chunks: AsyncIterable<Uint8Array | string>): Promise<BuildRecord> {
  const record = new BuildRecord();
  for await (const event of readBuildEvents(chunks)) record.add(event);
  return record;
}

function recorded(name: string): Promise<BuildRecord> {
  return recordOf(createReadStream(join(STREAMS, `${name}.jsonl`)));
}

async function outcome(stream: string, label: string, aim: Aim = 'test'): Promise<Outcome> {
  return (await recorded(stream)).outcomeOf(parseLabel(label), aim);
}

function events(...lines: object[]): Promise<BuildRecord> {
  return recordOf(Readable.from(lines.map((line) => `${JSON.stringify(line)}\n`)));
}

describe('a stream that Bazel 7.7.1 wrote', () => {
  test('of a test that passes', async () => {
    const record = await recorded('pass');
    expect(record.outcomeOf(parseLabel('//:pass_test'), 'test')).toEqual({
      kind: 'passed',
      durationMs: expect.any(Number),
      attempts: 1,
      shards: 1,
    });
  });

  test('of a test whose result is cached', async () => {
    expect(await outcome('cached', '//:pass_test')).toMatchObject({ kind: 'cached', attempts: 1 });
  });

  test('of a test that fails names its log', async () => {
    const record = await recorded('fail');
    expect(record.outcomeOf(parseLabel('//:fail_test'), 'test')).toMatchObject({
      kind: 'failed',
      attempts: 1,
      logs: [{ name: 'test.log', uri: expect.stringMatching(/^file:.*fail_test\/test\.log$/), tail: null }],
    });
  });

  test('of a flaky test counts its attempts and names the log of the one that failed', async () => {
    expect(await outcome('flaky', '//:flaky_test')).toMatchObject({
      kind: 'flaky',
      attempts: 2,
      logs: [{ name: 'test.log, attempt 1', uri: expect.stringContaining('attempt_1.log') }],
    });
  });

  test('of a test that runs too long', async () => {
    expect(await outcome('timeout', '//:slow_test')).toMatchObject({
      kind: 'timed out',
      logs: [{ name: 'test.log' }],
    });
  });

  test('of a sharded test names the shard that fails and adds up the time of all', async () => {
    const sharded = await outcome('sharded', '//:sharded_test');
    expect(sharded).toMatchObject({ kind: 'failed', shards: 3, logs: [{ name: 'test.log, shard 2' }] });
    expect(sharded.kind === 'failed' && sharded.durationMs).toBeGreaterThan(0);
  });

  test('of a test that runs twice has one attempt a run', async () => {
    expect(await outcome('runs-per-test', '//:pass_test')).toMatchObject({ kind: 'passed', attempts: 1 });
  });

  test("of a dependency that does not build keeps Bazel's own message and the compiler's output", async () => {
    const broken = await outcome('build-failure', '//:broken_test');
    expect(broken).toMatchObject({
      kind: 'failed to build',
      message: expect.stringContaining('Genrule of //:broken failed: '),
      logs: [{ name: 'stderr of //:broken', uri: expect.stringMatching(/^file:/) }],
    });
    const told = broken.kind === 'failed to build' ? broken.message : '';
    expect(told.match(/error executing Genrule command/g)).toHaveLength(1);
    expect(await outcome('build-failure', '//:pass_test')).toMatchObject({ kind: 'cached' });
  });

  test('of a dependency that does not exist says what is missing', async () => {
    expect(await outcome('analysis-failure', '//missing_dep:missing_dep_test')).toMatchObject({
      kind: 'failed to build',
      message: expect.stringContaining("no such package 'missing'"),
    });
  });

  test('of a target that does not exist says so', async () => {
    expect(await outcome('load-failure', '//:vanished_test')).toMatchObject({
      kind: 'failed to build',
      message: expect.stringContaining("no such target '//:vanished_test'"),
    });
    expect(await outcome('load-failure', '//:pass_test')).toMatchObject({ kind: 'cached' });
  });

  test('of a target that the platform cannot build', async () => {
    expect(await outcome('incompatible', '//incompatible:incompatible_test')).toMatchObject({
      kind: 'incompatible',
    });
  });

  test('of a target that is no test has no test result', async () => {
    const record = await recorded('no-tests');
    expect(record.outcomeOf(parseLabel('//library:library'), 'test')).toEqual({
      kind: 'no status',
      message: expect.stringContaining('built this filegroup and ran no test for it'),
    });
  });

  test('of a build tells built, broken and incompatible apart, non-ASCII names included', async () => {
    expect(await outcome('build', '//:fine', 'build')).toEqual({ kind: 'built', logs: [] });
    expect(await outcome('build', '//odd:café', 'build')).toEqual({ kind: 'built', logs: [] });
    expect(await outcome('build', '//:broken', 'build')).toMatchObject({ kind: 'failed to build' });
    expect(await outcome('build', '//incompatible:incompatible_test', 'build')).toMatchObject({
      kind: 'incompatible',
    });
  });

  test('of an interrupted Bazel keeps what was done before', async () => {
    const record = await recorded('interrupted');
    expect(record.outcomeOf(parseLabel('//:pass_test'), 'test').kind).toBe('passed');
    expect(record.outcomeOf(parseLabel('//:slow_test'), 'test')).toEqual({
      kind: 'no status',
      message: 'Bazel was interrupted before this target was done.',
    });
  });

  test('that ends in the middle of a line keeps what stands before that line', async () => {
    const record = await recorded('cut');
    expect(record.outcomeOf(parseLabel('//:pass_test'), 'test').kind).toBe('passed');
    expect(record.outcomeOf(parseLabel('//:slow_test'), 'test').kind).toBe('no status');
  });

  test('says nothing of a target that it does not name', async () => {
    expect(await outcome('pass', '//:other_test')).toEqual({
      kind: 'no status',
      message: 'Bazel reported nothing about this target.',
    });
  });
});

test('a stream may be cut at every byte: a target is as it was in the whole stream, or has no status', async () => {
  const whole = readFileSync(join(STREAMS, 'fail.jsonl'));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
      const record = await recordOf(Readable.from([whole.subarray(0, length)]));
      expect(['failed', 'no status']).toContain(record.outcomeOf(parseLabel('//:fail_test'), 'test').kind);
    }),
    { numRuns: 60 },
  );
});

test('chunks may end anywhere, in the middle of a character too', async () => {
  const bytes = readFileSync(join(STREAMS, 'build.jsonl'));
  const chunks = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  const record = await recordOf(Readable.from(chunks));
  expect(record.outcomeOf(parseLabel('//odd:café'), 'build')).toEqual({ kind: 'built', logs: [] });
});

describe('a target with several configurations', () => {
  const summary = (configuration: string, overallStatus: string) => ({
    id: { testSummary: { label: '//:a', configuration: { id: configuration } } },
    testSummary: { overallStatus, totalRunCount: 1, attemptCount: 1, runCount: 1 },
  });

  test('is as bad as the worst of them', async () => {
    const record = await events(summary('x', 'FAILED'), summary('y', 'PASSED'));
    expect(record.outcomeOf(parseLabel('//:a'), 'test').kind).toBe('failed');
  });
});

test('a target whose aspect fails is not built, in either order of the events', async () => {
  const own = { id: { targetCompleted: { label: '//:a' } }, completed: { success: true } };
  const aspect = {
    id: { targetCompleted: { label: '//:a', aspect: 'lint' } },
    completed: { failureDetail: { message: 'lint failed' } },
  };
  for (const order of [
    [own, aspect],
    [aspect, own],
  ]) {
    const record = await events(...order);
    expect(record.outcomeOf(parseLabel('//:a'), 'build')).toMatchObject({
      kind: 'failed to build',
      message: 'lint failed',
    });
  }
});

test('fields that Bazel leaves out count as zero, false or nothing', async () => {
  const record = await events(
    { id: { testSummary: { label: '//:a' } }, testSummary: {} },
    { id: { testSummary: { label: '//:b' } }, testSummary: { overallStatus: 'PASSED' } },
    { id: { buildFinished: {} }, finished: { exitCode: { name: 'SUCCESS' } } },
    { id: {} },
    {},
  );
  expect(record.outcomeOf(parseLabel('//:a'), 'test').kind).toBe('no status');
  expect(record.outcomeOf(parseLabel('//:b'), 'test')).toEqual({
    kind: 'passed',
    durationMs: null,
    attempts: 1,
    shards: 1,
  });
});

test('a flaky test whose result comes from a cache, as one attempt, is flaky', async () => {
  const id = { label: '//:a', run: 1, shard: 1, attempt: 1 };
  const record = await events(
    { id: { testResult: id }, testResult: { status: 'FLAKY', cachedLocally: true } },
    {
      id: { testSummary: { label: '//:a' } },
      testSummary: { overallStatus: 'FLAKY', attemptCount: 2, totalNumCached: 1 },
    },
  );
  expect(record.outcomeOf(parseLabel('//:a'), 'test')).toMatchObject({ kind: 'flaky', attempts: 2 });
});

test('a result from the remote cache is cached', async () => {
  const id = { label: '@@//a:b', run: 1, shard: 1, attempt: 1, configuration: { id: 'x' } };
  const record = await events(
    { id: { testResult: id }, testResult: { status: 'PASSED', executionInfo: { cachedRemotely: true } } },
    { id: { testSummary: id }, testSummary: { overallStatus: 'PASSED', totalRunCount: 1 } },
  );
  expect(record.outcomeOf(parseLabel('//a:b'), 'test').kind).toBe('cached');
});

test("what ANSI sequences stand in Bazel's message are gone", async () => {
  const record = await events({
    id: { pattern: { pattern: ['//:a'] } },
    aborted: { reason: 'LOADING_FAILURE', description: '\u001b[31mno' },
  });
  expect(record.outcomeOf(parseLabel('//:a'), 'test')).toMatchObject({
    kind: 'failed to build',
    message: 'no',
  });
});

test('what a release would do stays known if an aspect of it is completed as well', async () => {
  const id = { label: '//a:r', configuration: { id: 'c1' } };
  const dryRun = { name: 'a/r.dry-run.txt', uri: 'file:///x/r.dry-run.txt' };
  const record = await events(
    { id: { targetCompleted: id }, completed: { success: true, importantOutput: [dryRun] } },
    { id: { targetCompleted: { ...id, aspect: 'lint' } }, completed: { success: true } },
  );
  expect(record.outcomeOf(parseLabel('//a:r'), 'build')).toEqual({
    kind: 'built',
    logs: [{ name: 'dry run', uri: 'file:///x/r.dry-run.txt', tail: null }],
  });
});
