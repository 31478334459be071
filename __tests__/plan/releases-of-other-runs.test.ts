import { expect, test } from '@jest/globals';
import { Affected } from '../../src/plan/affected/affected.js';
import { parsePlanInputs } from '../../src/plan/plan-inputs.js';
import type { Scope } from '../../src/plan/reach.js';
import type { ReleasedSince } from '../../src/plan/released-since.js';
import { madeOtherwise } from '../../src/plan/releases-of-other-runs.js';
import { graph, label, rule, testRule } from '../support/builders.js';

const RELEASE = { ruleClass: 'artifact_ci_release' };
const GRAPH = graph(
  rule('//a:release', { ...RELEASE, inputs: ['//a:lib'] }),
  rule('//a:lib'),
  rule('//b:release', RELEASE),
  rule('//c:release', RELEASE),
  testRule('//c:test'),
);
/** `//a:release` is affected. */
const SOME: Scope = {
  kind: 'some',
  affected: Affected.of(GRAPH, [{ label: label('//a:lib'), kind: 'content', change: null }]),
};

function made(since: ReleasedSince, scope = SOME): Record<string, string> {
  const found = madeOtherwise(
    { scope, graph: GRAPH },
    since,
    parsePlanInputs(() => ''),
  );
  return Object.fromEntries([...found].map(([release, why]) => [release.label, why]));
}

function legs(...names: readonly string[]): ReleasedSince {
  return { kind: 'legs', legs: new Map(names.map((name) => [name, 'URL'])) };
}

test('what another run released is released again if nothing affects it, and it is still a release', () => {
  expect(made(legs('//a:release', '//b:release', '//a:lib', '//c:test', '//gone:release'))).toEqual({
    '//b:release': 'the run URL, which is not the base, releases it',
  });
});

test('if another run may have released anything, all releases are released again that nothing affects', () => {
  expect(made({ kind: 'any', why: 'why' })).toEqual({ '//b:release': 'why', '//c:release': 'why' });
});

test('if everything is affected, nothing is added', () => {
  const everything: Scope = { kind: 'everything', because: { reason: 'r', change: null } };
  expect(made({ kind: 'any', why: 'why' }, everything)).toEqual({});
});
