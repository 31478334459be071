import { MODES } from '../plan/legs/leg.js';
import type { LegResult } from '../leg/result/leg-result.js';

/** The id of the job that makes the plan. */
export const PLAN_JOB = 'plan';

/** How a job ended, in GitHub's words. */
export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

/** The jobs that the verdict waits for, by their ids, with their results. */
export type Needs = ReadonlyMap<string, JobResult>;

/** Says that a text does not tell the results of jobs as JSON. */
export class NeedsError extends Error {
  override name = 'NeedsError';
}

const JOB_RESULTS: readonly JobResult[] = ['success', 'failure', 'cancelled', 'skipped'];

const WHAT_TO_PASS = 'pass {"plan":{"result":"${{ needs.plan.result }}"}} with each job in it';

/**
 * Reads the results of jobs: `{"plan":{"result":"success"},…}`. GitHub's `needs` context, which has the outputs of the
 * jobs besides, is such a text too.
 *
 * @throws NeedsError if it is something else
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
  const told: unknown =
    typeof about === 'object' && about !== null && 'result' in about ? about.result : undefined;
  const result = JOB_RESULTS.find((one) => one === told);
  if (result !== undefined) return result;
  // What GitHub makes of needs.JOB.result where the job is not among those that are waited for.
  if (told === '') {
    throw new NeedsError(
      `the job ${JSON.stringify(job)} has no result: name it in the \`needs\` of the job that concludes, or leave it out of the input needs`,
    );
  }
  throw new NeedsError(
    `the job ${JSON.stringify(job)} has the result ${shownValue(told)}, which is not one of ${JOB_RESULTS.join(', ')}`,
  );
}

function shownValue(value: unknown): string {
  return value === undefined ? 'nothing' : typeof value === 'string' ? JSON.stringify(value) : 'not a text';
}

/** The jobs that legs which ran without any stand for: a mode of which no leg was started counts as skipped. */
export function needsOfResults(results: readonly LegResult[]): Needs {
  return new Map([
    [PLAN_JOB, 'success'] as const,
    ...MODES.map(
      (mode) => [mode, results.some(({ leg }) => leg.mode === mode) ? 'success' : 'skipped'] as const,
    ),
  ]);
}
