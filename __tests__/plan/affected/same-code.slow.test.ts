import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Repositories } from '../../../src/adapters/git/repositories.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import type { PackagePath } from '../../../src/graph/label.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import { changesOfLayout, packagesOfSameCode } from '../../../src/plan/affected/same-code.js';
import { compare, type Comparison } from '../../../src/plan/comparison.js';
import { parsePlanInputs } from '../../../src/plan/plan-inputs.js';
import type { Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

/** Two packages that load two .bzl files, and one that loads none. */
const WORKSPACE: Files = {
  'MODULE.bazel': '',
  BUILD: '',
  'x.bzl': 'def x():\n    return 1\n',
  'y.bzl': 'def y():\n    return 1\n',
  'a/BUILD': 'load("//:x.bzl", "x")\nx()\n',
  'b/BUILD': 'load("//:y.bzl", "y")\ny()\n',
  'c/BUILD': 'filegroup(name = "c")\n',
};
const PACKAGES = new Set(['', 'a', 'b', 'c'] as PackagePath[]);

const X_WITH_COMMENT = '# A comment.\ndef x():\n    return 1\n';

let temporary: TemporaryFolder;
let history: TestRepository;
let repositories: Repositories;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  history = TestRepository.create(temporary.join('repository'));
  history.commit(WORKSPACE);
  const user = await Repository.open(history.folder);
  repositories = { user, scratch: await ScratchRepository.create(user, temporary.join('scratch')) };
});

afterEach(() => {
  temporary.remove();
});

/** The comparison of the last commit with one more. */
async function comparisonAfter(change: Files): Promise<Comparison> {
  const base = history.id();
  const commit = history.commit(change);
  const files = await RevisionFiles.ofCommit(commit, '', repositories.scratch);
  const inputs = parsePlanInputs(() => '');
  return compare(base, { commit, workingTree: false, files }, inputs, repositories);
}

async function layoutAfter(change: Files): Promise<string[]> {
  return [...(await changesOfLayout(await comparisonAfter(change)))].sort();
}

/** The packages that both revisions define in the same way. */
async function sameAfter(change: Files): Promise<string[]> {
  const comparison = await comparisonAfter(change);
  const layout = await changesOfLayout(comparison);
  return [...(await packagesOfSameCode(comparison, layout, PACKAGES, new LoadingReader()))].sort();
}

describe('a change is one of layout', () => {
  test.each([
    ['a comment', X_WITH_COMMENT],
    ['a docstring', 'def x():\n    """Returns one."""\n    return 1\n'],
    ['blank lines and the ends of lines', 'def x():\r\n\r\n    return 1\r\n'],
  ])('if only %s of a .bzl file changed', async (_what, text) => {
    expect(await layoutAfter({ 'x.bzl': text })).toEqual(['x.bzl']);
  });

  test('if only comments of a BUILD file changed, beside a .bzl file', async () => {
    const changes = { 'x.bzl': X_WITH_COMMENT, 'c/BUILD': 'filegroup(name = "c")  # A comment.\n' };
    expect(await layoutAfter(changes)).toEqual(['c/BUILD', 'x.bzl']);
  });

  test('for each file by itself', async () => {
    const changes = {
      'x.bzl': X_WITH_COMMENT,
      'y.bzl': '# A comment.\ndef y():\n    return 2\n',
      'c/BUILD': 'filegroup(name = "d")\n',
    };
    expect(await layoutAfter(changes)).toEqual(['x.bzl']);
  });
});

describe('a change is not one of layout', () => {
  test.each<[string, Files]>([
    ['a value changed', { 'x.bzl': 'def x():\n    return 2\n' }],
    ['a string that is not a statement changed', { 'x.bzl': 'def x():\n    return "1"\n' }],
    [
      'only BUILD files changed, whose layout no digest covers',
      { 'c/BUILD': 'filegroup(name = "c")  # A comment.\n' },
    ],
    ['the file is new', { 'new.bzl': '# A comment.\n' }],
    ['the file is gone', { 'c/BUILD': null }],
    ['the file became executable', { 'x.bzl': { script: X_WITH_COMMENT } }],
    [
      'the file became a link to the same text',
      { 'copy.bzl': X_WITH_COMMENT, 'x.bzl': { link: 'copy.bzl' } },
    ],
    ['the file has another language', { 'MODULE.bazel': '# A comment.\n', 'script.sh': '# A comment.\n' }],
  ])('if %s', async (_why, change) => {
    expect(await layoutAfter(change)).toEqual([]);
  });

  test('if a link leads to another file, although both files have the same code', async () => {
    history.commit({
      'one.bzl': 'z = 1\n',
      'two.bzl': '# A comment.\nz = 1\n',
      'z.bzl': { link: 'one.bzl' },
    });
    expect(await layoutAfter({ 'z.bzl': { link: 'two.bzl' } })).toEqual([]);
  });

  test('if the text has the character that invalid bytes are shown as, because other bytes may look the same', async () => {
    history.commit({ 'x.bzl': 'x = "\uFFFD"\n' });
    expect(await layoutAfter({ 'x.bzl': '# A comment.\nx = "\uFFFD"\n' })).toEqual([]);
  });
});

describe('packages of the same code', () => {
  test('are all of them if only a comment of a .bzl file changed', async () => {
    expect(await sameAfter({ 'x.bzl': X_WITH_COMMENT })).toEqual(['', 'a', 'b', 'c']);
  });

  test('do not include one that loads a file whose code changed, even through a file of the same code', async () => {
    history.commit({ 'x.bzl': 'load("//:y.bzl", "y")\ndef x():\n    return y()\n' });
    const changes = {
      'x.bzl': '# A comment.\nload("//:y.bzl", "y")\ndef x():\n    return y()\n',
      'y.bzl': 'def y():\n    return 2\n',
    };
    expect(await sameAfter(changes)).toEqual(['', 'c']);
  });

  test('do not include one whose BUILD file or list of files changed', async () => {
    const changes = { 'x.bzl': X_WITH_COMMENT, 'a/BUILD': 'load("//:x.bzl", "x")\n', 'c/new.txt': '' };
    expect(await sameAfter(changes)).toEqual(['', 'b']);
  });

  test('do not include one that is gone', async () => {
    expect(await sameAfter({ 'x.bzl': X_WITH_COMMENT, 'c/BUILD': null })).not.toContain('c');
  });

  test('include one of whose BUILD file only a comment changed, unless code may read line numbers', async () => {
    const changes = { 'x.bzl': X_WITH_COMMENT, 'c/BUILD': '# A comment.\nfilegroup(name = "c")\n' };
    expect(await sameAfter(changes)).toEqual(['', 'a', 'b', 'c']);
    history.commit({ ...WORKSPACE, 'y.bzl': 'def y():\n    return native.existing_rules()\n' });
    expect(await sameAfter(changes)).toEqual(['', 'a', 'b']);
  });

  test.each<[string, Files]>([
    ['no .bzl file changed', {}],
    ['only a BUILD file changed in its layout', { 'c/BUILD': '# A comment.\nfilegroup(name = "c")\n' }],
    ['a change may reach every package', { 'x.bzl': X_WITH_COMMENT, 'REPO.bazel': '' }],
    ['no package is known to load code that changed', { 'x.bzl': X_WITH_COMMENT, 'z.bzl': 'z = 2\n' }],
  ])('are none if %s', async (_why, change) => {
    history.commit({ 'z.bzl': 'z = 1\n' });
    expect(await sameAfter(change)).toEqual([]);
  });
});

test.each([
  ['a test of the analysis may read error messages', 'T = analysistest.make(_t, expect_failure = True)\n'],
  ['a rule passes failures on', 'allow_analysis_failures = 1\n'],
])('no package has the same code if %s, because these have line numbers', async (_, text) => {
  history.commit({ ...WORKSPACE, 'y.bzl': `${text}def y():\n    pass\n` });
  expect(await sameAfter({ 'x.bzl': X_WITH_COMMENT })).toEqual([]);
});

test('a comment in a BUILD file counts if the code of other repositories may read its lines', async () => {
  history.commit({ ...WORKSPACE, 'y.bzl': 'load("@other//:z.bzl", "z")\ndef y():\n    z()\n' });
  const changes = { 'x.bzl': X_WITH_COMMENT, 'c/BUILD': '# A comment.\nfilegroup(name = "c")\n' };
  expect(await sameAfter(changes)).not.toContain('c');
});
