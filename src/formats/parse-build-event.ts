import {
  ABORT_REASONS,
  TEST_STATUSES,
  type AbortedId,
  type ActionExecuted,
  type BuildEvent,
  type Chained,
  type DurationMs,
  type ExitCode,
  type File,
  type PatternExpandedId,
  type TargetCompletedId,
  type TestResult,
  type TestResultId,
  type TestSummary,
  type Unrecognized,
} from './build-event-messages.js';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads one line of the stream.
 *
 * @returns the event; null if its kind is not read; `not an object` if the line is not a JSON object
 */
export function parseBuildEvent(line: string): BuildEvent | null | 'not an object' {
  const event = parseObject(line);
  if (event === null) return 'not an object';
  const ids = objectAt(event, 'id');
  const kind = Object.keys(ids)[0] ?? '';
  const id = objectAt(ids, kind);
  if ('aborted' in event) return abortedEvent(event, kind, id);
  switch (kind) {
    case 'targetConfigured':
      return {
        kind,
        id: { label: textAt(id, 'label') },
        configured: { targetKind: textAt(objectAt(event, 'configured'), 'targetKind') },
      };
    case 'targetCompleted': {
      const completed = objectAt(event, 'completed');
      const payload = {
        success: isTrueAt(completed, 'success'),
        failureDetail: failureDetailAt(completed),
        importantOutput: objectsAt(completed, 'importantOutput').map(file).filter(isDryRun),
      };
      return { kind, ...chained(event), id: configuredId(id), completed: payload };
    }
    case 'actionCompleted':
      return {
        kind,
        ...chained(event),
        id: { label: textAt(id, 'label') },
        action: actionExecuted(objectAt(event, 'action')),
      };
    case 'testResult':
      return { kind, id: testResultId(id), testResult: testResult(objectAt(event, 'testResult')) };
    case 'testSummary':
      return { kind, id: configuredId(id), testSummary: testSummary(objectAt(event, 'testSummary')) };
    case 'buildFinished':
      return { kind, finished: { exitCode: exitCodeAt(objectAt(event, 'finished')) } };
    default:
      return null;
  }
}

function abortedEvent(event: JsonObject, kind: string, id: JsonObject): BuildEvent {
  const aborted = objectAt(event, 'aborted');
  return {
    kind: 'aborted',
    ...chained(event),
    instead: abortedId(kind, id),
    aborted: {
      reason: enumAt(aborted, 'reason', ABORT_REASONS, 'UNKNOWN'),
      description: textAt(aborted, 'description'),
    },
  };
}

function abortedId(kind: string, id: JsonObject): AbortedId {
  switch (kind) {
    case 'targetCompleted':
    case 'testSummary':
      return { kind, id: configuredId(id) };
    case 'targetConfigured':
    case 'configuredLabel':
    case 'unconfiguredLabel':
      return { kind, id: { label: textAt(id, 'label') } };
    case 'pattern':
    case 'patternSkipped':
      return { kind, id: patternExpandedId(id) };
    default:
      return { kind: 'other' };
  }
}

function chained(event: JsonObject): Chained {
  return {
    writtenId: JSON.stringify(event.id ?? null),
    children: objectsAt(event, 'children').map((child) => JSON.stringify(child)),
  };
}

function configuredId(id: JsonObject): TargetCompletedId {
  return {
    label: textAt(id, 'label'),
    configuration: { id: textAt(objectAt(id, 'configuration'), 'id') },
  };
}

function testResultId(id: JsonObject): TestResultId {
  return {
    ...configuredId(id),
    run: numberAt(id, 'run'),
    shard: numberAt(id, 'shard'),
    attempt: numberAt(id, 'attempt'),
  };
}

function patternExpandedId(id: JsonObject): PatternExpandedId {
  const patterns = Array.isArray(id.pattern) ? (id.pattern as readonly unknown[]) : [];
  return { pattern: patterns.map((pattern) => (typeof pattern === 'string' ? pattern : '')) };
}

function actionExecuted(action: JsonObject): ActionExecuted {
  return {
    success: isTrueAt(action, 'success'),
    label: textAt(action, 'label'),
    type: textAt(action, 'type'),
    stdout: file(objectAt(action, 'stdout')),
    stderr: file(objectAt(action, 'stderr')),
    failureDetail: failureDetailAt(action),
  };
}

function testResult(result: JsonObject): TestResult {
  return {
    status: enumAt(result, 'status', TEST_STATUSES, 'NO_STATUS'),
    cachedLocally: isTrueAt(result, 'cachedLocally'),
    executionInfo: { cachedRemotely: isTrueAt(objectAt(result, 'executionInfo'), 'cachedRemotely') },
    testAttemptDuration: durationAt(result, 'testAttemptDuration'),
    testActionOutput: objectsAt(result, 'testActionOutput').map(file),
  };
}

function testSummary(summary: JsonObject): TestSummary {
  return {
    overallStatus: enumAt(summary, 'overallStatus', TEST_STATUSES, 'NO_STATUS'),
    totalRunCount: numberAt(summary, 'totalRunCount'),
    runCount: numberAt(summary, 'runCount'),
    attemptCount: numberAt(summary, 'attemptCount'),
    shardCount: numberAt(summary, 'shardCount'),
    totalNumCached: numberAt(summary, 'totalNumCached'),
    totalRunDuration: durationAt(summary, 'totalRunDuration'),
    failed: objectsAt(summary, 'failed').map(file),
  };
}

function exitCodeAt(finished: JsonObject): ExitCode | null {
  return isObject(finished.exitCode) ? { code: numberAt(finished.exitCode, 'code') } : null;
}

function failureDetailAt(object: JsonObject): { readonly message: string } {
  return { message: textAt(objectAt(object, 'failureDetail'), 'message') };
}

/** Whether it says what a release would do, as the rules in `bazel/` write it. A target may have thousands of other outputs. */
function isDryRun({ name }: File): boolean {
  return name.endsWith('.dry-run.txt');
}

function file(object: JsonObject): File {
  return { name: textAt(object, 'name'), uri: textAt(object, 'uri') };
}

function parseObject(line: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

function objectsAt(object: JsonObject, key: string): JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

function isTrueAt(object: JsonObject, key: string): boolean {
  return object[key] === true;
}

/** JSON omits the enumeration value with the number zero, which is the first name. */
function enumAt<Name extends string>(
  object: JsonObject,
  key: string,
  names: readonly Name[],
  zero: Name,
): Name | Unrecognized {
  const text = textAt(object, key);
  return text === '' ? zero : (names.find((name) => name === text) ?? (text as Unrecognized));
}

/** JSON writes an int32 as a number, and an int64 as a string. */
function numberAt(object: JsonObject, key: string): number {
  return numberOrNullAt(object, key) ?? 0;
}

function numberOrNullAt(object: JsonObject, key: string): number | null {
  const value = object[key];
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A protobuf Duration (`"0.053s"`), or the older field for the same value: an int64 in milliseconds. */
function durationAt(object: JsonObject, key: string): DurationMs {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(textAt(object, key))?.[1];
  return seconds === undefined ? numberOrNullAt(object, `${key}Millis`) : Math.round(Number(seconds) * 1000);
}
