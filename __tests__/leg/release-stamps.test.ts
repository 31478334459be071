import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Interruption } from '../../src/adapters/bazel/interruption.js';
import type { LegContext } from '../../src/leg/leg-context.js';
import { checkedOutIn, stampingOptions } from '../../src/leg/release-stamps.js';
import { commitId } from '../support/builders.js';
import { writeFiles } from '../support/files.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

function options(flags: readonly string[] = []): Promise<string[]> {
  using interruption = new Interruption(new EventEmitter());
  const context: LegContext = {
    leg: { name: 'leg', mode: 'release', targets: [], runsOn: 'x' },
    workspace: temporary.path,
    bazel: { program: 'bazel', startupOptions: ['--nohome_rc', '--nosystem_rc'], flags },
    access: 'none',
    variables: {},
    status: { STABLE_RUN: 'https://example.com/runs/1' },
    ledger: null,
    folder: temporary.path,
    interruption,
    conceal: (text) => text,
    graceMs: 1000,
  };
  return stampingOptions(context, { commit: commitId('c'), isDirty: true });
}

const ALONE = ['--stamp', '--noremote_upload_local_results'];

test('a release is stamped with the commit and the run', async () => {
  const command = temporary.join('status.sh');
  expect(await options()).toEqual([...ALONE, `--workspace_status_command=${command}`]);
  expect(readFileSync(command, 'utf8')).toContain(
    `STABLE_GIT_COMMIT ${commitId('c')}\nSTABLE_GIT_DIRTY yes\nSTABLE_RUN https://example.com/runs/1\n`,
  );
});

test('a status command of the workspace stays in force', async () => {
  expect(await options(['--workspace_status_command=./mine.sh'])).toEqual(ALONE);
  writeFiles(temporary.path, {
    '.bazelrc': 'import %workspace%/tools/ci.bazelrc\n',
    'tools/ci.bazelrc': 'build --workspace_status_command=./mine.sh\n',
  });
  expect(await options()).toEqual(ALONE);
});

test('the commit is known where git knows one, and whether files differ', async () => {
  expect(await checkedOutIn(temporary.path)).toEqual({ commit: null, isDirty: true });
  const repository = TestRepository.create(temporary.join('repository'));
  const commit = repository.commit({ a: '1' });
  expect(await checkedOutIn(repository.folder)).toEqual({ commit, isDirty: false });
  writeFiles(repository.folder, { a: '2' });
  expect(await checkedOutIn(repository.folder)).toEqual({ commit, isDirty: true });
});
