import { MODES, type Leg } from '../plan/legs/leg.js';
import type { LegResult } from '../leg/result/leg-result.js';

/** The id of the job that makes the plan. */
export const PLAN_JOB = 'plan';

/** The id of the job with the releases that wait for all tests, if they have a job of their own. */
const LATE_RELEASE_JOB = 'late-release';

/** The id of the job that a leg belongs to: its mode, unless releases have two jobs. */
export function jobOf({ mode, waitsForTests }: Pick<Leg, 'mode' | 'waitsForTests'>, needs: Needs): string {
  return waitsForTests === true && needs.has(LATE_RELEASE_JOB) ? LATE_RELEASE_JOB : mode;
}

/** The result of a job, in GitHub's words. */
export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

/** The jobs that the verdict waits for: their results by job id. */
export type Needs = ReadonlyMap<string, JobResult>;

/** A text is not JSON with the results of jobs. */
export class NeedsError extends Error {
  override name = 'NeedsError';
}

const JOB_RESULTS: readonly JobResult[] = ['success', 'failure', 'cancelled', 'skipped'];

const WHAT_TO_PASS = 'pass {"plan":{"result":"${{ needs.plan.result }}"}} with each job in it';

/**
 * Reads the results of jobs: `{"plan":{"result":"success"},…}`. GitHub's `needs` context, which also contains the
 * outputs of the jobs, has the same form.
 *
 * @throws NeedsError if the text is something else
 */
export function parseNeeds(json: string): Needs {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new NeedsError(`the results of the jobs are not JSON: ${WHAT_TO_PASS}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NeedsError(`the results of the jobs are not a JSON object: ${WHAT_TO_PASS}`);
  }
  return new Map(
    Object.entries(value).map(([job, about]: [string, unknown]) => [job, jobResult(job, about)]),
  );
}

function jobResult(job: string, about: unknown): JobResult {
  const reported: unknown =
    typeof about === 'object' && about !== null && 'result' in about ? about.result : undefined;
  const result = JOB_RESULTS.find((one) => one === reported);
  if (result !== undefined) return result;
  // The expression needs.JOB.result is an empty text if the job does not wait for JOB.
  if (reported === '') {
    throw new NeedsError(
      `the job ${JSON.stringify(job)} has no result: name it in the \`needs\` of the job that concludes, or leave it out of the input needs`,
    );
  }
  throw new NeedsError(
    `the job ${JSON.stringify(job)} has the result ${shownValue(reported)}, which is not one of ${JOB_RESULTS.join(', ')}`,
  );
}

function shownValue(value: unknown): string {
  return value === undefined ? 'nothing' : typeof value === 'string' ? JSON.stringify(value) : 'not a text';
}

/**
 * Results of jobs for legs that ran without jobs, on a developer's machine. A job without a started leg counts as
 * skipped.
 *
 * @param legs all that were planned
 */
export function needsOfResults(results: readonly LegResult[], legs: readonly Leg[]): Needs {
  const late = new Set(legs.filter(({ waitsForTests }) => waitsForTests === true).map(({ name }) => name));
  const jobs: readonly string[] = results.map(({ leg }) =>
    leg.mode === 'release' && late.has(leg.name) ? LATE_RELEASE_JOB : leg.mode,
  );
  const names = late.size === 0 ? MODES : [...MODES, LATE_RELEASE_JOB];
  return new Map([
    [PLAN_JOB, 'success'] as const,
    ...names.map((name) => [name, jobs.includes(name) ? 'success' : 'skipped'] as const),
  ]);
}
