import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MachineError, machineError } from '../../src/entry/machine-error.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';
import { SAMPLE_WORKSPACE } from '../support/sample-workspace.js';

const ROOT = dirname(dirname(import.meta.dirname));
const NODE = join(ROOT, 'node_modules/.bin/node');

describe('an error of the machine', () => {
  const of = (code: string, parts: Partial<NodeJS.ErrnoException> = {}): Error =>
    Object.assign(new Error(`${code}: of the system`), { code, ...parts });

  test.each([
    [
      of('ENOSPC', { syscall: 'write' }),
      'there is no space left on the disk (write: ENOSPC): free some, or let RUNNER_TEMP ',
    ],
    [
      of('EDQUOT', { syscall: 'write', path: '/x' }),
      'there is no space left on the disk (write /x: EDQUOT): free some, or',
    ],
    [
      of('EROFS', { syscall: 'open', path: '/x' }),
      '/x cannot be used (open /x: EROFS): change its permissions, or let',
    ],
    [
      of('ENOENT', { syscall: 'mkdtemp', path: '/no/x-XXXXXX' }),
      'there is not a folder /no for temporary files (mkdtemp ',
    ],
    [
      new Error('checking out failed; git said: No space left on device'),
      'checking out failed; git said: No space left on device; free some, or let RUNNER_TEMP',
    ],
    [
      new Error('Missing file at path: /x/output'),
      '/x/output is missing, where the runner reads what this step leaves',
    ],
  ])('is a sentence that says what to do, number %#', (error, sentence) => {
    const told = machineError(error);
    expect(told).toBeInstanceOf(MachineError);
    expect(told?.message.startsWith(sentence)).toBe(true);
    expect(told?.message).not.toContain('\n');
  });

  test.each([
    new Error('x'),
    new TypeError('y'),
    of('ENOENT', { syscall: 'open', path: '/x' }),
    'text',
    null,
  ])('is none of others: %s', (error) => {
    expect(machineError(error)).toBeNull();
  });
});

describe.each(['plan', 'run', 'conclude', 'cli'] as const)('%s', (program) => {
  let temporary: TemporaryFolder;

  beforeEach(() => {
    temporary = new TemporaryFolder();
    for (const folder of ['runner', 'home']) mkdirSync(temporary.join(folder));
    for (const file of ['output', 'state', 'summary']) writeFileSync(temporary.join(file), '');
    const repository = TestRepository.create(temporary.join('repository'));
    // No package, so that a plan is there soon.
    repository.commit({ 'MODULE.bazel': SAMPLE_WORKSPACE['MODULE.bazel'] ?? '' });
    writeFileSync(temporary.join('event.json'), '{}');
    writeFileSync(temporary.join('bazel'), '#!/bin/sh\necho "bazel 7.7.1"\nexit 1\n', { mode: 0o755 });
  });

  afterEach(() => {
    temporary.remove();
  });

  /** Runs the program, its standard output at will on a file in place of a pipe. */
  async function run(
    environment: Readonly<Record<string, string>> = {},
    stdoutFile: string | null = null,
    isRead = true,
  ): Promise<{ readonly code: number | null; readonly said: string }> {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(GITHUB_|RUNNER_|INPUT_|ACTIONS_|XDG_)/.test(name),
    );
    const repository = TestRepository.at(temporary.join('repository'));
    const leg = { name: 'x', mode: 'test', 'runs-on': 'u', index: 0, targets: ['//a:b'] };
    const stdout = stdoutFile === null ? 'pipe' : openSync(stdoutFile, 'w');
    const args = program === 'cli' ? ['plan', '--base=HEAD', `--bazel=${temporary.join('bazel')}`] : [];
    const child = spawn(NODE, [join(ROOT, 'dist', program, 'index.js'), ...args], {
      cwd: repository.folder,
      env: {
        ...Object.fromEntries(inherited),
        HOME: temporary.join('home'),
        INPUT_BAZEL: temporary.join('bazel'),
        INPUT_LEG: JSON.stringify(leg),
        INPUT_NEEDS: '{"plan":{"result":"success"}}',
        GITHUB_EVENT_NAME: 'schedule',
        GITHUB_EVENT_PATH: temporary.join('event.json'),
        GITHUB_OUTPUT: temporary.join('output'),
        GITHUB_SHA: repository.id(),
        GITHUB_STATE: temporary.join('state'),
        GITHUB_STEP_SUMMARY: temporary.join('summary'),
        GITHUB_WORKSPACE: repository.folder,
        RUNNER_TEMP: temporary.join('runner'),
        TMPDIR: temporary.join('runner'),
        ...environment,
      },
      stdio: ['ignore', stdout, 'pipe'],
    });
    if (!isRead) child.stdout?.destroy();
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    if (typeof stdout === 'number') closeSync(stdout);
    return { code, said };
  }

  const withoutStack = { said: expect.not.stringMatching(/^ +at /m) as unknown };

  test('fails in a sentence where its output cannot be written', async () => {
    const ended = await run({}, '/dev/full');
    expect(ended).toMatchObject({ code: 1, ...withoutStack });
    expect(ended.said).toMatch(
      program === 'cli'
        ? /the result cannot be written: .*no space left/
        : /^The log cannot be written \(ENOSPC\): /m,
    );
  });

  test('ends without a stack if its output is closed', async () => {
    const ended = await run({}, null, false);
    expect(ended).toMatchObject({ code: program === 'cli' ? 0 : 1, ...withoutStack });
    expect(ended.said).toMatch(program === 'cli' ? /^$/ : /^The log cannot be written \(EPIPE\): .*\n$/);
  });

  // The verdict needs no such folder where there is no plan.
  if (program !== 'conclude') {
    test('fails in a sentence where there is not a folder for temporary files', async () => {
      const ended = await run({ RUNNER_TEMP: '/no/such/folder', TMPDIR: '/no/such/folder' });
      expect(ended).toMatchObject({ code: 1, ...withoutStack });
      expect(ended.said).toMatch(
        /there is not a folder \/no\/such\/folder for temporary files .*: make it, or let RUNNER_TEMP/,
      );
    });
  }

  if (program === 'cli') return;

  test('fails in a sentence where its page cannot be written', async () => {
    const ended = await run({ GITHUB_STEP_SUMMARY: '/dev/full' });
    expect(ended).toMatchObject({ code: 1, ...withoutStack });
    expect(ended.said).toMatch(
      /^::error::The summary of this step cannot be written: there is no space left on the disk/m,
    );
  });

  test.each([
    ['/dev/full', 'there is no space left on the disk'],
    ['/no/such/file', '/no/such/file is missing, where the runner reads'],
  ])('fails in a sentence where its outputs cannot be written to %s', async (file, sentence) => {
    const ended = await run({ GITHUB_OUTPUT: file });
    expect(ended).toMatchObject({ code: 1, ...withoutStack });
    expect(ended.said).toContain(`::error::${sentence}`);
  });
});
