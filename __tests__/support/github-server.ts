import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A run of the workflow, as the list of runs shows it. */
export interface FakeRun {
  readonly id: number;
  readonly event?: string;
  readonly commit: string;
  /** Null while it runs. */
  readonly conclusion: 'success' | 'failure' | null;
}

/** A job of a run. */
export interface FakeJob {
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'skipped' | null;
  readonly runner_name: string | null;
  readonly html_url?: string;
  readonly run_attempt?: number;
}

/** What a GitHub API on this machine answers, and what it was asked. */
export class FakeGitHub {
  /** Newest first. */
  runs: readonly FakeRun[] = [];
  pageSize = 100;
  /** What a comparison with the head says of a commit; a commit that is not named here is not found. */
  comparisons: Readonly<Record<string, 'ahead' | 'behind' | 'diverged' | 'identical'>> = {};
  /** By the id of the run; a run that is not named here has one job that succeeded, the plan. */
  jobs: Readonly<Record<number, readonly FakeJob[]>> = {};
  /** The names of artifacts by the id of the run. */
  artifacts: Readonly<Record<number, readonly string[]>> = {};
  /** What every comparison names as the merge base. */
  mergeBase = '';
  /** Answers to the next requests, in place of the real ones. */
  failures: number[] = [];
  /** The same, as they are sent. */
  odd: OddAnswer[] = [];
  /** The same, by a part of the path of what is asked. */
  oddAt: Readonly<Record<string, OddAnswer>> = {};
  readonly requests: string[] = [];
  readonly tokens = new Set<string | undefined>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeGitHub> {
    const server = createServer();
    const fake = new FakeGitHub(server);
    server.on('request', (request, response) => {
      fake.answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.url);
    this.requests.push(`${url.pathname}${url.search}`);
    this.tokens.add(request.headers.authorization);
    const [, oddHere] = Object.entries(this.oddAt).find(([part]) => url.pathname.includes(part)) ?? [];
    const odd = this.odd.shift() ?? oddHere;
    if (odd !== undefined) {
      sendOdd(odd, response);
      return;
    }
    const failure = this.failures.shift();
    if (failure !== undefined) {
      send(response, failure, { message: `made to fail with ${failure}` });
      return;
    }
    const comparison = /^\/repos\/ada\/shop\/compare\/([0-9a-f]+)\.\.\.[0-9a-f]+$/.exec(url.pathname)?.[1];
    if (comparison !== undefined) {
      const status = this.comparisons[comparison];
      if (status === undefined) send(response, 404, { message: 'Not Found' });
      else send(response, 200, { status, merge_base_commit: { sha: this.mergeBase } });
    } else if (url.pathname === '/repos/ada/shop/actions/workflows/ci.yml/runs') {
      this.listRuns(url, response);
    } else if (/^\/repos\/ada\/shop\/actions\/runs\/\d+\/jobs$/.test(url.pathname)) {
      const jobs = this.jobs[Number(url.pathname.split('/').at(-2))] ?? [PLANNED];
      send(response, 200, { total_count: jobs.length, jobs });
    } else if (/^\/repos\/ada\/shop\/actions\/runs\/\d+\/artifacts$/.test(url.pathname)) {
      const names = this.artifacts[Number(url.pathname.split('/').at(-2))] ?? [];
      send(response, 200, { total_count: names.length, artifacts: names.map((name) => ({ name })) });
    } else {
      send(response, 404, { message: `nothing at ${url.pathname}` });
    }
  }

  private listRuns(url: URL, response: ServerResponse): void {
    const event = url.searchParams.get('event');
    if (url.searchParams.get('branch') !== 'main' || (event !== null && event !== 'push')) {
      send(response, 200, { total_count: 0, workflow_runs: [] });
      return;
    }
    const status = url.searchParams.get('status');
    const matching = this.runs.filter(
      (run) =>
        status === null || (status === 'completed' ? run.conclusion !== null : run.conclusion === status),
    );
    const page = Number(url.searchParams.get('page') ?? 1);
    const shown = matching.slice((page - 1) * this.pageSize, page * this.pageSize);
    if (page * this.pageSize < matching.length) {
      const next = new URL(url);
      next.searchParams.set('page', String(page + 1));
      response.setHeader('Link', `<${next.href}>; rel="next"`);
    }
    send(response, 200, {
      total_count: matching.length,
      workflow_runs: shown.map(({ id, event = 'push', commit, conclusion }) => ({
        id,
        run_number: id,
        event,
        head_sha: commit,
        conclusion,
        html_url: `https://github.example/ada/shop/actions/runs/${id}`,
      })),
    });
  }
}

const PLANNED: FakeJob = { name: 'bazel / plan', conclusion: 'success', runner_name: 'runner 1' };

/** An answer that is none of GitHub's: a status and a body, silence, or a byte now and then that never come to an end. */
export type OddAnswer =
  { readonly status: number; readonly body: string; readonly type?: string } | 'silence' | 'drip';

function sendOdd(odd: OddAnswer, response: ServerResponse): void {
  if (odd === 'silence') return;
  if (odd === 'drip') {
    response.writeHead(200, { 'Content-Type': 'application/json' }).write('{');
    const dripping = setInterval(() => response.write(' '), 100);
    response.on('close', () => {
      clearInterval(dripping);
    });
    return;
  }
  response.writeHead(odd.status, { 'Content-Type': odd.type ?? 'application/json' }).end(odd.body);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
