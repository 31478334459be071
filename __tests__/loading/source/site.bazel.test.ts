import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { QuerySource } from '../../../src/loading/source/graph-source.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import type { Revision } from '../../../src/loading/source/revision.js';
import { ScratchSite } from '../../../src/loading/source/site.js';
import { findBazel } from '../../support/find-bazel.js';
import { ElsewhereSite } from '../../support/elsewhere-site.js';
import type { Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

let temporary: TemporaryFolder;
let repository: TestRepository;
let user: Repository;
let scratch: ScratchRepository;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  repository = TestRepository.create().write({ 'MODULE.bazel': '', 'a/BUILD': '', 'a/x.txt': 'x' });
  repository.commit();
  user = await Repository.open(repository.folder);
  scratch = await ScratchRepository.create(user, temporary.join('scratch'));
});

afterEach(() => {
  repository.remove();
  temporary.remove();
});

async function revisionWith(files: Files): Promise<Revision> {
  const commit = repository.write(files).commit();
  return { commit, workingTree: false, files: await RevisionFiles.ofCommit(commit, '', scratch) };
}

test('a package above a hidden folder is what a fresh server finds, after another revision too', async () => {
  const glob = 'glob(["**"], exclude_directories = 0)';
  const base = await revisionWith({
    '.bazelignore': 'a/b\n',
    'a/BUILD': `filegroup(name = "t", srcs = ${glob})`,
    'a/b/y.txt': '',
  });
  const head = await revisionWith({ 'a/new.txt': '' });
  const options = { command: findBazel(), startupOptions: [], queryOptions: ['--lockfile_mode=off'] };
  const found: string[][] = [];
  for (const revisions of [[head], [base, head]]) {
    const bazel = new Bazel(options, scratch.folder, temporary.path, 'ours');
    const site = new ScratchSite(scratch, '', bazel);
    const queries = new QuerySource(site, new ElsewhereSite(user, '', bazel), new LoadingReader());
    for (const revision of revisions) await queries.graphOf(revision);
    const { graph } = await queries.graphOf(head);
    found.push([...graph.targets()].map((target) => JSON.stringify(target)).sort());
    bazel.stop();
  }
  expect(found[1]).toEqual(found[0]);
});
