import { describe, expect, test } from '@jest/globals';
import type { ExternalRepository, Externals } from '../../../src/loading/externals/external-repositories.js';
import {
  changedRepositories,
  namedOtherwise,
  repositoriesReaching,
  repositoriesSeeingOtherwise,
  type ExternalChanges,
} from '../../../src/plan/externals/changed-repositories.js';
import { workspacePath } from '../../support/builders.js';
import { canonical, externals, repository } from '../../support/externals.js';

interface Changes {
  readonly paths?: readonly string[];
  readonly areRead?: boolean;
  readonly areNamed?: boolean;
}

function changesOf({ paths = [], areRead = false, areNamed = false }: Changes): ExternalChanges {
  return { paths: paths.map(workspacePath), areRead, areNamed };
}

function changed(
  before: readonly ExternalRepository[],
  after: readonly ExternalRepository[],
  changes: Changes = {},
): string[] {
  const both = { before: externals({ repositories: before }), after: externals({ repositories: after }) };
  return [...changedRepositories(both, changesOf(changes))].sort();
}

describe('a repository has changed', () => {
  test('if it is defined otherwise, or exists on one side only', () => {
    const [old, now] = [repository('a~', { definition: 'old' }), repository('a~', { definition: 'new' })];
    expect(changed([old], [now])).toEqual(['a~']);
    expect(changed([old], [])).toEqual(['a~']);
    expect(changed([], [now])).toEqual(['a~']);
    expect(changed([now], [now])).toEqual([]);
  });

  test('if it shows a folder with a change on one of the sides', () => {
    const [local, other] = [
      repository('a~', { localFolder: workspacePath('mods/a') }),
      repository('b~', { localFolder: workspacePath('mods/a b') }),
    ];
    const both = [local, other];
    expect(changed(both, both, { paths: ['mods/a/deep/x.txt'] })).toEqual(['a~']);
    expect(changed(both, both, { paths: ['mods/a'] })).toEqual(['a~']);
    expect(changed(both, both, { paths: ['mods/ab/x', 'mods/x'] })).toEqual([]);
    expect(changed([local], [repository('a~')], { paths: ['mods/a/x'] })).toEqual(['a~']);
  });

  test('if a symlink or a submodule above its folder changed', () => {
    const local = [repository('a~', { localFolder: workspacePath('cur/sub') })];
    expect(changed(local, local, { paths: ['cur'] })).toEqual(['a~']);
    expect(changed(local, local, { paths: ['cu'] })).toEqual([]);
  });

  test('with the repository around it, and with the whole workspace', () => {
    const nested = ['', 'mods', 'mods/a', 'mods/a/b'].map((folder, index) =>
      repository(`${index}~`, { localFolder: workspacePath(folder) }),
    );
    expect(changed(nested, nested, { paths: ['mods/a/x'] })).toEqual(['0~', '1~', '2~']);
  });

  test('if its rule may read a changed file of the main one, on one of the sides', () => {
    const [reads, not] = [repository('a~', { readsMain: true }), repository('a~')];
    expect(changed([reads], [not], { areRead: true })).toEqual(['a~']);
    expect(changed([not], [reads], { areRead: true })).toEqual(['a~']);
    expect(changed([not], [not], { areRead: true })).toEqual([]);
    expect(changed([reads], [reads])).toEqual([]);
  });

  test('with a module file, if its rule names such files and may read the main one', () => {
    const names = repository('a~', { readsMain: true, readsModuleFiles: true });
    // An archive has a MODULE.bazel of its own, which code of its rule writes.
    const own = repository('b~', { readsModuleFiles: true });
    const all = [names, own];
    expect(changed(all, all, { paths: ['MODULE.bazel'] })).toEqual(['a~']);
    expect(changed(all, all, { paths: ['MODULE.bazel.lock'] })).toEqual(['a~']);
    expect(changed(all, all, { paths: ['a/BUILD'] })).toEqual([]);
  });

  test('if its rule may read files of one that changed, directly or not', () => {
    const others = [
      repository('b~', { reads: ['a~'] }),
      repository('c~', { reads: ['b~'] }),
      repository('d~', { sees: ['a~'] }),
    ];
    const [old, now] = [repository('a~', { definition: 'old' }), repository('a~', { definition: 'new' })];
    expect(changed([old, ...others], [now, ...others])).toEqual(['a~', 'b~', 'c~']);
  });
});

test('a repository is reached from all whose BUILD files lead to it, also through the main one', () => {
  const both = externals({
    mapping: { '': '', x: 'x~' },
    repositories: [
      repository('x~', { sees: ['y~'] }),
      repository('y~'),
      repository('z~', { sees: [''] }),
      repository('other~'),
    ],
  });
  const reaching = repositoriesReaching({ before: both, after: both }, new Set([canonical('y~')]));
  expect([...reaching].sort()).toEqual(['', 'x~', 'y~', 'z~']);
});

describe('a repository sees otherwise', () => {
  function otherwise(before: Externals, after: Externals, changes: Changes = {}): string[] {
    return [...repositoriesSeeingOtherwise({ before, after }, changesOf(changes))].sort();
  }

  test('if a name in it now means another one', () => {
    const side = (name: string): Externals =>
      externals({ repositories: [repository('a~')], mappings: { 'a~': { dep: name, rest: 'rest~' } } });
    expect(otherwise(side('one~'), side('two~'))).toEqual(['a~', 'one~', 'two~']);
    expect(otherwise(side('one~'), side('one~'))).toEqual([]);
  });

  test('if the main one calls it by the name of another', () => {
    const swapped = externals({ mapping: { first: 'two~', second: 'one~' } });
    expect(otherwise(externals({ mapping: { first: 'one~', second: 'two~' } }), swapped)).toEqual([
      'one~',
      'two~',
    ]);
  });

  test('and does not if names come or go', () => {
    expect(
      otherwise(
        externals({ mapping: { a: 'a~', gone: 'b~' } }),
        externals({ mapping: { a: 'a~', new: 'b~' } }),
      ),
    ).toEqual([]);
  });

  test('if it can name files of the main one that changed', () => {
    const side = externals({
      mapping: { '': '' },
      repositories: [repository('a~', { sees: [''] }), repository('b~')],
    });
    expect(otherwise(side, side, { areNamed: true })).toEqual(['a~']);
    expect(otherwise(side, side, { areRead: true })).toEqual([]);
  });
});

type Names = Readonly<Record<string, string>>;

/** Externals in which each of the repositories calls others by the names that are given for it. */
function named({ '': ofMain = {}, ...others }: Readonly<Record<string, Names>>): Externals {
  return externals({
    mapping: ofMain,
    mappings: others,
    repositories: Object.keys(others).map((name) => repository(name)),
  });
}

describe('the repositories that are named otherwise', () => {
  const before = named({ '': { shop: '', foo: 'foo~' }, 'foo~': { bar: 'bar~' }, 'bar~': {} });

  test.each<[string, Readonly<Record<string, Names>>, string[]]>([
    ['same names', { '': { foo: 'foo~', shop: '' }, 'foo~': { bar: 'bar~' }, 'bar~': {} }, []],
    [
      'one more name',
      { '': { shop: '', foo: 'foo~', bar: 'bar~' }, 'foo~': { bar: 'bar~' }, 'bar~': {} },
      ['bar~'],
    ],
    ['one name less', { '': { shop: '' }, 'foo~': { bar: 'bar~' }, 'bar~': {} }, ['foo~']],
    [
      'another name in a module',
      { '': { shop: '', foo: 'foo~' }, 'foo~': { pub: 'bar~' }, 'bar~': {} },
      ['bar~'],
    ],
    [
      'another name of the main repository',
      { '': { store: '', foo: 'foo~' }, 'foo~': { bar: 'bar~' }, 'bar~': {} },
      [''],
    ],
    [
      'the name of a new repository',
      { '': { shop: '', foo: 'foo~', new: 'new~' }, 'foo~': { bar: 'bar~' }, 'bar~': {}, 'new~': {} },
      [],
    ],
  ])('with %s', (_what, mappings, expected) => {
    expect([...namedOtherwise({ before, after: named(mappings) })]).toEqual(expected);
  });
});
