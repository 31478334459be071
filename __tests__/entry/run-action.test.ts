import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ArtifactServer } from '../../e2e/support/artifact-server.js';
import { legArtifact, newPlanArtifact } from '../../src/plan/artifact-names.js';
import { plan } from '../support/builders.js';
import { TemporaryFolder } from '../support/git-history.js';
import { start, type Ended } from '../support/program.js';

const STREAM = join(dirname(import.meta.dirname), 'bazel/streams/pass.jsonl');

let service: ArtifactServer;
let temporary: TemporaryFolder;
let planArtifact: string;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  mkdirSync(temporary.join('runner'));
  service = await ArtifactServer.start();
  planArtifact = newPlanArtifact(plan(), 1);
});

afterEach(() => {
  service[Symbol.dispose]();
  temporary.remove();
});

/** Runs a leg whose test passes, with a program in the place of Bazel that says so. */
async function runLeg(): Promise<Ended & { readonly summary: string }> {
  const bazel = temporary.join('bazel.sh');
  const script = [
    '#!/bin/sh',
    'for argument; do',
    `  case $argument in --build_event_json_file=*) cat '${STREAM}' >"\${argument#*=}" ;; esac`,
    'done',
  ];
  writeFileSync(bazel, `${script.join('\n')}\n`, { mode: 0o755 });
  for (const file of ['output', 'summary', 'state']) writeFileSync(temporary.join(file), '');
  const leg = {
    name: '//:pass_test',
    mode: 'test',
    'runs-on': 'x',
    index: 0,
    targets: ['//:pass_test'],
  };
  const ended = await start('run', [], temporary.path, {
    INPUT_LEG: JSON.stringify(leg),
    'INPUT_PLAN-ARTIFACT': planArtifact,
    INPUT_WORKSPACE: '.',
    INPUT_BAZEL: bazel,
    ACTIONS_RESULTS_URL: service.url,
    ACTIONS_RUNTIME_TOKEN: service.token,
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: temporary.join('output'),
    GITHUB_STATE: temporary.join('state'),
    GITHUB_STEP_SUMMARY: temporary.join('summary'),
    GITHUB_WORKSPACE: temporary.path,
    RUNNER_TEMP: temporary.join('runner'),
  }).ended;
  return { ...ended, summary: readFileSync(temporary.join('summary'), 'utf8') };
}

describe('a leg', () => {
  test('that passes stores its result', async () => {
    expect((await runLeg()).code).toBe(0);
    expect(service.names()).toEqual([legArtifact(planArtifact, 'test', 0, 1)]);
  });

  test('whose result cannot be stored fails and says so, and its process ends', async () => {
    service.isSilent = (method) => method === 'CreateArtifact';
    const { code, stdout, summary } = await runLeg();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::error::the artifact bazel-affected-leg-.* cannot be stored: GitHub has not taken it within 60 s/m,
    );
    // What the test did stands all the same.
    expect(summary).toMatch(/pass&#95;test[^]*cannot be stored/);
  });
});
