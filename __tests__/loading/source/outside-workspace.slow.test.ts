import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import { fingerprint } from '../../../src/loading/inputs/fingerprint.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { workspacePath } from '../../support/builders.js';
import type { Files } from '../../support/files.js';
import { TestRepository } from '../../support/test-repository.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;
let folder: string;
let repository: TestRepository;
let user: Repository;
let scratch: ScratchRepository;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
  repository = TestRepository.create().write({
    LICENSE: 'free',
    'docs/a.md': 'a',
    'docs/link': { link: '../other' },
    'other/deep/b.md': 'b',
    'ws/MODULE.bazel': '',
    'ws/LICENSE': { link: '../LICENSE' },
  });
  repository.commit();
  user = await Repository.open(repository.folder);
  scratch = await ScratchRepository.create(user, join(folder, 'scratch'));
});

afterEach(() => {
  repository.remove();
  temporary.remove();
});

async function filesOf(workspace: string): Promise<RevisionFiles> {
  return RevisionFiles.ofCommit(await user.head(), workspace, scratch);
}

async function gapsOf(files: RevisionFiles): Promise<readonly string[]> {
  return (await new LoadingReader().inputsOf(files)).gaps;
}

describe('a path outside the workspace', () => {
  test.each([
    ['../LICENSE', 'file'],
    ['../docs', 'folder'],
    ['../docs/a.md', 'file'],
    ['../docs/./../LICENSE', 'file'],
    ['../no/such', 'missing'],
    ['../ws/MODULE.bazel', 'file'],
    // Symlinks, and what lies behind them: a `..` leaves the folder that the link leads to.
    ['../docs/link', 'unknown'],
    ['../docs/link/deep/b.md', 'unknown'],
    ['../docs/link/../LICENSE', 'unknown'],
    // Outside the repository.
    ['../../passwd', 'unknown'],
    ['/etc/passwd', 'unknown'],
    ['../.git/config', 'unknown'],
  ])('%s is: %s', async (path, what) => {
    expect((await (await filesOf('ws')).lookOutside())(path).kind).toBe(what);
  });

  test('is unknown where the workspace is the whole repository', async () => {
    expect((await (await filesOf('')).lookOutside())('../LICENSE')).toEqual({ kind: 'unknown' });
  });
});

describe('the loading inputs of a workspace in a subfolder', () => {
  test('are known where a symlink leads to a file of the repository', async () => {
    expect(await gapsOf(await filesOf('ws'))).toEqual([]);
  });

  test('are known where it leads to an uncommitted file', async () => {
    repository.write({ 'ws/new': { link: '../NEW' }, NEW: 'new' });
    const files = await RevisionFiles.ofWorkingTree(await user.head(), 'ws', user, scratch);
    expect((await files.lookOutside())('../NEW').kind).toBe('file');
    expect(await gapsOf(files)).toEqual([]);
  });

  test('are others once the file is gone', async () => {
    const before = await new LoadingReader().inputsOf(await filesOf('ws'));
    repository.write({ LICENSE: null }).commit();
    const after = await new LoadingReader().inputsOf(await filesOf('ws'));
    expect([...after.everywhere]).not.toEqual([...before.everywhere]);
  });

  test.each([
    ['a folder', '../docs'],
    ['another symlink', '../docs/link'],
    ['out of the repository', '../../../etc/passwd'],
  ])('cannot be listed where a symlink leads to %s', async (_, link) => {
    repository.write({ 'ws/away': { link } }).commit();
    expect(await gapsOf(await filesOf('ws'))).toEqual([expect.stringContaining('ws/away'.slice(3))]);
  });

  test('cannot be listed where a BUILD file lies outside', async () => {
    repository.write({ BUILD: '', 'ws/BUILD': { link: '../BUILD' } }).commit();
    expect(await gapsOf(await filesOf('ws'))).toEqual([expect.stringContaining('BUILD')]);
  });
});

test('the fingerprint of a workspace in a subfolder goes with the rc files of the repository that it imports', async () => {
  repository.write({
    'common.rc': 'import ../deeper.rc\n',
    'deeper.rc': 'common --a\n',
    'ws/.bazelrc': 'import %workspace%/../common.rc\n',
  });
  const fingerprintAfter = async (files: Files): Promise<string> => {
    repository.write(files).commit();
    const inputs = await new LoadingReader().inputsOf(await filesOf('ws'));
    expect(inputs.gaps).toEqual([]);
    return fingerprint(inputs, []);
  };
  const start = await fingerprintAfter({});
  expect(await fingerprintAfter({ 'deeper.rc': '# why\ncommon --a\n' })).toBe(start);
  expect(await fingerprintAfter({ 'deeper.rc': 'common --b\n' })).not.toBe(start);
});

test('an uncommitted file is read as it lies in the working tree', async () => {
  repository.write({ 'ws/MODULE.bazel': 'module(name = "x")\n' });
  const files = await RevisionFiles.ofWorkingTree(await user.head(), 'ws', user, scratch);
  const texts = await files.texts(files.listing.entries.map((entry) => entry.path));
  expect(texts.get(workspacePath('MODULE.bazel'))).toBe('module(name = "x")\n');
});
