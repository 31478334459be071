import { EventEmitter } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GRACE_MS, runLeg } from '../../src/leg/run-leg.js';
import type { LegResult } from '../../src/leg/result/leg-result.js';
import { parseLabel } from '../../src/graph/label.js';
import type { Mode } from '../../src/plan/legs/leg.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

/** What a call of a Bazel in the test's place does, by its number from 0. */
interface FakeCall {
  readonly exitCode: number;
  readonly says?: string;
  readonly events?: readonly object[];
}

const NO_OPTION: FakeCall = {
  exitCode: 2,
  says: 'ERROR: --skip_incompatible_explicit_targets :: Unrecognized option: --skip_incompatible_explicit_targets',
};
const refusal = (label: string): string =>
  `WARNING: Target ${label} is incompatible and cannot be built, but was explicitly requested.`;
const givenUp = (label: string): object => ({ id: { targetCompleted: { label } }, aborted: {} });
const built = (label: string): object => ({
  id: { targetCompleted: { label } },
  completed: { success: true },
});
const failed = (label: string): object => ({ id: { targetCompleted: { label } }, completed: {} });

/** Runs a leg with calls in Bazel's place, and the lines that tell of each call: its labels. */
async function run(mode: Mode, targets: readonly string[], ...calls: readonly FakeCall[]) {
  const program = temporary.join('fake-bazel.cjs');
  const log = temporary.join('calls');
  writeFileSync(log, '');
  writeFileSync(
    program,
    `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const words = process.argv.slice(2);
if (words[0] === 'query') process.exit(1);
const option = (name) => words.find((word) => word.startsWith(name + '='))?.slice(name.length + 1);
const at = readFileSync(${JSON.stringify(log)}, 'utf8').split('\\n').length - 1;
const file = option('--target_pattern_file');
const labels = file ? readFileSync(file, 'utf8').trim().split('\\n') : words.slice(words.indexOf('--') + 1);
const isAsked = words.includes('--skip_incompatible_explicit_targets');
appendFileSync(${JSON.stringify(log)}, (isAsked ? 'skipping ' : 'plain ') + labels.join(' ') + '\\n');
const { exitCode, says = '', events } = ${JSON.stringify(calls)}[at];
if (says) console.error(says);
if (events) writeFileSync(option('--build_event_json_file'), events.map((event) => JSON.stringify(event) + '\\n').join(''));
process.exitCode = exitCode;
`,
    { mode: 0o755 },
  );
  const result: LegResult = await runLeg({
    leg: { name: 'leg', mode, targets: targets.map(parseLabel), runsOn: 'x' },
    attempt: 1,
    workspace: temporary.path,
    bazel: { program, startupOptions: [], flags: [] },
    access: 'of the job',
    variables: {},
    status: {},
    ledger: null,
    rcLines: [],
    secrets: [],
    tempFolder: temporary.path,
    resultFile: temporary.join('result.json'),
    graceMs: GRACE_MS,
    signals: new EventEmitter(),
    onOutput: () => undefined,
  });
  return {
    status: result.status,
    kinds: result.targets.map(({ outcome }) => outcome.kind),
    calls: readFileSync(log, 'utf8').trim().split('\n'),
  };
}

test('a Bazel that knows the option is called once', async () => {
  const skipped = { id: { targetCompleted: { label: '//:a' } }, aborted: { reason: 'SKIPPED' } };
  expect(await run('build', ['//:a', '//:b'], { exitCode: 0, events: [skipped, built('//:b')] })).toEqual({
    status: 'succeeded',
    kinds: ['incompatible', 'built'],
    calls: ['skipping //:a //:b'],
  });
});

test('one that does not is called without it, and again for what it did not refuse, whose exit code counts', async () => {
  const refused = { exitCode: 1, says: refusal('//:a'), events: [givenUp('//:a'), built('//:b')] };
  expect(await run('build', ['//:a', '//:b'], NO_OPTION, refused, { exitCode: 0 })).toEqual({
    status: 'succeeded',
    kinds: ['incompatible', 'built'],
    calls: ['skipping //:a //:b', 'plain //:a //:b', 'plain //:b'],
  });
  const fails = { exitCode: 1, events: [failed('//:b')] };
  expect(await run('build', ['//:a', '//:b'], NO_OPTION, refused, fails)).toMatchObject({
    status: 'failed',
    kinds: ['incompatible', 'failed to build'],
  });
  // As with a validation that fails: every target was built, and Bazel is not content.
  const discontent = { exitCode: 1, events: [built('//:b')] };
  expect(await run('build', ['//:a', '//:b'], NO_OPTION, refused, discontent)).toMatchObject({
    status: 'failed',
    kinds: ['incompatible', 'built'],
  });
});

test('nothing is built again after a target failed', async () => {
  const refused = { exitCode: 1, says: refusal('//:a'), events: [givenUp('//:a'), failed('//:b')] };
  expect(await run('build', ['//:a', '//:b'], NO_OPTION, refused)).toEqual({
    status: 'failed',
    kinds: ['incompatible', 'failed to build'],
    calls: ['skipping //:a //:b', 'plain //:a //:b'],
  });
});

test.each([
  ['was built', built('//:a'), 'built'],
  ['failed', failed('//:a'), 'failed to build'],
])('a target that %s is not incompatible, whatever the output says', async (_, event, kind) => {
  const printed = { exitCode: 1, says: refusal('//:a'), events: [event] };
  expect(await run('build', ['//:a'], NO_OPTION, printed)).toMatchObject({ status: 'failed', kinds: [kind] });
});

test('a target that was given up without being refused failed', async () => {
  const crashed = { exitCode: 1, says: refusal('//:other'), events: [givenUp('//:a')] };
  expect(await run('build', ['//:a'], NO_OPTION, crashed)).toMatchObject({
    status: 'failed',
    kinds: ['failed to build'],
  });
});

test('a Bazel that knows the option is believed only by its events', async () => {
  const printed = { exitCode: 1, says: refusal('//:a'), events: [givenUp('//:a')] };
  expect(await run('build', ['//:a'], printed)).toMatchObject({
    status: 'failed',
    kinds: ['failed to build'],
  });
});

test('a release that ran is never run again, whatever its program prints', async () => {
  const { calls, status } = await run('release', ['//:a'], { ...NO_OPTION, events: [built('//:a')] });
  expect(calls).toEqual(['skipping //:a']);
  expect(status).toBe('failed');
});

test('a release asks for the option once', async () => {
  const refused = { exitCode: 1, says: refusal('//:a'), events: [givenUp('//:a')] };
  expect(await run('release', ['//:a', '//:b'], NO_OPTION, refused, { exitCode: 0 })).toEqual({
    status: 'succeeded',
    kinds: ['incompatible', 'released'],
    calls: ['skipping //:a', 'plain //:a', 'plain //:b'],
  });
});
