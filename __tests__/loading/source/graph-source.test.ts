import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { QuerySource } from '../../../src/loading/source/graph-source.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import { CheckoutSite, NoWorkspaceError, ScratchSite } from '../../../src/loading/source/site.js';
import { rule } from '../../support/builders.js';
import type { Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

let temporary: TemporaryFolder;
let history: TestRepository;

beforeEach(() => {
  temporary = new TemporaryFolder();
  history = TestRepository.create(temporary.join('repository'));
});

afterEach(() => {
  temporary.remove();
});

/** How many targets the graph of a commit has, where Bazel would find one. */
async function sizeOf(files: Files, workspace = ''): Promise<number> {
  const commit = history.commit(files);
  const repository = await Repository.open(history.folder);
  const scratch = await ScratchRepository.create(repository, temporary.join('scratch'));
  const bazel = {
    queryAll: () => Promise.resolve([rule('//a:r')]),
    versionText: () => Promise.resolve('bazel 7.7.1'),
    canLeaveLockFile: () => Promise.resolve(true),
  } as unknown as Bazel;
  const source = new QuerySource(
    new ScratchSite(scratch, workspace, bazel),
    new CheckoutSite(repository, workspace, bazel),
    new LoadingReader(),
  );
  const revision = {
    commit,
    workingTree: false,
    files: await RevisionFiles.ofCommit(commit, workspace, scratch),
  };
  return [...(await source.graphOf(revision)).graph.targets()].length;
}

describe('a full query', () => {
  test.each<[string, Files]>([
    ['a BUILD file lies in the workspace', { 'ws/a/BUILD.bazel': '' }],
    [
      'packages lie behind a symlink that leaves the workspace',
      { 'ws/src': { link: '../src' }, 'src/BUILD': '' },
    ],
  ])('asks Bazel where %s', async (_, files) => {
    expect(await sizeOf({ 'ws/MODULE.bazel': '', ...files }, 'ws')).toBe(1);
  });

  test('does not ask where there is no package: Bazel would call that an error', async () => {
    expect(await sizeOf({ 'MODULE.bazel': '', 'README.md': '' })).toBe(0);
  });

  test.each([
    ['', 'the repository'],
    ['ws', 'the folder ws'],
  ])('says what is missing where %j is no workspace', async (workspace, name) => {
    const asking = sizeOf({ 'a/BUILD': '' }, workspace);
    await expect(asking).rejects.toThrow(NoWorkspaceError);
    await expect(asking).rejects.toThrow(`${name} is not a Bazel workspace at ${history.id()}`);
  });
});
