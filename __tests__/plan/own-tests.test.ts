import { describe, expect, test } from '@jest/globals';
import type { Graph } from '../../src/graph/graph.js';
import { Affected } from '../../src/plan/affected/affected.js';
import { ownTests } from '../../src/plan/own-tests.js';
import type { Scope } from '../../src/plan/reach.js';
import {
  generated,
  graph,
  label,
  labels,
  packageGroup,
  rule,
  source,
  testRule,
} from '../support/builders.js';

/** Two services that share a library, each with a test, a test through a helper, and a release. */
const SHOP = graph(
  source('//lib:lib.cc'),
  rule('//lib:lib', { inputs: ['//lib:lib.cc', '//:everybody'] }),
  testRule('//lib:lib_test', { inputs: ['//lib:lib'] }),
  packageGroup('//:everybody'),
  ...['pay', 'cart'].flatMap((name) => [
    source(`//${name}:main.cc`),
    source(`//${name}:test.cc`),
    rule(`//${name}:gen`, { inputs: [`//${name}:main.cc`] }),
    generated(`//${name}:out`, `//${name}:gen`),
    rule(`//${name}:app`, { inputs: [`//${name}:out`, '//lib:lib', '//:everybody'] }),
    rule(`//${name}:helper`, { inputs: [`//${name}:app`] }),
    testRule(`//${name}:test`, {
      inputs: [`//${name}:app`, `//${name}:test.cc`, '//:everybody', '@rules//:tool'],
    }),
    testRule(`//${name}:slow_test`, { inputs: [`//${name}:helper`] }),
    rule(`//${name}:release`, { inputs: [`//${name}:app`, '@rules//:tool'] }),
  ]),
);
const RELEASES = labels('//pay:release', '//cart:release');
const TESTS = labels('//lib:lib_test', '//pay:test', '//pay:slow_test', '//cart:test', '//cart:slow_test');

function changed(...seeds: readonly string[]): Scope {
  const affected = Affected.of(
    SHOP,
    labels(...seeds).map((each) => ({ label: each, kind: 'content', change: null })),
  );
  return { kind: 'some', affected };
}

const EVERYTHING: Scope = { kind: 'everything', because: { reason: 'MODULE.bazel changed', change: null } };

function ownIn(scope: Scope, tests = TESTS, of: Graph = SHOP): Record<string, readonly string[]> {
  return Object.fromEntries(ownTests(RELEASES, tests, scope, of));
}

describe('if some targets are affected, the own tests of a release', () => {
  test('are the tests that its seeds reach, and not those that only other seeds reach', () => {
    expect(ownIn(changed('//pay:main.cc', '//cart:test.cc'))).toEqual({
      '//pay:release': ['//pay:slow_test', '//pay:test'],
      '//cart:release': [],
    });
  });

  test('are all tests of a shared library that changed, because each shows what the change breaks', () => {
    const all = [...TESTS].sort();
    expect(ownIn(changed('//lib:lib.cc'))).toEqual({ '//pay:release': all, '//cart:release': all });
  });

  test('are only tests that are planned', () => {
    expect(ownIn(changed('//pay:main.cc'), labels('//pay:test'))['//pay:release']).toEqual(['//pay:test']);
  });

  test('are found through edges that only flags and external repositories have', () => {
    const affected = Affected.of(SHOP, [{ label: label('//pay:test.cc'), kind: 'content', change: null }], {
      usersOf: (each) => (each === '//pay:test.cc' ? labels('//cart:release', '//lib:lib_test') : []),
    });
    expect(ownIn({ kind: 'some', affected })['//cart:release']).toEqual(['//lib:lib_test', '//pay:test']);
  });
});

describe('if everything is affected, the own tests of a release', () => {
  test('are the tests of what it consists of, also through targets of their own', () => {
    expect(ownIn(EVERYTHING)['//pay:release']).toEqual(['//lib:lib_test', '//pay:slow_test', '//pay:test']);
  });

  test('are not those of another release that shares code, or may be seen by the same packages', () => {
    expect(ownIn(EVERYTHING)['//cart:release']).not.toContain('//pay:test');
  });

  test('include a test that it consists of itself', () => {
    const checked = graph(
      testRule('//pay:test'),
      rule('//pay:release', { inputs: ['//pay:test'] }),
      rule('//cart:release'),
    );
    expect(ownIn(EVERYTHING, labels('//pay:test'), checked)).toEqual({
      '//pay:release': ['//pay:test'],
      '//cart:release': [],
    });
  });
});

test('each release has an entry, also without any test', () => {
  expect(ownIn(EVERYTHING, [])).toEqual({ '//pay:release': [], '//cart:release': [] });
});
