import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../src/graph/target.js';
import { Affected } from '../../../src/plan/affected/affected.js';
import type { Seed } from '../../../src/plan/affected/seed.js';
import {
  escalationByExternalTarget,
  NO_EXTERNAL_DIFFERENCE,
  type ExternalDifference,
} from '../../../src/plan/externals/external-difference.js';
import { graph, label, repositoryPath, rule } from '../../support/builders.js';

const SEED: Seed = { label: label('@x//:t'), kind: 'definition', change: repositoryPath('lock.txt') };

/** What a change of `@x//:t` escalates to, on which `//a:impl` depends. */
function because(targets: readonly Target[], difference: Partial<ExternalDifference> = {}) {
  const whole: ExternalDifference = {
    ...NO_EXTERNAL_DIFFERENCE,
    seeds: [SEED],
    usersOf: (user) => (user === SEED.label ? [label('//a:impl')] : []),
    targetsOf: (wanted) => targets.filter((target) => target.label === wanted),
    ...difference,
  };
  return escalationByExternalTarget(Affected.of(graph(rule('//a:impl')), whole.seeds, whole), whole);
}

describe('a change of an external target', () => {
  test('reaches no further than its edges, if it is an ordinary one', () => {
    expect(because([rule('@x//:t'), rule('@x//:t')])).toBeNull();
  });

  test.each(['@x//:t', '//a:impl'])(
    'affects everything by %s, where no query shows who uses that',
    (name) => {
      const named = new Map([[label(name), 'used by a registered toolchain']]);
      expect(because([], { named })).toMatchObject({
        reason: expect.stringContaining(`${name} (used by a registered toolchain) changed`),
        change: 'lock.txt',
      });
    },
  );

  test.each(['platform', 'toolchain', 'environment'])('affects everything if it is a %s', (ruleClass) => {
    expect(because([rule('@x//:t', { ruleClass })])?.reason).toContain(ruleClass);
  });

  test('affects everything if it is a build setting that both revisions have', () => {
    const setting = rule('@x//:t', { buildSetting: true });
    expect(because([setting, setting])?.reason).toContain('build setting');
    expect(because([setting])).toBeNull();
  });
});
