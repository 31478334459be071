/** The run action alone, started as the runner starts it: the main step and the clean-up step of the bundle in dist/. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TemporaryFolder } from '../__tests__/support/temporary-folder.js';
import { findBazel } from '../scripts/find-bazel.mjs';
import { downloadFile, uploadFile } from '../src/adapters/github/artifacts.js';
import { parseLegResult, RESULT_FILE_NAME, type LegResult } from '../src/leg/result/leg-result.js';
import { PLAN_FILE_NAME } from '../src/plan/file/plan-file.js';
import { ArtifactServer } from './support/artifact-server.js';

const BUNDLE = resolve(import.meta.dirname, '../dist/run/index.js');
const PLAN_ARTIFACT = 'bazel-affected-plan-0123';
const LEG_ARTIFACT = 'bazel-affected-leg-0123-test-0-1';

const temporary = new TemporaryFolder();
const room = temporary.path;
const workspace = join(room, 'workspace');
const startup = [
  `--output_base=${join(room, 'output_base')}`,
  '--host_jvm_args=-XX:TieredStopAtLevel=1',
  '--host_jvm_args=-Xmx700m',
];
const bazel = findBazel();

let artifacts: ArtifactServer;
let temp: string;

beforeAll(() => {
  mkdirSync(workspace);
  const file = (name: string, content: string): void => {
    writeFileSync(join(workspace, name), content, { mode: 0o755 });
  };
  file('MODULE.bazel', '');
  file('.bazelrc', 'common --lockfile_mode=off\n');
  file(
    'BUILD',
    'sh_test(name = "quick_test", srcs = ["quick.sh"])\nsh_test(name = "slow_test", srcs = ["slow.sh"], tags = ["no-sandbox"])\n',
  );
  file('quick.sh', '#!/bin/bash\nexit 0\n');
  file(
    'slow.sh',
    `#!/bin/bash\nenv > ${join(room, 'environment')}\ntouch ${join(room, 'started')}\nsleep 300\n`,
  );
});

afterAll(() => {
  execFileSync(bazel, [...startup, 'shutdown'], { cwd: workspace, stdio: 'ignore' });
  execFileSync('chmod', ['-R', 'u+w', room]);
  temporary.remove();
});

beforeEach(async () => {
  artifacts = await ArtifactServer.start();
  // The test itself reads and writes artifacts, too.
  process.env.ACTIONS_RESULTS_URL = artifacts.url;
  process.env.ACTIONS_RUNTIME_TOKEN = artifacts.token;
  process.env.GITHUB_WORKSPACE = workspace;
  temp = temporary.newFolder();
  rmSync(join(room, 'started'), { force: true });
});

afterEach(() => {
  artifacts[Symbol.dispose]();
});

test('a leg stores its result as an artifact', async () => {
  const leg = start(entry('//:quick_test'));
  expect(await ended(leg)).toBe(0);
  expect(await stored(LEG_ARTIFACT)).toMatchObject({ status: 'succeeded', leg: { attempt: 1 } });

  // The clean-up step has nothing left to do.
  expect(await ended(start(entry('//:quick_test'), savedState()))).toBe(0);
  expect(artifacts.names()).toEqual([LEG_ARTIFACT]);
});

test('a leg finds its targets in the plan if the plan is too large for outputs', async () => {
  const { targets, ...head } = entry('//:quick_test');
  const planFile = join(temp, PLAN_FILE_NAME);
  const legs = [{ name: head.name, mode: head.mode, runsOn: head['runs-on'], targets }];
  writeFileSync(planFile, JSON.stringify({ version: 1, everything: null, affected: [], legs }));
  await uploadFile(PLAN_ARTIFACT, planFile);

  expect(await ended(start(head))).toBe(0);
  expect(await stored(LEG_ARTIFACT)).toMatchObject({
    status: 'succeeded',
    targets: [{ label: '//:quick_test' }],
  });
});

test('a cancelled leg stops Bazel and stores the results that it has', async () => {
  const leg = start(entry('//:quick_test', '//:slow_test'));
  await slowTestStarted();
  leg.kill('SIGINT');

  expect(await ended(leg)).toBe(1);
  expect(await stored(LEG_ARTIFACT)).toMatchObject({
    status: 'interrupted',
    targets: [{ label: '//:quick_test' }, { label: '//:slow_test', outcome: { kind: 'no status' } }],
  });
});

test('a leg whose inputs are refused writes a summary that says so', async () => {
  expect(await ended(start(entry('//:quick_test'), { 'INPUT_BAZEL-FLAGS': 'no-option' }))).toBe(1);
  expect(readFileSync(join(temp, 'summary'), 'utf8')).toMatch(
    /^### ❌ This leg has no result\n\n```text\ninput bazel-flags: "no-option" cannot be used; allowed: /,
  );
  expect(artifacts.names()).toEqual([]);
});

test('the programs that a leg runs see neither its inputs nor the tokens for artifacts', async () => {
  const leg = start(entry('//:slow_test'), {
    'INPUT_BAZEL-FLAGS':
      '--spawn_strategy=local --noincompatible_strict_action_env --test_env=ACTIONS_RUNTIME_TOKEN --test_env=INPUT_LEG --test_env=SEEN',
    INPUT_ENVIRONMENT: 'SEEN=yes',
  });
  await slowTestStarted();
  leg.kill('SIGINT');
  await ended(leg);

  const environment = readFileSync(join(room, 'environment'), 'utf8');
  expect(environment).toContain('SEEN=yes');
  expect(environment).not.toMatch(/^(ACTIONS_RUNTIME_TOKEN|INPUT_)/m);
});

test('the clean-up step of a killed leg stores a result', async () => {
  const leg = start(entry('//:slow_test'));
  await slowTestStarted();
  leg.kill('SIGKILL');
  await ended(leg);
  expect(artifacts.names()).toEqual([]);

  expect(await ended(start(entry('//:slow_test'), savedState()))).toBe(0);
  expect(await stored(`${LEG_ARTIFACT}-again`)).toMatchObject({
    status: 'interrupted',
    message: 'The leg was killed before it could write its results.',
  });
  // Ends what the killed leg left running.
  execFileSync(bazel, [...startup, 'shutdown'], { cwd: workspace, stdio: 'ignore' });
});

function entry(...targets: string[]): {
  name: string;
  mode: string;
  'runs-on': string;
  index: number;
  targets: string[];
} {
  return { name: targets.join(' '), mode: 'test', 'runs-on': 'ubuntu-latest', index: 0, targets };
}

function start(leg: object, environment: Readonly<Record<string, string>> = {}): ChildProcess {
  for (const file of ['state', 'output', 'summary']) writeFileSync(join(temp, file), '', { flag: 'a' });
  return spawn(process.execPath, [BUNDLE], {
    cwd: workspace,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      INPUT_LEG: JSON.stringify(leg),
      'INPUT_PLAN-ARTIFACT': PLAN_ARTIFACT,
      INPUT_WORKSPACE: '.',
      INPUT_BAZEL: bazel,
      'INPUT_STARTUP-OPTIONS': startup.join(' '),
      RUNNER_TEMP: temp,
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_STATE: join(temp, 'state'),
      GITHUB_OUTPUT: join(temp, 'output'),
      GITHUB_STEP_SUMMARY: join(temp, 'summary'),
      ...environment,
    },
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** What the main step saved, in the form in which the runner passes it to the clean-up step. */
function savedState(): Record<string, string> {
  const state: Record<string, string> = {};
  for (const match of readFileSync(join(temp, 'state'), 'utf8').matchAll(/^(.+)<<(\S+)\n(.*)\n\2$/gm)) {
    state[`STATE_${match[1] ?? ''}`] = match[3] ?? '';
  }
  expect(Object.keys(state)).toContain('STATE_result-file');
  return state;
}

async function slowTestStarted(): Promise<void> {
  for (let waited = 0; !existsSync(join(room, 'started')); waited += 100) {
    if (waited > 120_000)
      throw new Error(`The slow test did not start; ${room} holds ${readdirSync(room).join(', ')}.`);
    await sleep(100);
  }
}

async function stored(artifact: string): Promise<LegResult> {
  expect(artifacts.names()).toContain(artifact);
  return parseLegResult(await downloadFile(artifact, RESULT_FILE_NAME, temp));
}
