import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';
import type { CommitId } from '../git/tree.js';
import type { Environment } from './event.js';
import { placeOf, statusOf, type Place } from './place.js';

/** Says that the runs or jobs of a workflow cannot be told. */
export class RunsError extends Error {
  override name = 'RunsError';
}

/** A job of a run. */
export interface Job {
  /** As GitHub shows it: with the names of the calling jobs before it, ` / ` between them. */
  readonly name: string;
  /** Whether a runner ever took it. */
  readonly started: boolean;
  /** Null while it is not over. */
  readonly conclusion: string | null;
  readonly url: string | null;
  readonly runner: string | null;
}

/** A run of the workflow for a branch or tag. */
export interface Run {
  readonly id: number;
  /** Higher for a later push: a run keeps its number when it is run again. */
  readonly number: number;
  readonly event: string;
  readonly commit: CommitId;
  /** Null while it is not over. */
  readonly conclusion: string | null;
  readonly url: string;
}

/** Runs that are looked through at most, newest first. */
const MOST_RUNS = 1000;
const PAGE = 100;

type Client = ReturnType<typeof getOctokit>;

/** Reads the runs of this workflow and their jobs from GitHub; needs the permission `actions: read`. */
export class WorkflowRuns {
  private readonly client: Client;
  private readonly place: Place;
  /** 0: nobody said which. */
  private readonly ownId: number;

  /** @throws RunsError if the environment names no workflow */
  constructor(
    private readonly environment: Environment,
    token: string,
  ) {
    const place = placeOf(environment);
    if (place === null) throw new RunsError('GITHUB_REPOSITORY or GITHUB_WORKFLOW_REF is not set');
    this.ownId = Number(environment.GITHUB_RUN_ID ?? 0);
    this.place = place;
    const url = environment.GITHUB_API_URL;
    this.client = getOctokit(token, url ? { baseUrl: url } : {}, retry);
  }

  /** The green runs for pushes to a branch but this one, newest first; each page is asked for when it is needed. */
  async *greenPushes(branch: string): AsyncGenerator<Run> {
    for await (const run of this.list({ branch, event: 'push', status: 'success' })) yield run;
  }

  /** Whether there was another run for a push to a branch, in whatever state. */
  async hasOtherPush(branch: string): Promise<boolean> {
    for await (const _ of this.list({ branch, event: 'push' })) return true;
    return false;
  }

  /** Whether GitHub knows a commit as reachable from another one; one that it does not have is not. */
  async isAncestor(ancestor: CommitId, descendant: CommitId): Promise<boolean> {
    const { owner, repo } = this.place;
    try {
      const { data } = await this.client.rest.repos.compareCommitsWithBasehead({
        owner,
        repo,
        basehead: `${ancestor}...${descendant}`,
        per_page: 1,
      });
      return data.status === 'ahead' || data.status === 'identical';
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  /**
   * The runs for this run's branch or tag that an order of releases depends on: those after this one, and older ones
   * that are not over. Runs for pull requests and merge groups release nothing, and are left out.
   *
   * @throws RunsError if there are too many
   */
  async around(): Promise<{ readonly ownNumber: number; readonly others: readonly Run[] }> {
    const ownNumber = Number(this.environment.GITHUB_RUN_NUMBER);
    const branch = this.environment.GITHUB_REF_NAME ?? '';
    if (!Number.isSafeInteger(ownNumber) || branch === '') {
      throw new RunsError('GITHUB_RUN_NUMBER or GITHUB_REF_NAME is not set');
    }
    const found = new Map<number, Run>();
    for await (const run of this.list({ branch })) {
      if (run.number <= ownNumber) break;
      found.set(run.id, run);
      if (found.size >= MOST_RUNS) {
        throw new RunsError(`there are more than ${MOST_RUNS} runs after this one on ${branch}`);
      }
    }
    for await (const run of this.list({ branch, status: 'in_progress' })) found.set(run.id, run);
    return { ownNumber, others: [...found.values()].filter(({ event }) => !NEVER_RELEASING.test(event)) };
  }

  /** The jobs of this run's current attempt, and of earlier ones where they were not run again. */
  async ownJobs(): Promise<Job[]> {
    return this.jobs(this.ownId, 'latest');
  }

  /**
   * The job that asks: the one on this runner that is not over, and whose name fits. The last jobs are looked at first,
   * since releases come late in a run, and every request counts: GitHub allows a repository's runs 1,000 in an hour.
   *
   * @returns null where there is not exactly one among the jobs looked at
   */
  async ownJob(fits: (name: string) => boolean): Promise<Job | null> {
    const isOwn = ({ name, conclusion, runner }: Job): boolean =>
      conclusion === null && runner === this.environment.RUNNER_NAME && fits(name);
    if (this.ownId === 0) return null;
    const first = await this.jobsPage(this.ownId, 'latest', 1);
    const pages = Math.ceil(first.count / PAGE);
    for (let page = pages; page >= 1; page--) {
      const jobs = page === 1 ? first.jobs : (await this.jobsPage(this.ownId, 'latest', page)).jobs;
      const own = jobs.filter(isOwn);
      if (own.length > 0) return own.length === 1 ? (own[0] ?? null) : null;
    }
    return null;
  }

  /** The jobs of a run: of its last attempt, or of all. */
  async jobs(run: number, attempts: 'latest' | 'all'): Promise<Job[]> {
    const jobs: Job[] = [];
    for (let page = 1; ; page++) {
      const found = await this.jobsPage(run, attempts, page);
      jobs.push(...found.jobs);
      if (found.jobs.length === 0 || page * PAGE >= found.count) return jobs;
    }
  }

  private async jobsPage(
    run: number,
    attempts: 'latest' | 'all',
    page: number,
  ): Promise<{ readonly jobs: readonly Job[]; readonly count: number }> {
    const { owner, repo } = this.place;
    const { data } = await this.client.rest.actions.listJobsForWorkflowRun({
      owner,
      repo,
      run_id: run,
      filter: attempts,
      per_page: PAGE,
      page,
    });
    return {
      count: data.total_count,
      jobs: data.jobs.map((job) => ({
        name: job.name,
        // A job that waits for its turn, was skipped, or was cancelled before has no runner.
        started: (job.runner_name ?? '') !== '',
        conclusion: job.conclusion,
        url: job.html_url,
        runner: job.runner_name,
      })),
    };
  }

  /** The workflow's runs but this one, newest first. */
  private async *list(filter: {
    readonly branch: string;
    readonly event?: 'push';
    readonly status?: 'success' | 'in_progress';
  }): AsyncGenerator<Run> {
    const { owner, repo, workflow } = this.place;
    const query = { owner, repo, workflow_id: workflow, per_page: PAGE, ...filter };
    for await (const { data } of this.client.paginate.iterator(
      this.client.rest.actions.listWorkflowRuns,
      query,
    )) {
      for (const run of data) {
        if (run.id === this.ownId) continue;
        yield {
          id: run.id,
          number: run.run_number,
          event: run.event,
          commit: run.head_sha as CommitId,
          conclusion: run.conclusion,
          url: run.html_url,
        };
      }
    }
  }
}

const NEVER_RELEASING = /^(pull_request|merge_group)/;

/** What to do about a request that GitHub refused, in words for the end of a message. */
export function remedyOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/rate limit/i.test(message)) return 'GitHub allows no more requests for now: run this job again later';
  return [401, 403].includes(statusOf(error) ?? 0) ? 'give the job the permission actions: read' : '';
}
