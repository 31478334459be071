import type { Label } from '../graph/label.js';
import type { OutcomeKind } from '../leg/result/outcome.js';
import type { Mode } from '../plan/legs/leg.js';
import { PLAN_JOB, type JobResult } from './needs.js';

/** Why a planned leg has no result. */
export type NoReportCause = 'its job was skipped' | 'no job has its mode' | 'unknown';

/** A release that was withheld, because tests did not pass in its leg. */
export interface WithheldProblem {
  readonly kind: 'withheld';
  readonly label: Label;
  /** The tests that did not pass there; none if the leg has no result of them. */
  readonly tests: readonly Label[];
  /** What the leg says. */
  readonly message: string;
}

/** One reason why the verdict is a failure. */
export type Problem =
  | WithheldProblem
  /** A problem that the plan itself reports, whatever the legs do. */
  | { readonly kind: 'plan problem'; readonly sentence: string }
  /** `why` is a sentence. */
  | { readonly kind: 'plan unreadable'; readonly why: string }
  | { readonly kind: 'plan not awaited' }
  | { readonly kind: 'job'; readonly job: string; readonly result: Exclude<JobResult, 'success'> }
  /** A target that did not pass; `detail` is null if the outcome's kind says everything. */
  | {
      readonly kind: 'target';
      readonly label: Label;
      readonly outcome: OutcomeKind;
      readonly detail: string | null;
    }
  /** The leg has a result, but not for this target. */
  | { readonly kind: 'target missing'; readonly leg: string; readonly label: Label }
  | { readonly kind: 'leg failed' | 'leg interrupted'; readonly leg: string; readonly message: string }
  | {
      readonly kind: 'leg not reported';
      readonly leg: string;
      readonly mode: Mode;
      readonly cause: NoReportCause;
    }
  | { readonly kind: 'result unreadable'; readonly source: string; readonly why: string };

/** One line for each problem, in the given order. Legs with the same problem share a line. */
export function problemSentences(problems: readonly Problem[]): string[] {
  const byPredicate = Map.groupBy(problems, (problem) =>
    'leg' in problem && problem.kind !== 'target missing' ? predicateOf(problem) : problem,
  );
  return [...byPredicate].map(([predicate, ofOne]) => {
    if (typeof predicate !== 'string') return sentenceOf(predicate);
    const [first] = ofOne;
    return ofOne.length === 1 && first !== undefined && 'leg' in first
      ? `The leg ${first.leg} ${predicate}`
      : `${ofOne.length} legs ${predicate}`;
  });
}

type LegProblem = Extract<Problem, { kind: 'leg failed' | 'leg interrupted' | 'leg not reported' }>;

/** The sentence without its subject, which is the leg. */
function predicateOf(problem: LegProblem): string {
  switch (problem.kind) {
    case 'leg failed':
      return `failed: ${problem.message}`;
    case 'leg interrupted':
      return `did not end: ${problem.message}`;
    case 'leg not reported':
      return `did not report a result: ${causeOf(problem)}.`;
  }
}

function causeOf({ mode, cause }: Extract<Problem, { kind: 'leg not reported' }>): string {
  switch (cause) {
    case 'its job was skipped':
      return `the job ${mode} was skipped`;
    case 'no job has its mode':
      return `the input needs has no job named ${mode}. A job has to run the legs of this mode, and the verdict has to wait for it`;
    case 'unknown':
      return 'it was not started, was cancelled, or its result file was lost';
  }
}

function sentenceOf(problem: Exclude<Problem, LegProblem>): string {
  switch (problem.kind) {
    case 'plan problem':
      return problem.sentence;
    case 'plan unreadable':
      return `${problem.why} It is unknown what had to run.`;
    case 'plan not awaited':
      return `The verdict does not wait for the job ${PLAN_JOB}. Add it to the needs of the job that concludes.`;
    case 'job':
      return jobSentence(problem.job, problem.result);
    case 'target':
      return `${problem.label} ${PREDICATE[problem.outcome]}.${problem.detail === null ? '' : ` ${problem.detail}`}`;
    case 'withheld':
      return withheldSentence(problem);
    case 'target missing':
      return `The leg ${problem.leg} reported no result for ${problem.label}.`;
    case 'result unreadable':
      return `The result file ${problem.source} cannot be read: ${problem.why}.`;
  }
}

/** If its tests had failed in their own legs as well, that would be the problem. */
function withheldSentence({ label, tests, message }: WithheldProblem): string {
  return tests.length === 0
    ? `${label}: ${message}`
    : `${label} was not released: in its own job, ${tests.join(', ')} did not pass, unlike in the job of the tests. Tests that pass only sometimes are flaky.`;
}

function jobSentence(job: string, result: Exclude<JobResult, 'success'>): string {
  switch (result) {
    case 'failure':
      return `The job ${job} failed${job === PLAN_JOB ? ': see its log and its summary' : ''}.`;
    case 'cancelled':
      return `The job ${job} was cancelled or ran out of time.`;
    case 'skipped':
      return `The job ${job} was skipped.`;
  }
}

/**
 * What the verdict says about a target that did not pass. An outcome that passes in one mode is a failure in another.
 */
const PREDICATE: Readonly<Record<OutcomeKind, string>> = {
  cached: 'was tested, although it was planned for another mode',
  passed: 'was tested, although it was planned for another mode',
  flaky: 'was tested, although it was planned for another mode',
  built: 'was only built',
  released: 'was released, although it was planned for another mode',
  unchanged: 'was not released',
  superseded: 'was not released',
  withheld: 'was withheld',
  incompatible: 'was skipped',
  'no status': 'has no result',
  'failed to build': 'failed to build',
  'timed out': 'timed out',
  'failed to release': 'failed to release',
  failed: 'failed',
};
