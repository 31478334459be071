import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { run, stream } from '../../../src/adapters/process/run.js';
import { ToolMissingError } from '../../../src/adapters/process/start.js';
import { processesWith, until } from '../../support/program.js';

const GIVES_UP = ['-c', 'http.lowSpeedLimit=1', '-c', 'http.lowSpeedTime=4'];

test('a program that has a limit is stopped when it is over, though one that it started keeps its output open', async () => {
  // A remote that never answers: git starts a program that asks and waits for it, and that one gives up by itself.
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
    const asking = { tool: 'git', args: [...GIVES_UP, 'ls-remote', url], folder: tmpdir(), limitMs: 1500 };
    expect(await stream(asking, () => undefined)).toEqual({
      exitCode: 1,
      signal: null,
      stderr: expect.stringContaining('stopped, because it took longer than 1.5 s'),
    });
    expect(await until(() => processesWith(url).length === 0, 10)).toBe(true);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a program that ends before its limit has its own exit code', async () => {
  const quick = { tool: 'git', args: ['--version'], folder: tmpdir(), limitMs: 60_000 };
  expect(await stream(quick, () => undefined)).toEqual({ exitCode: 0, signal: null, stderr: '' });
});

const script = (text: string) => ({ tool: process.execPath, args: ['-e', text], folder: tmpdir() });

describe.each([
  ['short', run],
  [
    'long',
    async (command: Parameters<typeof run>[0]) => {
      const chunks: Buffer[] = [];
      const ended = await stream(command, (chunk) => chunks.push(chunk));
      return { ...ended, stdout: Buffer.concat(chunks).toString('utf8') };
    },
  ],
] as const)('a program with %s output', (_, start) => {
  test('is told what its input is, and tells what it prints and how it ended', async () => {
    const echo = script('process.stdin.pipe(process.stdout); console.error("oops"); process.exitCode = 3');
    expect(await start({ ...echo, input: 'grüße\n' })).toEqual({
      exitCode: 3,
      signal: null,
      stdout: 'grüße\n',
      stderr: 'oops\n',
    });
  });

  test('has the environment of this process and what is added, but nothing that bends git to another repository', async () => {
    process.env.GIT_DIR = '/of/a/hook';
    process.env.OF_THIS_PROCESS = 'kept';
    try {
      const show = script(
        'const { GIT_DIR = "none", OF_THIS_PROCESS, ADDED } = process.env; console.log(GIT_DIR, OF_THIS_PROCESS, ADDED)',
      );
      const { stdout } = await start({ ...show, environment: { ADDED: 'added' } });
      expect(stdout).toBe('none kept added\n');
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.OF_THIS_PROCESS;
    }
  });

  test('that is not there, or whose folder is not, is a typed error with its name', async () => {
    const missing = { tool: join(tmpdir(), 'no-such-program'), args: [], folder: tmpdir() };
    await expect(start(missing)).rejects.toThrow(ToolMissingError);
    await expect(start(missing)).rejects.toThrow(/^cannot start .*no-such-program: /);
    await expect(start({ ...script(''), folder: join(tmpdir(), 'no-such-folder') })).rejects.toThrow(
      ToolMissingError,
    );
  });
});

test('a program whose output is not accepted is stopped, and the error is the one of who reads', async () => {
  const endless = script('setInterval(() => console.log("more"), 10)');
  const read = stream(endless, () => {
    throw new Error('not what was asked for');
  });
  await expect(read).rejects.toThrow('not what was asked for');
});

test('a program that ends before it has read its input is judged by its exit code', async () => {
  const deaf = { ...script('process.exit(0)'), input: 'x'.repeat(1_000_000) };
  expect(await stream(deaf, () => undefined)).toMatchObject({ exitCode: 0 });
});
