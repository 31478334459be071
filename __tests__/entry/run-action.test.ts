import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { TemporaryFolder } from '../support/git-history.js';
import { start, type Ended } from '../support/program.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
  for (const file of ['output', 'state', 'summary']) writeFileSync(temporary.join(file), '');
  mkdirSync(temporary.join('workspace'));
});

afterEach(() => {
  temporary.remove();
});

/** Runs a leg with a Bazel that would succeed, and say nothing of any target. */
function runLeg(leg: object, planArtifact: string): Promise<Ended> {
  return start('run', [], temporary.join('workspace'), {
    INPUT_LEG: JSON.stringify(leg, null, 2),
    'INPUT_PLAN-ARTIFACT': planArtifact,
    INPUT_BAZEL: '/bin/true',
    INPUT_WORKSPACE: '.',
    GITHUB_WORKSPACE: temporary.join('workspace'),
    GITHUB_OUTPUT: temporary.join('output'),
    GITHUB_STATE: temporary.join('state'),
    GITHUB_STEP_SUMMARY: temporary.join('summary'),
    RUNNER_TEMP: temporary.join('.'),
  }).ended;
}

const LEG = { name: '//a:t', mode: 'test', 'runs-on': 'ubuntu-latest', index: 0 };

test('a leg whose targets stand only in a plan that was not stored fails, and says why', async () => {
  const { code, stdout } = await runLeg(LEG, '');
  const why = /this leg's targets stand only there; where that output is empty, the plan could not be stored/;
  expect(code).toBe(1);
  expect(stdout).toMatch(why);
  expect(stdout).not.toContain('    at ');
  expect(readFileSync(temporary.join('summary'), 'utf8')).toMatch(why);
});

test('a leg whose plan cannot be had fails: there is no artifact service here', async () => {
  const { code, stdout } = await runLeg(LEG, 'bazel-affected-plan-0123');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^::error::the artifact bazel-affected-plan-0123 cannot be had: /m);
});

test('a leg of 2,000 targets that Bazel says nothing of fails, with a page that GitHub keeps', async () => {
  const targets = Array.from({ length: 2_000 }, (_, at) => `//a:${'t'.repeat(30)}_${at}`);
  const { code, stdout } = await runLeg({ ...LEG, targets }, '');
  expect(code).toBe(1);
  expect(stdout).toContain('Bazel succeeded, but 2000 of 2000 targets have no result.');
  expect(readFileSync(temporary.join('summary')).length).toBeLessThan(1024 * 1024);
});
