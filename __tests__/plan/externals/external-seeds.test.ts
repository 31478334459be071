import { describe, expect, test } from '@jest/globals';
import type { RepositoryMapping } from '../../../src/graph/repository.js';
import { externalSeeds } from '../../../src/plan/externals/external-seeds.js';
import type { ReachedExternals } from '../../../src/loading/externals/reached-externals.js';
import { generated, repositoryPath, rule, source } from '../../support/builders.js';
import { reached } from '../../support/externals.js';

const NO_NAMES: RepositoryMapping = new Map();

type Parts = Parameters<typeof reached>[1];

/** The seeds of targets whose repositories reach a change if they begin with `r`, and changed if they are `rc~`. */
function seeds(before: Parts, after: Parts): string[] {
  const [old, now] = [before, after].map((parts): ReachedExternals => reached(NO_NAMES, parts));
  if (old === undefined || now === undefined) throw new Error('two sides');
  const changes = {
    isChanged: (name: string) => name === 'rc~',
    reachesChange: (name: string) => name.startsWith('r'),
  };
  return externalSeeds(old, now, changes, repositoryPath('MODULE.bazel'), (label) => label).map(
    ({ label, kind }) => `${label} ${kind}`,
  );
}

describe('an external target is a seed', () => {
  test('if it is new, gone or has another definition or kind', () => {
    const old = rule('@@r~//:x');
    expect(seeds({}, { targets: [old] })).toEqual(['@@r~//:x new target']);
    expect(seeds({ targets: [old] }, {})).toEqual(['@@r~//:x deleted target']);
    for (const now of [
      rule('@@r~//:x', { definition: 'other' }),
      source('@@r~//:x'),
      generated('@@r~//:x', '@@r~//:y'),
    ])
      expect(seeds({ targets: [old] }, { targets: [now] })).toEqual(['@@r~//:x definition']);
    expect(seeds({ targets: [old] }, { targets: [old] })).toEqual([]);
  });

  test('if it has other inputs, in whatever order', () => {
    const withInputs = (...inputs: readonly string[]): Parts => ({ targets: [rule('@@r~//:x', { inputs })] });
    expect(seeds(withInputs('//a:a', '//b:b'), withInputs('//b:b', '//a:a'))).toEqual([]);
    expect(seeds(withInputs('//a:a'), withInputs('//b:b'))).toEqual(['@@r~//:x definition']);
  });

  test('if it is a file with another content, or one that can be read on one side', () => {
    const file = (label: string, content: string | null): Parts => ({
      targets: [source(label)],
      contents: { [label]: content },
    });
    expect(seeds(file('@@r~//:x', 'a'), file('@@r~//:x', 'b'))).toEqual(['@@r~//:x content']);
    expect(seeds(file('@@r~//:x', 'a'), file('@@r~//:x', null))).toEqual(['@@r~//:x content']);
    expect(seeds(file('@@r~//:x', null), file('@@r~//:x', 'a'))).toEqual(['@@r~//:x content']);
    expect(seeds(file('@@rc~//:x', 'a'), file('@@rc~//:x', 'a'))).toEqual([]);
  });

  test('if it is a file that cannot be read, of a repository whose files may differ', () => {
    for (const [label, expected] of [
      ['@@rc~//:x', ['@@rc~//:x content']],
      ['@@r~//:x', []],
    ] as const)
      expect(seeds({ targets: [source(label)] }, { targets: [source(label)] })).toEqual(expected);
  });

  test('if Bazel did not find it now, and its repository reaches a change', () => {
    expect(seeds({}, { missing: ['@@r~//:x', '@@other~//:x'] })).toEqual(['@@r~//:x definition']);
    expect(seeds({ missing: ['@@r~//:x'] }, { missing: ['@@r~//:x'] })).toEqual(['@@r~//:x definition']);
  });
});
