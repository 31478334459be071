import type { Environment } from '../github/event.js';
import { WorkflowRuns } from '../github/runs.js';
import type { Leg } from '../matrix/leg.js';
import { releaseClearance, releaseJobName, type Clearance } from '../release/order.js';

/**
 * Asks GitHub whether a leg may release now. Whatever goes wrong with the question is a no: a release that is not made
 * can be made later, one that went over a newer one cannot be taken back.
 *
 * @param token needs the permission `actions: read`
 */
export async function askClearance(leg: Leg, environment: Environment, token: string): Promise<Clearance> {
  try {
    const github = new WorkflowRuns(environment, token);
    const own = (await github.ownJobs()).filter(
      ({ name, conclusion, runner }) =>
        conclusion === null &&
        runner === environment.RUNNER_NAME &&
        ` / ${name}`.endsWith(` / ${releaseJobName(leg)}`),
    );
    if (own.length !== 1 || own[0] === undefined) {
      return {
        kind: 'blocked',
        why:
          `this run has ${own.length} running jobs named ${JSON.stringify(releaseJobName(leg))} on this runner, where ` +
          'one is expected: name the job `release ${{ matrix.name }}`, by which other runs find it',
      };
    }
    const { ownNumber, runs } = await github.others();
    return releaseClearance(leg, own[0].name, ownNumber, runs);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return {
      kind: 'blocked',
      why:
        `GitHub does not say what the other runs of this workflow have released: ${words}. The job needs the ` +
        'permission actions: read',
    };
  }
}
