import { CacheStore, hasCache } from '../adapters/github/cache-store.js';
import { runUrl } from '../adapters/github/place.js';
import { isLastRelease } from '../leg/release-clearance.js';
import type { LegInputs } from '../leg/leg-inputs.js';
import { ReleaseLedger } from '../leg/release-ledger.js';
import type { Leg } from '../plan/legs/leg.js';
import { releaseJobName } from '../plan/legs/release-jobs.js';
import { errorMessage } from './expected-errors.js';

/**
 * What was released last, in GitHub's cache; null if that cannot be kept: there is no cache, the run is for no branch, or it is
 * not known which release this job makes.
 *
 * @param job the full name of the job; null if it is not known
 * @param isPrecise whether the plan says which targets a change affects; asked only before a release is left out
 * @param tell gets sentences that nobody has to act on at once
 */
export function runnerLedger(
  leg: Leg,
  job: string | null,
  { workspace, releaseForce: isForced, githubToken }: LegInputs,
  isPrecise: () => Promise<boolean>,
  tell: (notice: string) => void,
): ReleaseLedger | null {
  const {
    GITHUB_REF: ref = '',
    GITHUB_WORKFLOW_REF: workflowRef = '',
    GITHUB_EVENT_NAME: event,
  } = process.env;
  const attempt = {
    run: Number(process.env.GITHUB_RUN_NUMBER),
    attempt: Number(process.env.GITHUB_RUN_ATTEMPT ?? 1),
  };
  if (job === null || !ref.startsWith('refs/heads/') || !(attempt.run > 0) || !hasCache()) return null;
  const place = {
    workspace,
    ref,
    workflow: workflowRef.replace(/@.*$/, ''),
    callers: job.slice(0, -releaseJobName(leg).length),
    run: runUrl(process.env),
    attempt,
    isPush: event === 'push',
    isForced,
  };
  return new ReleaseLedger(new CacheStore(tell), place, {
    tell,
    mayLeaveOut: async (seen) => {
      try {
        if (!(await isPrecise())) return false;
        return await isLastRelease(leg, seen, { ...attempt, job }, process.env, githubToken);
      } catch (error) {
        tell(
          `${leg.name} is released again, because it is unknown what was released last: ${errorMessage(error)}`,
        );
        return false;
      }
    },
  });
}
