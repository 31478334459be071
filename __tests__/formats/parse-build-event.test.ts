import { describe, expect, test } from '@jest/globals';
import { parseBuildEvent } from '../../src/formats/parse-build-event.js';

function parsed(event: object): unknown {
  return parseBuildEvent(JSON.stringify(event));
}

const NO_FILE = { name: '', uri: '' };

describe('a line', () => {
  test.each(['', '{"id"', 'null', '[]', '"text"', '7'])(
    'that is not a JSON object is told apart: %j',
    (line) => {
      expect(parseBuildEvent(line)).toBe('not an object');
    },
  );

  test.each(['{}', '{"id":null}', '{"id":"x"}', '{"id":{"progress":{}}}', '{"id":{"fromTheFuture":{}}}'])(
    'of a kind that is not read is null: %s',
    (line) => {
      expect(parseBuildEvent(line)).toBeNull();
    },
  );
});

describe('the end of a target', () => {
  test('has its label, its configuration and its success', () => {
    const id = { targetCompleted: { label: '//:a', configuration: { id: 'c1' } } };
    expect(
      parsed({ id, children: [{ testSummary: { label: '//:a' } }], completed: { success: true } }),
    ).toEqual({
      kind: 'targetCompleted',
      writtenId: JSON.stringify(id),
      children: ['{"testSummary":{"label":"//:a"}}'],
      id: { label: '//:a', configuration: { id: 'c1' } },
      completed: { success: true, failureDetail: { message: '' }, importantOutput: [] },
    });
  });

  test('has the outputs that say what a release would do, and no others', () => {
    const dryRun = { name: 'svc/api.ci.dry-run.txt', uri: 'file:///x/api.ci.dry-run.txt' };
    const importantOutput = [{ name: 'svc/api.ci.sh', uri: 'file:///x/api.ci.sh' }, dryRun, 'x'];
    const id = { targetCompleted: { label: '//:a' } };
    expect(parsed({ id, completed: { success: true, importantOutput } })).toMatchObject({
      completed: { importantOutput: [dryRun] },
    });
  });

  test('is a failure unless it says true, and says why', () => {
    const id = { targetCompleted: { label: '//:a' } };
    const failureDetail = { message: 'no such package' };
    expect(parsed({ id, completed: { failureDetail } })).toMatchObject({
      completed: { success: false, failureDetail },
    });
    for (const success of ['true', 1, null, {}])
      expect(parsed({ id, completed: { success } })).toMatchObject({ completed: { success: false } });
    expect(parsed({ id })).toMatchObject({ completed: { success: false } });
  });
});

test('an action names its logs, and a log that it lacks is empty', () => {
  const stderr = { name: 'stderr', uri: 'file:///x/stderr-1' };
  expect(
    parsed({
      id: { actionCompleted: { label: '//:a', primaryOutput: 'x' } },
      action: { label: '//:a', type: 'Genrule', stderr },
    }),
  ).toMatchObject({
    kind: 'actionCompleted',
    id: { label: '//:a' },
    action: { success: false, label: '//:a', type: 'Genrule', stdout: NO_FILE, stderr },
  });
});

describe('a result of a test', () => {
  const id = { label: '//:a', configuration: { id: 'c1' }, run: 1, shard: 2, attempt: 3 };

  test('has its run, its status, its origin and its logs', () => {
    const log = { name: 'test.log', uri: 'file:///x/test.log' };
    expect(
      parsed({
        id: { testResult: id },
        testResult: {
          status: 'PASSED',
          cachedLocally: true,
          executionInfo: { cachedRemotely: true, strategy: 'remote' },
          testAttemptDuration: '2s',
          testActionOutput: [log, { name: 'inline', contents: 'eA==' }, null, 'x'],
        },
      }),
    ).toEqual({
      kind: 'testResult',
      id,
      testResult: {
        status: 'PASSED',
        cachedLocally: true,
        executionInfo: { cachedRemotely: true },
        testAttemptDuration: 2000,
        testActionOutput: [log, { name: 'inline', uri: '' }],
      },
    });
  });

  test('keeps a status that only a newer Bazel knows, and never takes it for a pass', () => {
    const status = (written: unknown): unknown =>
      parsed({ id: { testResult: id }, testResult: { status: written } });
    expect(status('PASSED_IN_A_NEW_WAY')).toMatchObject({ testResult: { status: 'PASSED_IN_A_NEW_WAY' } });
    for (const written of [undefined, null, 1, ''])
      expect(status(written)).toMatchObject({ testResult: { status: 'NO_STATUS' } });
  });

  test.each([
    [{ testAttemptDuration: '0.0534s' }, 53],
    [{ testAttemptDuration: '0s' }, 0],
    [{ testAttemptDurationMillis: '12' }, 12],
    [{ testAttemptDurationMillis: 12 }, 12],
    [{ testAttemptDuration: '1s', testAttemptDurationMillis: '999' }, 1000],
    [{ testAttemptDuration: '-1s' }, null],
    [{ testAttemptDurationMillis: 'soon' }, null],
    [{}, null],
  ])('that took %j took %j milliseconds', (fields, testAttemptDuration) => {
    expect(parsed({ id: { testResult: id }, testResult: fields })).toMatchObject({
      testResult: { testAttemptDuration },
    });
  });
});

test('a summary of a test has its counts, from numbers and from texts', () => {
  const counts = { totalRunCount: 4, runCount: '2', attemptCount: 2, shardCount: '3', totalNumCached: 'x' };
  const log = { name: 'test.log', uri: 'file:///x/test.log' };
  expect(
    parsed({
      id: { testSummary: { label: '//:a' } },
      testSummary: { ...counts, overallStatus: 'FLAKY', failed: [log] },
    }),
  ).toMatchObject({
    testSummary: {
      overallStatus: 'FLAKY',
      totalRunCount: 4,
      runCount: 2,
      attemptCount: 2,
      shardCount: 3,
      totalNumCached: 0,
      failed: [log],
    },
  });
});

test('the end of the build has its exit code: 0 if JSON omits the number, null if there is no code', () => {
  const exitCode = (finished: object): unknown => parsed({ id: { buildFinished: {} }, finished });
  expect(exitCode({ exitCode: { name: 'TESTS_FAILED', code: 3 } })).toEqual({
    kind: 'buildFinished',
    finished: { exitCode: { code: 3 } },
  });
  expect(exitCode({ exitCode: { name: 'SUCCESS' } })).toMatchObject({ finished: { exitCode: { code: 0 } } });
  expect(exitCode({})).toMatchObject({ finished: { exitCode: null } });
});

describe('an aborted event', () => {
  const aborted = { reason: 'ANALYSIS_FAILURE', description: 'in cc_library' };

  test.each([
    ['targetCompleted', { label: '//:a', configuration: { id: 'c1' } }],
    ['testSummary', { label: '//:a', configuration: { id: 'c1' } }],
    ['targetConfigured', { label: '//:a' }],
    ['configuredLabel', { label: '//:a' }],
    ['unconfiguredLabel', { label: '//:a' }],
    ['pattern', { pattern: ['//:a', '//b/...'] }],
    ['patternSkipped', { pattern: ['//:a'] }],
  ])('in the place of %s says which one', (kind, id) => {
    expect(parsed({ id: { [kind]: id }, aborted })).toMatchObject({
      kind: 'aborted',
      children: [],
      instead: { kind, id },
      aborted,
    });
  });

  test.each(['buildFinished', 'testResult', 'fromTheFuture'])(
    'in the place of %s is about no target',
    (kind) => {
      expect(parsed({ id: { [kind]: { label: '//:a' } }, aborted })).toMatchObject({
        instead: { kind: 'other' },
      });
    },
  );

  test('wins over a payload, and its reason is unknown if JSON omits it', () => {
    const id = { targetCompleted: { label: '//:a' } };
    expect(parsed({ id, aborted: {}, completed: { success: true } })).toMatchObject({
      kind: 'aborted',
      aborted: { reason: 'UNKNOWN', description: '' },
    });
  });

  test('keeps the place of a pattern that is no text', () => {
    expect(parsed({ id: { pattern: { pattern: ['//:a', 1] } }, aborted })).toMatchObject({
      instead: { id: { pattern: ['//:a', ''] } },
    });
    expect(parsed({ id: { pattern: {} }, aborted })).toMatchObject({ instead: { id: { pattern: [] } } });
  });
});
