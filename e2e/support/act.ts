import { spawn } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { TemporaryFolder } from '../../__tests__/support/temporary-folder.js';
import { findAct } from '../../scripts/find-act.mjs';
import { findBazel } from '../../scripts/find-bazel.mjs';
import type { FakeCacheService } from '../../__tests__/adapters/github/support/fake-cache-service.js';
import { ArtifactServer } from './artifact-server.js';
import { callerOf, type Inputs } from './callers.js';
import { GithubApi, type ApiJob, type ApiRun, type ApiState } from './github-api.js';
import { Monorepo, type Edit, type Event } from './monorepo.js';
import { copyProduct, makeStubs, PRODUCT, PRODUCT_REF } from './product.js';

/** Time limit of one run of the workflow. */
const TIMEOUT_MS = 10 * 60_000;

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** The id and the number of this run, for the actions and for the stand-in of GitHub's API. */
const RUN_ID = 42;
const RUN_NUMBER = 7;
const RUNNER = 'e2e runner';

/** Runners that the tests name. act skips a job without a message if it does not know the runner. */
const RUNNERS = ['ubuntu-latest', 'ubuntu-latest-8-cores'];

/** The results of one run of the workflow. */
export interface WorkflowRun {
  readonly exitCode: number | null;
  /** The Markdown of each job's steps, by the job's id. */
  readonly summaries: ReadonlyMap<string, string>;
  readonly annotations: readonly Annotation[];
  /** How each job ended; a job with a matrix fails if one of its legs does. */
  readonly jobs: ReadonlyMap<string, string>;
  /** What the steps printed. */
  readonly output: string;
  /** The outputs of the plan and of the verdict, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** `needs.bazel` in a job of the caller after the workflow; null after a failure, because act then runs no such job. */
  readonly seenByCaller: {
    readonly result: string;
    readonly outputs: Readonly<Record<string, string>>;
  } | null;
  readonly artifacts: readonly string[];
  /** Where releases published files. */
  readonly releaseFolder: string;
  /** Files that releases published, relative to the folder of releases. */
  readonly released: readonly string[];
  readonly unknownRequests: readonly string[];
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title: string | undefined;
  readonly file: string | undefined;
  readonly line: string | undefined;
}

interface LogLine {
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly kvPairs?: Readonly<Record<string, string>>;
  readonly jobID?: string;
  readonly jobResult?: string;
  readonly raw_output?: boolean;
  readonly msg?: string;
}

/** A place for runs of the workflow with act, real Bazel and no network. */
export class Runs implements Disposable {
  private readonly temporary = new TemporaryFolder();
  readonly folder = this.temporary.path;
  private readonly act = findAct();
  private readonly bazel = findBazel();
  private readonly product = join(this.folder, 'product');
  private readonly stubs: ReadonlyMap<string, string>;
  private readonly outputUserRoot = join(this.folder, 'bazel');
  private count = 0;

  constructor() {
    copyProduct(this.product);
    this.stubs = makeStubs(join(this.folder, 'stubs'));
  }

  /** The example with a caller that passes the given inputs, and those that every run here needs. */
  monorepo(inputs: Inputs = {}, before: Edit = {}): Monorepo {
    const runners = 'large-runner: ubuntu-latest-8-cores';
    return this.monorepoWith(callerOf({ ...this.bazelInputs(), runners, ...inputs }), before);
  }

  /** The example with the given workflow. */
  monorepoWith(workflow: string, before: Edit = {}): Monorepo {
    return Monorepo.create(join(this.folder, `monorepo-${++this.count}`), workflow, before);
  }

  /** The inputs that every call of Bazel here needs. */
  bazelInputs(): Inputs {
    const startup = [
      `--output_user_root=${this.outputUserRoot}`,
      '--max_idle_secs=20',
      '--host_jvm_args=-XX:TieredStopAtLevel=1',
      '--host_jvm_args=-XX:+UseSerialGC',
      '--host_jvm_args=-Xmx700m',
    ];
    return { bazel: this.bazel, 'startup-options': startup.join(' ') };
  }

  /**
   * Runs the workflow for an event.
   *
   * @param caller the start of the names of the jobs
   * @param releases labels of releases whose jobs GitHub reports as running in this run
   * @param api whether GitHub's API answers
   * @param otherRuns what GitHub reports of other runs, besides a green one at the event's base
   * @param cache what GitHub's cache keeps from one run to the next; null if there is no cache
   * @param variables variables of the environment of all jobs
   * @param inReleaseFolder what the folder of releases has before, by path
   */
  async run(
    monorepo: Monorepo,
    event: Event,
    {
      caller = 'bazel / ',
      releases = [],
      otherRuns = [],
      api: apiState = 'answers',
      cache = null,
      variables = {},
      inReleaseFolder = {},
    }: {
      caller?: string;
      releases?: readonly string[];
      otherRuns?: readonly ApiRun[];
      api?: ApiState;
      cache?: FakeCacheService | null;
      variables?: Readonly<Record<string, string>>;
      inReleaseFolder?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<WorkflowRun> {
    using artifactServer = await ArtifactServer.start(cache?.url);
    const ownJobs = ['plan', ...releases.map((label) => `release ${label}`)].map((name): ApiJob => ({
      name: `${caller}${name}`,
      conclusion: null,
      runner_name: RUNNER,
      run_attempt: 1,
    }));
    using api = await GithubApi.start(
      [
        ...otherRuns,
        { ...PUSH, id: RUN_ID, run_number: RUN_NUMBER, head_sha: 'f'.repeat(40), jobs: ownJobs },
        {
          ...PUSH,
          id: 1,
          run_number: 1,
          head_sha: event.base,
          status: 'completed',
          conclusion: 'success',
          jobs: plannedBy(caller),
        },
      ],
      (ancestor, descendant) => monorepo.isAncestor(ancestor, descendant),
      apiState,
    );
    const state = this.temporary.newFolder();
    const releaseFolder = join(state, 'releases');
    mkdirSync(releaseFolder);
    for (const [path, content] of Object.entries(inReleaseFolder))
      writeFileSync(join(releaseFolder, path), content);
    writeFileSync(join(state, 'event.json'), JSON.stringify(event.payload));
    const environment = {
      // Without --artifact-server-path, act does not change these two variables.
      ACTIONS_RESULTS_URL: artifactServer.url,
      ACTIONS_RUNTIME_TOKEN: artifactServer.token,
      ...(cache === null ? {} : { ACTIONS_CACHE_SERVICE_V2: 'true' }),
      GITHUB_API_URL: api.url,
      GITHUB_RUN_ID: String(RUN_ID),
      GITHUB_RUN_NUMBER: String(RUN_NUMBER),
      GITHUB_WORKFLOW_REF: 'org/monorepo/.github/workflows/ci.yml@refs/heads/main',
      RUNNER_NAME: RUNNER,
      E2E_ORIGIN: `file://${monorepo.folder}`,
      ...variables,
    };
    const { exitCode, log } = await this.call(state, [
      event.name,
      `--directory=${monorepo.folder}`,
      '--workflows=.github/workflows/ci.yml',
      `--eventpath=${join(state, 'event.json')}`,
      ...RUNNERS.map((label) => `--platform=${label}=-self-hosted`),
      '--no-skip-checkout',
      `--local-repository=${PRODUCT}@${PRODUCT_REF}=${this.product}`,
      ...[...this.stubs].map(([action, folder]) => `--local-repository=${action}=${folder}`),
      ...Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`),
      '--secret=GITHUB_TOKEN=a-secret-token',
      `--secret=RELEASE_FOLDER=${releaseFolder}`,
      '--cache-server-addr=127.0.0.1',
      `--cache-server-path=${join(state, 'cache')}`,
      `--action-cache-path=${join(state, 'act')}`,
      '--json',
    ]);
    const read = readLog(log);
    if (!read.jobs.has('conclude')) throw new Error(`The workflow did not run to its end. act said:\n${log}`);
    return {
      exitCode,
      ...read,
      artifacts: artifactServer.names(),
      releaseFolder,
      released: globSync('**/*', { cwd: releaseFolder, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(releaseFolder.length + 1))
        .sort(),
      unknownRequests: api.unknown,
    };
  }

  /** Ends the servers that the legs left running. They would end by themselves a little later. */
  [Symbol.dispose](): void {
    for (const file of globSync(`${this.outputUserRoot}/*/server/server.pid.txt`)) {
      const pid = Number(readFileSync(file, 'utf8'));
      try {
        if (pid > 1) process.kill(pid, 'SIGKILL');
      } catch {
        // The server has already ended by itself.
      }
    }
    execFileSync('chmod', ['-R', 'u+w', this.folder]);
    this.temporary.remove();
  }

  private call(state: string, args: readonly string[]): Promise<{ exitCode: number | null; log: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.act, args, {
        cwd: state,
        // `using: node24` is the first node on the PATH, and that is the Node 24 of package.json.
        env: { ...process.env, PATH: `${REPOSITORY}/node_modules/node/bin:${process.env.PATH ?? ''}` },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: TIMEOUT_MS,
      });
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.on('error', reject);
      child.on('close', (exitCode) => {
        resolve({ exitCode, log: Buffer.concat(chunks).toString('utf8') });
      });
    });
  }
}

/** The jobs of a run that made a plan, as far as the actions look at them. */
export function plannedBy(caller: string): ApiJob[] {
  return [{ name: `${caller}plan`, conclusion: 'success', runner_name: 'another runner' }];
}

/** A run that has not ended, as GitHub reports it. */
const PUSH = { event: 'push', status: 'in_progress', conclusion: null, jobs: [] } as const;

function readLog(
  log: string,
): Pick<WorkflowRun, 'summaries' | 'annotations' | 'jobs' | 'output' | 'outputs' | 'seenByCaller'> {
  const lines = log.split('\n').flatMap((text): LogLine[] => {
    try {
      return [JSON.parse(text) as LogLine];
    } catch {
      return [];
    }
  });
  const summaries = new Map<string, string>();
  const jobs = new Map<string, string>();
  for (const { command, content, jobID = '', jobResult } of lines) {
    if (command === 'summary') summaries.set(jobID, (summaries.get(jobID) ?? '') + (content ?? ''));
    if (jobResult !== undefined && jobs.get(jobID) !== 'failure') jobs.set(jobID, jobResult);
  }
  const outputOf = (job?: string): string =>
    lines
      .filter((line) => line.raw_output === true && (job === undefined || line.jobID === job))
      .map((line) => line.msg ?? '')
      .join('');
  const seen = outputOf('after');
  return {
    summaries,
    jobs,
    annotations: lines.flatMap(({ command, arg, kvPairs }) =>
      command === 'error' || command === 'warning' || command === 'notice'
        ? [
            {
              level: command,
              message: arg ?? '',
              title: kvPairs?.title,
              file: kvPairs?.file,
              line: kvPairs?.line,
            },
          ]
        : [],
    ),
    output: outputOf(),
    outputs: Object.fromEntries(
      lines.flatMap(({ command, name, arg, jobID }) =>
        command === 'set-output' && name !== undefined && (jobID === 'plan' || jobID === 'conclude')
          ? [[name, arg ?? '']]
          : [],
      ),
    ),
    seenByCaller: seen === '' ? null : (JSON.parse(seen) as WorkflowRun['seenByCaller']),
  };
}
