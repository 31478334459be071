import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import type { Leg } from '../../src/matrix/leg.js';
import { askClearance } from '../../src/pipeline/release-clearance.js';

const LABEL = parseLabel('//a:release');
const LEG: Leg = { name: LABEL, mode: 'release', targets: [LABEL], runsOn: 'x' };
let environment: Readonly<Record<string, string>>;
const RUNNER = {
  GITHUB_REPOSITORY: 'org/monorepo',
  GITHUB_WORKFLOW_REF: 'org/monorepo/.github/workflows/ci.yml@refs/heads/main',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_REF_NAME: 'main',
  RUNNER_NAME: 'runner 3',
};
const OWN_JOB = {
  name: 'bazel / release //a:release',
  status: 'in_progress',
  conclusion: null,
  runner_name: 'runner 3',
};

/** What the API answers, by the path behind the repository; a missing one is refused. */
let answers: Record<string, unknown>;
let requests: string[];
let server: http.Server;

beforeEach(async () => {
  requests = [];
  answers = { '/actions/runs/42/jobs': { total_count: 1, jobs: [OWN_JOB] }, push: [], workflow_dispatch: [] };
  server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    const path = pathname.replace('/repos/org/monorepo', '');
    requests.push(path);
    const runs = path === '/actions/workflows/ci.yml/runs' && searchParams.get('branch') === 'main';
    const listed = (answers[searchParams.get('event') ?? ''] ?? []) as { status: string }[];
    const status = searchParams.get('status');
    const found = listed.filter((run) => status === null || run.status === status);
    const answer = runs ? { total_count: found.length, workflow_runs: found } : answers[path];
    response
      .writeHead(answer === undefined ? 403 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? { message: 'Resource not accessible by integration' }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  environment = { ...RUNNER, GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function run(id: number, number: number, status: string, conclusion: string | null): object {
  return { id, run_number: number, status, conclusion, html_url: `https://x/${id}` };
}

describe('a leg that asks whether it may release', () => {
  test('may where no other run came in between', async () => {
    answers.push = [run(42, 7, 'in_progress', null), run(41, 6, 'completed', 'success')];
    expect(await askClearance(LEG, environment, 'token')).toEqual({ kind: 'clear' });
  });

  test('is superseded by a newer green run, whose jobs nobody has to look at', async () => {
    answers.push = [run(43, 8, 'completed', 'success'), run(42, 7, 'in_progress', null)];
    expect(await askClearance(LEG, environment, 'token')).toMatchObject({ kind: 'superseded' });
    expect(requests).not.toContain('/actions/runs/43/jobs');
  });

  test("is blocked by a newer run's failed release, and not by one that waits without a runner", async () => {
    answers.push = [run(43, 8, 'in_progress', null), run(42, 7, 'in_progress', null)];
    const job = {
      name: OWN_JOB.name,
      status: 'queued',
      conclusion: null as string | null,
      runner_name: null as string | null,
    };
    answers['/actions/runs/43/jobs'] = { total_count: 1, jobs: [job] };
    expect(await askClearance(LEG, environment, 'token')).toEqual({ kind: 'clear' });
    Object.assign(job, { conclusion: 'failure', runner_name: 'runner 9' });
    expect(await askClearance(LEG, environment, 'token')).toMatchObject({ kind: 'blocked' });
  });

  test('is blocked where its own job has another name', async () => {
    answers['/actions/runs/42/jobs'] = { total_count: 1, jobs: [{ ...OWN_JOB, name: 'publish' }] };
    expect(await askClearance(LEG, environment, 'token')).toEqual({
      kind: 'blocked',
      why: expect.stringContaining('name the job `release ${{ matrix.name }}`'),
    });
  });

  test('is blocked where GitHub does not answer, and is told the permission', async () => {
    Reflect.deleteProperty(answers, '/actions/runs/42/jobs');
    expect(await askClearance(LEG, environment, 'token')).toEqual({
      kind: 'blocked',
      why: expect.stringMatching(/Resource not accessible.*actions: read/s),
    });
  });

  test('is blocked outside of a workflow', async () => {
    expect(await askClearance(LEG, {}, 'token')).toMatchObject({ kind: 'blocked' });
  });
});
