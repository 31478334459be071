import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Environment } from '../../src/adapters/github/event.js';
import type { CommitId } from '../../src/graph/tree.js';
import type * as GreenRunsModule from '../../src/plan/green-runs.js';
import { commitId } from '../support/builders.js';
import { FakeGitHub, type FakeJob, type FakeRun } from '../support/github-server.js';

const THIS_RUN = 99;
const HEAD = commitId('f');
/** Two commits before the head, and one that is no longer in its history. */
const EARLIER = commitId('b');
const EARLIEST = commitId('a');
const GONE = commitId('d');

const UNDONE = 'bazel-affected-plan-undone-1-0123456789ab';
const PLANNED: FakeJob = { name: 'bazel / plan', conclusion: 'success', runner_name: 'runner 1' };
const ENVIRONMENT: Environment = {
  GITHUB_REPOSITORY: 'ada/shop',
  GITHUB_WORKFLOW_REF: 'ada/shop/.github/workflows/ci.yml@refs/heads/main',
  GITHUB_RUN_ID: String(THIS_RUN),
  GITHUB_JOB: 'plan',
  RUNNER_NAME: 'runner 9',
};

let github: FakeGitHub;
let greenRuns: typeof GreenRunsModule;
/** The commits of which the clone was asked whether they are ancestors. */
let asked: CommitId[];

beforeAll(async () => {
  github = await FakeGitHub.start();
  // The client reads the address when it is loaded.
  process.env.GITHUB_API_URL = github.url;
  greenRuns = await import('../../src/plan/green-runs.js');
});

afterAll(async () => {
  await github.stop();
});

beforeEach(() => {
  Object.assign(github, { runs: [], comparisons: {}, jobs: {}, artifacts: {}, failures: [], oddAt: {} });
  github.requests.length = 0;
  asked = [];
});

function run(id: number, commit: CommitId, conclusion: FakeRun['conclusion'] = 'success'): FakeRun {
  return { id, commit, conclusion };
}

/** The last green commit, by a clone that knows all commits except one that is gone. */
function found(
  environment: Environment = {},
  isAncestor: (commit: CommitId) => boolean | null = (commit) => commit !== GONE,
): Promise<GreenRunsModule.LastGreen> {
  return greenRuns.lastGreenCommit({ ...ENVIRONMENT, ...environment }, 't0ken', 'main', HEAD, (ancestor) => {
    asked.push(ancestor);
    return Promise.resolve(isAncestor(ancestor));
  });
}

/** The requests whose path has a part. */
function requestsOf(part: string): string[] {
  return github.requests.filter((request) => request.includes(part));
}

describe('the last green commit', () => {
  test('is that of the newest green run that made a plan, with the address of the run', async () => {
    github.runs = [run(4, EARLIER, 'failure'), run(3, EARLIER), run(2, EARLIEST)];
    expect(await found()).toEqual({
      kind: 'found',
      commit: EARLIER,
      runUrl: 'https://github.example/ada/shop/actions/runs/3',
      runNumber: 3,
    });
  });

  test('is looked for among the commits that the head has, without asking GitHub if the clone knows', async () => {
    github.runs = [run(4, GONE), run(3, EARLIEST)];
    expect(await found()).toMatchObject({ commit: EARLIEST });
    expect(requestsOf('/compare/')).toEqual([]);
    expect(requestsOf('/jobs').filter((request) => request.includes('/runs/4/'))).toEqual([]);
  });

  test('is compared by GitHub if the clone cannot tell, and each commit once', async () => {
    github.runs = [run(5, GONE), run(4, GONE), run(3, EARLIEST)];
    github.comparisons = { [GONE]: 'diverged', [EARLIEST]: 'ahead' };
    expect(await found({}, () => null)).toMatchObject({ commit: EARLIEST });
    expect(asked).toEqual([GONE, EARLIEST]);
    expect(requestsOf('/compare/')).toHaveLength(2);
  });

  test.each<[string, readonly FakeJob[]]>([
    ['whose plan was skipped', [{ ...PLANNED, conclusion: 'skipped' }]],
    ['without the job of the plan', [{ ...PLANNED, name: 'lint' }]],
    ['whose job only ends in the same letters', [{ ...PLANNED, name: 'bazel / replan' }]],
    ['without jobs', []],
  ])('is not that of a green run %s', async (_which, jobs) => {
    github.runs = [run(4, EARLIER), run(3, EARLIEST)];
    github.jobs = { 4: jobs };
    expect(await found()).toMatchObject({ commit: EARLIEST });
  });

  test('is not that of a run whose plan left something undone', async () => {
    github.runs = [run(4, EARLIER), run(3, EARLIEST)];
    github.artifacts = { 4: ['other', UNDONE] };
    expect(await found()).toMatchObject({ commit: EARLIEST });
  });

  test('is that of a run of which another attempt made a plan that leaves nothing undone', async () => {
    github.runs = [run(4, EARLIER)];
    github.artifacts = { 4: [UNDONE] };
    github.jobs = { 4: [{ ...PLANNED, run_attempt: 2 }] };
    expect(await found()).toMatchObject({ commit: EARLIER });
  });

  test('counts any undone plan of a run if the server does not serve its jobs', async () => {
    github.oddAt = { '/jobs': { status: 404, body: '{"message": "Not Found"}' } };
    github.runs = [run(4, EARLIER), run(3, EARLIEST)];
    github.artifacts = { 4: ['bazel-affected-plan-undone-7-0123456789ab'] };
    expect(await found()).toMatchObject({ commit: EARLIEST });
  });

  test('is recognised by the name that the job of this plan has, if that is not its id', async () => {
    github.runs = [run(4, EARLIER), run(3, EARLIEST)];
    github.jobs = {
      [THIS_RUN]: [{ ...PLANNED, name: 'What to test', conclusion: null, runner_name: 'runner 9' }],
      4: [PLANNED],
      3: [{ ...PLANNED, name: 'What to test' }],
    };
    expect(await found()).toMatchObject({ commit: EARLIEST });
  });
});

describe('no run is green', () => {
  test('if there is no run besides this one: there are no runs', async () => {
    github.runs = [run(THIS_RUN, HEAD)];
    expect(await found()).toEqual({ kind: 'no runs' });
  });

  test.each<[string, readonly FakeRun[]]>([
    ['failed', [run(3, EARLIER, 'failure')]],
    ['has not ended', [run(3, EARLIER, null)]],
    ['was for a commit that is gone', [run(3, GONE)]],
  ])('if the only other run %s', async (_why, runs) => {
    github.runs = runs;
    expect(await found()).toEqual({ kind: 'none green' });
  });

  test('if the only other run left something undone', async () => {
    github.runs = [run(3, EARLIER)];
    github.artifacts = { 3: [UNDONE] };
    expect(await found()).toEqual({ kind: 'none green' });
  });

  test('if the environment names no job, so that no plan can be recognised', async () => {
    github.runs = [run(3, EARLIER)];
    expect(await found({ GITHUB_JOB: undefined })).toEqual({ kind: 'none green' });
  });

  test('among the first fifty: older ones are not looked at', async () => {
    const gone = Array.from({ length: 50 }, (_, index) => run(200 - index, GONE));
    github.runs = [...gone, run(3, EARLIER)];
    expect(await found()).toEqual({ kind: 'none green' });
    github.runs = [...gone.slice(1), run(3, EARLIER)];
    expect(await found()).toMatchObject({ commit: EARLIER });
  });
});

describe('it is unknown which commit was green', () => {
  test('if GitHub refuses: the reason names the missing permission', async () => {
    github.failures = [403];
    expect(await found()).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('(give the job the permission actions: read)'),
    });
  });

  test('if the environment names no workflow', async () => {
    expect(await found({ GITHUB_WORKFLOW_REF: undefined })).toEqual({
      kind: 'unknown',
      why: 'GITHUB_REPOSITORY or GITHUB_WORKFLOW_REF is not set',
    });
    expect(github.requests).toEqual([]);
  });

  test.each(['/jobs', '/artifacts'])('if the answer at %s is not one of GitHub', async (path) => {
    github.runs = [run(3, EARLIER)];
    github.oddAt = { [path]: { status: 404, body: 'nothing here', type: 'text/plain' } };
    expect(await found()).toMatchObject({ kind: 'unknown' });
  });

  test('if the clone fails while it is asked', async () => {
    github.runs = [run(3, EARLIER)];
    const failing = found({}, () => {
      throw new Error('git failed');
    });
    expect(await failing).toEqual({ kind: 'unknown', why: 'git failed' });
  });
});
