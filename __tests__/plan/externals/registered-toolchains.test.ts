import { describe, expect, test } from '@jest/globals';
import type { Label } from '../../../src/graph/label.js';
import {
  areTooMany,
  MOST_REPOSITORIES,
  patternWithoutTargets,
  registeredToolchains,
} from '../../../src/plan/externals/registered-toolchains.js';
import { label, labels, rule } from '../../support/builders.js';
import { mappingOf } from '../../support/externals.js';

const NAMES = mappingOf({ '': '', tc: 'tc~', sdk: 'sdk~' });

function toolchain(name: string, stands: string, definition = 'same') {
  return rule(name, { ruleClass: 'toolchain', toolchains: [stands], definition });
}

describe('registered toolchains', () => {
  const linux = toolchain('@tc//:linux', '@sdk//:impl');

  test('are resolved in the same way, whatever else a pattern matches and in whatever order', () => {
    const mac = toolchain('@tc//:mac', '//own:impl');
    const { resolution, labels: behind } = registeredToolchains([linux, mac], NAMES);
    expect(registeredToolchains([mac, rule('@tc//:other'), linux], NAMES).resolution).toBe(resolution);
    expect([...behind].sort()).toEqual(['//own:impl', '@@sdk~//:impl', '@@tc~//:linux', '@@tc~//:mac']);
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

test('targets of the main repository need no fetch, and others are too many in many repositories only', () => {
  const of = (count: number) => labels(...Array.from({ length: count }, (_, index) => `@@r${index}~//:x`));
  expect(areTooMany([...of(MOST_REPOSITORIES), ...of(1), label('//a:b')])).toBe(false);
  expect(areTooMany(of(MOST_REPOSITORIES + 1))).toBe(true);
});
