import { expect, test } from '@jest/globals';
import { QueriedPackage } from '../../src/graph/package.js';
import type { Target } from '../../src/graph/target.js';
import { generated, packageGroup, rule, source, workspacePath } from '../support/builders.js';

const made = (path: string, ...targets: readonly Target[]): QueriedPackage =>
  new QueriedPackage(workspacePath(path), targets);

test('a package has its targets in order', () => {
  expect(
    made('a', rule('//a:z'), source('//a:b/c'), rule('//a:Z'))
      .targets()
      .map(({ label }) => label),
  ).toEqual(['//a:Z', '//a:b/c', '//a:z']);
});

test('its outline says which packages it uses, what its toolchains stand for, what its rules need, its genqueries, and how many targets a plan can name', () => {
  const { outline } = made(
    'a',
    rule('//a:r', {
      inputs: ['//c:x', '//b:x', '//a:s', '@repo//d:x', '//:top'],
      toolchains: ['@tools//:impl'],
    }),
    rule('//a:t', { toolchains: ['//b:impl'], constraints: ['//c:os', '//b:cpu'] }),
    rule('//a:q', { ruleClass: 'genquery' }),
    rule('//a:p', { ruleClass: 'genquery' }),
    source('//a:s', 'same', ['//groups:g']),
    generated('//a:out', '//a:r'),
    packageGroup('//a:g', 'same', ['//groups:h']),
  );
  expect(outline).toEqual({
    uses: ['', 'b', 'c', 'groups'],
    toolchains: ['//b:impl', '@tools//:impl'],
    constraints: ['//b:cpu', '//c:os'],
    queries: ['//a:p', '//a:q'],
    namedCount: 5,
  });
});

test('it is known to equal itself alone', () => {
  const one = made('a', rule('//a:r'));
  expect(one.isKnownToEqual(one)).toBe(true);
  expect(one.isKnownToEqual(made('a', rule('//a:r')))).toBe(false);
});
