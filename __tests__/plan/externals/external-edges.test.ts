import { expect, test } from '@jest/globals';
import { ExternalEdges } from '../../../src/plan/externals/external-edges.js';
import { graph, label, rule, source } from '../../support/builders.js';
import { mappingOf, reachedTargets } from '../../support/externals.js';

const MAPPING = mappingOf({ lib: 'lib~', alias: 'lib~' });

function usersOf(used: string): readonly string[] {
  const main = graph(
    rule('//a:a', { inputs: ['@lib//:x', '//b:b'] }),
    rule('//b:b', { inputs: ['@@deep~//:x'] }),
  );
  const targets = reachedTargets(
    [rule('@lib//:x', { inputs: ['@lib//:missing', '@@deep~//:x', '//own:file'] }), source('@@deep~//:x')],
    MAPPING,
  );
  return new ExternalEdges(main, { targets }, MAPPING).usersOf(label(used));
}

test('the users of an external target are those of the main repository and external ones', () => {
  expect(usersOf('@lib//:x')).toEqual(['//a:a']);
  expect(usersOf('@@deep~//:x')).toEqual(['@lib//:x', '//b:b']);
  expect(usersOf('//own:file')).toEqual(['@lib//:x']);
  // The graph of the main repository has this edge itself.
  expect(usersOf('//b:b')).toEqual([]);
});

test('a target that Bazel did not find has users, by each name of its repository', () => {
  for (const name of ['@lib//:missing', '@alias//:missing', '@@lib~//:missing'])
    expect(usersOf(name)).toEqual(['@lib//:x']);
});
