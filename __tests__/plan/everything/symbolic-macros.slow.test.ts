import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Repositories } from '../../../src/adapters/git/repositories.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import { changesOfLayout } from '../../../src/plan/affected/same-code.js';
import { compare } from '../../../src/plan/comparison.js';
import { packagesOfChangedMacros } from '../../../src/plan/everything/symbolic-macros.js';
import { parsePlanInputs } from '../../../src/plan/plan-inputs.js';
import type { Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

const MACRO = 'def _m(name, visibility):\n    pass\n\nm = macro(implementation = _m)\n';

/** A file with a symbolic macro that one package loads, and another package through a second file. */
const WORKSPACE: Files = {
  'MODULE.bazel': '',
  BUILD: '',
  'm.bzl': MACRO,
  'through.bzl': 'load("//:m.bzl", _m = "m")\nm = _m\n',
  'plain.bzl': 'def p():\n    pass\n',
  'a/BUILD': 'load("//:m.bzl", "m")\nm(name = "m")\n',
  'b/BUILD': 'load("//:through.bzl", "m")\nm(name = "m")\n',
  'c/BUILD': 'load("//:plain.bzl", "p")\np()\n',
};

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

/** The packages that one more commit makes the rules of affected. */
async function packagesAfter(change: Files): Promise<string[]> {
  const base = history.id();
  const commit = history.commit(change);
  const files = await RevisionFiles.ofCommit(commit, '', repositories.scratch);
  const head = { commit, workingTree: false, files };
  const comparison = await compare(
    base,
    head,
    parsePlanInputs(() => ''),
    repositories,
  );
  const layout = await changesOfLayout(comparison);
  return [...(await packagesOfChangedMacros(comparison, layout, new LoadingReader()))].sort();
}

describe('the packages of changed macros', () => {
  test('are those that load the file with the macro, directly or through another file', async () => {
    expect(await packagesAfter({ 'm.bzl': `${MACRO}x = 1\n` })).toEqual(['a', 'b']);
  });

  test('load the file to which a macro moved', async () => {
    const change = {
      'm.bzl': 'load("//:moved.bzl", _m = "m")\nm = _m\n',
      'moved.bzl': MACRO,
    };
    expect(await packagesAfter(change)).toEqual(['a', 'b']);
  });

  test('load a file that defined a macro only in the base', async () => {
    expect(await packagesAfter({ 'm.bzl': 'def m(name):\n    pass\n' })).toEqual(['a', 'b']);
  });

  test('load a file that defines a macro only in the head', async () => {
    expect(await packagesAfter({ 'plain.bzl': `${MACRO}p = m\n` })).toEqual(['c']);
  });

  test('load the file in the head: one that loads it no longer is not among them', async () => {
    expect(await packagesAfter({ 'm.bzl': `${MACRO}x = 1\n`, 'a/BUILD': '' })).toEqual(['b']);
  });

  test('are found whatever the space before the bracket', async () => {
    history.commit({ 'm.bzl': MACRO.replace('macro(', 'macro  (') });
    expect(await packagesAfter({ 'm.bzl': MACRO.replace('macro(', 'macro\t(') + 'x = 1\n' })).toEqual([
      'a',
      'b',
    ]);
  });

  test.each<[string, Files]>([
    ['no .bzl file changed', { 'a/x.txt': '' }],
    ['the file changed only in its layout', { 'm.bzl': `# A comment.\n${MACRO}` }],
    ['the file that changed defines no macro', { 'plain.bzl': 'def p():\n    return\n' }],
    [
      'a file that only loads the macro changed',
      { 'through.bzl': 'load("//:m.bzl", _m = "m")\nm = _m\nx = 1\n' },
    ],
    ['the file defines a function with the name macro', { 'plain.bzl': 'def macro(p):\n    pass\np = 1\n' }],
    ['the file calls what only ends in the same word', { 'plain.bzl': 'def p():\n    my_macro()\n' }],
    ['a BUILD file changed', { 'a/BUILD': 'load("//:m.bzl", "m")\nm(name = "other")\n' }],
    ['no package loads the file', { 'unused.bzl': MACRO }],
  ])('are none if %s', async (_why, change) => {
    expect(await packagesAfter(change)).toEqual([]);
  });
});

test.each<[string, Readonly<Record<string, string>>]>([
  [
    'another name',
    { 'm.bzl': 'make = macro\ndef _m(name, visibility):\n    pass\nm = make(implementation = _m)\n' },
  ],
  [
    'a function in another file',
    {
      'h.bzl': 'def make(f):\n    return macro(implementation = f)\n',
      'm.bzl': 'load("//:h.bzl", "make")\ndef _m(name, visibility):\n    pass\nm = make(_m)\n',
    },
  ],
  ['a call over two lines', { 'm.bzl': MACRO.replace('macro(', 'macro \\\n(') }],
])('changed macros are found if they are made by %s', async (_how, files) => {
  history.commit(files);
  expect(await packagesAfter({ 'm.bzl': `${files['m.bzl'] ?? ''}x = 1\n` })).toEqual(['a', 'b']);
});
