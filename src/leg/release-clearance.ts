import { remedyOf } from '../adapters/github/api.js';
import type { Environment } from '../adapters/github/event.js';
import { WorkflowRuns } from '../adapters/github/runs.js';
import { leavesUndone } from '../plan/file/artifact-names.js';
import type { Leg } from '../plan/legs/leg.js';
import { releaseJobName } from '../plan/legs/release-jobs.js';
import { releaseClearance, type Clearance, type BaseOrigin } from './release-order.js';

/**
 * Asks GitHub whether a leg may release now. If the question fails, the answer is no: a release that was not made can
 * be made later, but an old one that replaced a newer one cannot be undone.
 *
 * @param token needs the permission `actions: read`
 * @param pushBase called only if the answer depends on it
 */
export async function askClearance(
  leg: Leg,
  environment: Environment,
  token: string,
  pushBase: () => Promise<BaseOrigin>,
): Promise<Clearance> {
  try {
    const github = new WorkflowRuns(environment, token);
    const own = await github.ownJob((name) => ` / ${name}`.endsWith(` / ${releaseJobName(leg)}`));
    if (own === null) {
      return {
        kind: 'blocked',
        why:
          `this run has no running job named ${JSON.stringify(releaseJobName(leg))} on this runner: name the job ` +
          '`release ${{ matrix.name }}`, because other runs find it by this name',
      };
    }
    const { ownNumber, others } = await github.othersOfBranch();
    const withJobs = [];
    for (const run of others) {
      const isUndone =
        run.conclusion === 'success' && (await leavesUndone(github.artifactNames(run.id), null));
      withJobs.push({ ...run, jobs: await github.jobs(run.id, 'all'), leavesUndone: isUndone });
    }
    return await releaseClearance(leg, own, ownNumber, withJobs, pushBase);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const remedy = remedyOf(error);
    return {
      kind: 'blocked',
      why: `It cannot be determined what the other runs of this workflow have released: ${words}${remedy === '' ? '' : ` (${remedy})`}`,
    };
  }
}
