import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { stream } from '../../../src/adapters/process/run.js';
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
