import type { CommitId } from '../../graph/tree.js';
import type { Field } from '../../formats/json-field.js';
import { Api, isNotThere } from './api.js';
import { tempFolder } from '../disk/temp-folder.js';
import { downloadFileOfRun, type ArtifactOfRun } from './artifacts.js';
import type { Environment } from './event.js';
import { placeOf, type Place } from './place.js';
import { readJob, readRun, type Job, type Run } from './run-records.js';

/** The runs or jobs of a workflow cannot be read. */
export class RunsError extends Error {
  override name = 'RunsError';
}

/** How many runs are read at most, newest first. */
const MOST_RUNS = 1000;
const PAGE = 100;

/** Reads the runs of this workflow and their jobs from GitHub. Needs the permission `actions: read`. */
export class WorkflowRuns {
  private readonly api: Api;
  private readonly place: Place;
  /** 0 if unknown. */
  private readonly ownId: number;

  /**
   * @param totalMs the time limit for all requests together
   * @throws RunsError if the environment names no workflow
   */
  constructor(
    private readonly environment: Environment,
    private readonly token: string,
    totalMs?: number,
  ) {
    const place = placeOf(environment);
    if (place === null) throw new RunsError('GITHUB_REPOSITORY or GITHUB_WORKFLOW_REF is not set');
    this.ownId = Number(environment.GITHUB_RUN_ID ?? 0);
    this.place = place;
    this.api = new Api(environment, token, totalMs);
  }

  /** The green runs for pushes to a branch except this run, newest first. Each page is requested when it is needed. */
  async *greenPushes(branch: string): AsyncGenerator<Run> {
    for await (const run of this.list({ branch, event: 'push', status: 'success' }))
      if (run.event === 'push' && run.conclusion === 'success') yield run;
  }

  /** The runs for a merge group with a commit as its head, newest first, with any result. */
  async *mergeGroupRuns(commit: CommitId): AsyncGenerator<Run> {
    for await (const run of this.list({ head_sha: commit, event: 'merge_group' }))
      if (run.event === 'merge_group' && run.commit === commit) yield run;
  }

  /** Whether there was another run for a push to a branch, with any result. */
  async hasOtherPush(branch: string): Promise<boolean> {
    for await (const _ of this.list({ branch, event: 'push' })) return true;
    return false;
  }

  /** Whether GitHub knows that a commit is reachable from another one. False if GitHub does not have the commit. */
  async isAncestor(ancestor: CommitId, descendant: CommitId): Promise<boolean> {
    try {
      const { status } = await this.compare(ancestor, descendant);
      return status === 'ahead' || status === 'identical';
    } catch (error) {
      if (isNotThere(error)) return false;
      throw error;
    }
  }

  /** The best common ancestor of two commits; null if GitHub finds none. */
  async mergeBase(one: CommitId, other: CommitId): Promise<CommitId | null> {
    try {
      return (await this.compare(one, other)).answer.at('merge_base_commit').at('sha').commitId();
    } catch (error) {
      if (isNotThere(error)) return null;
      throw error;
    }
  }

  /** The names of a run's artifacts; empty if the server does not support artifacts. */
  async *artifactNames(run: number): AsyncGenerator<string> {
    for await (const artifact of this.artifactFields(run)) yield artifact.at('name').text();
  }

  /** The artifacts of a run that GitHub still has; empty if the server does not support artifacts. */
  async *artifacts(run: number): AsyncGenerator<ArtifactOfRun> {
    for await (const artifact of this.artifactFields(run)) {
      if (artifact.at('expired').value === true) continue;
      const [id, size] = [artifact.at('id').count(1), artifact.at('size_in_bytes').count(0)];
      yield { run, id, name: artifact.at('name').text(), size };
    }
  }

  /**
   * The only file of an artifact.
   *
   * @throws ArtifactError if it is not available, or is too large
   */
  async fileOf(artifact: ArtifactOfRun, fileName: string): Promise<string> {
    return downloadFileOfRun(artifact, fileName, tempFolder(), { ...this.place, token: this.token });
  }

  /**
   * The runs for this run's branch or tag that the order of releases depends on: those after this one, and older ones
   * that have not ended. Runs for pull requests and merge groups release nothing, and are left out.
   *
   * @throws RunsError if there are too many
   */
  async othersOfBranch(): Promise<{ readonly ownNumber: number; readonly others: readonly Run[] }> {
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

  /**
   * The runs for this run's branch or tag that began before this one and after another one; newest first. Runs for pull
   * requests and merge groups release nothing, and are left out.
   *
   * @param number of the other one
   * @throws RunsError
   */
  async *runsBetween(number: number): AsyncGenerator<Run> {
    const ownNumber = Number(this.environment.GITHUB_RUN_NUMBER);
    const branch = this.environment.GITHUB_REF_NAME ?? '';
    if (!Number.isSafeInteger(ownNumber) || branch === '')
      throw new RunsError('GITHUB_RUN_NUMBER or GITHUB_REF_NAME is not set');
    for await (const run of this.list({ branch })) {
      if (run.number <= number) return;
      if (run.number < ownNumber && !NEVER_RELEASING.test(run.event)) yield run;
    }
  }

  /**
   * The jobs of this run: those of the current attempt with those of earlier attempts that were not run again, or those of
   * all attempts.
   */
  async ownJobs(attempts: 'latest' | 'all' = 'latest'): Promise<Job[]> {
    return this.jobs(this.ownId, attempts);
  }

  /**
   * The job that this process runs in: the one on this runner that has not ended and whose name fits. The last jobs are
   * read first, because releases come late in a run, and GitHub allows only 1,000 requests an hour for the runs of a
   * repository.
   *
   * @returns null unless there is exactly one among the jobs that were read
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

  /** The jobs of a run: of its latest attempt, or of all attempts. */
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
    const answer = await this.api.get(
      '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
      { ...this.repository, run_id: run, filter: attempts, per_page: PAGE, page },
      'list of jobs',
    );
    return { count: answer.at('total_count').count(0), jobs: answer.at('jobs').list().map(readJob) };
  }

  private async compare(
    base: CommitId,
    head: CommitId,
  ): Promise<{ status: ComparisonStatus; answer: Field }> {
    const answer = await this.api.get(
      '/repos/{owner}/{repo}/compare/{basehead}',
      { ...this.repository, basehead: `${base}...${head}`, per_page: 1 },
      'comparison',
    );
    return { status: answer.at('status').oneOf(COMPARISON_STATUSES), answer };
  }

  private async *artifactFields(run: number): AsyncGenerator<Field> {
    const path = '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts';
    try {
      yield* this.items(path, { run_id: run }, 'artifacts');
    } catch (error) {
      if (!isNotThere(error)) throw error;
    }
  }

  /** The workflow's runs except this one, newest first. */
  private async *list(filter: {
    readonly branch?: string;
    readonly head_sha?: CommitId;
    readonly event?: 'push' | 'merge_group';
    readonly status?: 'success' | 'in_progress';
  }): AsyncGenerator<Run> {
    const path = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';
    const query = { workflow_id: this.place.workflow, ...filter };
    for await (const item of this.items(path, query, 'workflow_runs')) {
      const run = readRun(item);
      if (run.id !== this.ownId) yield run;
    }
  }

  /** The entries of a list that GitHub returns in pages. Each page is requested when it is needed. */
  private async *items(
    path: string,
    query: Readonly<Record<string, unknown>>,
    list: 'workflow_runs' | 'artifacts',
  ): AsyncGenerator<Field> {
    const what = `list of ${list === 'workflow_runs' ? 'runs' : list}`;
    let shown = 0;
    for (let page = 1; ; page++) {
      const answer = await this.api.get(path, { ...this.repository, ...query, per_page: PAGE, page }, what);
      const count = answer.at('total_count').count(0);
      const items = answer.at(list).list();
      if (page === 1 && items.length === 0 && count > 0)
        throw new RunsError(`GitHub's ${what} says that there are ${count}, and shows none`);
      yield* items;
      shown += items.length;
      if (items.length === 0 || shown >= count) return;
    }
  }

  private get repository(): { readonly owner: string; readonly repo: string } {
    const { owner, repo } = this.place;
    return { owner, repo };
  }
}

const COMPARISON_STATUSES = ['ahead', 'behind', 'diverged', 'identical'] as const;
type ComparisonStatus = (typeof COMPARISON_STATUSES)[number];

const NEVER_RELEASING = /^(pull_request|merge_group)/;
