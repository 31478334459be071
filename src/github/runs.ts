import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';
import { isGreenPush, type OtherRun, type RunJob } from '../release/order.js';
import type { Environment } from './event.js';
import { placeOf, type Place } from './place.js';

/** Says that the runs or jobs of a workflow cannot be told. */
export class RunsError extends Error {
  override name = 'RunsError';
}

/** A job of this run, for people and for the order of releases. */
export interface OwnJob extends RunJob {
  readonly url: string | null;
  readonly runner: string | null;
}

/** The other runs of this workflow. */
export interface OtherRuns {
  readonly ownNumber: number;
  readonly runs: readonly OtherRun[];
}

/** Runs that are looked through at most, newest first. */
const MOST_RUNS = 1000;

type Client = ReturnType<typeof getOctokit>;

/** Reads the runs of this workflow and their jobs from GitHub; needs the permission `actions: read`. */
export class WorkflowRuns {
  private readonly client: Client;
  private readonly place: Place;
  private readonly runId: number;

  /** @throws RunsError if the environment is none of a runner */
  constructor(
    private readonly environment: Environment,
    token: string,
  ) {
    const place = placeOf(environment);
    this.runId = Number(environment.GITHUB_RUN_ID);
    if (place === null || !Number.isSafeInteger(this.runId)) {
      throw new RunsError('GITHUB_REPOSITORY, GITHUB_WORKFLOW_REF or GITHUB_RUN_ID is not set');
    }
    this.place = place;
    this.client = getOctokit(token, {}, retry);
  }

  /** The jobs of this run's current attempt, and of earlier ones where they were not run again. */
  async ownJobs(): Promise<OwnJob[]> {
    return this.jobsOf(this.runId, 'latest');
  }

  /**
   * The runs for the same branch or tag that an order of releases depends on: those after this one, and older ones that
   * are not over. The jobs of green ones are left out: nobody needs them.
   *
   * @throws RunsError if there are too many
   */
  async others(): Promise<OtherRuns> {
    const ownNumber = Number(this.environment.GITHUB_RUN_NUMBER);
    const branch = this.environment.GITHUB_REF_NAME ?? '';
    if (!Number.isSafeInteger(ownNumber) || branch === '') {
      throw new RunsError('GITHUB_RUN_NUMBER or GITHUB_REF_NAME is not set');
    }
    const runs: OtherRun[] = [];
    for (const event of ['push', 'workflow_dispatch'] as const) {
      runs.push(...(await this.runsOf(event, branch, ownNumber)));
    }
    return { ownNumber, runs };
  }

  private async runsOf(event: OtherRun['event'], branch: string, ownNumber: number): Promise<OtherRun[]> {
    const { owner, repo, workflow } = this.place;
    const query = { owner, repo, workflow_id: workflow, branch, event, per_page: 100 } as const;
    const list = this.client.rest.actions.listWorkflowRuns;
    const found = new Map<number, Omit<OtherRun, 'jobs'>>();
    let seen = 0;
    for await (const { data } of this.client.paginate.iterator(list, query)) {
      for (const run of data) {
        seen++;
        if (run.id === this.runId || (run.run_number < ownNumber && run.status === 'completed')) continue;
        found.set(run.id, { number: run.run_number, url: run.html_url, event, conclusion: run.conclusion });
      }
      if (data.some((run) => run.run_number <= ownNumber)) break;
      if (seen >= MOST_RUNS) {
        throw new RunsError(`there are more than ${MOST_RUNS} runs after this one on ${branch}`);
      }
    }
    for (const run of (await list({ ...query, status: 'in_progress' })).data.workflow_runs) {
      if (run.id === this.runId) continue;
      found.set(run.id, { number: run.run_number, url: run.html_url, event, conclusion: run.conclusion });
    }
    const runs: OtherRun[] = [];
    for (const [id, run] of found) {
      runs.push({ ...run, jobs: isGreenPush(run) ? [] : await this.jobsOf(id, 'all') });
    }
    return runs;
  }

  private async jobsOf(run: number, filter: 'latest' | 'all'): Promise<OwnJob[]> {
    const { owner, repo } = this.place;
    const jobs = await this.client.paginate(this.client.rest.actions.listJobsForWorkflowRun, {
      owner,
      repo,
      run_id: run,
      filter,
      per_page: 100,
    });
    return jobs.map((job) => ({
      name: job.name,
      // A job that waits for its turn, was skipped, or was cancelled before has no runner.
      started: (job.runner_name ?? '') !== '',
      conclusion: job.conclusion,
      url: job.html_url,
      runner: job.runner_name,
    }));
  }
}
