import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../../src/graph/label.js';
import type { Leg } from '../../../src/plan/legs/leg.js';
import { askClearance, isLastRelease } from '../../../src/leg/release-clearance.js';
import { commitId } from '../../support/builders.js';

const LABEL = parseLabel('//a:release');
const LEG: Leg = { name: LABEL, mode: 'release', targets: [LABEL], runsOn: 'x' };
let environment: Readonly<Record<string, string>>;
const RUNNER = {
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REPOSITORY: 'org/monorepo',
  GITHUB_WORKFLOW_REF: 'org/monorepo/.github/workflows/ci.yml@refs/heads/main',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_REF_NAME: 'main',
  RUNNER_NAME: 'runner 3',
};
const OWN_JOB: ApiJob = {
  name: 'bazel / release //a:release',
  conclusion: null,
  runner_name: 'runner 3',
};

interface ApiRun {
  readonly id: number;
  readonly run_number: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly event: string;
  readonly head_sha: string;
  readonly html_url: string;
}

interface ApiJob {
  name: string;
  conclusion: string | null;
  runner_name: string | null;
  run_attempt?: number;
  started_at?: string | null;
  completed_at?: string | null;
  steps?: readonly { readonly name: string; readonly conclusion: string }[];
}

/** The runs on main, newest first. */
let runs: ApiRun[];
/** By the id of the run; those of one that is missing are refused. */
let jobs: Record<number, ApiJob[]>;
/** Jobs that only earlier attempts had. */
let earlierJobs: Record<number, ApiJob[]>;
/** The names of artifacts, by the id of the run. */
let artifacts: Record<number, string[]>;
let pageSize: number;
let refusal: object;
let requests: string[];
let server: http.Server;

beforeEach(async () => {
  requests = [];
  runs = [run(42, 7, 'in_progress', null)];
  jobs = { 42: [OWN_JOB] };
  earlierJobs = {};
  artifacts = {};
  pageSize = 100;
  refusal = { message: 'Resource not accessible by integration' };
  server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
    requests.push(url.pathname.replace('/repos/org/monorepo', '') + url.search);
    const found = answer(url);
    if (found === null) {
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
      return;
    }
    const page = Number(url.searchParams.get('page') ?? 1);
    if (page * pageSize < found.items.length) {
      const next = new URL(url);
      next.searchParams.set('page', String(page + 1));
      response.setHeader('link', `<${next.href}>; rel="next"`);
    }
    const shown = found.items.slice((page - 1) * pageSize, page * pageSize);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ total_count: found.items.length, [found.name]: shown }));
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

function answer({ pathname, searchParams }: URL): { name: string; items: readonly object[] } | null {
  if (pathname.endsWith('/actions/workflows/ci.yml/runs') && searchParams.get('branch') === 'main') {
    const [status, event] = [searchParams.get('status'), searchParams.get('event')];
    const items = runs
      .filter((one) => status === null || one.status === status)
      .filter((one) => event === null || one.event === event);
    return { name: 'workflow_runs', items };
  }
  const withArtifacts = /\/actions\/runs\/(\d+)\/artifacts$/.exec(pathname)?.[1];
  if (withArtifacts !== undefined) {
    const items = (artifacts[Number(withArtifacts)] ?? []).map((name) => ({ name }));
    return { name: 'artifacts', items };
  }
  const id = Number(/\/actions\/runs\/(\d+)\/jobs$/.exec(pathname)?.[1]);
  const own = jobs[id];
  if (own === undefined) return null;
  const earlier = searchParams.get('filter') === 'all' ? (earlierJobs[id] ?? []) : [];
  return { name: 'jobs', items: [...earlier, ...own] };
}

function run(id: number, number: number, status: string, conclusion: string | null, event = 'push'): ApiRun {
  const html_url = `https://github.com/org/monorepo/actions/runs/${id}`;
  return { id, run_number: number, status, conclusion, event, head_sha: commitId('a'), html_url };
}

/** @param pause what happens in the meantime */
function ask(pause: () => void = () => undefined): ReturnType<typeof askClearance> {
  return askClearance(
    LEG,
    environment,
    'token',
    () => Promise.resolve('last green run'),
    () => {
      pause();
      return Promise.resolve();
    },
  );
}

describe('a leg that asks whether it may release', () => {
  test('may where no other run came in between, and asks little', async () => {
    runs.push(run(41, 6, 'completed', 'success'));
    expect(await ask()).toEqual({ kind: 'clear', job: OWN_JOB.name });
    expect(requests).toHaveLength(3);
  });

  test('is superseded by a newer green run', async () => {
    runs.unshift(run(43, 8, 'completed', 'success'));
    jobs[43] = [{ name: 'bazel / plan', conclusion: 'success', runner_name: 'runner 1' }];
    expect(await ask()).toMatchObject({ kind: 'superseded' });
  });

  test('is not superseded by a newer green run that left something undone, on whichever page that shows', async () => {
    pageSize = 2;
    runs.unshift(run(43, 8, 'completed', 'success'));
    jobs[43] = [{ name: 'bazel / plan', conclusion: 'success', runner_name: 'runner 1' }];
    artifacts[43] = ['logs', 'more logs', 'bazel-affected-plan-undone-1-0123456789ab'];
    expect(await ask()).toEqual({ kind: 'clear', job: OWN_JOB.name });
    artifacts[43] = ['bazel-affected-plan-0123456789ab'];
    expect(await ask()).toMatchObject({ kind: 'superseded' });
  });

  test("is blocked by a newer run's failed release, and not by one that waits without a runner", async () => {
    runs.unshift(run(43, 8, 'in_progress', null));
    const job: ApiJob = { name: OWN_JOB.name, conclusion: null, runner_name: null };
    jobs[43] = [job];
    expect(await ask()).toEqual({ kind: 'clear', job: OWN_JOB.name });
    Object.assign(job, { conclusion: 'failure', runner_name: 'runner 9' });
    expect(await ask()).toMatchObject({ kind: 'blocked' });
  });

  test.each(['workflow_dispatch', 'schedule'])(
    'is blocked by a newer run for the event %s that began the same release',
    async (event) => {
      runs.unshift(run(43, 8, 'completed', 'failure', event));
      jobs[43] = [{ ...OWN_JOB, conclusion: 'failure' }];
      expect(await ask()).toMatchObject({ kind: 'blocked' });
    },
  );

  test('is blocked by a newer run that made its plan minutes ago, and has no job for the target', async () => {
    jobs[42] = [{ ...OWN_JOB, steps: [{ name: 'Own tests', conclusion: 'success' }] }];
    runs.unshift(run(43, 8, 'in_progress', null));
    const plan: ApiJob = { name: 'bazel / plan', conclusion: 'success', runner_name: 'runner 1' };
    jobs[43] = [{ ...plan, completed_at: '2026-11-30T12:00:00Z' }];
    expect(await ask()).toMatchObject({ kind: 'blocked' });
    expect(requests.some((path) => path.includes('/runs/43/artifacts'))).toBe(true);
    jobs[43] = [{ ...plan, completed_at: new Date().toISOString() }];
    const list = (): void => {
      jobs[43]?.push({ name: OWN_JOB.name, conclusion: null, runner_name: null });
    };
    expect(await ask(list)).toEqual({ kind: 'clear', job: OWN_JOB.name });
    jobs[43] = [{ ...plan, completed_at: 'soon' }];
    expect(await ask()).toMatchObject({
      kind: 'blocked',
      why: expect.stringContaining('a time') as unknown as string,
    });
  });

  test('waits a few minutes for the plan of a newer push that may have looked at this run too early', async () => {
    const own = { ...OWN_JOB, run_attempt: 1 };
    const ownPlan = {
      ...own,
      name: 'bazel / plan',
      conclusion: 'success',
      started_at: '2026-11-30T12:00:00Z',
    };
    jobs[42] = [{ ...ownPlan, completed_at: '2026-11-30T12:02:00Z' }, own];
    runs.unshift(run(43, 8, 'in_progress', null));
    const plan = { name: 'bazel / plan', conclusion: null, runner_name: 'runner 1' };
    jobs[43] = [{ ...plan, started_at: '2026-11-30T12:02:00Z' }];
    expect(await ask()).toEqual({ kind: 'clear', job: OWN_JOB.name });

    jobs[43] = [{ ...plan, started_at: '2026-11-30T12:01:59Z' }];
    let pauses = 0;
    const count = (): void => {
      pauses += 1;
    };
    expect(await ask(count)).toEqual({
      kind: 'blocked',
      why: expect.stringMatching(/is making its plan.*run this job again when it is made/),
    });
    expect(pauses).toBe(15);
    const fail = (): void => {
      jobs[43] = [{ ...plan, conclusion: 'failure' }];
    };
    expect(await ask(fail)).toEqual({ kind: 'clear', job: OWN_JOB.name });
  });

  test('does not look at runs for pull requests, of which a fork may have a branch of the same name', async () => {
    runs.unshift(
      run(43, 8, 'completed', 'failure', 'pull_request'),
      run(44, 9, 'queued', null, 'merge_group'),
    );
    expect(await ask()).toEqual({ kind: 'clear', job: OWN_JOB.name });
  });

  test('is blocked by what an earlier attempt of a newer run began', async () => {
    runs.unshift(run(43, 8, 'in_progress', null));
    jobs[43] = [];
    earlierJobs[43] = [{ ...OWN_JOB, conclusion: 'failure' }];
    expect(await ask()).toMatchObject({ kind: 'blocked' });
  });

  test('is blocked by an older run in the middle of it, however many runs came after that', async () => {
    pageSize = 2;
    const ended = Array.from({ length: 5 }, (_, at) => run(30 - at, 6 - at, 'completed', 'failure'));
    runs.push(...ended, run(2, 1, 'in_progress', null));
    jobs[2] = [{ ...OWN_JOB, runner_name: 'runner 8' }];
    expect(await ask()).toMatchObject({ kind: 'blocked', why: expect.stringContaining('the older run') });
  });

  test('finds newer runs on all pages', async () => {
    pageSize = 2;
    const newer = Array.from({ length: 5 }, (_, at) => run(50 - at, 12 - at, 'completed', 'failure'));
    runs.unshift(...newer);
    for (const { id } of newer) jobs[id] = [];
    expect(await ask()).toEqual({ kind: 'clear', job: OWN_JOB.name });
    jobs[46] = [{ ...OWN_JOB, conclusion: 'failure' }];
    expect(await ask()).toMatchObject({ kind: 'blocked' });
  });

  test('finds its own job among the last ones of many', async () => {
    const others = Array.from({ length: 450 }, (_, at) => ({ ...OWN_JOB, name: `bazel / test //a:${at}` }));
    jobs[42] = [...others, OWN_JOB];
    expect(await ask()).toEqual({ kind: 'clear', job: OWN_JOB.name });
    expect(requests.filter((path) => path.includes('/jobs'))).toHaveLength(2);
  });

  test('is blocked where its own job has another name', async () => {
    jobs[42] = [{ ...OWN_JOB, name: 'publish' }];
    expect(await ask()).toEqual({
      kind: 'blocked',
      why: expect.stringContaining('name the job `release ${{ matrix.name }}`'),
    });
  });

  test('is blocked where GitHub does not answer, and is told the permission', async () => {
    jobs = {};
    expect(await ask()).toEqual({
      kind: 'blocked',
      why: expect.stringMatching(/Resource not accessible.*actions: read/s),
    });
  });

  test('is blocked where GitHub allows no more requests, and is told so', async () => {
    jobs = {};
    refusal = { message: 'API rate limit exceeded for installation' };
    const { why = '' } = (await ask()) as { why?: string };
    expect(why).toContain('run this job again later');
    expect(why).not.toContain('permission');
  });

  test('is blocked outside of a workflow', async () => {
    environment = {};
    expect(await ask()).toMatchObject({ kind: 'blocked' });
  });
});

describe('a release is the last one', () => {
  const NAME = OWN_JOB.name;
  const RELEASED: ApiJob = { name: NAME, conclusion: 'success', runner_name: 'runner 1', run_attempt: 1 };

  /** Whether it is, if it was seen in run 4, and this is an attempt of run 7. */
  function isLast(attempt = 1): Promise<boolean> {
    const own = { run: 7, attempt, job: NAME };
    return isLastRelease(LEG, { run: 4, attempt: 1 }, own, environment, 'token');
  }

  beforeEach(() => {
    runs.push(
      run(36, 6, 'completed', 'failure'),
      run(34, 4, 'completed', 'failure'),
      run(33, 3, 'completed', 'success'),
    );
    jobs = { 42: [{ ...OWN_JOB, run_attempt: 1 }], 36: [], 34: [RELEASED], 33: [RELEASED] };
  });

  test('if no run since had a job for it', async () => {
    expect(await isLast()).toBe(true);
    // Jobs that never started, or whose own tests failed, released nothing.
    jobs[36] = [
      { ...RELEASED, runner_name: null, conclusion: 'cancelled' },
      {
        ...RELEASED,
        conclusion: 'failure',
        steps: [
          { name: 'Own tests', conclusion: 'failure' },
          { name: 'Release', conclusion: 'skipped' },
        ],
      },
      { ...RELEASED, name: 'bazel / release //a:other' },
    ];
    expect(await isLast()).toBe(true);
    expect(requests.filter((path) => path.includes('/runs/33/'))).toEqual([]);
  });

  test.each<[string, Partial<ApiJob>]>([
    ['succeeded', {}],
    ['failed', { conclusion: 'failure' }],
    ['was for several targets', { name: 'bazel / release //a:x + 2 more' }],
  ])('unless a job of a run since %s', async (_what, job) => {
    jobs[36] = [{ ...RELEASED, ...job }];
    expect(await isLast()).toBe(false);
  });

  test('unless a later attempt of the run that saw it had a job for it', async () => {
    earlierJobs[34] = [RELEASED];
    jobs[34] = [{ ...RELEASED, conclusion: 'failure', run_attempt: 2 }];
    expect(await isLast()).toBe(false);
  });

  test('unless an earlier attempt of this run had a job for it', async () => {
    earlierJobs[42] = [{ ...RELEASED, conclusion: 'failure' }];
    jobs[42] = [{ ...OWN_JOB, run_attempt: 2 }];
    expect(await isLast(2)).toBe(false);
  });

  test('unless another job of this run has the same name, and may release to another place', async () => {
    jobs[42] = [{ ...OWN_JOB, run_attempt: 1 }, RELEASED];
    expect(await isLast()).toBe(false);
  });

  test('unless there are too many runs since to look at', async () => {
    const many = Array.from({ length: 40 }, (_, at) => run(100 + at, 6, 'completed', 'failure'));
    runs.splice(1, 0, ...many);
    for (const { id } of many) jobs[id] = [];
    expect(await isLast()).toBe(false);
  });
});
