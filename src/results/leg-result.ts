import { LabelError, parseLabel, type Label } from '../graph/label.js';
import { MODES, type Leg, type Mode } from '../matrix/leg.js';
import { OUTCOME_KINDS, type Log, type Outcome, type OutcomeKind, type TestFigures } from './outcome.js';

/** The version of the result file that this program writes and reads. */
export const RESULT_VERSION = 1;

/** How a leg ended: `interrupted` is cancelled, timed out, or killed before it could say more. */
export type LegStatus = 'succeeded' | 'failed' | 'interrupted';

/** A place in the workspace that a message can point at. */
export interface Location {
  /** From the workspace's root, `/`-separated. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What became of one target of a leg. */
export interface TargetResult {
  readonly label: Label;
  readonly outcome: Outcome;
  /** Where the target is declared; null where nobody looked it up. */
  readonly location: Location | null;
}

/** What one leg reports: the content of its result file, described in docs/results.md. */
export interface LegResult {
  readonly version: typeof RESULT_VERSION;
  readonly leg: {
    readonly name: string;
    readonly mode: Mode;
    /** The run attempt that it belongs to, from 1: a later one replaces an earlier one. */
    readonly attempt: number;
  };
  readonly status: LegStatus;
  /** Why the leg has its status, in a sentence. */
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** One for each target of the leg, in the leg's order. */
  readonly targets: readonly TargetResult[];
  readonly bazel: {
    /** Of the only or the first failing call; null if Bazel never ran or was killed. */
    readonly exitCode: number | null;
    /** Bazel's error messages; null if it had none. */
    readonly message: string | null;
  };
}

/** Says that a file is not the result of a leg: cut off, of another version, or something else. */
export class LegResultError extends Error {
  override name = 'LegResultError';
}

/** The result of a leg that has not ended: what a leg leaves that is killed without a warning. */
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
      outcome: { kind: 'no status', message: 'The leg was killed before it could say.' },
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
 * @throws LegResultError if it is cut off, of another version, or no result of a leg
 */
export function parseLegResult(content: string): LegResult {
  const root = new Field('', parseJson(content));
  const version = root.at('version');
  if (version.value !== RESULT_VERSION) {
    throw new LegResultError(
      `it has version ${JSON.stringify(version.value)}, and this program reads version ${RESULT_VERSION}: ` +
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
    message: root.at('message').text(),
    startedAt: root.at('startedAt').time(),
    durationMs: root.at('durationMs').count(0),
    targets: root.at('targets').list().map(parseTarget),
    bazel: {
      exitCode: bazel.at('exitCode').orNull((field) => field.count(0)),
      message: bazel.at('message').orNull((field) => field.text()),
    },
  };
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new LegResultError(
      content.trim() === '' ? 'it is empty' : `it is no JSON, so it was cut off or is something else`,
      { cause: error },
    );
  }
}

function parseTarget(target: Field): TargetResult {
  return {
    label: target.at('label').label(),
    outcome: parseOutcome(target.at('outcome')),
    location: target.at('location').orNull((location) => ({
      file: location.at('file').text(),
      line: location.at('line').count(1),
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
      return { kind };
    case 'released':
      return { kind, durationMs: outcome.at('durationMs').count(0) };
    case 'failed to release':
      return {
        kind,
        durationMs: outcome.at('durationMs').count(0),
        message: outcome.at('message').text(),
        logs: parseLogs(outcome),
      };
    case 'failed to build':
      return { kind, message: outcome.at('message').text(), logs: parseLogs(outcome) };
    case 'incompatible':
    case 'no status':
      return { kind, message: outcome.at('message').text() };
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
      name: log.at('name').text(),
      uri: log.at('uri').text(),
      tail: log.at('tail').orNull((field) => field.text()),
    }));
}

/** A value of the file with its path in it, for messages. */
class Field {
  constructor(
    private readonly path: string,
    readonly value: unknown,
  ) {}

  at(key: string): Field {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.unlike('an object');
    return new Field(
      this.path === '' ? key : `${this.path}.${key}`,
      Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined,
    );
  }

  list(): Field[] {
    if (!Array.isArray(this.value)) throw this.unlike('a list');
    return this.value.map((value: unknown, at) => new Field(`${this.path}[${at}]`, value));
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.unlike('a text');
    return this.value;
  }

  /** A whole number of at least `least`. */
  count(least: number): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value) || this.value < least) {
      throw this.unlike(`a whole number of at least ${least}`);
    }
    return this.value;
  }

  time(): string {
    const text = this.text();
    if (Number.isNaN(Date.parse(text))) throw this.unlike('a time');
    return text;
  }

  label(): Label {
    try {
      return parseLabel(this.text());
    } catch (error) {
      if (error instanceof LabelError) throw this.unlike('a label');
      throw error;
    }
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const choice = choices.find((one) => one === this.value);
    if (choice === undefined) throw this.unlike(`one of ${choices.join(', ')}`);
    return choice;
  }

  orNull<T>(read: (field: Field) => T): T | null {
    return this.value === null ? null : read(this);
  }

  private unlike(expected: string): LegResultError {
    const seen = (JSON.stringify(this.value) as string | undefined) ?? 'nothing';
    return new LegResultError(
      `${this.path || 'the file'} should be ${expected}, and is ${seen.slice(0, 80)}`,
    );
  }
}
