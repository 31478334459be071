import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Api, ApiError, isNotThere, remedyOf } from '../../../src/adapters/github/api.js';
import { FakeGitHub, type OddAnswer } from '../../support/github-server.js';

let github: FakeGitHub;

beforeAll(async () => {
  github = await FakeGitHub.start();
});

afterAll(async () => {
  await github.stop();
});

beforeEach(() => {
  Object.assign(github, { failures: [], odd: [], oddAt: {} });
  github.requests.length = 0;
});

afterEach(() => {
  jest.restoreAllMocks();
});

const RUNS = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';

function ask(totalMs?: number) {
  const api = new Api({ GITHUB_API_URL: github.url }, 't0ken', totalMs);
  return api.get(RUNS, { owner: 'ada', repo: 'shop', workflow_id: 'ci.yml', branch: 'main' }, 'list of runs');
}

async function failureOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('an answer is read with the words of what was asked for in every complaint', async () => {
  expect((await ask()).at('workflow_runs').list()).toEqual([]);
  github.odd = [{ status: 200, body: '[]' }];
  const answer = await ask();
  expect(() => answer.at('total_count')).toThrow(
    new ApiError("GitHub's answer is not a list of runs: the answer should be an object, and is []"),
  );
});

test.each<OddAnswer>(['silence', 'drip'])(
  'no answer is waited for longer than there is time: %s',
  async (odd) => {
    github.oddAt = { '/runs': odd };
    const started = performance.now();
    const failure = await failureOf(ask(700));
    expect(String(failure)).toContain('GitHub did not answer all requests within 0.7 s');
    expect(performance.now() - started).toBeLessThan(5000);
  },
);

test('the time limit for all requests is named, though its timer fires before the clock shows it', async () => {
  github.oddAt = { '/runs': 'silence' };
  jest.spyOn(performance, 'now').mockReturnValue(1000);
  const failure = await failureOf(ask(50));
  expect(String(failure)).toContain('GitHub did not answer all requests within 0.05 s');
});

test('an answer without a body is none', async () => {
  github.odd = [{ status: 204, body: '' }];
  await expect(ask()).rejects.toThrow('GitHub answers with the status 204 and without a list of runs');
});

test('only GitHub itself says that something is not there', async () => {
  github.odd = [
    { status: 404, body: '{"message": "Not Found"}' },
    { status: 404, body: '<html>404</html>', type: 'text/html' },
    { status: 404, body: '' },
  ];
  const failures = [];
  for (let asked = 0; asked < 3; asked++) failures.push(await failureOf(ask()));
  expect(failures.map(isNotThere)).toEqual([true, false, false]);
  expect(isNotThere(new Error('404'))).toBe(false);
});

test('a refusal comes with what to do about it', async () => {
  github.odd = [
    { status: 403, body: '{"message": "Resource not accessible by integration"}' },
    { status: 403, body: '{"message": "API rate limit exceeded"}' },
  ];
  expect(remedyOf(await failureOf(ask()))).toContain('actions: read');
  expect(remedyOf(await failureOf(ask()))).toContain('run this job again later');
});
