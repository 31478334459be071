import type { Label } from '../graph/label.js';
import type { Leg, Mode } from '../matrix/leg.js';
import type { LegResult, TargetResult } from './leg-result.js';
import { isGood, worst, type Outcome } from './outcome.js';

/** What the verdict has to know of the plan. */
export interface PlannedLegs {
  readonly legs: readonly Pick<Leg, 'name' | 'mode' | 'targets'>[];
  /** Why there is nothing to run; null if there is something. */
  readonly emptyReason: string | null;
  /** Why everything is affected; null if not everything is. */
  readonly everythingReason: string | null;
}

/** How a job ended, in GitHub's words. */
export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

/** The jobs that the verdict waits for, by their ids: GitHub's `needs`. */
export type Needs = ReadonlyMap<string, JobResult>;

/** Says that a text is not GitHub's `needs` as JSON. */
export class NeedsError extends Error {
  override name = 'NeedsError';
}

/** A result file: what it says, or why it cannot be read. */
export type ReportedLeg =
  | { readonly source: string; readonly result: LegResult }
  | { readonly source: string; readonly error: string };

/** What all legs together say of one planned target. */
export interface JudgedTarget {
  readonly label: Label;
  readonly mode: Mode;
  /** The leg that it was planned in. */
  readonly leg: string;
  readonly outcome: Outcome;
  readonly location: TargetResult['location'];
  readonly good: boolean;
}

/** What became of one planned leg. */
export interface JudgedLeg {
  readonly name: string;
  readonly mode: Mode;
  /** Null if it never reported, or not readably. */
  readonly result: LegResult | null;
}

/** The one verdict over all legs. */
export interface Verdict {
  readonly conclusion: 'success' | 'failure';
  /** The verdict in a sentence. */
  readonly headline: string;
  /** Each thing that makes it a failure. Empty exactly if it is a success. */
  readonly problems: readonly string[];
  /** What a reader should know besides. */
  readonly notes: readonly string[];
  /** Each planned target once for each leg that it was planned in, in the plan's order. */
  readonly targets: readonly JudgedTarget[];
  /** In the plan's order. */
  readonly legs: readonly JudgedLeg[];
}

/** The id of the job that makes the plan. */
export const PLAN_JOB = 'plan';

const JOB_RESULTS: readonly JobResult[] = ['success', 'failure', 'cancelled', 'skipped'];

/**
 * Reads GitHub's `needs` context: `{"plan":{"result":"success","outputs":{…}},…}`.
 *
 * @throws NeedsError if it is something else
 */
export function parseNeeds(json: string): Needs {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new NeedsError('the results of the jobs are no JSON: pass ${{ toJSON(needs) }}', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NeedsError('the results of the jobs are no JSON object: pass ${{ toJSON(needs) }}');
  }
  return new Map(
    Object.entries(value).map(([job, about]: [string, unknown]) => {
      const seen: unknown =
        typeof about === 'object' && about !== null && 'result' in about ? about.result : undefined;
      const result = JOB_RESULTS.find((one) => one === seen);
      if (result === undefined) {
        throw new NeedsError(
          `the job ${JSON.stringify(job)} has the result ${(JSON.stringify(seen) as string | undefined) ?? 'nothing'}, which is none of ${JOB_RESULTS.join(', ')}`,
        );
      }
      return [job, result];
    }),
  );
}

/**
 * Judges a run. It is a success only if the plan was made, no job failed or was cancelled, and every planned target has
 * a good result from the leg that it was planned in; or if nothing was planned. Nothing that was not planned can make
 * a success of a failure.
 *
 * @param planned null if the plan cannot be had
 * @param reports in any order
 */
export function judge(planned: PlannedLegs | null, needs: Needs, reports: readonly ReportedLeg[]): Verdict {
  const jobProblems = problemsOfJobs(needs);
  if (planned === null || needs.get(PLAN_JOB) !== 'success') {
    const problems =
      jobProblems.length > 0 ? jobProblems : ['The plan cannot be read, so nobody knows what had to run.'];
    return {
      conclusion: 'failure',
      headline: 'There is no plan.',
      problems,
      notes: [],
      targets: [],
      legs: [],
    };
  }
  const { current, notes } = latestAttempts(reports);
  const problems: string[] = [];
  const legs: JudgedLeg[] = [];
  const targets: JudgedTarget[] = [];
  for (const leg of planned.legs) {
    const own = current.filter(({ result }) => result.leg.name === leg.name && result.leg.mode === leg.mode);
    const judged = judgeLeg(leg, own);
    problems.push(...judged.problems);
    notes.push(...judged.notes);
    targets.push(...judged.targets);
    legs.push({ name: leg.name, mode: leg.mode, result: judged.result });
  }
  for (const report of reports) {
    if ('error' in report) problems.push(`The result file ${report.source} cannot be read: ${report.error}.`);
  }
  notes.push(...unplannedLegs(planned, current));
  problems.push(...jobProblems);
  return {
    conclusion: problems.length === 0 ? 'success' : 'failure',
    headline: headline(planned, targets, problems.length),
    problems,
    notes,
    targets,
    legs,
  };
}

type ReadReport = Extract<ReportedLeg, { result: LegResult }>;

function problemsOfJobs(needs: Needs): string[] {
  const problems: string[] = [];
  const plan = needs.get(PLAN_JOB);
  if (plan === undefined)
    problems.push(`The verdict does not wait for a job named ${PLAN_JOB}: name it in its needs.`);
  for (const [job, result] of needs) {
    if (result === 'failure') {
      const where = job === PLAN_JOB ? ': its log and its part of the summary say why' : '';
      problems.push(`The job ${job} failed${where}.`);
    } else if (result === 'cancelled') problems.push(`The job ${job} was cancelled or ran out of time.`);
    else if (result === 'skipped' && job === PLAN_JOB) problems.push(`The job ${job} was skipped.`);
  }
  return problems;
}

/** Of a leg that was run again, only the last attempt counts. */
function latestAttempts(reports: readonly ReportedLeg[]): { current: ReadReport[]; notes: string[] } {
  const read = reports.filter((report): report is ReadReport => 'result' in report);
  const latest = new Map<string, number>();
  const keyOf = ({ result: { leg } }: ReadReport) => JSON.stringify([leg.mode, leg.name]);
  for (const report of read) {
    latest.set(keyOf(report), Math.max(latest.get(keyOf(report)) ?? 0, report.result.leg.attempt));
  }
  const isLatest = (report: ReadReport) => report.result.leg.attempt === latest.get(keyOf(report));
  return {
    current: read.filter(isLatest),
    notes: read
      .filter((report) => !isLatest(report))
      .map(
        ({ result: { leg, status } }) =>
          `The leg ${leg.name} ${status} in attempt ${leg.attempt} and was run again: its later attempt counts.`,
      ),
  };
}

function judgeLeg(
  leg: PlannedLegs['legs'][number],
  reports: readonly ReadReport[],
): { result: LegResult | null; problems: string[]; notes: string[]; targets: JudgedTarget[] } {
  const problems: string[] = [];
  const notes: string[] = [];
  const results = reports.map(({ result }) => result);
  const result = results.find(({ status }) => status !== 'succeeded') ?? results[0] ?? null;
  if (result === null) {
    problems.push(
      `The leg ${leg.name} never reported: its job did not start, was cancelled, or lost its result file.`,
    );
  }
  if (results.length > 1)
    notes.push(`The leg ${leg.name} reported ${results.length} times: the worst result counts.`);
  for (const { status, message } of results) {
    if (status === 'failed') problems.push(`The leg ${leg.name} failed: ${message}`);
    if (status === 'interrupted') problems.push(`The leg ${leg.name} did not end: ${message}`);
  }
  const byLabel = Map.groupBy(
    results.flatMap(({ targets }) => targets),
    ({ label }) => label,
  );
  const targets = leg.targets.map((label) => judgeTarget(leg, label, byLabel.get(label) ?? [], result));
  for (const target of targets) {
    const count = byLabel.get(target.label)?.length ?? 0;
    if (count > results.length)
      notes.push(`${target.label} has ${count} results in ${leg.name}: the worst counts.`);
    if (result !== null && count === 0)
      problems.push(`The leg ${leg.name} reported nothing of ${target.label}.`);
    else if (result !== null && !target.good)
      problems.push(`${target.label} ${PREDICATE[target.outcome.kind]}.`);
  }
  const planned = new Set(leg.targets);
  for (const label of byLabel.keys()) {
    if (!planned.has(label))
      notes.push(`${leg.name} reported ${label}, which was not planned in it: it does not count.`);
  }
  return { result, problems, notes, targets };
}

function judgeTarget(
  leg: PlannedLegs['legs'][number],
  label: Label,
  results: readonly TargetResult[],
  reported: LegResult | null,
): JudgedTarget {
  const [first, ...others] = results.map(({ outcome }) => outcome);
  const lost = reported === null ? 'Its leg never reported.' : 'Its leg reported nothing of it.';
  const outcome: Outcome =
    first === undefined ? { kind: 'no status', message: lost } : worst([first, ...others]);
  return {
    label,
    mode: leg.mode,
    leg: leg.name,
    outcome,
    location: results.find(({ location }) => location !== null)?.location ?? null,
    good: results.length > 0 && results.every((result) => isGood(leg.mode, result.outcome)),
  };
}

function unplannedLegs(planned: PlannedLegs, reports: readonly ReadReport[]): string[] {
  return reports.flatMap(({ source, result: { leg } }) =>
    planned.legs.some(({ name, mode }) => name === leg.name && mode === leg.mode)
      ? []
      : [
          `${source} holds the results of a leg that was not planned (${leg.mode}: ${leg.name}): they do not count.`,
        ],
  );
}

function headline(planned: PlannedLegs, targets: readonly JudgedTarget[], problems: number): string {
  const bad = targets.filter(({ good }) => !good).length;
  const all = targets.length === 1 ? '1 target' : `${targets.length} targets`;
  if (bad > 0) return `${bad} of ${all} ${bad === 1 ? 'has' : 'have'} no good result.`;
  if (problems > 0)
    return targets.length === 0
      ? 'Something went wrong.'
      : `All of ${all} are good, but something went wrong.`;
  if (targets.length === 0) return `Nothing to do: ${planned.emptyReason ?? 'the plan is empty'}.`;
  return targets.length === 1 ? 'The target is good.' : `All ${all} are good.`;
}

/** What is said of a target with a bad outcome. A good kind is bad where it came from the wrong mode. */
const PREDICATE: Readonly<Record<Outcome['kind'], string>> = {
  cached: 'was tested, which was not asked for',
  passed: 'was tested, which was not asked for',
  flaky: 'was tested, which was not asked for',
  built: 'was only built',
  released: 'was released, which was not asked for',
  superseded: 'was not released',
  incompatible: 'was skipped',
  'no status': 'has no result',
  'failed to build': 'failed to build',
  'timed out': 'timed out',
  'failed to release': 'failed to release',
  failed: 'failed',
};
