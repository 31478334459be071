import { describe, expect, test } from '@jest/globals';
import { parsePattern } from '../../../src/plan/legs/patterns.js';
import {
  select,
  withoutTests,
  type PlanMode,
  type SelectionRules,
} from '../../../src/plan/legs/selection.js';
import type { RuleTarget } from '../../../src/graph/target.js';
import { rule, testRule } from '../../support/builders.js';

function selected(rules: readonly RuleTarget[], by: Partial<SelectionRules> = {}) {
  const { chosen, excluded } = select(rules, {
    targets: [parsePattern('//...')],
    isReleaseKind: (ruleClass) => ruleClass === 'image_push',
    excludeTags: ['manual', 'no-ci'],
    mode: 'build',
    whyIncompatible: () => null,
    ...by,
  });
  const names = (list: readonly RuleTarget[]) => list.map((one) => one.label);
  return {
    test: names(chosen.test),
    build: names(chosen.build),
    release: names(chosen.release),
    excluded: excluded.map(({ label, why }) => `${label}: ${why}`),
  };
}

const NONE = { test: [], build: [], release: [], excluded: [] };
const release = (name: string, tags: readonly string[] = []) => rule(name, { ruleClass: 'image_push', tags });

describe('select', () => {
  test('tests tests, in every mode', () => {
    for (const mode of ['test', 'build', 'release'] as const) {
      expect(selected([testRule('//a:t')], { mode })).toEqual({ ...NONE, test: ['//a:t'] });
    }
  });

  test.each<[PlanMode, object]>([
    ['release', { release: ['//a:push'] }],
    ['build', { build: ['//a:push'] }],
    ['test', { excluded: ['//a:push: mode test: releases are left out'] }],
  ])('does in mode %s with a release what the mode says', (mode, expected) => {
    expect(selected([release('//a:push')], { mode })).toEqual({ ...NONE, ...expected });
  });

  test('tests a test though the release kinds match it, in every mode', () => {
    const isReleaseKind = (ruleClass: string) => ruleClass === 'sh_test';
    for (const mode of ['test', 'build', 'release'] as const) {
      expect(selected([testRule('//a:t')], { isReleaseKind, mode })).toEqual({ ...NONE, test: ['//a:t'] });
    }
  });

  test('leaves out by tag, and says by which', () => {
    expect(selected([testRule('//a:t', { tags: ['x', 'no-ci'] }), release('//a:push', ['manual'])])).toEqual({
      ...NONE,
      excluded: ['//a:push: tag manual', '//a:t: tag no-ci'],
    });
  });

  test('leaves out what no platform can build, and says why', () => {
    const whyIncompatible = ({ label }: RuleTarget) => (label.endsWith(':never') ? 'no platform can' : null);
    const rules = [testRule('//a:never'), testRule('//a:t'), release('//b:never')];
    expect(selected(rules, { whyIncompatible })).toEqual({
      ...NONE,
      test: ['//a:t'],
      excluded: ['//a:never: no platform can', '//b:never: no platform can'],
    });
  });

  test('leaves out by pattern, and says by which', () => {
    const targets = [parsePattern('//a/...'), parsePattern('-//a/b/...')];
    expect(selected([testRule('//a:t'), testRule('//a/b:t'), testRule('//c:t')], { targets })).toEqual({
      ...NONE,
      test: ['//a:t'],
      excluded: ['//a/b:t: target pattern -//a/b/...', '//c:t: no target pattern matches it'],
    });
  });

  test('leaves out test suites by their own rule', () => {
    expect(selected([rule('//a:all_tests', { ruleClass: 'test_suite' })]).excluded).toEqual([
      '//a:all_tests: a test_suite is not run itself; its tests are',
    ]);
  });

  test('has nothing to say of what is neither a test nor a release', () => {
    expect(selected([rule('//a:lib'), rule('//a:alias', { ruleClass: 'alias', tags: ['no-ci'] })])).toEqual(
      NONE,
    );
  });

  test('sorts every list by label', () => {
    const rules = ['//b:t', '//a/z:t', '//a:t', '//a:T'].map((name) => testRule(name));
    expect(selected(rules).test).toEqual(['//a/z:t', '//a:T', '//a:t', '//b:t']);
  });
});

test('a selection without its tests leaves each of them out with the reason, and keeps the rest', () => {
  const rules = [testRule('//a:t'), testRule('//b:t', { tags: ['manual'] }), rule('//b:release')];
  const all = { targets: [parsePattern('//...')], isReleaseKind: () => true, excludeTags: ['manual'] };
  const selection = select(rules, { ...all, mode: 'release', whyIncompatible: () => null });
  const { chosen, excluded } = withoutTests(selection, 'tested before');
  expect([chosen.test, chosen.release.map(({ label }) => label)]).toEqual([[], ['//b:release']]);
  expect(excluded).toEqual([
    { label: '//a:t', why: 'tested before' },
    { label: '//b:t', why: 'tag manual' },
  ]);
});
