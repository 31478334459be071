import {
  listAt,
  numberAt,
  objectAt,
  textAt,
  durationAt,
  type BuildEvent,
} from '../../formats/build-events.js';
import { decodedOnce } from '../../formats/twice-encoded.js';
import { parseLabel, type Label } from '../../graph/label.js';
import { clip, plainText } from '../../text/plain-text.js';
import { worst, type Log, type Outcome, type TestFigures } from './outcome.js';

/** What of a target is asked: whether its tests ran well, or only whether it was built. */
export type Aim = 'test' | 'build';

const MESSAGE_LENGTH = 8_000;

/** Why something failed, under the event id that others name as their cause. */
interface Failure {
  readonly reason: string;
  readonly message: string;
  readonly logs: readonly Log[];
  readonly causes: readonly string[];
}

/** One attempt of one shard of one run of a test. */
interface Attempt {
  readonly run: number;
  readonly shard: number;
  readonly attempt: number;
  readonly status: string;
  readonly cached: boolean;
  readonly durationMs: number | null;
  readonly log: string | null;
}

/** What the stream said of one target in one configuration. */
interface ConfiguredTarget {
  completed: 'built' | Failure | null;
  summary: Readonly<Record<string, unknown>> | null;
  attempts: Attempt[];
  aborted: Failure | null;
}

/**
 * What a stream of build events says of each target. Events come in by {@link add}, in the order of the stream;
 * {@link outcomeOf} may be asked at any time and answers from what came so far.
 */
export class BuildRecord {
  private readonly targets = new Map<Label, Map<string, ConfiguredTarget>>();
  private readonly loading = new Map<Label, Failure>();
  private readonly kinds = new Map<Label, string>();
  private readonly failures = new Map<string, Failure>();

  /** Takes one event in. Kinds that say nothing of a target are passed over, and so is what newer Bazels may add. */
  add(event: BuildEvent): void {
    const id = objectAt(event, 'id');
    const kind = Object.keys(id)[0] ?? '';
    const about = objectAt(id, kind);
    if ('aborted' in event) {
      this.addAborted(event, kind, about);
      return;
    }
    switch (kind) {
      case 'targetConfigured':
        for (const label of labelsAt(about))
          this.kinds.set(label, textAt(objectAt(event, 'configured'), 'targetKind'));
        break;
      case 'targetCompleted':
        this.addCompleted(event, about);
        break;
      case 'actionCompleted':
        this.addAction(event, id, about);
        break;
      case 'testResult':
        this.addAttempt(event, about);
        break;
      case 'testSummary':
        for (const target of this.configured(about)) target.summary = objectAt(event, 'testSummary');
        break;
    }
  }

  /** What became of a target; of several configurations, the worst. */
  outcomeOf(label: Label, aim: Aim): Outcome {
    const outcomes = [...(this.targets.get(label)?.values() ?? [])].map((target) =>
      this.outcome(label, target, aim),
    );
    const [first, ...others] = outcomes;
    if (first !== undefined) return worst([first, ...others]);
    const loading = this.loading.get(label);
    if (loading !== undefined) return this.abortedOutcome(loading);
    return { kind: 'no status', message: 'Bazel reported nothing about this target.' };
  }

  private addAborted(event: BuildEvent, kind: string, about: Readonly<Record<string, unknown>>): void {
    const aborted = objectAt(event, 'aborted');
    const failure: Failure = {
      reason: textAt(aborted, 'reason') || 'UNKNOWN',
      message: textAt(aborted, 'description'),
      logs: [],
      causes: causesOf(event),
    };
    this.failures.set(JSON.stringify(event.id), failure);
    switch (kind) {
      case 'targetCompleted':
      case 'testSummary':
        for (const target of this.configured(about)) target.aborted ??= failure;
        break;
      case 'testResult':
        break;
      case 'targetConfigured':
      case 'configuredLabel':
      case 'unconfiguredLabel':
        for (const label of labelsAt(about)) if (!this.targets.has(label)) this.loading.set(label, failure);
        break;
      case 'pattern':
      case 'patternSkipped':
        for (const label of patternLabels(about)) this.loading.set(label, failure);
        break;
    }
  }

  private addCompleted(event: BuildEvent, about: Readonly<Record<string, unknown>>): void {
    const completed = objectAt(event, 'completed');
    const failure: Failure | null =
      completed.success === true
        ? null
        : {
            reason: 'FAILED',
            message: textAt(objectAt(completed, 'failureDetail'), 'message'),
            logs: [],
            causes: causesOf(event),
          };
    for (const target of this.configured(about)) {
      if (failure !== null) target.completed = failure;
      else target.completed ??= 'built';
    }
  }

  private addAction(
    event: BuildEvent,
    id: Readonly<Record<string, unknown>>,
    about: Readonly<Record<string, unknown>>,
  ): void {
    const action = objectAt(event, 'action');
    if (action.success === true) return;
    const label = textAt(action, 'label') || textAt(about, 'label');
    const logs = ['stderr', 'stdout'].flatMap((stream) => {
      const uri = textAt(objectAt(action, stream), 'uri');
      return uri === '' ? [] : [{ name: `${stream} of ${label}`, uri, tail: null }];
    });
    const what = [
      textAt(action, 'type') || 'An action',
      ...(label === '' ? [] : ['of', label]),
      'failed',
    ].join(' ');
    const detail = textAt(objectAt(action, 'failureDetail'), 'message');
    this.failures.set(JSON.stringify(id), {
      reason: 'FAILED',
      message: detail === '' ? what : `${what}: ${detail}`,
      logs,
      causes: [],
    });
  }

  private addAttempt(event: BuildEvent, about: Readonly<Record<string, unknown>>): void {
    const result = objectAt(event, 'testResult');
    const log = listAt(result, 'testActionOutput').find((output) => textAt(output, 'name') === 'test.log');
    const attempt: Attempt = {
      run: numberAt(about, 'run') ?? 1,
      shard: numberAt(about, 'shard') ?? 1,
      attempt: numberAt(about, 'attempt') ?? 1,
      status: textAt(result, 'status') || 'NO_STATUS',
      cached: result.cachedLocally === true || objectAt(result, 'executionInfo').cachedRemotely === true,
      durationMs: durationAt(result, 'testAttemptDuration'),
      log: log === undefined ? null : textAt(log, 'uri') || null,
    };
    for (const target of this.configured(about)) target.attempts.push(attempt);
  }

  private configured(about: Readonly<Record<string, unknown>>): ConfiguredTarget[] {
    const configuration = textAt(objectAt(about, 'configuration'), 'id');
    return labelsAt(about).map((label) => {
      const byConfiguration = this.targets.get(label) ?? new Map<string, ConfiguredTarget>();
      this.targets.set(label, byConfiguration);
      const target = byConfiguration.get(configuration) ?? {
        completed: null,
        summary: null,
        attempts: [],
        aborted: null,
      };
      byConfiguration.set(configuration, target);
      return target;
    });
  }

  private outcome(label: Label, target: ConfiguredTarget, aim: Aim): Outcome {
    if (target.completed !== null && target.completed !== 'built') return this.buildFailure(target.completed);
    if (aim === 'build') {
      if (target.completed === 'built') return { kind: 'built' };
    } else if (target.summary !== null) {
      return testOutcome(target.summary, target.attempts);
    }
    if (target.aborted !== null) return this.abortedOutcome(target.aborted);
    const failedAttempts = target.attempts.filter((attempt) => attempt.status !== 'PASSED');
    if (failedAttempts.length > 0) {
      const statuses = failedAttempts.map((attempt) => attempt.status).join(', ');
      return {
        kind: 'no status',
        message: `Bazel's build events end before the test's result; attempts so far: ${statuses}.`,
      };
    }
    if (target.completed === 'built') return { kind: 'no status', message: builtOnly(this.kinds.get(label)) };
    return { kind: 'no status', message: "Bazel's build events end before this target was done." };
  }

  private abortedOutcome(failure: Failure): Outcome {
    switch (failure.reason) {
      case 'SKIPPED':
        return { kind: 'incompatible', message: this.explain(failure).message };
      case 'ANALYSIS_FAILURE':
      case 'LOADING_FAILURE':
      case 'UNKNOWN':
        return this.buildFailure(failure);
      case 'USER_INTERRUPTED':
        return { kind: 'no status', message: 'Bazel was interrupted before this target was done.' };
      default: {
        const { message } = this.explain(failure);
        return {
          kind: 'no status',
          message: `Bazel gave up (${failure.reason})${message === '' ? '.' : `: ${message}`}`,
        };
      }
    }
  }

  private buildFailure(failure: Failure): Outcome {
    const { message, logs } = this.explain(failure);
    return {
      kind: 'failed to build',
      message: message === '' ? "Bazel's build events do not say why." : message,
      logs,
    };
  }

  /** The messages at the root of a failure; its own where it names no cause. */
  private explain(failure: Failure): { message: string; logs: readonly Log[] } {
    const messages = new Set<string>();
    const logs = new Map<string, Log>();
    const seen = new Set<Failure>();
    const follow = (at: Failure): boolean => {
      if (seen.has(at)) return false;
      seen.add(at);
      const causes = at.causes
        .map((cause) => this.failures.get(cause))
        .filter((cause) => cause !== undefined);
      const explained = causes.map(follow).includes(true);
      for (const log of at.logs) logs.set(log.uri, log);
      if (explained) return true;
      if (at.message === '') return false;
      messages.add(plainText(at.message));
      return true;
    };
    follow(failure);
    return { message: clip([...messages].join('\n'), MESSAGE_LENGTH), logs: [...logs.values()] };
  }
}

function testOutcome(summary: Readonly<Record<string, unknown>>, attempts: readonly Attempt[]): Outcome {
  const status = textAt(summary, 'overallStatus');
  const figures = figuresOf(summary, attempts);
  switch (status) {
    case 'PASSED': {
      const ran = numberAt(summary, 'totalRunCount') ?? attempts.length;
      const cached = attempts.length > 0 ? attempts.every((attempt) => attempt.cached) : false;
      const allCached = cached || (ran > 0 && (numberAt(summary, 'totalNumCached') ?? 0) >= ran);
      return { kind: allCached ? 'cached' : 'passed', ...figures };
    }
    case 'FLAKY':
      return { kind: 'flaky', ...figures, logs: failureLogs(summary, attempts) };
    case 'TIMEOUT':
      return { kind: 'timed out', ...figures, logs: failureLogs(summary, attempts) };
    case 'FAILED':
    case 'REMOTE_FAILURE':
      return { kind: 'failed', ...figures, logs: failureLogs(summary, attempts) };
    case 'FAILED_TO_BUILD':
      return { kind: 'failed to build', message: 'Bazel could not build this test.', logs: [] };
    default:
      return { kind: 'no status', message: `The test has no result: Bazel says ${status || 'NO_STATUS'}.` };
  }
}

function figuresOf(summary: Readonly<Record<string, unknown>>, attempts: readonly Attempt[]): TestFigures {
  const durations = attempts.map((attempt) => attempt.durationMs).filter((duration) => duration !== null);
  // With several runs, Bazel's attemptCount counts the runs too.
  const summaryAttempts =
    (numberAt(summary, 'runCount') ?? 1) > 1 ? 1 : (numberAt(summary, 'attemptCount') ?? 1);
  return {
    durationMs:
      durations.length > 0 ? durations.reduce((a, b) => a + b) : durationAt(summary, 'totalRunDuration'),
    attempts: Math.max(1, summaryAttempts, ...attempts.map((attempt) => attempt.attempt)),
    shards: Math.max(1, numberAt(summary, 'shardCount') ?? 1, ...attempts.map((attempt) => attempt.shard)),
  };
}

function failureLogs(summary: Readonly<Record<string, unknown>>, attempts: readonly Attempt[]): Log[] {
  const several = (of: (attempt: Attempt) => number) => new Set(attempts.map(of)).size > 1;
  const [runs, shards, tries] = [several((a) => a.run), several((a) => a.shard), several((a) => a.attempt)];
  const nameOf = (attempt: Attempt) =>
    [
      'test.log',
      runs ? `run ${attempt.run}` : '',
      shards ? `shard ${attempt.shard}` : '',
      tries ? `attempt ${attempt.attempt}` : '',
    ]
      .filter((part) => part !== '')
      .join(', ');
  const byUri = new Map<string, Log>();
  for (const attempt of attempts) {
    if (attempt.status === 'PASSED' || attempt.log === null) continue;
    byUri.set(attempt.log, { name: nameOf(attempt), uri: attempt.log, tail: null });
  }
  for (const file of listAt(summary, 'failed')) {
    const uri = textAt(file, 'uri');
    if (uri !== '' && !byUri.has(uri)) byUri.set(uri, { name: 'test.log', uri, tail: null });
  }
  return [...byUri.values()];
}

function builtOnly(kind: string | undefined): string {
  const what = kind === undefined || kind === '' ? 'target' : kind.replace(/ rule$/, '');
  return `Bazel built this ${what} and ran no test for it: it is not a test, a test filter excludes it, or Bazel ended too early.`;
}

/** The labels that a pattern event stands for: each target pattern of a leg is one label. */
function patternLabels(about: Readonly<Record<string, unknown>>): Label[] {
  const patterns = about.pattern;
  if (!Array.isArray(patterns) || patterns.length !== 1) return [];
  return labelsAt({ label: patterns[0] as unknown });
}

/**
 * The label that an event is about, in each way that it can be meant: up to Bazel 7, the stream encodes the UTF-8 bytes
 * of a name a second time.
 */
function labelsAt(about: Readonly<Record<string, unknown>>): Label[] {
  const label = textAt(about, 'label');
  if (!label.includes('//')) return [];
  const mended = decodedOnce(label);
  return mended === label ? [parseLabel(label)] : [parseLabel(label), parseLabel(mended)];
}

function causesOf(event: BuildEvent): string[] {
  return listAt(event, 'children').map((child) => JSON.stringify(child));
}
