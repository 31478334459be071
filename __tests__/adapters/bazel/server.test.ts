import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BazelServer, type BazelOptions } from '../../../src/adapters/bazel/server.js';
import { BazelStartError } from '../../../src/adapters/bazel/start-error.js';
import { SERVER_FAILED } from '../../../src/formats/exit-codes.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const COLLECTOR = '--host_jvm_args=-XX:+UseSerialGC';

let temporary: TemporaryFolder;
let workspace: string;
let outputBase: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  workspace = temporary.join('workspace');
  outputBase = temporary.join('private/output-base');
  mkdirSync(workspace);
  mkdirSync(outputBase, { recursive: true });
});

afterEach(() => {
  temporary.remove();
});

function serverWith(options: Partial<BazelOptions> = {}): BazelServer {
  const all = { command: 'no-such-bazel', startupOptions: [], queryOptions: [], ...options };
  return new BazelServer(all, workspace, temporary.join('private'));
}

/** A command in the place of Bazel that notes its arguments, one call a line. */
function pretender(script = ''): string {
  const command = temporary.join('pretender');
  writeFileSync(command, `#!/bin/sh\necho "$*" >> ${temporary.join('calls')}\n${script}\n`);
  chmodSync(command, 0o755);
  return command;
}

function calls(): string[] {
  const file = temporary.join('calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

describe('the startup options', () => {
  test("end with the private output base, after the user's own", () => {
    const options = serverWith({ startupOptions: ['--output_base=/theirs', '--batch'] }).startup();
    expect(options.slice(-3)).toEqual(['--output_base=/theirs', '--batch', `--output_base=${outputBase}`]);
  });

  test("take other options in the place of the user's", () => {
    const options = serverWith({ startupOptions: ['--batch'] }).startup(['--bazelrc=other']);
    expect(options).toContain('--bazelrc=other');
    expect(options).not.toContain('--batch');
  });

  test('choose a small garbage collector, unless the user chose one', () => {
    expect(serverWith().startup()).toContain(COLLECTOR);
    const startupOptions = ['--host_jvm_args=-XX:+UseZGC'];
    expect(serverWith({ startupOptions }).startup()).not.toContain(COLLECTOR);
    writeFileSync(join(workspace, '.bazelrc'), 'startup --host_jvm_args=-XX:+UseParallelGC\n');
    expect(serverWith().startup()).not.toContain(COLLECTOR);
  });
});

describe('a call', () => {
  test('runs in the workspace, after the startup options, and returns what it printed', async () => {
    const server = serverWith({ command: pretender('pwd; echo said >&2; exit 7') });
    const { exitCode, stdout, stderr } = await server.call(['info', 'release']);
    expect([exitCode, stdout.trim(), stderr.trim()]).toEqual([7, workspace, 'said']);
    expect(calls()).toEqual([`${server.startup().join(' ')} info release`]);
  });

  test('says what to do if the program cannot be started', async () => {
    await expect(serverWith().call(['info'])).rejects.toThrow(BazelStartError);
  });
});

describe('a server that does not start with two garbage collectors', () => {
  const complaint = "echo 'Multiple garbage collectors selected' >&2";

  test('is started again without ours, and so are all later ones', async () => {
    const script = `case "$*" in *UseSerialGC*) ${complaint}; exit ${SERVER_FAILED} ;; esac`;
    const server = serverWith({ command: pretender(script) });
    expect((await server.call(['info'])).exitCode).toBe(0);
    expect((await server.call(['info'])).exitCode).toBe(0);
    expect(calls().map((call) => call.includes(COLLECTOR))).toEqual([true, false, false]);
  });

  test('is started twice at most', async () => {
    const server = serverWith({ command: pretender(`${complaint}; exit ${SERVER_FAILED}`) });
    expect((await server.call(['info'])).exitCode).toBe(SERVER_FAILED);
    expect(calls()).toHaveLength(2);
    await server.call(['info']);
    expect(calls()).toHaveLength(3);
  });

  test.each([
    ['another exit code', `${complaint}; exit 1`],
    ['another complaint', `echo 'no memory' >&2; exit ${SERVER_FAILED}`],
  ])('is not what %s means', async (_, script) => {
    await serverWith({ command: pretender(script) }).call(['info']);
    expect(calls()).toHaveLength(1);
  });
});

describe('restart', () => {
  test('ends the server by a command, if one was started', async () => {
    const server = serverWith({ command: pretender() });
    await server.restart();
    expect(calls()).toEqual([]);
    await server.call(['info']);
    await server.restart();
    expect(calls()).toEqual([expect.stringMatching(/ info$/), expect.stringMatching(/ shutdown$/)]);
  });
});

describe('stop', () => {
  function writePid(pid: number | undefined): void {
    mkdirSync(join(outputBase, 'server'));
    writeFileSync(join(outputBase, 'server/server.pid.txt'), String(pid));
  }

  test('kills the server without a command, and removes its output base', async () => {
    const child = spawn('sleep', ['60']);
    writePid(child.pid);
    serverWith({ command: pretender() }).stop();
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(existsSync(outputBase)).toBe(false);
    expect(calls()).toEqual([]);
  });

  test('does nothing where no server was started, and may come twice', () => {
    const server = serverWith();
    server.stop();
    server.stop();
    expect(existsSync(outputBase)).toBe(false);
  });

  test.each([0, 1, -1, Number.NaN])('kills no process that cannot be the server: %d', (pid) => {
    writePid(pid);
    // Signals to such numbers go to many processes, so the test sends none.
    const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
    try {
      serverWith().stop();
      expect(kill).not.toHaveBeenCalled();
    } finally {
      kill.mockRestore();
    }
    expect(existsSync(outputBase)).toBe(false);
  });
});
