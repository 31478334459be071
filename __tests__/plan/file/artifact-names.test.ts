import { expect, test } from '@jest/globals';
import {
  isPlanArtifact,
  isUndonePlan,
  legArtifactPrefix,
  newPlanArtifact,
} from '../../../src/plan/file/artifact-names.js';
import { plan } from '../../support/builders.js';

const deleted = plan({ nothingToDo: { reason: 'the branch topic was deleted' } });
const undone = plan({ problems: ['1 release is withheld.'] });

test("a plan's artifact tells other runs whether the plan leaves something undone", () => {
  expect(isUndonePlan(newPlanArtifact(plan(), 1), null)).toBe(false);
  expect(isUndonePlan(newPlanArtifact(deleted, 1), null)).toBe(true);
  expect(isUndonePlan(newPlanArtifact(undone, 1), null)).toBe(true);
  expect(isUndonePlan('undone-1-', null)).toBe(false);
});

test('a plan that an earlier attempt made does not count where a later one made another', () => {
  const artifact = newPlanArtifact(undone, 12);
  expect([1, 2, 12].map((attempt) => isUndonePlan(artifact, attempt))).toEqual([false, false, true]);
});

test("each plan's artifact has a name of its own, from which those of its legs are made", () => {
  const [one, other] = [newPlanArtifact(deleted, 1), newPlanArtifact(deleted, 1)];
  expect([isPlanArtifact(one), one === other]).toEqual([true, false]);
  expect(legArtifactPrefix(one)).toMatch(/^bazel-affected-leg-undone-1-[0-9a-f]{12}-$/);
});
