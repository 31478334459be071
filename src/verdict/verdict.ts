import type { PlannedLegs } from '../plan/file/planned-legs.js';
import { verdictHeadline } from './verdict-headline.js';
import { isFailed, judgeLeg, type JudgedLeg, type JudgedTarget, type LegJudgement } from './judged-leg.js';
import { jobOf, PLAN_JOB, type Needs } from './needs.js';
import type { NoReportCause, Problem, WithheldProblem } from './problem.js';
import { latestAttempts, type ReadReport, type ReportedLeg } from './reported-leg.js';
import { withholdReleases } from './withheld-releases.js';

/** The one verdict over all legs. */
export interface Verdict {
  readonly conclusion: 'success' | 'failure';
  /** The verdict in a sentence. */
  readonly headline: string;
  /** The reasons for a failure, causes first. Empty if and only if the conclusion is success. */
  readonly problems: readonly Problem[];
  /** Further information for the reader. */
  readonly notes: readonly string[];
  /** The planned targets in the plan's order. A target that is planned in several legs is listed once for each. */
  readonly targets: readonly JudgedTarget[];
  /** The planned legs in the plan's order. */
  readonly legs: readonly JudgedLeg[];
}

/**
 * Judges a run. It is a success only if the plan was made, no job failed or was cancelled, and every planned target
 * passed in its planned leg, or if nothing was planned. Results that were not planned never make a failure a success.
 *
 * @param planned an unreadable plan if there is none
 * @param needs if legs ran in jobs named after their modes, this can explain missing reports
 * @param reports in any order
 */
export function judge(
  planned: PlannedLegs | UnreadablePlan,
  needs: Needs,
  reports: readonly ReportedLeg[],
): Verdict {
  if ('unreadable' in planned) return withoutPlan(needs, planned);
  if (needs.get(PLAN_JOB) !== 'success') return withoutPlan(needs, NO_PLAN);
  const { current, notes } = latestAttempts(reports);
  const judgements = withholdReleases(
    planned.legs.map((leg) => judgeLeg(leg, current.filter(isOf(leg)))),
    needs,
  );
  const targets = judgements.flatMap((judgement) => judgement.targets);
  const problems: readonly Problem[] = [
    ...planned.problems.map((sentence) => ({ kind: 'plan problem' as const, sentence })),
    ...problemsOfJobs(needs, judgements),
    ...judgements.flatMap(({ targetProblems }) => targetProblems),
    ...judgements.flatMap(({ legProblems }) => legProblems),
    ...unexplained(
      judgements.flatMap(({ withheldProblems }) => withheldProblems),
      targets,
    ),
    ...unreadableResults(reports),
    ...notReported(judgements, needs),
  ];
  return {
    conclusion: problems.length === 0 ? 'success' : 'failure',
    headline: verdictHeadline(planned, targets, problems.length),
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

/** There is no plan whose legs could be judged. */
export interface UnreadablePlan {
  /** Why, as a sentence. */
  readonly unreadable: string;
}

/** The job of the plan did not succeed, so no plan was read. */
export const NO_PLAN: UnreadablePlan = { unreadable: "The plan's job did not make a plan." };

function withoutPlan(needs: Needs, { unreadable: why }: UnreadablePlan): Verdict {
  const wasMade = needs.get(PLAN_JOB) === 'success';
  const ofJobs = problemsOfJobs(needs, []);
  const ofPlan: readonly Problem[] = wasMade || ofJobs.length === 0 ? [{ kind: 'plan unreadable', why }] : [];
  return {
    conclusion: 'failure',
    headline: wasMade ? 'The plan cannot be read.' : 'There is no plan.',
    problems: [...ofPlan, ...ofJobs],
    notes: [],
    targets: [],
    legs: [],
  };
}

function isOf(leg: Pick<JudgedLeg, 'name' | 'mode'>): (report: ReadReport) => boolean {
  return ({ result }) => result.leg.name === leg.name && result.leg.mode === leg.mode;
}

/** A failed job is a problem of its own only if no problem of its legs explains it. */
function problemsOfJobs(needs: Needs, judgements: readonly LegJudgement[]): Problem[] {
  const isExplainedByLegs = (job: string): boolean =>
    judgements.some(
      ({ leg, targets }) =>
        jobOf(leg, needs) === job &&
        leg.result !== null &&
        targets.some(({ standing }) => standing !== 'passed'),
    );
  const notAwaited: Problem[] = needs.has(PLAN_JOB) ? [] : [{ kind: 'plan not awaited' }];
  return [
    ...notAwaited,
    ...[...needs].flatMap(([job, result]): Problem[] => {
      if (result === 'success') return [];
      if (result === 'failure' && isExplainedByLegs(job)) return [];
      // A job is skipped if the plan has no legs for it. But if the plan's own job was skipped, nothing is known.
      if (result === 'skipped' && job !== PLAN_JOB) return [];
      return [{ kind: 'job', job, result }];
    }),
  ];
}

/** The withheld releases of which no failed test is a problem of its own. */
function unexplained(
  problems: readonly WithheldProblem[],
  targets: readonly JudgedTarget[],
): WithheldProblem[] {
  const failed = new Set(targets.filter(isFailed).map(({ label }) => label));
  return problems.filter(({ tests }) => !tests.some((label) => failed.has(label)));
}

function unreadableResults(reports: readonly ReportedLeg[]): Problem[] {
  return reports.flatMap((report) =>
    'error' in report ? [{ kind: 'result unreadable', source: report.source, why: report.error }] : [],
  );
}

function notReported(judgements: readonly LegJudgement[], needs: Needs): Problem[] {
  const reportedModes = new Set(judgements.flatMap(({ leg }) => (leg.result === null ? [] : [leg.mode])));
  const causeOf = (leg: JudgedLeg): NoReportCause => {
    const result = needs.get(jobOf(leg, needs));
    if (result === 'skipped') return 'its job was skipped';
    return result === undefined && !reportedModes.has(leg.mode) ? 'no job has its mode' : 'unknown';
  };
  return judgements.flatMap(({ leg, targets }): Problem[] =>
    leg.result !== null || targets.some(({ standing }) => standing === 'withheld')
      ? []
      : [{ kind: 'leg not reported', leg: leg.name, mode: leg.mode, cause: causeOf(leg) }],
  );
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
