import type { PlannedLegs } from '../plan/file/planned-legs.js';
import type { Label } from '../graph/label.js';
import type { Mode } from '../plan/legs/leg.js';
import type { LegResult, TargetResult } from '../leg/result/leg-result.js';
import { isExitOfTargets } from '../leg/result/leg-status.js';
import { PLAN_JOB, type Needs } from './needs.js';
import { isGood, worst, type Outcome } from '../leg/result/outcome.js';

/** A result file: what it says, or why it cannot be read. */
export type ReportedLeg =
  | { readonly source: string; readonly result: LegResult }
  | { readonly source: string; readonly error: string };

/** How a planned target stands. `held back`: a release that was not begun, because a test or a build is not good. */
export type Standing = 'good' | 'bad' | 'held back';

/** What all legs together say of one planned target. */
export interface JudgedTarget {
  readonly label: Label;
  readonly mode: Mode;
  /** The leg that it was planned in. */
  readonly leg: string;
  readonly outcome: Outcome;
  readonly location: TargetResult['location'];
  readonly standing: Standing;
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
  /** Each thing that makes it a failure, causes first. Empty exactly if it is a success. */
  readonly problems: readonly string[];
  /** What a reader should know besides. */
  readonly notes: readonly string[];
  /** Each planned target once for each leg that it was planned in, in the plan's order. */
  readonly targets: readonly JudgedTarget[];
  /** In the plan's order. */
  readonly legs: readonly JudgedLeg[];
}

/** What a release that was held back has to say for itself. */
export const HELD_BACK =
  'Not released, because a test or a build is not good; the next green run releases it.';

/**
 * Judges a run. It is a success only if the plan was made, no job failed or was cancelled, and every planned target has
 * a good result from the leg that it was planned in; or if nothing was planned. Nothing that was not planned can make
 * a success of a failure.
 *
 * @param planned null if the plan cannot be had
 * @param needs where legs ran in jobs named like their modes, it can say why some never reported
 * @param reports in any order
 */
export function judge(planned: PlannedLegs | null, needs: Needs, reports: readonly ReportedLeg[]): Verdict {
  if (planned === null || needs.get(PLAN_JOB) !== 'success') {
    const jobProblems = problemsOfJobs(needs, []);
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
  const judgements = holdBackReleases(
    planned.legs.map((leg) =>
      judgeLeg(
        leg,
        current.filter(({ result }) => result.leg.name === leg.name && result.leg.mode === leg.mode),
      ),
    ),
    needs,
  );
  const targets = judgements.flatMap((judgement) => judgement.targets);
  const problems = [
    ...planned.problems,
    ...problemsOfJobs(needs, judgements),
    ...judgements.flatMap(({ targetProblems }) => targetProblems),
    ...folded(judgements.flatMap(({ legProblems }) => legProblems)),
    ...reports.flatMap((report) =>
      'error' in report ? [`The result file ${report.source} cannot be read: ${report.error}.`] : [],
    ),
    ...folded(neverReported(judgements, needs)),
  ];
  return {
    conclusion: problems.length === 0 ? 'success' : 'failure',
    headline: headline(planned, targets, problems.length),
    problems,
    notes: [
      ...notes,
      ...judgements.flatMap((judgement) => judgement.notes),
      ...unplannedLegs(planned, current),
    ],
    targets,
    legs: judgements.map(({ leg }) => leg),
  };
}

type ReadReport = Extract<ReportedLeg, { result: LegResult }>;

/** What the reports say of one planned leg. */
interface Judgement {
  readonly leg: JudgedLeg;
  readonly targets: readonly JudgedTarget[];
  readonly targetProblems: readonly string[];
  /** What its targets do not say themselves. */
  readonly legProblems: readonly LegProblem[];
  readonly notes: readonly string[];
}

interface LegProblem {
  readonly leg: string;
  /** The sentence that has the leg as its subject. */
  readonly says: string;
}

/** Of a job whose legs say what is wrong, its failure is no news. */
function problemsOfJobs(needs: Needs, judgements: readonly Judgement[]): string[] {
  const problems: string[] = [];
  const plan = needs.get(PLAN_JOB);
  if (plan === undefined)
    problems.push(`The verdict does not wait for a job named ${PLAN_JOB}: name it in its needs.`);
  for (const [job, result] of needs) {
    const isToldByLegs = judgements.some(
      ({ leg, targets }) => leg.mode === job && leg.result !== null && targets.some(isBad),
    );
    if (result === 'failure' && !isToldByLegs) {
      const where = job === PLAN_JOB ? ': its log and its part of the summary say why' : '';
      problems.push(`The job ${job} failed${where}.`);
    } else if (result === 'cancelled') problems.push(`The job ${job} was cancelled or ran out of time.`);
    else if (result === 'skipped' && job === PLAN_JOB) problems.push(`The job ${job} was skipped.`);
  }
  return problems;
}

/** Releases wait for tests and builds: where one of these is not good and their job was skipped, that is why. */
function holdBackReleases(judgements: readonly Judgement[], needs: Needs): readonly Judgement[] {
  const awaited = judgements.filter(({ leg }) => leg.mode !== 'release');
  const isAwaitedBad =
    awaited.some(({ targets }) => targets.some(isBad)) ||
    awaited.some(({ leg }) => ['failure', 'cancelled'].includes(needs.get(leg.mode) ?? ''));
  if (needs.get('release') !== 'skipped' || !isAwaitedBad) return judgements;
  const outcome: Outcome = { kind: 'no status', message: HELD_BACK };
  return judgements.map((judgement) =>
    judgement.leg.mode === 'release' && judgement.leg.result === null
      ? {
          ...judgement,
          targets: judgement.targets.map((target) => ({
            ...target,
            outcome,
            standing: 'held back' as const,
          })),
        }
      : judgement,
  );
}

function neverReported(judgements: readonly Judgement[], needs: Needs): LegProblem[] {
  return judgements.flatMap(({ leg, targets }) => {
    if (leg.result !== null || targets.some(({ standing }) => standing === 'held back')) return [];
    const job = needs.get(leg.mode);
    const isModeSilent = !judgements.some(
      (other) => other.leg.mode === leg.mode && other.leg.result !== null,
    );
    let why = 'not started, cancelled, or the result file was lost';
    if (job === 'skipped') why = `the job ${leg.mode} was skipped`;
    else if (job === undefined && isModeSilent)
      why = `needs has no job named ${leg.mode}. A job has to run the legs of this mode, and the verdict has to wait for it`;
    return [{ leg: leg.name, says: `never reported: ${why}.` }];
  });
}

/** A line for each thing that is wrong, however many legs it is wrong with. */
function folded(problems: readonly LegProblem[]): string[] {
  return [...Map.groupBy(problems, ({ says }) => says)].map(([says, ofLegs]) =>
    ofLegs.length === 1 ? `The leg ${ofLegs[0]?.leg ?? ''} ${says}` : `${ofLegs.length} legs ${says}`,
  );
}

function isBad({ standing }: JudgedTarget): boolean {
  return standing === 'bad';
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

function judgeLeg(leg: PlannedLegs['legs'][number], reports: readonly ReadReport[]): Judgement {
  const notes: string[] = [];
  const results = reports.map(({ result }) => result);
  const result = results.find(({ status }) => status !== 'succeeded') ?? results[0] ?? null;
  if (results.length > 1)
    notes.push(`The leg ${leg.name} reported ${results.length} times: the worst result counts.`);
  const byLabel = Map.groupBy(
    results.flatMap(({ targets }) => targets),
    ({ label }) => label,
  );
  const targets = leg.targets.map((label) => judgeTarget(leg, label, byLabel.get(label) ?? [], result));
  const targetProblems: string[] = [];
  for (const target of targets) {
    const count = byLabel.get(target.label)?.length ?? 0;
    if (count > results.length)
      notes.push(`${target.label} has ${count} results in ${leg.name}: the worst counts.`);
    if (result !== null && count === 0)
      targetProblems.push(`The leg ${leg.name} reported nothing of ${target.label}.`);
    else if (result !== null && isBad(target) && !isToldByLeg(target, result))
      targetProblems.push(problemOf(target));
  }
  const planned = new Set(leg.targets);
  for (const label of byLabel.keys()) {
    if (!planned.has(label))
      notes.push(`${leg.name} reported ${label}, which was not planned in it: it does not count.`);
  }
  return {
    leg: { name: leg.name, mode: leg.mode, result },
    targets,
    targetProblems,
    legProblems: results.flatMap((one) => problemsOfLeg(one, targets)),
    notes,
  };
}

/** Of a target without a result, a leg that says why it ended says all. */
function isToldByLeg({ outcome }: JudgedTarget, { status }: LegResult): boolean {
  return outcome.kind === 'no status' && status !== 'succeeded';
}

function problemOf({ label, outcome }: JudgedTarget): string {
  const more = outcome.kind === 'failed to release' ? ` ${outcome.message}` : '';
  return `${label} ${PREDICATE[outcome.kind]}.${more}`;
}

function problemsOfLeg(result: LegResult, targets: readonly JudgedTarget[]): LegProblem[] {
  const { leg, status, message } = result;
  if (status === 'succeeded') return [];
  if (status === 'interrupted') return [{ leg: leg.name, says: `did not end: ${message}` }];
  const bad = targets.filter(isBad);
  const isToldByTargets =
    bad.length > 0 &&
    bad.every((target) => !isToldByLeg(target, result)) &&
    isExitOfTargets(leg.mode, result.bazel.exitCode);
  return isToldByTargets ? [] : [{ leg: leg.name, says: `failed: ${message}` }];
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
    standing:
      results.length > 0 && results.every((result) => isGood(leg.mode, result.outcome)) ? 'good' : 'bad',
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
  const bad = targets.filter(isBad).length;
  const heldBack = targets.filter(({ standing }) => standing === 'held back').length;
  const count = targets.length - heldBack;
  const all = count === 1 ? '1 target' : `${count} targets`;
  const more =
    heldBack === 0
      ? ''
      : heldBack === 1
        ? '; 1 release was held back'
        : `; ${heldBack} releases were held back`;
  if (bad > 0) return `${bad} of ${all} ${bad === 1 ? 'has' : 'have'} no good result${more}.`;
  if (problems > 0)
    return count === 0
      ? 'Something went wrong.'
      : `${count === 1 ? 'The target is' : `All ${all} are`} good, but something went wrong${more}.`;
  if (count === 0) return `Nothing to do: ${planned.emptyReason ?? 'the plan is empty'}.`;
  return count === 1 ? 'The target is good.' : `All ${all} are good.`;
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
