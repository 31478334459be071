import type { PlannedLegs } from '../../../src/plan/file/planned-legs.js';
import { parseLabel } from '../../../src/graph/label.js';
import type { Mode } from '../../../src/plan/legs/leg.js';
import type { LegResult, TargetResult } from '../../../src/leg/result/leg-result.js';
import type { Outcome } from '../../../src/leg/result/outcome.js';
import type { JobResult, Needs } from '../../../src/verdict/needs.js';

export const PASSED: Outcome = { kind: 'passed', durationMs: 1500, attempts: 1, shards: 1 };
export const BUILT: Outcome = { kind: 'built', logs: [] };

export function failed(tail: string | null = 'expected 1, got 2'): Outcome {
  return {
    kind: 'failed',
    durationMs: 2500,
    attempts: 1,
    shards: 1,
    logs: [{ name: 'test.log', uri: 'file:///x/test.log', tail }],
  };
}

export function target(label: string, outcome: Outcome): TargetResult {
  return { label: parseLabel(label), outcome, location: null };
}

/** A result of a leg that has the name of its first target. */
export function legResult(
  targets: Readonly<Record<string, Outcome>>,
  changes: Partial<Omit<LegResult, 'leg'>> & { name?: string; mode?: Mode; attempt?: number } = {},
): LegResult {
  const { name = Object.keys(targets)[0] ?? 'leg', mode = 'test', attempt = 1, ...others } = changes;
  return {
    version: 1,
    leg: { name, mode, attempt },
    status: 'succeeded',
    message: 'All targets passed.',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 60_000,
    targets: Object.entries(targets).map(([label, outcome]) => target(label, outcome)),
    bazel: { exitCode: 0, message: null },
    ...others,
  };
}

/** A plan with one test leg for each label, named as the label. */
export function plan(...labels: readonly string[]): PlannedLegs {
  return {
    legs: labels.map((label) => ({ name: label, mode: 'test', targets: [parseLabel(label)] })),
    emptyReason: labels.length === 0 ? 'no target is affected' : null,
    everythingReason: null,
    problems: [],
  };
}

export function needs(results: Readonly<Record<string, JobResult>>): Needs {
  return new Map(Object.entries(results));
}
