import { describe, expect, test } from '@jest/globals';
import type { Label } from '../../../src/graph/label.js';
import {
  WORKSPACE_MODULE,
  type ExternalModule,
} from '../../../src/loading/externals/external-repositories.js';
import { ChangedExternals } from '../../../src/plan/externals/changed-externals.js';
import { graph, labels, repositoryPath, rule } from '../../support/builders.js';
import {
  canonical,
  externalModule,
  externals,
  mappingOf,
  reached,
  repository,
} from '../../support/externals.js';

const REPOSITORIES = [repository('one~'), repository('two~')];

test('labels of names that were swapped are asked for, and affect their users although both targets are the same', () => {
  const names = [
    { first: 'one~', second: 'two~' },
    { first: 'two~', second: 'one~' },
  ] as const;
  const [before, after] = names.map((mapping) => externals({ mapping, repositories: REPOSITORIES }));
  if (before === undefined || after === undefined) throw new Error('two sides');
  const changed = ChangedExternals.of({ before, after }, { paths: [], areRead: false, areNamed: false });
  const main = graph(rule('//a:a', { inputs: ['@first//:x'] }), rule('//b:b', { inputs: ['@second//:x'] }));
  expect(changed.labelsIn('after', main, [])).toEqual(['@first//:x', '@second//:x']);

  const targets = [rule('@first//:x'), rule('@second//:x')];
  const { seeds, usersOf } = changed.difference(
    reached(mappingOf(names[0]), { targets }),
    reached(mappingOf(names[1]), { targets }),
    main,
    repositoryPath('MODULE.bazel'),
    new Map(),
  );
  // Executables also find their runfiles by these names, so each is a seed for two reasons.
  expect([...new Map(seeds.map(({ label }) => [label, usersOf(label)]))]).toEqual([
    ['@first//:x', ['//a:a']],
    ['@second//:x', ['//b:b']],
    // What no label leads to, which code may still find.
    ['@second//...', []],
  ]);
});

test('what a module registers has to be known if it sees a change, and known on one side is enough', () => {
  const sides = (definition: string, text: string | null) =>
    externals({
      mapping: { user: 'user~', other: 'other~' },
      mappings: { 'user~': { changed: 'changed~' }, 'other~': {}, 'changed~': {} },
      repositories: [repository('user~'), repository('other~'), repository('changed~', { definition })],
      modules: [
        externalModule('', { dependencies: ['user', 'other'] }),
        externalModule('user', { text, dependencies: ['changed'] }),
        externalModule('other', { text: null }),
        externalModule('changed', { text: null }),
      ],
    });
  const unknown = (text: string | null) =>
    ChangedExternals.of(
      { before: sides('old', null), after: sides('new', text) },
      { paths: [], areRead: false, areNamed: false },
    ).unknownModules('before');
  expect(unknown(null)).toEqual(['user~', 'changed~']);
  expect(unknown('')).toEqual(['changed~']);
});

test('modules are fetched to know what they register if they may have changed places with others', () => {
  const sides = [
    'bazel_dep(name = "a")\nbazel_dep(name = "b")\n',
    'bazel_dep(name = "b")\nbazel_dep(name = "a")\n',
  ].map((text) =>
    externals({
      modules: [
        externalModule('', { dependencies: ['a', 'b'], text }),
        externalModule('a', { text: null }),
        externalModule('b', { text: 'register_toolchains("//:all")\n' }),
        externalModule('far', { text: null }),
      ],
    }),
  );
  const [before, after] = sides;
  if (before === undefined || after === undefined) throw new Error('two sides');
  const nothing = { paths: [], areRead: false, areNamed: false };
  expect(ChangedExternals.of({ before, after }, nothing).unknownModules('after')).toEqual(['a~']);
  expect(ChangedExternals.of({ before: after, after }, nothing).unknownModules('after')).toEqual([]);
});

test.each<[string | null | undefined, string | null | undefined, boolean]>([
  ['a', 'a', false],
  ['a', 'b', true],
  [undefined, undefined, false],
  // Fetched on one side only: with settings there, it is unknown whether the other side has the same.
  [undefined, '', false],
  [undefined, 'a', true],
  ['a', undefined, true],
  // Its files cannot be read.
  [null, 'a', true],
  [null, null, true],
])('settings of %p and then %p differ: %p', (before, after, expected) => {
  const sides = externals({ mapping: { one: 'one~' }, repositories: [repository('one~')] });
  const later = externals({
    mapping: { one: 'one~' },
    repositories: [repository('one~', { definition: 'other' })],
  });
  const changed = ChangedExternals.of(
    { before: sides, after: later },
    { paths: [], areRead: false, areNamed: false },
  );
  const [old, now] = [before, after].map((settings) =>
    reached(mappingOf({ one: 'one~' }), settings === undefined ? {} : { settings: { 'one~': settings } }),
  );
  if (old === undefined || now === undefined) throw new Error('two sides');
  expect(changed.whereSettingsDiffer(old, now)).toBe(expected ? 'one~' : null);
});

describe('what stands for a repository', () => {
  const standIn = new Map([['BUILD.bazel', '']]);
  const BOTH = { standIn };

  /** The repositories that need not be fetched for these labels. */
  function replaced(
    asked: readonly string[],
    before: Parameters<typeof repository>[1] = BOTH,
    after: Parameters<typeof repository>[1] = BOTH,
  ): string[] {
    const [old, now] = [before, after].map((parts) =>
      externals({ repositories: [repository('sdk~', parts)] }),
    );
    if (old === undefined || now === undefined) throw new Error('two sides');
    const nothing = { paths: [], areRead: false, areNamed: false };
    const changed = ChangedExternals.of({ before: old, after: now }, nothing);
    return [...changed.standIns('after', labels(...asked)).keys()];
  }

  test('is read if the repository did not change, and only its package at the root is asked for', () => {
    expect(replaced(['@@sdk~//:a', '@@sdk~//:b/c', '@@other~//:x', '//own:x'])).toEqual(['sdk~']);
    expect(replaced(['@@sdk~//:a', '@@sdk~//sub:b'])).toEqual([]);
    expect(replaced(['@@sdk~//:a'], BOTH, { standIn, definition: 'other' })).toEqual([]);
  });

  test('has to be there in both revisions', () => {
    expect(replaced(['@@sdk~//:a'], BOTH, {})).toEqual([]);
    expect(replaced(['@@sdk~//:a'], {}, BOTH)).toEqual([]);
  });

  test('is that of each revision', () => {
    const other = new Map([['BUILD.bazel', 'other']]);
    const sides = [standIn, other].map((each) =>
      externals({ repositories: [repository('sdk~', { standIn: each })] }),
    );
    const [before, after] = sides;
    if (before === undefined || after === undefined) throw new Error('two sides');
    const changed = ChangedExternals.of({ before, after }, { paths: [], areRead: false, areNamed: false });
    const asked = labels('@@sdk~//:a');
    expect(changed.standIns('before', asked).get(canonical('sdk~'))).toBe(standIn);
    expect(changed.standIns('after', asked).get(canonical('sdk~'))).toBe(other);
  });
});

test('what a WORKSPACE file binds is asked for and followed, also where no repository is named', () => {
  const code: ExternalModule = { ...externalModule(''), name: WORKSPACE_MODULE };
  const sides = (definition: string, modules: readonly ExternalModule[]) =>
    externals({
      mapping: { one: 'one' },
      repositories: [repository('one', { definition })],
      modules,
    });
  const main = graph(rule('//a:a', { inputs: ['//external:x'] }), rule('//b:b', { inputs: ['//b:c'] }));
  const changedWith = (modules: readonly ExternalModule[]) =>
    ChangedExternals.of(
      { before: sides('old', modules), after: sides('new', modules) },
      { paths: [], areRead: false, areNamed: false },
    );
  expect(changedWith([]).labelsIn('after', main, [])).toEqual([]);
  const changed = changedWith([code]);
  expect(changed.labelsIn('after', main, [])).toEqual(['//external:x']);
  const mapping = mappingOf({ one: 'one' });
  const reachedWith = (actual: string) =>
    reached(mapping, {
      targets: [rule('//external:x', { inputs: [actual] }), rule('@one//:t', { inputs: ['//external:x'] })],
    });
  const { seeds, usersOf } = changed.difference(
    reachedWith('@one//:a'),
    reachedWith('@one//:b'),
    main,
    repositoryPath('WORKSPACE'),
    new Map(),
  );
  expect(seeds.map(({ label }) => [label, usersOf(label)])).toEqual([
    ['//external:x', ['@one//:t']],
    ['@one//...', []],
  ]);
  expect(usersOf('@one//:b' as Label)).toEqual(['//external:x']);
});
