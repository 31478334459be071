import { expect, test } from '@jest/globals';
import type { QueryRc } from '../../../src/adapters/bazel/query-rc.js';
import type { BazelServer } from '../../../src/adapters/bazel/server.js';
import { TextCommands } from '../../../src/adapters/bazel/text-commands.js';

test('a command gets the options of queries and of the lock file that it has, and asks for them once', async () => {
  const calls: (readonly string[])[] = [];
  const server = {
    call: (args: readonly string[]) => {
      calls.push(args);
      return Promise.resolve({ exitCode: 0, signal: null, stdout: '  --[no]bzlmod\n', stderr: '' });
    },
  } as unknown as BazelServer;
  const rc = { graphOptionsOfBuilds: () => ['--of_builds'] } as unknown as QueryRc;
  const commands = new TextCommands(server, rc, ['--nobzlmod', '--other=1'], ['--lockfile_mode=off'], () => [
    '--logging',
  ]);
  for (let time = 0; time < 2; time += 1) await commands.call(['mod', 'graph'], ['--', 'a']);
  const call = ['mod', 'graph', '--of_builds', '--nobzlmod', '--logging', '--color=no', '--', 'a'];
  expect(calls).toEqual([['help', 'mod', '--short'], call, call]);
});
