import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import { runLegsHere } from '../../src/leg/run-legs-here.js';
import type { Leg } from '../../src/plan/legs/leg.js';
import { labels } from '../support/builders.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

let temporary: TemporaryFolder;
let progress: string[];

beforeEach(() => {
  temporary = new TemporaryFolder();
  progress = [];
});

afterEach(() => {
  temporary.remove();
});

function leg(mode: Leg['mode'], name: string, more: Partial<Leg> = {}): Leg {
  return { name, mode, targets: [parseLabel(name)], runsOn: 'x', ...more };
}

/** Runs legs with a program in Bazel's place. @returns the releases that it ran, and the outcome of each target */
async function run(legs: readonly Leg[], failing: readonly string[] = []) {
  const program = temporary.join('bazel.cjs');
  writeFileSync(
    program,
    `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const words = process.argv.slice(2);
const events = words.find((word) => word.startsWith('--build_event_json_file='))?.split('=')[1];
const command = words.find((word) => ['test', 'run', 'query'].includes(word));
if (command === 'run') appendFileSync(${JSON.stringify(temporary.join('released'))}, words.at(-1) + '\\n');
if (command === 'test') {
  const file = words.find((word) => word.startsWith('--target_pattern_file=')).split('=')[1];
  const labels = readFileSync(file, 'utf8').trim().split('\\n');
  const failing = ${JSON.stringify(failing)};
  writeFileSync(events, labels.flatMap((label) => [
    { id: { targetCompleted: { label } }, completed: { success: true } },
    { id: { testSummary: { label } }, testSummary: { overallStatus: failing.includes(label) ? 'FAILED' : 'PASSED' } },
  ]).map((event) => JSON.stringify(event) + '\\n').join(''));
  if (labels.some((label) => failing.includes(label))) process.exitCode = 3;
}
`,
    { mode: 0o755 },
  );
  const results = await runLegsHere(legs, {
    workspace: temporary.path,
    bazel: { program, startupOptions: [], flags: [] },
    onProgress: (line) => {
      progress.push(line);
    },
    onOutput: () => undefined,
  });
  const log = temporary.join('released');
  return {
    released: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [],
    outcomes: Object.fromEntries(
      results.flatMap(({ targets }) => targets.map((target) => [target.label, target.outcome.kind])),
    ),
  };
}

const RELEASE = leg('release', '//pay:release', { ownTests: labels('//pay:t') });
const LATE = leg('release', '//cart:release', { waitsForTests: true });
const TESTS = leg('test', '//pay:t', { targets: labels('//docs:t', '//pay:t') });

test('releases come last, and all run if every test passed', async () => {
  const { released, outcomes } = await run([RELEASE, LATE, TESTS]);
  expect(released).toEqual(['//pay:release', '//cart:release']);
  expect(outcomes).toEqual({
    '//docs:t': 'passed',
    '//pay:t': 'passed',
    '//pay:release': 'released',
    '//cart:release': 'released',
  });
});

test('a release whose own test failed is withheld, with what it waited for', async () => {
  const { released, outcomes } = await run([RELEASE, TESTS], ['//pay:t']);
  expect(released).toEqual([]);
  expect(outcomes['//pay:release']).toBe('withheld');
  expect(progress.at(-1)).toContain('1 own test did not pass: //pay:t.');
});

test('a failed test of another one holds back only what waits for all tests, which then has no result', async () => {
  const { released, outcomes } = await run([LATE, RELEASE, TESTS], ['//docs:t']);
  expect(released).toEqual(['//pay:release']);
  expect(outcomes).not.toHaveProperty('//cart:release');
  expect(progress).toContain('//cart:release is not released, because a test or a build failed');
});

test('a release whose own test has no result is withheld', async () => {
  const { released } = await run([RELEASE, leg('test', '//docs:t')]);
  expect(released).toEqual([]);
});
