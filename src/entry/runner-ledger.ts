import { CacheStore, hasCache } from '../adapters/github/cache-store.js';
import type { LegInputs } from '../leg/leg-inputs.js';
import { ReleaseLedger } from '../leg/release-ledger.js';
import { annotate } from './job-log.js';

/**
 * What was released last, in GitHub's cache; null if that cannot be kept: there is no cache, the run is for no branch, or it is
 * not known which release this job makes.
 *
 * @param job the full name of the job; null if it is not known
 */
export function runnerLedger(
  job: string | null,
  { workspace, releaseForce: isForced }: Pick<LegInputs, 'workspace' | 'releaseForce'>,
): ReleaseLedger | null {
  const {
    GITHUB_REF: ref = '',
    GITHUB_WORKFLOW_REF: workflowRef = '',
    GITHUB_EVENT_NAME: event,
    GITHUB_SERVER_URL: server = '',
    GITHUB_REPOSITORY: repository = '',
    GITHUB_RUN_ID: id = '',
  } = process.env;
  if (job === null || !ref.startsWith('refs/heads/') || !hasCache()) return null;
  const tell = (notice: string): void => {
    annotate('notice', notice);
  };
  const workflow = workflowRef.replace(/@.*$/, '');
  const run = `${server}/${repository}/actions/runs/${id}`;
  const isPush = event === 'push';
  return new ReleaseLedger(
    new CacheStore(tell),
    { workspace, ref, workflow, job, run, isPush, isForced },
    tell,
  );
}
