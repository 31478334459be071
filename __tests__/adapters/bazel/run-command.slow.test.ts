import { EventEmitter } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Interruption } from '../../../src/adapters/bazel/interruption.js';
import { runCommand, type BazelCommand } from '../../../src/adapters/bazel/run-command.js';
import { BazelStartError } from '../../../src/adapters/bazel/start-error.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;
let folder: string;

beforeAll(() => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
});

afterAll(() => {
  temporary.remove();
});

/** Runs a shell script in Bazel's place and calls `onOutput` after each piece of its output. */
async function run(
  script: string,
  words: readonly string[],
  signals: EventEmitter,
  onOutput?: () => void,
  access: BazelCommand['access'] = 'of the job',
) {
  const program = join(folder, 'bazel.sh');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  using interruption = new Interruption(signals);
  const printed = { stdout: '', stderr: '' };
  const end = await runCommand(
    { program, workspace: folder, arguments: words, access, variables: { OF_THE_CALL: 'one' } },
    interruption,
    60_000,
    (chunk, stream) => {
      printed[stream] += chunk.toString();
      onOutput?.();
    },
  );
  return { ...end, ...printed, received: interruption.received };
}

test('arguments reach the program as they are, and its two outputs come apart', async () => {
  const words = ['$(touch pwned)', 'a b', '"', "'", '${{ x }}', '\u001b[31m'];
  const seen = await run('printf "%s\\n" "$@"; echo oops >&2; exit 3', words, new EventEmitter());
  expect(seen).toMatchObject({
    exitCode: 3,
    signal: null,
    stdout: `${words.join('\n')}\n`,
    stderr: 'oops\n',
  });
});

test('variables reach the program beside those of this process', async () => {
  const seen = await run('echo "$OF_THE_CALL $HOME"', [], new EventEmitter());
  expect(seen.stdout).toBe(`one ${process.env.HOME ?? ''}\n`);
});

test('a signal reaches what a wrapper runs, even if the wrapper passes none on', async () => {
  const signals = new EventEmitter();
  const script = '(trap "echo got it; exit 8" TERM; echo ready; while :; do sleep 0.05; done); exit 8';
  let sent = false;
  const seen = await run(`trap : TERM\n${script}`, [], signals, () => {
    if (!sent) signals.emit('SIGTERM', 'SIGTERM');
    sent = true;
  });
  expect(seen).toMatchObject({ exitCode: 8, stdout: 'ready\ngot it\n', received: 'SIGTERM' });
});

test('an output that something left behind holds open is not waited for', async () => {
  const started = Date.now();
  await run('sleep 30 &\nexit 0', [], new EventEmitter());
  expect(Date.now() - started).toBeLessThan(15_000);
});

test('a program that is not there is a typed error with a remedy', async () => {
  using interruption = new Interruption(new EventEmitter());
  const missing: BazelCommand = {
    program: join(folder, 'missing'),
    workspace: folder,
    arguments: [],
    access: 'of the job',
    variables: {},
  };
  await expect(runCommand(missing, interruption, 1000, () => undefined)).rejects.toThrow(BazelStartError);
});

test('a command line that is longer than the system allows is a typed error that says so', async () => {
  for (const words of [['x'.repeat(131_072)], Array.from({ length: 300_000 }, () => 'a word of a long line')])
    await expect(run('exit 0', words, new EventEmitter())).rejects.toThrow(
      /^Bazel could not be started as .*: spawn E2BIG. Its options, labels and environment are longer/,
    );
});

test('signals are listened for only as long as somebody wants them', () => {
  const signals = new EventEmitter();
  {
    using interruption = new Interruption(signals);
    const seen: string[] = [];
    const stop = interruption.listen((signal) => seen.push(signal));
    signals.emit('SIGINT', 'SIGINT');
    stop();
    signals.emit('SIGTERM', 'SIGTERM');
    expect(seen).toEqual(['SIGINT']);
    expect(interruption.received).toBe('SIGINT');
  }
  expect(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM')).toBe(0);
});

test('a call without access gets no token of the job, and one of the job gets it', async () => {
  const before = process.env;
  process.env = { ...before, GITHUB_ACTIONS: 'true', GITHUB_TOKEN: 'of the job' };
  try {
    const script = 'echo "$GITHUB_TOKEN/$OF_THE_CALL"';
    const run1 = await run(script, [], new EventEmitter());
    const run2 = await run(script, [], new EventEmitter(), undefined, 'none');
    expect([run1.stdout, run2.stdout]).toEqual(['of the job/one\n', '/one\n']);
  } finally {
    process.env = before;
  }
});
