/** How a job ended, in GitHub's words. */
export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

/** The jobs that the verdict waits for, by their ids: GitHub's `needs`. */
export type Needs = ReadonlyMap<string, JobResult>;

/** Says that a text is not GitHub's `needs` as JSON. */
export class NeedsError extends Error {
  override name = 'NeedsError';
}

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
          `the job ${JSON.stringify(job)} has the result ${shown(seen)}, which is none of ${JOB_RESULTS.join(', ')}`,
        );
      }
      return [job, result];
    }),
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : typeof value === 'string' ? JSON.stringify(value) : 'no text';
}
