import { describe, expect, test } from '@jest/globals';
import type { Label } from '../../../src/graph/label.js';
import type { ReleaseAfter } from '../../../src/plan/legs/leg.js';
import { legsOf, type LegRules } from '../../../src/plan/legs/legs.js';
import { matricesOf } from '../../../src/plan/legs/matrix.js';
import type { Selection } from '../../../src/plan/legs/selection.js';
import { waitInWords, waitsOf, type Wait } from '../../../src/plan/legs/waits.js';
import { label, labels, rule, testRule } from '../../support/builders.js';

const RULES: LegRules = {
  fanOut: 'target',
  maxJobs: 256,
  runsOn: 'ubuntu-latest',
  runners: new Map([['gpu', 'gpu-runner']]),
};
const SELECTION: Selection = {
  chosen: {
    test: [testRule('//pay:t'), testRule('//cart:t', { tags: ['gpu'] }), testRule('//lib:t')],
    build: [],
    release: [rule('//pay:release'), rule('//cart:release'), rule('//docs:release')],
  },
  excluded: [],
};
const OWN: ReadonlyMap<Label, readonly Label[]> = new Map([
  [label('//pay:release'), labels('//lib:t', '//pay:t')],
  [label('//cart:release'), labels('//cart:t', '//lib:t')],
  [label('//docs:release'), []],
]);

function waits(after: ReleaseAfter, projectOf?: (label: Label) => string | null): ReadonlyMap<Label, Wait> {
  return waitsOf(SELECTION, after, () => OWN, RULES, projectOf);
}

const inWords = (all: ReadonlyMap<Label, Wait>) =>
  Object.fromEntries([...all].map(([release, wait]) => [release, waitInWords(wait)]));

describe('a release waits', () => {
  test('for its own tests, or for all tests if one of its own needs another runner', () => {
    expect(inWords(waits('own-tests'))).toEqual({
      '//pay:release': 'after its 2 own tests',
      '//cart:release': 'after all tests, because its own test //cart:t cannot run in its job',
      '//docs:release': '',
    });
  });

  test('for all tests if one of its own belongs to another project, because Bazel refuses both in one call', () => {
    const projectOf = (each: Label): string | null => (each.startsWith('//lib') ? 'lib' : null);
    expect(waits('own-tests', projectOf).get(label('//pay:release'))).toEqual({
      kind: 'all tests',
      because: '//lib:t',
    });
  });

  test('for all tests, or for nothing, if the user says so', () => {
    expect(new Set(Object.values(inWords(waits('tests'))))).toEqual(new Set(['after all tests']));
    expect(new Set(Object.values(inWords(waits('plan'))))).toEqual(new Set(['']));
  });
});

describe('the legs of releases', () => {
  test('have the tests that they run first, and are early or late', () => {
    const legs = legsOf(SELECTION, RULES, undefined, waits('own-tests'));
    const release = { mode: 'release', runsOn: 'ubuntu-latest' };
    expect(legs.filter(({ mode }) => mode === 'release')).toEqual([
      { ...release, name: '//cart:release', targets: ['//cart:release'], waitsForTests: true },
      { ...release, name: '//docs:release', targets: ['//docs:release'] },
      { ...release, name: '//pay:release', targets: ['//pay:release'], ownTests: ['//lib:t', '//pay:t'] },
    ]);
    const { release: all, earlyRelease, lateRelease } = matricesOf(legs);
    const names = (matrix: typeof all) => matrix.include.map(({ name }) => name).sort();
    expect(names(all)).toEqual(['//cart:release', '//docs:release', '//pay:release']);
    expect(names(earlyRelease)).toEqual(['//docs:release', '//pay:release']);
    expect(names(lateRelease)).toEqual(['//cart:release']);
  });

  test('run the own tests of all their releases, each once, and share no leg with those that wait otherwise', () => {
    const rules = { ...RULES, maxJobs: 1 };
    const legs = legsOf(SELECTION, rules, undefined, waits('own-tests'));
    expect(legs.filter(({ mode }) => mode === 'release')).toEqual([
      expect.objectContaining({
        targets: ['//docs:release', '//pay:release'],
        ownTests: ['//lib:t', '//pay:t'],
      }),
      expect.objectContaining({ targets: ['//cart:release'], waitsForTests: true }),
    ]);
  });

  test('have nothing of that if releases wait for nothing', () => {
    const legs = legsOf(SELECTION, RULES, undefined, waits('plan'));
    for (const leg of legs) expect(Object.keys(leg).sort()).toEqual(['mode', 'name', 'runsOn', 'targets']);
  });
});
