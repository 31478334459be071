import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RuleTarget, TestSize } from '../../../src/graph/target.js';
import { expectedSeconds } from '../../../src/plan/legs/duration.js';
import type { Leg, RunsOn } from '../../../src/plan/legs/leg.js';
import { FAN_OUTS, legsOf, MOST_JOBS, type LegRules } from '../../../src/plan/legs/legs.js';
import type { Selection } from '../../../src/plan/legs/selection.js';
import { rule, testRule } from '../../support/builders.js';

function legs(
  chosen: {
    readonly test?: readonly RuleTarget[];
    readonly build?: readonly RuleTarget[];
    readonly release?: readonly RuleTarget[];
  },
  rules: Partial<LegRules> = {},
): Leg[] {
  const selection: Selection = { chosen: { test: [], build: [], release: [], ...chosen }, excluded: [] };
  return legsOf(selection, {
    fanOut: 'target',
    maxJobs: MOST_JOBS,
    runsOn: 'ubuntu-latest',
    runners: new Map(),
    ...rules,
  });
}

function tests(count: number, size: TestSize = 'medium'): RuleTarget[] {
  return Array.from({ length: count }, (_, index) => testRule(`//p:t${index}`, { size }));
}

describe('fan-out', () => {
  test('target gives each target a leg named after it', () => {
    expect(legs({ test: [testRule('//a:t')], release: [rule('//b:push')] })).toEqual([
      { name: '//a:t', mode: 'test', targets: ['//a:t'], runsOn: 'ubuntu-latest' },
      { name: '//b:push', mode: 'release', targets: ['//b:push'], runsOn: 'ubuntu-latest' },
    ]);
  });

  test('single gives each mode and runner one leg', () => {
    const gpu = testRule('//g:t', { tags: ['gpu'] });
    const made = legs(
      { test: [...tests(5), gpu], build: [rule('//b:b')] },
      { fanOut: 'single', runners: new Map([['gpu', ['self-hosted', 'gpu']]]) },
    );
    expect(made.map((leg) => [leg.mode, leg.targets.length, leg.runsOn])).toEqual([
      ['test', 5, 'ubuntu-latest'],
      ['build', 1, 'ubuntu-latest'],
      ['test', 1, ['self-hosted', 'gpu']],
    ]);
  });

  test('balanced puts short tests together and spreads long ones', () => {
    expect(legs({ test: tests(20, 'small') }, { fanOut: 'balanced' })).toHaveLength(1);
    expect(
      legs({ test: tests(24, 'medium') }, { fanOut: 'balanced' }).map((leg) => leg.targets.length),
    ).toEqual([6, 6, 6, 6]);
    expect(legs({ test: tests(3, 'enormous') }, { fanOut: 'balanced' })).toHaveLength(3);
  });
});

describe('the runner of a target', () => {
  const runners = new Map([
    ['gpu', 'gpu-runner'],
    ['large', 'large-runner'],
  ]);
  const runnerOf = (...tags: readonly string[]) =>
    legs({ test: [testRule('//a:t', { tags })] }, { runners })[0]?.runsOn;

  test('is that of the first tag in the map that it has', () => {
    expect(runnerOf('large', 'gpu')).toBe('gpu-runner');
    expect(runnerOf('large')).toBe('large-runner');
  });

  test('is the default one for all others', () => {
    expect(runnerOf('other')).toBe('ubuntu-latest');
  });
});

test('legs of one length start in the order of their labels', () => {
  const rules = ['//c:t', '//a:t', '//b:t'].map((name) => testRule(name));
  expect(legs({ test: rules }).map((leg) => leg.name)).toEqual(['//a:t', '//b:t', '//c:t']);
});

test('targets of two projects share no leg, whatever the fan-out and the limit', () => {
  const chosen = {
    test: ['//a:x', '//b:x', '//a/b:x', '//c:x'].map((name) => testRule(name)),
    build: [],
    release: [],
  };
  const projectOf = (name: string) => (name.startsWith('//a') ? 'a' : name.startsWith('//b') ? 'b' : null);
  for (const fanOut of ['single', 'balanced', 'target'] as const) {
    const rules = { fanOut, maxJobs: 1, runsOn: 'x', runners: new Map() };
    const made = legsOf({ chosen, excluded: [] }, rules, projectOf).map((leg) => leg.targets);
    expect(made).toEqual([['//a/b:x', '//a:x'], ['//b:x'], ['//c:x']]);
  }
});

describe('the name of a leg', () => {
  const nameOf = (...names: readonly string[]) =>
    legs({ test: names.map((name) => testRule(name)) }, { fanOut: 'single' })[0]?.name ?? '';

  test('says how many targets share it', () => {
    expect(nameOf('//b:t', '//a:t', '//c:t')).toBe('//a:t + 2 more');
  });

  test('keeps the end of a label that is too long', () => {
    const name = nameOf(`//${'deep/'.repeat(40)}package:the_test`);
    expect(name).toHaveLength(100);
    expect(name).toMatch(/^…/);
    expect(name).toMatch(/package:the_test$/);
  });

  test('holds no control character, line separator or override', () => {
    const name = nameOf('//a:x\n::error::\u001b[31m\u202e\u2028\u0000t');
    expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(name).toBe('//a:x?::error::?[31m???t');
  });

  test('is cut through no character', () => {
    const name = nameOf(`//a:${'😀'.repeat(80)}t`);
    expect(name.isWellFormed()).toBe(true);
  });

  test('is another one where two legs would have the same', () => {
    const long = 'x'.repeat(120);
    const made = legs({ test: [testRule(`//a:${long}`), testRule(`//b:${long}`), testRule(`//c:${long}`)] });
    const suffixes = made.map((leg) => / \(\d\)$/.exec(leg.name)?.[0] ?? '');
    expect(suffixes).toEqual(['', ' (2)', ' (3)']);
    expect(made.every((leg) => leg.name.length === 100)).toBe(true);
  });
});

describe('any selection', () => {
  const sizes = fc.constantFrom<TestSize>('small', 'medium', 'large', 'enormous');
  const targets = fc.uniqueArray(
    fc.record({
      name: fc.oneof(
        fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
        fc.constantFrom(
          '${{ secrets.X }}',
          'a\nb',
          '`x`',
          '|',
          '<script>',
          '\u001b[31m',
          'x'.repeat(150),
          'y'.repeat(150),
        ),
      ),
      mode: fc.constantFrom('test', 'build', 'release'),
      size: sizes,
      tags: fc.subarray(['gpu', 'large', 'mac']),
    }),
    { selector: ({ name }) => name, maxLength: 60 },
  );
  const rules = fc.record({
    fanOut: fc.constantFrom(...FAN_OUTS),
    maxJobs: fc.integer({ min: 1, max: MOST_JOBS }),
  });
  const runners = new Map<string, RunsOn>([
    ['gpu', 'gpu-runner'],
    ['large', ['self-hosted', 'large']],
  ]);

  test('puts every target into exactly one leg of its mode and runner, within the limits', () => {
    fc.assert(
      fc.property(targets, rules, (specifications, by) => {
        const chosen = { test: [] as RuleTarget[], build: [] as RuleTarget[], release: [] as RuleTarget[] };
        for (const { name, mode, size, tags } of specifications) {
          const made =
            mode === 'test' ? testRule(`//p:${name}`, { size, tags }) : rule(`//p:${name}`, { tags });
          chosen[mode].push(made);
        }
        const made = legs(chosen, { ...by, runners });
        const known = new Map(
          Object.values(chosen)
            .flat()
            .map((one) => [one.label, one]),
        );

        for (const mode of ['test', 'build', 'release'] as const) {
          const placed = made.filter((leg) => leg.mode === mode).flatMap((leg) => leg.targets);
          expect(placed.sort()).toEqual(chosen[mode].map((one) => one.label).sort());
        }
        const groups = new Set(made.map((leg) => JSON.stringify([leg.mode, leg.runsOn])));
        expect(made.length).toBeLessThanOrEqual(Math.max(by.maxJobs, groups.size));
        expect(new Set(made.map((leg) => leg.name)).size).toBe(made.length);
        for (const leg of made) {
          expect(leg.targets.length).toBeGreaterThan(0);
          expect(leg.targets).toEqual([...leg.targets].sort());
          expect(leg.name.length).toBeLessThanOrEqual(100);
          expect(leg.name).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);
          for (const target of leg.targets) {
            const tags = known.get(target)?.tags ?? [];
            const runner = tags.includes('gpu')
              ? 'gpu-runner'
              : tags.includes('large')
                ? ['self-hosted', 'large']
                : 'ubuntu-latest';
            expect(leg.runsOn).toEqual(runner);
          }
        }
        const seconds = made.map((leg) =>
          leg.targets.reduce((sum, target) => sum + expectedSeconds(known.get(target) ?? rule('//x:x')), 0),
        );
        expect(seconds).toEqual([...seconds].sort((one, other) => other - one));
      }),
    );
  });

  test('uses all the jobs that it may where targets are more', () => {
    expect(legs({ test: tests(1000) })).toHaveLength(MOST_JOBS);
    const lengths = legs({ test: tests(1000) }).map((leg) => leg.targets.length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
  });

  test('makes the same legs whatever the order of the targets', () => {
    const rules = [...tests(9, 'large'), testRule('//a:short', { size: 'small' })];
    expect(legs({ test: rules.toReversed() })).toEqual(legs({ test: rules }));
  });
});

describe('expectedSeconds', () => {
  test('grows with the size, and never beyond the timeout', () => {
    const seconds = (['small', 'medium', 'large', 'enormous'] as const).map((size) =>
      expectedSeconds(testRule('//a:t', { size })),
    );
    expect(seconds).toEqual([...seconds].sort((one, other) => one - other));
    expect(expectedSeconds(testRule('//a:t', { test: { size: 'enormous', timeout: 'short' } }))).toBe(60);
  });
});
