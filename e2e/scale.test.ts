/**
 * Plans with thousands of targets keep the limits of GitHub and of the kernel. The real Bazel plans, and act runs the reusable
 * workflow. Few jobs are enough, because the size of the strings between jobs depends on the number of targets. In these jobs,
 * a stand-in answers Bazel's `test`, `build` and `run` (support/stand-in-bazel.mjs).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Runs, type WorkflowRun } from './support/act.js';
import { wiredWorkflow, type Inputs } from './support/callers.js';
import type { Edit, Event } from './support/monorepo.js';

/** All tests run this file, and its content tells the stand-in whether they pass. */
const SHARED = 'many/run.sh';

/** Linux starts no program with a string of this many bytes. */
const TOO_LONG = 131_072;

let runs: Runs;
let bazel: Inputs;
let calls: string;

beforeAll(() => {
  runs = new Runs();
  const given = runs.bazelInputs();
  calls = join(runs.folder, 'calls');
  const standIn = resolve(import.meta.dirname, 'support/stand-in-bazel.mjs');
  const program = join(runs.folder, 'bazel.sh');
  writeFileSync(
    program,
    `#!/bin/bash
for word; do [[ $word == -* ]] || break; done
case $word in
  test | build | run) exec "${process.execPath}" "${standIn}" "${calls}" "${SHARED}" "$@" ;;
  *) exec "${String(given.bazel)}" "$@" ;;
esac
`,
    { mode: 0o755 },
  );
  bazel = { ...given, bazel: program };
});

beforeEach(() => {
  writeFileSync(calls, '');
});

afterAll(() => {
  runs[Symbol.dispose]();
});

const PER_PACKAGE = 100;

interface Targets {
  readonly tests: number;
  readonly releases?: number;
  /** Number of characters in the label of a test. */
  readonly label: number;
}

/** Packages with tests and one package with releases. A change of one file affects all of them. */
function manyTargets({ tests, releases = 0, label }: Targets): Edit {
  const packages = Array.from({ length: tests / PER_PACKAGE }, (_, at): [string, string] => {
    const folder = `many/${`${at}_`.padEnd(label / 3, 'p')}`;
    const rest = label - `//${folder}:`.length;
    return [
      `${folder}/BUILD.bazel`,
      `[sh_test(name = ("%d_" % at) + "t" * (${rest} - len(str(at)) - 1), size = "small", srcs = ["//many:run.sh"]) for at in range(${PER_PACKAGE})]\n`,
    ];
  });
  return {
    [SHARED]: '#!/bin/bash\nexit 0\n',
    'many/BUILD.bazel': `load("//tools:release.bzl", "artifact_ci_release")
exports_files(["run.sh"], visibility = ["//visibility:public"])
[artifact_ci_release(name = "release_%d" % (at + 10), artifact = "run.sh") for at in range(${releases})]
`,
    ...Object.fromEntries(packages),
  };
}

function ofShared(lastLine: string): Edit {
  return { [SHARED]: `#!/bin/bash\n# changed\n${lastLine}\n` };
}

/** For how many targets Bazel was called, by command. */
function called(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of readFileSync(calls, 'utf8').split('\n').filter(Boolean)) {
    const { command, targets } = JSON.parse(line) as { command: string; targets: number };
    sums[command] = (sums[command] ?? 0) + targets;
  }
  return sums;
}

/** What each job got from the plan would have been too long with the targets in it, and is short enough without them. */
function expectShortOutputs(run: WorkflowRun): void {
  expect(run.outputs['test-matrix']).not.toContain('"targets"');
  const needs = { plan: { result: 'success', outputs: run.outputs } };
  expect(Buffer.byteLength(JSON.stringify(needs, null, 2))).toBeLessThan(TOO_LONG);
}

function expectGreen(run: WorkflowRun, targets: number): void {
  expect(run.annotations).toEqual([]);
  expect(Object.fromEntries(run.jobs)).toMatchObject({ plan: 'success', conclude: 'success' });
  expect(run.summaries.get('conclude')).toContain(`All ${targets} targets passed.`);
  expect(run.exitCode).toBe(0);
}

test('a push that affects 1,200 tests and 14 releases: all legs and the verdict start and end', async () => {
  const monorepo = runs.monorepo(
    { ...bazel, 'max-jobs': 10 },
    manyTargets({ tests: 1_200, releases: 14, label: 100 }),
  );
  const run = await runs.run(monorepo, monorepo.push(ofShared('exit 0')), {
    releases: ['//many:release_10 + 13 more'],
  });

  expectGreen(run, 1_214);
  expectShortOutputs(run);
  expect(run.outputs).toMatchObject({ count: '10', 'test-count': '9', 'release-count': '1' });
  expect(run.jobs.get('release')).toBe('success');
  // The releases share a leg, which runs their own tests: all that the change affects.
  expect(called()).toEqual({ test: 2_400, run: 14 });
});

test('a pull request that affects 5,000 tests and 20 builds: all legs and the verdict start and end', async () => {
  const monorepo = runs.monorepo(
    { ...bazel, 'max-jobs': 12 },
    manyTargets({ tests: 5_000, releases: 20, label: 34 }),
  );
  const run = await runs.run(monorepo, monorepo.pullRequest(ofShared('exit 0')));

  expectGreen(run, 5_020);
  expectShortOutputs(run);
  expect(run.outputs).toMatchObject({ 'test-count': '11', 'build-count': '1', conclusion: 'success' });
  expect(called()).toEqual({ test: 5_000, build: 20 });
});

test('a single leg of 4,000 targets starts and ends, whether they pass or fail', async () => {
  const monorepo = runs.monorepo({ ...bazel, 'fan-out': 'single' }, manyTargets({ tests: 4_000, label: 34 }));
  const run = (event: Event): Promise<WorkflowRun> => runs.run(monorepo, event);

  const passing = await run(monorepo.push(ofShared('exit 0')));
  expectGreen(passing, 4_000);
  expectShortOutputs(passing);
  expect(called()).toEqual({ test: 4_000 });

  const failing = await run(monorepo.push(ofShared('exit 1')));
  expect(failing).toMatchObject({ exitCode: 1, outputs: { conclusion: 'failure', 'test-count': '1' } });
  for (const job of ['test', 'conclude']) {
    const page = failing.summaries.get(job) ?? '';
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(1024 * 1024);
    expect(page).toContain('4000 of 4000 targets');
  }
});

test('a workflow that still passes all of toJSON(needs) goes on with 1,200 tests in 40 jobs', async () => {
  const workflow = wiredWorkflow({
    plan: { ...bazel, 'max-jobs': 40 },
    run: bazel,
    conclude: { needs: '${{ toJSON(needs) }}' },
  });
  const monorepo = runs.monorepoWith(workflow, manyTargets({ tests: 1_200, label: 100 }));
  const run = await runs.run(monorepo, monorepo.pullRequest(ofShared('exit 0')), { caller: '' });

  expectGreen(run, 1_200);
  expectShortOutputs(run);
  expect(run.outputs['test-count']).toBe('40');
  expect(called()).toEqual({ test: 1_200 });
});
