import { expect, test } from '@jest/globals';
import type { Label } from '../../../src/graph/label.js';
import type { Target } from '../../../src/graph/target.js';
import { orderThatMatters } from '../../../src/plan/externals/toolchain-types.js';
import { rule } from '../../support/builders.js';
import { mappingOf } from '../../support/externals.js';

const NAMES = mappingOf({ '': '', one: 'one~', other: 'other~' });

function toolchain(label: string, ...inputs: readonly string[]): Target {
  return rule(label, { ruleClass: 'toolchain', inputs });
}

function type(label: string): Target {
  return rule(label, { ruleClass: 'toolchain_type' });
}

function alias(label: string, actual: string): Target {
  return rule(label, { ruleClass: 'alias', inputs: [actual] });
}

const CPU = rule('@one//:cpu', { ruleClass: 'constraint_value' });

/** Two modules whose order may differ, each with one pattern, in a world of these targets. */
async function why(
  targets: readonly Target[],
  patterns: readonly [readonly string[] | null, readonly string[] | null] = [
    ['@@one~//:all'],
    ['@@other~//:all'],
  ],
  arePlatforms = false,
): Promise<string | null> {
  const [one, other] = patterns;
  return orderThatMatters(
    [
      {
        modules: ['one', 'other'],
        patterns: [one as readonly Label[] | null, other as readonly Label[] | null],
        arePlatforms,
      },
    ],
    (wanted: readonly Label[]) =>
      Promise.resolve(
        targets.filter(({ label }) =>
          wanted.some((each) => {
            const asked = each.replace(/^@@(one|other)~/, '@$1');
            const [, prefix] = /^(.*)(?:\.\.\.|:all)$/.exec(asked) ?? [];
            return asked === label || (prefix !== undefined && label.startsWith(prefix));
          }),
        ),
      ),
    NAMES,
  );
}

const SAID =
  'the toolchains of the module one may be considered in another order than before beside those of the module other, because other modules depend on it';

test('toolchains of different types do not compete, whatever constraints they share', async () => {
  const targets = [
    toolchain('@one//:a', '@one//:type', '@one//:cpu'),
    toolchain('@other//:b', '@other//:type', '@one//:cpu'),
    type('@one//:type'),
    type('@other//:type'),
    CPU,
  ];
  expect(await why(targets)).toBeNull();
});

test('toolchains of one type compete, also if one names it by an alias', async () => {
  expect(
    await why([
      toolchain('@one//:a', '@one//:type'),
      toolchain('@other//:b', '@one//:type'),
      type('@one//:type'),
    ]),
  ).toBe(SAID);
  expect(
    await why([
      toolchain('@one//:a', '@one//:type'),
      toolchain('@other//:b', '@other//:type'),
      alias('@other//:type', '@other//:via'),
      alias('@other//:via', '@one//:type'),
      type('@one//:type'),
    ]),
  ).toBe(SAID);
});

test('toolchains may compete if their types are not known', async () => {
  const other = [toolchain('@other//:b', '@other//:type'), type('@other//:type')];
  expect(await why([toolchain('@one//:a', '@one//:lost'), ...other])).toBe(SAID);
  expect(await why([toolchain('@one//:a'), ...other])).toBe(SAID);
  expect(await why(other)).toBe(SAID);
  expect(await why(other, [null, ['@@other~//:all']])).toBe(SAID);
});

test('an alias is no toolchain among all targets of a package, but by its name', async () => {
  const targets = [
    alias('@one//:tool', '@one//:lost'),
    toolchain('@one//:a', '@one//:type'),
    type('@one//:type'),
    toolchain('@other//:b', '@other//:type'),
    type('@other//:type'),
  ];
  expect(await why(targets)).toBeNull();
  expect(await why(targets, [['@@one~//:a'], ['@@other~//:b']])).toBeNull();
  expect(await why(targets, [['@@one~//:tool'], ['@@other~//:b']])).toBe(SAID);
});

test('a target called all is what a pattern with this name means', async () => {
  const targets = [
    alias('@one//:all', '@one//:lost'),
    toolchain('@other//:b', '@other//:type'),
    type('@other//:type'),
  ];
  expect(await why(targets)).toBe(SAID);
});

test('an alias counts among all targets of a repository, because a pattern of this kind may stand for its name', async () => {
  const sharing = [
    toolchain('@one//:a', '@one//:type'),
    type('@one//:type'),
    alias('@one//:tool', '@other//:b'),
    toolchain('@other//:b', '@other//:type'),
    type('@other//:type'),
  ];
  const patterns = [['@@one~//...'], ['@@other~//:all']] as const;
  expect(await why(sharing, patterns)).toBe(SAID);
  const [a, ofA] = sharing;
  const apart = [a, ofA, alias('@one//:file', '@one//:cpu'), CPU, ...sharing.slice(3)].filter(
    (each) => each !== undefined,
  );
  expect(await why(apart, patterns)).toBeNull();
});

test('execution platforms compete with each other', async () => {
  expect(await why([], [[], []], true)).toBe(SAID);
});

test('a module that registers nothing competes with none', async () => {
  expect(
    await why([toolchain('@one//:a', '@one//:type'), type('@one//:type')], [['@@one~//:all'], []]),
  ).toBeNull();
});
