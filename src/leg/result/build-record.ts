import type { BuildEvent, ConfigurationId, TestSummary } from '../../formats/build-event-messages.js';
import type { Label } from '../../graph/label.js';
import { labelsOfEvent, labelsOfPattern } from './labels-of-event.js';
import { worst, type Log, type Outcome } from './outcome.js';
import { RecordedFailures, type RecordedFailure } from './recorded-failures.js';
import { testAttempt, testOutcome, type TestAttempt } from './test-outcome.js';

/** What a target is judged by: whether its tests passed, or only whether it was built. */
export type Aim = 'test' | 'build';

type EventOf<Kind extends BuildEvent['kind']> = Extract<BuildEvent, { kind: Kind }>;

/** The events about one target in one configuration. */
interface ConfiguredTarget {
  completed: 'built' | RecordedFailure | null;
  /** What it would do if it were run. */
  dryRuns: readonly Log[];
  summary: TestSummary | null;
  attempts: TestAttempt[];
  aborted: RecordedFailure | null;
}

/**
 * What a stream of build events says about each target. {@link add} takes the events in the order of the stream.
 * {@link outcomeOf} can be called at any time, and answers from the events so far.
 */
export class BuildRecord {
  private readonly targets = new Map<Label, Map<string, ConfiguredTarget>>();
  private readonly loading = new Map<Label, RecordedFailure>();
  private readonly kinds = new Map<Label, string>();
  private readonly failures = new RecordedFailures();

  add(event: BuildEvent): void {
    switch (event.kind) {
      case 'aborted':
        this.addAborted(event);
        break;
      case 'targetConfigured':
        for (const label of labelsOfEvent(event.id.label)) this.kinds.set(label, event.configured.targetKind);
        break;
      case 'targetCompleted':
        this.addCompleted(event);
        break;
      case 'actionCompleted':
        this.addAction(event);
        break;
      case 'testResult':
        for (const target of this.configured(event.id))
          target.attempts.push(testAttempt(event.id, event.testResult));
        break;
      case 'testSummary':
        for (const target of this.configured(event.id)) target.summary = event.testSummary;
        break;
      case 'buildFinished':
        break;
    }
  }

  /** The outcome of a target. If it has several configurations, the worst one counts. */
  outcomeOf(label: Label, aim: Aim): Outcome {
    const outcomes = [...(this.targets.get(label)?.values() ?? [])].map((target) =>
      this.configuredOutcome(label, target, aim),
    );
    const [first, ...others] = outcomes;
    if (first !== undefined) return worst([first, ...others]);
    const loading = this.loading.get(label);
    if (loading !== undefined) return this.abortedOutcome(loading);
    return { kind: 'no status', message: 'Bazel reported nothing about this target.' };
  }

  /** Whether no event was about a target, because Bazel ended before it looked at any. */
  get isEmpty(): boolean {
    return this.targets.size === 0 && this.loading.size === 0 && this.kinds.size === 0;
  }

  /** Whether events say that Bazel gave the target up, and none says that it was built, tested, or failed at it. */
  isGivenUp(label: Label): boolean {
    const targets = [...(this.targets.get(label)?.values() ?? [])];
    return targets.length === 0
      ? this.loading.has(label)
      : targets.every(
          ({ completed, summary, attempts, aborted }) =>
            completed === null && summary === null && attempts.length === 0 && aborted !== null,
        );
  }

  private addAborted({ writtenId, children, instead, aborted }: EventOf<'aborted'>): void {
    const failure = { reason: aborted.reason, message: aborted.description, logs: [], causes: children };
    this.failures.add(writtenId, failure);
    switch (instead.kind) {
      case 'targetCompleted':
      case 'testSummary':
        for (const target of this.configured(instead.id)) target.aborted ??= failure;
        break;
      case 'targetConfigured':
      case 'configuredLabel':
      case 'unconfiguredLabel':
        for (const label of labelsOfEvent(instead.id.label))
          if (!this.targets.has(label)) this.loading.set(label, failure);
        break;
      case 'pattern':
      case 'patternSkipped':
        for (const label of labelsOfPattern(instead.id.pattern)) this.loading.set(label, failure);
        break;
      case 'other':
        break;
    }
  }

  private addCompleted({ id, children, completed }: EventOf<'targetCompleted'>): void {
    const { message } = completed.failureDetail;
    const failure: RecordedFailure | null = completed.success
      ? null
      : { reason: 'FAILED', message, logs: [], causes: children };
    for (const target of this.configured(id)) {
      if (failure !== null) target.completed = failure;
      else target.completed ??= 'built';
      // Aspects of the target are completed as well, and have other outputs.
      const dryRuns = completed.importantOutput.map(({ uri }) => ({ name: 'dry run', uri, tail: null }));
      target.dryRuns = [...target.dryRuns, ...dryRuns];
    }
  }

  private addAction({ writtenId, id, action }: EventOf<'actionCompleted'>): void {
    if (action.success) return;
    const label = action.label || id.label;
    const logs = (['stderr', 'stdout'] as const).flatMap((stream) => {
      const { uri } = action[stream];
      return uri === '' ? [] : [{ name: `${stream} of ${label}`, uri, tail: null }];
    });
    const what = `${action.type || 'An action'}${label === '' ? '' : ` of ${label}`} failed`;
    const { message: detail } = action.failureDetail;
    const message = detail === '' ? what : `${what}: ${detail}`;
    this.failures.add(writtenId, { reason: 'FAILED', message, logs, causes: [] });
  }

  private configured(about: { label: string; configuration: ConfigurationId }): ConfiguredTarget[] {
    return labelsOfEvent(about.label).map((label) => {
      const byConfiguration = this.targets.get(label) ?? new Map<string, ConfiguredTarget>();
      this.targets.set(label, byConfiguration);
      const target = byConfiguration.get(about.configuration.id) ?? {
        completed: null,
        dryRuns: [],
        summary: null,
        attempts: [],
        aborted: null,
      };
      byConfiguration.set(about.configuration.id, target);
      return target;
    });
  }

  private configuredOutcome(label: Label, target: ConfiguredTarget, aim: Aim): Outcome {
    const { completed, summary, aborted, attempts } = target;
    if (completed !== null && completed !== 'built') return this.buildFailure(completed);
    if (aim === 'build' && completed === 'built') return { kind: 'built', logs: target.dryRuns };
    if (aim === 'test' && summary !== null) return testOutcome(summary, attempts);
    if (aborted !== null) return this.abortedOutcome(aborted);
    return { kind: 'no status', message: unfinished(target, this.kinds.get(label) ?? '') };
  }

  private abortedOutcome(failure: RecordedFailure): Outcome {
    switch (failure.reason) {
      case 'SKIPPED':
        return { kind: 'incompatible', message: this.failures.explain(failure).message };
      case 'ANALYSIS_FAILURE':
      case 'LOADING_FAILURE':
      case 'UNKNOWN':
        return this.buildFailure(failure);
      case 'USER_INTERRUPTED':
        return { kind: 'no status', message: 'Bazel was interrupted before this target was done.' };
      case 'FAILED':
      case 'INCOMPLETE':
      case 'INTERNAL':
      case 'NO_ANALYZE':
      case 'NO_BUILD':
      case 'OUT_OF_MEMORY':
      case 'REMOTE_ENVIRONMENT_FAILURE':
      case 'TIME_OUT':
      default: {
        const { message } = this.failures.explain(failure);
        const more = message === '' ? '.' : `: ${message}`;
        return { kind: 'no status', message: `Bazel gave up (${failure.reason})${more}` };
      }
    }
  }

  private buildFailure(failure: RecordedFailure): Outcome {
    const { message, logs } = this.failures.explain(failure);
    return {
      kind: 'failed to build',
      message: message === '' ? "Bazel's build events do not say why." : message,
      logs,
    };
  }
}

/** The reason why a target has no result although no event says that it failed. */
function unfinished({ completed, attempts }: ConfiguredTarget, targetKind: string): string {
  const failed = attempts.filter(({ status }) => status !== 'PASSED').map(({ status }) => status);
  if (failed.length > 0)
    return `Bazel's build events end before the test's result; attempts so far: ${failed.join(', ')}.`;
  if (completed !== 'built') return "Bazel's build events end before this target was done.";
  const what = targetKind === '' ? 'target' : targetKind.replace(/ rule$/, '');
  return `Bazel built this ${what} and ran no test for it: it is not a test, a test filter excludes it, or Bazel ended too early.`;
}
