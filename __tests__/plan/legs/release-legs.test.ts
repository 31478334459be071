import { describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../../src/graph/label.js';
import type { RuleTarget } from '../../../src/graph/target.js';
import type { Leg, Mode } from '../../../src/plan/legs/leg.js';
import { FAN_OUTS, legsOf, type FanOut } from '../../../src/plan/legs/legs.js';

function rules(mode: Mode, count: number): RuleTarget[] {
  return Array.from({ length: count }, (_, at) => ({
    kind: 'rule',
    label: parseLabel(`//${mode}:target_${at}`),
    ruleClass: mode,
    definition: '',
    tags: [],
    inputs: [],
    test: null,
    toolchains: [],
    buildSetting: false,
    executable: mode === 'release',
    starlark: false,
    constraints: [],
  }));
}

function legs(counts: Partial<Record<Mode, number>>, fanOut: FanOut, maxJobs = 256): Leg[] {
  const chosen = {
    test: rules('test', counts.test ?? 0),
    build: rules('build', counts.build ?? 0),
    release: rules('release', counts.release ?? 0),
  };
  return legsOf({ chosen, excluded: [] }, { fanOut, maxJobs, runsOn: 'x', runners: new Map() });
}

/** How many targets the legs of a mode have, largest first. */
function sizes(all: readonly Leg[], mode: Mode): number[] {
  return all
    .filter((leg) => leg.mode === mode)
    .map(({ targets }) => targets.length)
    .sort((one, other) => other - one);
}

describe('releases', () => {
  test.each(FAN_OUTS)('have a leg each, also where the fan-out is %s', (fanOut) => {
    expect(sizes(legs({ test: 4, release: 3 }, fanOut), 'release')).toEqual([1, 1, 1]);
  });

  test('still have a leg each where tests have to share theirs', () => {
    const all = legs({ test: 10, build: 5, release: 3 }, 'target', 6);
    expect(all).toHaveLength(6);
    expect(sizes(all, 'release')).toEqual([1, 1, 1]);
    expect(sizes(all, 'test')).toEqual([5, 5]);
  });

  test('share legs only where they alone are too many', () => {
    const all = legs({ test: 1, release: 10 }, 'target', 5);
    expect(all).toHaveLength(5);
    expect(sizes(all, 'release').reduce((sum, size) => sum + size, 0)).toBe(10);
  });
});

test('however targets are spread, each is in exactly one leg, and there are no more legs than allowed', () => {
  for (const fanOut of FAN_OUTS) {
    for (const maxJobs of [3, 4, 7, 50]) {
      const all = legs({ test: 9, build: 2, release: 6 }, fanOut, maxJobs);
      expect(all.length).toBeLessThanOrEqual(maxJobs);
      const labels = all.flatMap(({ targets }) => targets);
      expect(labels).toHaveLength(17);
      expect(new Set(labels).size).toBe(17);
      expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    }
  }
});
