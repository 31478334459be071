import { describe, expect, test } from '@jest/globals';
import type { Label } from '../../../src/graph/label.js';
import {
  areTooMany,
  MOST_REPOSITORIES,
  patternWithoutTargets,
  registeredToolchains,
} from '../../../src/plan/externals/registered-toolchains.js';
import { label, labels, rule } from '../../support/builders.js';
import { canonical, mappingOf } from '../../support/externals.js';

const NAMES = mappingOf({ '': '', tc: 'tc~', sdk: 'sdk~' });

function toolchain(name: string, stands: string, definition = 'same') {
  return rule(name, { ruleClass: 'toolchain', toolchains: [stands], definition });
}

describe('registered toolchains', () => {
  const linux = toolchain('@tc//:linux', '@sdk//:impl');

  test('are resolved in the same way, whatever else a pattern matches and in whatever order', () => {
    const mac = toolchain('@tc//:mac', '//own:impl');
    const { resolution, ...found } = registeredToolchains([linux, mac], NAMES);
    expect(registeredToolchains([mac, rule('@tc//:other'), linux], NAMES).resolution).toBe(resolution);
    expect([...found.labels].sort()).toEqual(['@@tc~//:linux', '@@tc~//:mac']);
    expect([...found.behind].sort()).toEqual(['//own:impl', '@@sdk~//:impl']);
  });

  test.each([
    ['is defined', toolchain('@tc//:linux', '@sdk//:impl', 'other')],
    ['stands for something', toolchain('@tc//:linux', '@sdk//:new')],
    ['is called something', toolchain('@tc//:unix', '@sdk//:impl')],
  ])('are resolved otherwise if one %s else', (_, other) => {
    expect(registeredToolchains([other], NAMES).resolution).not.toBe(
      registeredToolchains([linux], NAMES).resolution,
    );
  });
});

describe('a pattern of which Bazel found nothing', () => {
  const found = [rule('@tc//:linux'), rule('@sdk//deep/er:x')];

  test.each(['@@tc~//:all', '@@tc~//...', '@@sdk~//deep/...', '@@sdk~//deep/er:x', '@@sdk~//deep/er'])(
    'is not %s',
    (pattern) => {
      expect(patternWithoutTargets([pattern as Label], found, NAMES)).toBeNull();
    },
  );

  test.each(['@@lost~//:all', '@@tc~//other:all', '@@lost~//...'])('is %s', (pattern) => {
    expect(patternWithoutTargets([label('@@tc~//:all'), pattern as Label], found, NAMES)).toBe(pattern);
  });
});

test('what stands behind toolchains is too much only if many repositories have to be fetched for it', () => {
  const of = (count: number) => labels(...Array.from({ length: count }, (_, index) => `@@r${index}~//:x`));
  expect(areTooMany([...of(MOST_REPOSITORIES), ...of(1), label('//a:b')], new Set())).toBe(false);
  expect(areTooMany(of(MOST_REPOSITORIES + 1), new Set())).toBe(true);
  expect(areTooMany(of(MOST_REPOSITORIES + 1), new Set([canonical('r0~')]))).toBe(false);
});
