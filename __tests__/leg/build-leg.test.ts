import { EventEmitter } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Interruption } from '../../src/adapters/bazel/interruption.js';
import { parseLabel, type Label } from '../../src/graph/label.js';
import { buildLeg, type LegOutcomes } from '../../src/leg/build-leg.js';
import { readRecord } from '../../src/leg/read-record.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const STREAM = join(import.meta.dirname, '../formats/streams/pass.jsonl');

let temporary: TemporaryFolder;
let printed: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  printed = '';
  copyFileSync(STREAM, temporary.join('stream.jsonl'));
});

afterEach(() => {
  temporary.remove();
});

/**
 * A program in Bazel's place. It keeps its arguments in a file for each call, and writes the build events of a leg whose
 * test passed. The exit codes are those of the calls in their order, then 0.
 */
function fakeBazel(...exitCodes: readonly number[]): string {
  const program = temporary.join('fake-bazel');
  const lines = [
    '#!/bin/sh',
    `cd '${temporary.path}' || exit 99`,
    'call=$(ls | grep -c "^call-")',
    'printf "%s\\n" "$@" > "call-$call"',
    'for word; do case $word in --build_event_json_file=*) cp stream.jsonl "${word#*=}" ;; esac; done',
    'echo "said by call $call"',
    ...exitCodes.map((code, at) => `[ "$call" != ${at} ] || exit ${code}`),
    'exit 0',
  ];
  writeFileSync(program, lines.map((line) => `${line}\n`).join(''), { mode: 0o755 });
  return program;
}

/** The arguments of each call, in order. */
function calls(): string[][] {
  const files = readdirSync(temporary.path).filter((name) => name.startsWith('call-'));
  return files
    .sort((one, other) => Number(one.slice(5)) - Number(other.slice(5)))
    .map((name) => readFileSync(temporary.join(name), 'utf8').trimEnd().split('\n'));
}

async function build(program: string, targets: readonly Label[]): Promise<LegOutcomes> {
  using interruption = new Interruption(new EventEmitter());
  return await buildLeg(
    {
      leg: { name: 'leg', mode: 'test', targets, runsOn: 'x' },
      workspace: temporary.path,
      bazel: { program, startupOptions: ['--nohome_rc'], flags: ['--config=ci'] },
      access: 'of the job',
      variables: {},
      status: {},
      ledger: null,
      folder: temporary.path,
      interruption,
      conceal: (text) => text,
      graceMs: 1000,
    },
    'test',
    (chunk) => {
      printed += chunk.toString();
    },
  );
}

const PASS = parseLabel('//:pass_test');

describe('a leg is built', () => {
  test('with one call that reads its targets from a file', async () => {
    const { end, outcomes, bazelOutput } = await build(fakeBazel(), [PASS]);
    expect(calls()).toEqual([
      [
        '--nohome_rc',
        'test',
        '--keep_going',
        '--skip_incompatible_explicit_targets',
        '--config=ci',
        `--build_event_json_file=${temporary.join('build-events-0.jsonl')}`,
        `--target_pattern_file=${temporary.join('targets-0')}`,
      ],
    ]);
    expect(readFileSync(temporary.join('targets-0'), 'utf8')).toBe('//:pass_test\n');
    expect(end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(outcomes.get(PASS)?.kind).toBe('passed');
    expect([bazelOutput, printed]).toEqual(['said by call 0\n', 'said by call 0\n']);
  });

  test('with its labels on the command line where a file cannot hold one of them', async () => {
    const odd = parseLabel('//:hash#tag');
    const { outcomes } = await build(fakeBazel(), [PASS, odd]);
    expect(calls()).toHaveLength(1);
    expect(calls()[0]?.slice(-3)).toEqual(['--', '//:pass_test', '//:hash#tag']);
    // The stream does not name it.
    expect(outcomes.get(odd)?.kind).toBe('no status');
  });

  test('with several calls where the labels do not fit on one command line, each after the other', async () => {
    const odd = Array.from({ length: 6 }, (_, at) => parseLabel(`//:${at}#${'x'.repeat(90_000)}`));
    const { end } = await build(fakeBazel(0, 1, 3), [...odd, PASS]);
    const labelCounts = calls().map((words) => words.filter((word) => word.startsWith('//')).length);
    expect(labelCounts).toEqual([0, 5, 1]);
    expect(calls()[0]).toContain(`--target_pattern_file=${temporary.join('targets-0')}`);
    // The first call that failed decides how the leg ended.
    expect(end).toEqual({ kind: 'exited', exitCode: 1 });
  });
});

test('a Bazel that cannot be started leaves every target without a status', async () => {
  const { end, outcomes } = await build(temporary.join('missing'), [PASS]);
  expect(end).toMatchObject({ kind: 'not started' });
  expect(outcomes.get(PASS)?.kind).toBe('no status');
});

describe('the build events of a call', () => {
  test('are none where the file is missing', async () => {
    const record = await readRecord(temporary.join('missing.jsonl'));
    expect(record.outcomeOf(PASS, 'test').kind).toBe('no status');
  });

  test('count up to the line that is damaged', async () => {
    const file = temporary.join('damaged.jsonl');
    writeFileSync(file, `${readFileSync(STREAM, 'utf8')}not JSON\n{}\n`);
    expect((await readRecord(file)).outcomeOf(PASS, 'test').kind).toBe('passed');
    writeFileSync(file, `not JSON\n${readFileSync(STREAM, 'utf8')}`);
    expect((await readRecord(file)).outcomeOf(PASS, 'test').kind).toBe('no status');
  });
});
