import type { Location } from '../../formats/locations.js';
import type { Label } from '../../graph/label.js';
import { Field } from '../../formats/json-field.js';
import { parsePublished } from '../../formats/receipt.js';
import { MODES, type Leg, type Mode } from '../../plan/legs/leg.js';
import { OUTCOME_KINDS, type Log, type Outcome, type OutcomeKind, type TestFigures } from './outcome.js';

/** The version of the result file that this program writes and reads. */
export const RESULT_VERSION = 1;

/** How many characters of one text are read. A leg writes shorter texts. */
const MOST_CHARACTERS = 100_000;

/** The name of a result file inside its artifact. */
export const RESULT_FILE_NAME = 'result.json';

/** How a leg ended. `interrupted`: it was cancelled or timed out, or was killed before it could report. */
export type LegStatus = 'succeeded' | 'failed' | 'interrupted';

/** The result of one target of a leg. */
export interface TargetResult {
  readonly label: Label;
  readonly outcome: Outcome;
  /** Where the target is declared; null if this was not looked up. */
  readonly location: Location | null;
}

/** The report of one leg. It is the content of its result file, described in docs/results.md. */
export interface LegResult {
  readonly version: typeof RESULT_VERSION;
  readonly leg: {
    readonly name: string;
    readonly mode: Mode;
    /** The run attempt that the leg belongs to, from 1. A later attempt replaces an earlier one. */
    readonly attempt: number;
  };
  readonly status: LegStatus;
  /** The reason for the status, in a sentence. */
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** One for each target of the leg, in the leg's order. */
  readonly targets: readonly TargetResult[];
  /** The tests that ran before the releases of the leg; absent if there were none. */
  readonly ownTests?: readonly TargetResult[];
  readonly bazel: {
    /** The exit code of the only call, or of the first one that failed; null if Bazel never ran or was killed. */
    readonly exitCode: number | null;
    /** Bazel's error messages; null if there were none. */
    readonly message: string | null;
  };
}

/** A file is not the result of a leg: it is truncated, of another version, or something else. */
export class LegResultError extends Error {
  override name = 'LegResultError';
}

/** The result of a leg that has not ended. It stays as the result if the leg is killed. */
export function unfinishedResult(leg: Leg, attempt: number, startedAt: Date): LegResult {
  return {
    version: RESULT_VERSION,
    leg: { name: leg.name, mode: leg.mode, attempt },
    status: 'interrupted',
    message: 'The leg was killed before it could write its results.',
    startedAt: startedAt.toISOString(),
    durationMs: 0,
    targets: leg.targets.map((label) => ({
      label,
      outcome: { kind: 'no status', message: 'The leg was killed before it could report this target.' },
      location: null,
    })),
    bazel: { exitCode: null, message: null },
  };
}

/** The content of a result file. */
export function formatLegResult(result: LegResult): string {
  return `${JSON.stringify(result, null, 1)}\n`;
}

/**
 * Reads the content of a result file.
 *
 * @throws LegResultError if it is truncated, of another version, or not the result of a leg
 */
export function parseLegResult(content: string): LegResult {
  const root = Field.parse(content, (message, cause) => new LegResultError(message, { cause }));
  const version = root.at('version');
  if (version.value !== RESULT_VERSION) {
    throw new LegResultError(
      `it has version ${version.shown()}, and this program reads version ${RESULT_VERSION}: ` +
        'let all jobs of a run use the same version of bazel-affected',
    );
  }
  const leg = root.at('leg');
  const bazel = root.at('bazel');
  return {
    version: RESULT_VERSION,
    leg: {
      name: leg.at('name').text(),
      mode: leg.at('mode').oneOf(MODES),
      attempt: leg.at('attempt').count(1),
    },
    status: root.at('status').oneOf(['succeeded', 'failed', 'interrupted']),
    message: root.at('message').text(MOST_CHARACTERS),
    startedAt: root.at('startedAt').time(),
    durationMs: root.at('durationMs').count(0),
    targets: root.at('targets').list().map(parseTarget),
    ...(root.at('ownTests').value === undefined
      ? {}
      : { ownTests: root.at('ownTests').list().map(parseTarget) }),
    bazel: {
      exitCode: bazel.at('exitCode').orNull((field) => field.count(0)),
      message: bazel.at('message').orNull((field) => field.text(MOST_CHARACTERS)),
    },
  };
}

function parseTarget(target: Field): TargetResult {
  return {
    label: target.at('label').label(),
    outcome: parseOutcome(target.at('outcome')),
    location: target.at('location').orNull((location) => ({
      file: location.at('file').text(),
      line: location.at('line').orNull((line) => line.count(1)),
    })),
  };
}

function parseOutcome(outcome: Field): Outcome {
  const kind: OutcomeKind = outcome.at('kind').oneOf(OUTCOME_KINDS);
  switch (kind) {
    case 'passed':
    case 'cached':
      return { kind, ...parseFigures(outcome) };
    case 'flaky':
    case 'failed':
    case 'timed out':
      return { kind, ...parseFigures(outcome), logs: parseLogs(outcome) };
    case 'built':
      return { kind, logs: parseLogs(outcome) };
    case 'released':
      return {
        kind,
        durationMs: outcome.at('durationMs').count(0),
        published: parsePublished(outcome.at('published')),
      };
    case 'failed to release':
      return {
        kind,
        durationMs: outcome.at('durationMs').count(0),
        message: outcome.at('message').text(MOST_CHARACTERS),
        logs: parseLogs(outcome),
        published: parsePublished(outcome.at('published')),
      };
    case 'failed to build':
      return { kind, message: outcome.at('message').text(MOST_CHARACTERS), logs: parseLogs(outcome) };
    case 'unchanged':
    case 'superseded':
    case 'withheld':
    case 'incompatible':
    case 'no status':
      return { kind, message: outcome.at('message').text(MOST_CHARACTERS) };
  }
}

function parseFigures(outcome: Field): TestFigures {
  return {
    durationMs: outcome.at('durationMs').orNull((field) => field.count(0)),
    attempts: outcome.at('attempts').count(1),
    shards: outcome.at('shards').count(1),
  };
}

function parseLogs(outcome: Field): Log[] {
  return outcome
    .at('logs')
    .list()
    .map((log) => ({
      name: log.at('name').text(MOST_CHARACTERS),
      uri: log.at('uri').text(MOST_CHARACTERS),
      tail: log.at('tail').orNull((field) => field.text(MOST_CHARACTERS)),
    }));
}
