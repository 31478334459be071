import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { Graph } from '../../../src/graph/graph.js';
import type { PackagePath } from '../../../src/graph/label.js';
import { accountFor, IncompleteAnswerError } from '../../../src/loading/source/accounting.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import { rule } from '../../support/builders.js';
import type { Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

let temporary: TemporaryFolder;
let asked: (readonly PackagePath[])[];

beforeEach(() => {
  temporary = new TemporaryFolder();
  asked = [];
});

afterEach(() => {
  temporary.remove();
});

/** Holds a graph with one rule in each package against files. @param existing what Bazel says of packages by their names */
async function account(
  files: Files,
  packages: readonly string[],
  existing: { found?: readonly string[]; said?: string; buildsLookElsewhere?: boolean } = {},
): Promise<void> {
  const history = TestRepository.create(temporary.join('repository'));
  const commit = history.commit(files);
  const repository = await Repository.open(history.folder);
  const scratch = await ScratchRepository.create(repository, temporary.join('scratch'));
  const bazel = {
    deletedPackages: () => new Set(),
    buildsLookElsewhere: existing.buildsLookElsewhere ?? false,
    existing: (those: readonly PackagePath[]) => {
      asked.push(those);
      return Promise.resolve({ found: new Set(existing.found ?? []), said: existing.said ?? '' });
    },
  } as unknown as Bazel;
  const revision = { commit, workingTree: false, files: await RevisionFiles.ofCommit(commit, '', scratch) };
  const graph = Graph.of(packages.map((path) => rule(`//${path}:r`)));
  await accountFor(graph, revision, new LoadingReader(), bazel);
}

const FILES: Files = { 'MODULE.bazel': '', 'a/BUILD': '', 'b/BUILD.bazel': '' };

test('a graph with a package for each BUILD file is complete, and Bazel is not asked', async () => {
  await account(FILES, ['a', 'b', 'behind/a/symlink']);
  expect(asked).toEqual([]);
});

test('an empty graph of a revision with BUILD files is an error that names them', async () => {
  const accounting = account(FILES, []);
  await expect(accounting).rejects.toThrow(IncompleteAnswerError);
  await expect(accounting).rejects.toThrow('it lacks the 2 packages //a, //b, whose BUILD files');
});

test('a package that Bazel finds by its name was lost from the answer', async () => {
  await expect(account(FILES, ['a'], { found: ['b'] })).rejects.toThrow('it lacks the package //b, whose');
});

test('a package of which Bazel says that it is none is no loss', async () => {
  await account(FILES, ['a'], { said: "ERROR: no such package 'b': it crosses into repository @@b" });
  expect(asked).toEqual([['b']]);
});

test('a package that only an option of queries deletes is a loss: the legs see it', async () => {
  const said = "ERROR: no such package 'b': Package is considered deleted due to --deleted_packages";
  await expect(account(FILES, ['a'], { said })).rejects.toThrow(IncompleteAnswerError);
});

test('a package whose BUILD file Bazel does not find is a loss, unless builds look elsewhere too', async () => {
  const said = "ERROR: no such package 'b': BUILD file not found in any of the following directories.";
  await expect(account(FILES, ['a'], { said })).rejects.toThrow(IncompleteAnswerError);
  await account(FILES, ['a'], { said, buildsLookElsewhere: true });
});

test('a package that Bazel finds and cannot load is a loss', async () => {
  for (const said of [
    "ERROR: Skipping '//b:all-targets': error loading package 'b': cannot load '//x:y.bzl'",
    "ERROR: package contains errors: 'b': it is broken",
  ])
    await expect(account(FILES, ['a'], { said })).rejects.toThrow(IncompleteAnswerError);
});

test('a BUILD file in a folder that .bazelignore hides is not missing, and Bazel is not asked', async () => {
  await account({ ...FILES, '.bazelignore': 'b\n', 'c/BUILD': { link: '../gone' } }, ['a']);
  expect(asked).toEqual([]);
});

test('of very many lost packages a few are asked for', async () => {
  const many = Object.fromEntries(Array.from({ length: 450 }, (_, at) => [`p${at}/BUILD`, '']));
  await expect(account({ 'MODULE.bazel': '', ...many }, [])).rejects.toThrow(
    /it lacks at least the 200 packages \/\/p0, .* and 195 more, whose/,
  );
  expect(asked).toHaveLength(1);
});
