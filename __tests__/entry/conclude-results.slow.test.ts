import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ArtifactServer } from '../../e2e/support/artifact-server.js';
import { uploadFile } from '../../src/adapters/github/artifacts.js';
import { legArtifact } from '../../src/plan/file/artifact-names.js';
import { PLAN_FILE_NAME, planToJson } from '../../src/plan/file/plan-file.js';
import { formatLegResult, RESULT_FILE_NAME } from '../../src/leg/result/leg-result.js';
import { failed, legResult, PASSED } from '../leg/result/builders.js';
import { labels, plan } from '../support/builders.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { start, type Ended } from '../support/program.js';
import { commandsIn } from '../support/runner-commands.js';

const PLAN_ARTIFACT = 'bazel-affected-plan-0123';
const LEGS = ['//a:a', '//b:b##[group]'].map((name) => ({
  name,
  mode: 'test' as const,
  runsOn: 'ubuntu-latest',
  targets: labels(name),
}));

let temporary: TemporaryFolder;
let artifacts: ArtifactServer;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  mkdirSync(temporary.join('runner'));
  artifacts = await ArtifactServer.start();
  // For the artifacts that the test itself stores.
  process.env.ACTIONS_RESULTS_URL = artifacts.url;
  process.env.ACTIONS_RUNTIME_TOKEN = artifacts.token;
  process.env.GITHUB_WORKSPACE = temporary.path;
  await store(PLAN_ARTIFACT, PLAN_FILE_NAME, JSON.stringify(planToJson(plan({ legs: LEGS }))));
});

afterEach(() => {
  artifacts[Symbol.dispose]();
  temporary.remove();
});

async function store(name: string, fileName: string, content: string): Promise<void> {
  mkdirSync(temporary.join(name));
  writeFileSync(join(temporary.join(name), fileName), content);
  await uploadFile(name, join(temporary.join(name), fileName));
}

async function storeResult(index: number, attempt: number, content: string, ending = ''): Promise<void> {
  await store(legArtifact(PLAN_ARTIFACT, 'test', index, attempt) + ending, RESULT_FILE_NAME, content);
}

async function conclude(environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  for (const file of ['output', 'summary']) writeFileSync(temporary.join(file), '');
  return start('conclude', [], temporary.path, {
    INPUT_NEEDS: '{"plan":{"result":"success"},"test":{"result":"success"}}',
    'INPUT_PLAN-ARTIFACT': PLAN_ARTIFACT,
    ACTIONS_RESULTS_URL: artifacts.url,
    ACTIONS_RUNTIME_TOKEN: artifacts.token,
    GITHUB_WORKSPACE: temporary.path,
    GITHUB_OUTPUT: temporary.join('output'),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_STEP_SUMMARY: temporary.join('summary'),
    RUNNER_TEMP: temporary.join('runner'),
    ...environment,
  }).ended;
}

const summary = () => readFileSync(temporary.join('summary'), 'utf8');
const good = (index: number, attempt = 1) =>
  formatLegResult(
    legResult({ [LEGS[index]?.name ?? '']: PASSED }, { name: LEGS[index]?.name ?? '', attempt }),
  );

test('results that are what they should be make a success', async () => {
  await storeResult(0, 1, good(0));
  await storeResult(1, 1, good(1));
  expect((await conclude()).code).toBe(0);
  expect(readFileSync(temporary.join('output'), 'utf8')).toMatch(/conclusion<<.*\nsuccess\n/);
});

test('files that are no results, or forged ones, leave the verdict to the others', async () => {
  await storeResult(0, 1, good(0));
  const bad = legResult(
    { '//b:b##[group]': failed() },
    { status: 'failed', bazel: { exitCode: 3, message: null } },
  );
  await storeResult(1, 1, formatLegResult(bad));
  await storeResult(1, 1, good(1), '-again');
  await storeResult(1, 2, good(1, 2));
  await storeResult(1, 3, good(1, 1e15));
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  await storeResult(0, 1, `{"version":1,"leg":${deep}}`, '-again');
  await storeResult(0, 2, deep);

  const { code, stdout, stderr } = await conclude();
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toContain('1 of 2 targets failed.');
  expect(stdout).not.toContain('    at ');
  expect(readFileSync(temporary.join('output'), 'utf8')).toMatch(/conclusion<<.*\nfailure\n/);
  for (const problem of [
    'test-0-1-again cannot be read: leg should be an object',
    'test-0-2 cannot be read',
    'this is attempt 1',
    'of attempt 1000000000000000',
  ])
    expect(summary().replaceAll('&#45;', '-')).toContain(problem);
  // The other commands are of libraries.
  const own = /^::(?:debug|add-mask)::|^::error title=Bazel affected::/;
  expect(commandsIn(stdout).filter((line) => line.includes('##[') || !own.test(line))).toEqual([]);
});

test('a plan that is nested deeper than the stack reaches is a failure that says so', async () => {
  const name = 'bazel-affected-plan-4567';
  await store(
    name,
    PLAN_FILE_NAME,
    `{"version":1,"everything":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
  );
  const { code, stdout, stderr } = await conclude({ 'INPUT_PLAN-ARTIFACT': name });
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(
    /^::error [^\n]*The plan cannot be read\.[^\n]*everything should be an object, and is something that/m,
  );
  expect(summary()).toContain('The plan cannot be read.');
});
