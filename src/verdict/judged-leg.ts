import type { Label } from '../graph/label.js';
import type { LegResult, TargetResult } from '../leg/result/leg-result.js';
import { isExitOfTargets } from '../leg/result/leg-status.js';
import { hasPassed, outcomeMessage, worst, type Outcome } from '../leg/result/outcome.js';
import type { PlannedLegs } from '../plan/file/planned-legs.js';
import type { Mode } from '../plan/legs/leg.js';
import type { Problem, WithheldProblem } from './problem.js';
import type { ReadReport } from './reported-leg.js';

/** The judgement on a planned target. `withheld`: a release that was not started, because a test or a build failed. */
export type Standing = 'passed' | 'failed' | 'withheld';

/** The result of one planned target, from the reports of all legs. */
export interface JudgedTarget {
  readonly label: Label;
  readonly mode: Mode;
  /** The leg in whose plan the target is. */
  readonly leg: string;
  readonly outcome: Outcome;
  readonly location: TargetResult['location'];
  readonly standing: Standing;
}

/** The result of one planned leg. */
export interface JudgedLeg {
  readonly name: string;
  readonly mode: Mode;
  /** As in the plan. */
  readonly waitsForTests?: true;
  /** Null if there is no readable report of the leg. */
  readonly result: LegResult | null;
}

/** The judgement on one planned leg. */
export interface LegJudgement {
  readonly leg: JudgedLeg;
  readonly targets: readonly JudgedTarget[];
  readonly targetProblems: readonly Problem[];
  /** One for each release that was withheld, because tests of its leg did not pass. Failed tests may explain it. */
  readonly withheldProblems: readonly WithheldProblem[];
  /** Problems that the leg's targets do not explain. */
  readonly legProblems: readonly Problem[];
  readonly notes: readonly string[];
}

export type PlannedLeg = PlannedLegs['legs'][number];

/**
 * Judges one planned leg.
 *
 * @param reports those of this leg; if there are several, the worst result of each target counts
 */
export function judgeLeg(leg: PlannedLeg, reports: readonly ReadReport[]): LegJudgement {
  const results = reports.map(({ result }) => result);
  const result = results.find(({ status }) => status !== 'succeeded') ?? results[0] ?? null;
  const byLabel = Map.groupBy(
    results.flatMap(({ targets }) => targets),
    ({ label }) => label,
  );
  const targets = leg.targets.map((label) => judgeTarget(leg, label, byLabel.get(label) ?? [], result));
  return {
    leg: {
      name: leg.name,
      mode: leg.mode,
      ...(leg.waitsForTests === undefined ? {} : { waitsForTests: leg.waitsForTests }),
      result,
    },
    targets,
    targetProblems:
      result === null ? [] : targets.flatMap((target) => targetProblems(target, byLabel, result)),
    withheldProblems: result === null ? [] : targets.flatMap((target) => withheldProblems(target, result)),
    legProblems: results.flatMap((one) => legProblems(one, targets)),
    notes: notesOf(leg, results.length, byLabel),
  };
}

export function isFailed({ standing }: JudgedTarget): boolean {
  return standing === 'failed';
}

type ResultsByLabel = ReadonlyMap<Label, readonly TargetResult[]>;

function judgeTarget(
  leg: PlannedLeg,
  label: Label,
  results: readonly TargetResult[],
  reported: LegResult | null,
): JudgedTarget {
  const failed = results.filter((result) => !hasPassed(leg.mode, result.outcome));
  const [first, ...others] = (failed.length > 0 ? failed : results).map(({ outcome }) => outcome);
  const lost =
    reported === null ? 'Its leg reported no result.' : 'Its leg reported no result for this target.';
  const outcome: Outcome =
    first === undefined ? { kind: 'no status', message: lost } : worst([first, ...others]);
  const passed = results.length > 0 && failed.length === 0;
  return {
    label,
    mode: leg.mode,
    leg: leg.name,
    outcome,
    location: results.find(({ location }) => location !== null)?.location ?? null,
    standing: passed ? 'passed' : outcome.kind === 'withheld' ? 'withheld' : 'failed',
  };
}

function targetProblems(target: JudgedTarget, byLabel: ResultsByLabel, result: LegResult): Problem[] {
  const { label, leg, outcome } = target;
  if (!byLabel.has(label)) return [{ kind: 'target missing', leg, label }];
  if (!isFailed(target) || isExplainedByLeg(target, result)) return [];
  const detail = outcome.kind === 'failed to release' ? outcome.message : null;
  return [{ kind: 'target', label, outcome: outcome.kind, detail }];
}

function withheldProblems({ label, standing, outcome }: JudgedTarget, result: LegResult): WithheldProblem[] {
  if (standing !== 'withheld') return [];
  const failed = (result.ownTests ?? []).filter((test) => !hasPassed('test', test.outcome));
  const tests = failed.map((test) => test.label);
  return [{ kind: 'withheld', label, tests, message: outcomeMessage(outcome) ?? '' }];
}

function legProblems(result: LegResult, targets: readonly JudgedTarget[]): Problem[] {
  const { leg, status, message } = result;
  if (status === 'succeeded') return [];
  if (status === 'interrupted') return [{ kind: 'leg interrupted', leg: leg.name, message }];
  const failed = targets.filter(isFailed);
  if (failed.length === 0 && targets.some(({ standing }) => standing === 'withheld')) return [];
  const isExplainedByTargets =
    failed.length > 0 &&
    failed.every((target) => !isExplainedByLeg(target, result)) &&
    isExitOfTargets(leg.mode, result.bazel.exitCode);
  return isExplainedByTargets ? [] : [{ kind: 'leg failed', leg: leg.name, message }];
}

/** Whether the leg's own problem already explains why a target has no result. */
function isExplainedByLeg({ outcome }: JudgedTarget, { status }: LegResult): boolean {
  return outcome.kind === 'no status' && status !== 'succeeded';
}

function notesOf(leg: PlannedLeg, reportCount: number, byLabel: ResultsByLabel): string[] {
  const planned = new Set(leg.targets);
  const several =
    reportCount > 1 ? [`The leg ${leg.name} reported ${reportCount} times: the worst result counts.`] : [];
  const repeated = leg.targets.flatMap((label) => {
    const count = byLabel.get(label)?.length ?? 0;
    return count > reportCount ? [`${label} has ${count} results in ${leg.name}: the worst counts.`] : [];
  });
  const unplanned = [...byLabel.keys()].flatMap((label) =>
    planned.has(label)
      ? []
      : [`${leg.name} reported ${label}, which is not in its plan: the result is ignored.`],
  );
  return [...several, ...repeated, ...unplanned];
}
