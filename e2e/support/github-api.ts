import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A run as GitHub's API reports it, with the fields that the actions read. */
export interface ApiRun {
  readonly id: number;
  readonly run_number: number;
  readonly head_sha: string;
  readonly event: 'push' | 'merge_group';
  readonly status: 'completed' | 'in_progress';
  readonly conclusion: 'success' | 'failure' | null;
  readonly jobs: readonly ApiJob[];
  /** The names of its artifacts; none by default. */
  readonly artifacts?: readonly string[];
  /** Its plan files, each of which is one more artifact. */
  readonly plans?: readonly object[];
}

export interface ApiJob {
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | null;
  readonly runner_name: string | null;
  readonly run_attempt?: number;
}

/** How the API behaves: `hangs` accepts every request and never answers. */
export type ApiState = 'answers' | 'hangs';

/** A stand-in for the part of GitHub's API that the actions use: the runs of a workflow, their jobs, and which commit is an
 * ancestor of which. */
export class GithubApi implements Disposable {
  /** Requests that this stand-in does not know. */
  readonly unknown: string[] = [];
  private readonly server: http.Server;

  private constructor(
    private readonly runs: readonly ApiRun[],
    private readonly isAncestor: (ancestor: string, descendant: string) => boolean,
    state: ApiState,
  ) {
    this.server = http.createServer((request, response) => {
      if (state === 'hangs') return;
      const url = new URL(request.url ?? '/', this.url);
      // An artifact is behind an address of its own, which needs no token.
      if (/^\/repos\/.*\/actions\/artifacts\/\d+\/zip$/.test(url.pathname)) {
        response.writeHead(302, { location: `${this.url}/blob${url.pathname}` }).end();
        return;
      }
      if (url.pathname.startsWith('/blob/'))
        response.setHeader('content-disposition', 'attachment; filename="plan.json"');
      const reply = this.reply(url);
      response
        .writeHead(reply === null ? 404 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(reply ?? { message: 'Not Found' }));
    });
  }

  static async start(
    runs: readonly ApiRun[],
    isAncestor: (ancestor: string, descendant: string) => boolean,
    state: ApiState,
  ): Promise<GithubApi> {
    const api = new GithubApi(runs, isAncestor, state);
    await new Promise<void>((resolve) => {
      api.server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  /** The value for GITHUB_API_URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  [Symbol.dispose](): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private reply({ pathname, searchParams }: URL): unknown {
    if (pathname.endsWith('/actions/workflows/ci.yml/runs')) {
      const status = searchParams.get('status');
      const runs = this.runs
        .filter((run) => [null, run.event as string].includes(searchParams.get('event')))
        .filter((run) => [null, run.head_sha].includes(searchParams.get('head_sha')))
        .filter((run) => status === null || run.status === status || run.conclusion === status)
        .map((run) => ({
          ...run,
          jobs: undefined,
          artifacts: undefined,
          plans: undefined,
          html_url: urlOf(run.id),
        }));
      return { total_count: runs.length, workflow_runs: runs };
    }
    const id = /\/actions\/runs\/(\d+)\/jobs$/.exec(pathname)?.[1];
    const run = this.runs.find((one) => String(one.id) === id);
    if (run !== undefined) {
      const jobs = run.jobs.map((job, at) => ({ ...job, html_url: `${urlOf(run.id)}/job/${at}` }));
      return { total_count: jobs.length, jobs };
    }
    const ofArtifacts = /\/actions\/runs\/(\d+)\/artifacts$/.exec(pathname)?.[1];
    if (ofArtifacts !== undefined) {
      const of = this.runs.find(({ id: one }) => String(one) === ofArtifacts);
      const plans = (of?.plans ?? []).map((_, at) => `bazel-affected-plan-${at}`);
      const artifacts = [...plans, ...(of?.artifacts ?? [])].map((name, at) => ({
        id: Number(ofArtifacts) * 100 + at,
        name,
        size_in_bytes: 100,
        expired: false,
      }));
      return { total_count: artifacts.length, artifacts };
    }
    const artifact = Number(/^\/blob\/.*\/(\d+)\/zip$/.exec(pathname)?.[1]);
    const holder = this.runs.find(({ id: one }) => one === Math.floor(artifact / 100));
    if (holder !== undefined) return holder.plans?.[artifact % 100] ?? null;
    const [, base, head] = /\/compare\/(\w+)\.\.\.(\w+)$/.exec(pathname) ?? [];
    if (base !== undefined && head !== undefined) {
      return { status: this.isAncestor(base, head) ? 'ahead' : 'diverged' };
    }
    this.unknown.push(pathname);
    return null;
  }
}

function urlOf(run: number): string {
  return `https://github.com/org/monorepo/actions/runs/${run}`;
}
