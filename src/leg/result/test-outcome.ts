import type {
  DurationMs,
  TestResult,
  TestResultId,
  TestStatus,
  TestSummary,
} from '../../formats/build-event-messages.js';
import type { Log, Outcome, TestFigures } from './outcome.js';

/** One attempt of one shard of one run of a test. */
export interface TestAttempt {
  readonly run: number;
  readonly shard: number;
  readonly attempt: number;
  readonly status: TestStatus;
  readonly isCached: boolean;
  readonly durationMs: DurationMs;
  /** The address of its log; null if it has none. */
  readonly log: string | null;
}

/** The attempt that an event describes. Numbers that the event omits count as 1. */
export function testAttempt(id: TestResultId, result: TestResult): TestAttempt {
  const log = result.testActionOutput.find(({ name }) => name === 'test.log')?.uri ?? '';
  return {
    run: id.run || 1,
    shard: id.shard || 1,
    attempt: id.attempt || 1,
    status: result.status,
    isCached: result.cachedLocally || result.executionInfo.cachedRemotely,
    durationMs: result.testAttemptDuration,
    log: log === '' ? null : log,
  };
}

/** The outcome of a test, from Bazel's summary and the attempts in the stream. */
export function testOutcome(summary: TestSummary, attempts: readonly TestAttempt[]): Outcome {
  const figures = figuresOf(summary, attempts);
  switch (summary.overallStatus) {
    case 'PASSED':
      return { kind: isCached(summary, attempts) ? 'cached' : 'passed', ...figures };
    case 'FLAKY':
      return { kind: 'flaky', ...figures, logs: failureLogs(summary, attempts) };
    case 'TIMEOUT':
      return { kind: 'timed out', ...figures, logs: failureLogs(summary, attempts) };
    case 'FAILED':
    case 'REMOTE_FAILURE':
      return { kind: 'failed', ...figures, logs: failureLogs(summary, attempts) };
    case 'FAILED_TO_BUILD':
      return { kind: 'failed to build', message: 'Bazel could not build this test.', logs: [] };
    case 'NO_STATUS':
    case 'INCOMPLETE':
    case 'TOOL_HALTED_BEFORE_TESTING':
    default:
      return { kind: 'no status', message: `The test has no result: Bazel says ${summary.overallStatus}.` };
  }
}

function isCached(summary: TestSummary, attempts: readonly TestAttempt[]): boolean {
  if (attempts.length > 0 && attempts.every((attempt) => attempt.isCached)) return true;
  const runs = summary.totalRunCount || attempts.length;
  return runs > 0 && summary.totalNumCached >= runs;
}

function figuresOf(summary: TestSummary, attempts: readonly TestAttempt[]): TestFigures {
  const durations = attempts.map(({ durationMs }) => durationMs).filter((duration) => duration !== null);
  // If a test has several runs, Bazel's attemptCount also counts the runs.
  const summaryAttempts = summary.runCount > 1 ? 1 : summary.attemptCount;
  return {
    durationMs: durations.length > 0 ? durations.reduce((a, b) => a + b) : summary.totalRunDuration,
    attempts: Math.max(1, summaryAttempts, ...attempts.map(({ attempt }) => attempt)),
    shards: Math.max(1, summary.shardCount, ...attempts.map(({ shard }) => shard)),
  };
}

function failureLogs(summary: TestSummary, attempts: readonly TestAttempt[]): Log[] {
  const byUri = new Map<string, Log>();
  for (const attempt of attempts) {
    if (attempt.status === 'PASSED' || attempt.log === null) continue;
    byUri.set(attempt.log, { name: logName(attempt, attempts), uri: attempt.log, tail: null });
  }
  for (const { uri } of summary.failed) {
    if (uri !== '' && !byUri.has(uri)) byUri.set(uri, { name: 'test.log', uri, tail: null });
  }
  return [...byUri.values()];
}

/** The name contains only the parts that distinguish this attempt from the others. */
function logName(attempt: TestAttempt, attempts: readonly TestAttempt[]): string {
  const parts = (['run', 'shard', 'attempt'] as const)
    .filter((part) => new Set(attempts.map((one) => one[part])).size > 1)
    .map((part) => `${part} ${attempt[part]}`);
  return ['test.log', ...parts].join(', ');
}
