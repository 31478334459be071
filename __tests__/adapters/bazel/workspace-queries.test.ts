import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { BazelError } from '../../../src/adapters/bazel/bazel-error.js';
import type { TextCommands } from '../../../src/adapters/bazel/text-commands.js';
import { WorkspaceQueries } from '../../../src/adapters/bazel/workspace-queries.js';
import { QueryOutputError } from '../../../src/formats/query-proto.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

/** @param resolved what `bazel sync` writes; null for nothing */
function queries(
  print: () => Promise<string>,
  resolved: string | null = null,
  exitCode = 0,
): WorkspaceQueries {
  const commands: Pick<TextCommands, 'call'> = {
    call: (_command, args) => {
      const file = args.find((arg) => arg.includes('_file='))?.split('=')[1] ?? '';
      if (resolved !== null) writeFileSync(file, resolved);
      return Promise.resolve({ exitCode, signal: null, stdout: '', stderr: 'no' });
    },
  };
  return new WorkspaceQueries(commands as TextCommands, print, temporary.join('resolved.bzl'));
}

function failure(output: string): () => Promise<string> {
  return () => Promise.reject(new BazelError('loading', { kind: 'exited', exitCode: 7 }, output));
}

test('a WORKSPACE file that Bazel does not read defines nothing', async () => {
  const off = failure("no such package 'external': the WORKSPACE file is disabled via --noenable_workspace");
  expect(await queries(off).definitions()).toBeNull();
  await expect(queries(failure('no such file')).definitions()).rejects.toThrow(BazelError);
});

test('registrations are not known if Bazel fails, or writes no file', async () => {
  const none = (): Promise<string> => Promise.resolve('');
  await expect(queries(none, 'resolved = []', 1).registrations()).rejects.toThrow(BazelError);
  await expect(queries(none).registrations()).rejects.toThrow(QueryOutputError);
});
