import { expect, test } from '@jest/globals';
import {
  isPlanArtifact,
  isUndonePlan,
  legArtifactPrefix,
  newPlanArtifact,
} from '../../src/plan/artifact-names.js';
import { plan } from '../support/builders.js';

const nothingToDo = { reason: 'the branch topic was deleted' };

test("a plan's artifact tells other runs whether the plan leaves something undone", () => {
  expect(isUndonePlan(newPlanArtifact(plan()))).toBe(false);
  expect(isUndonePlan(newPlanArtifact(plan({ nothingToDo })))).toBe(true);
  expect(isUndonePlan(newPlanArtifact(plan({ problems: ['1 release was held.'] })))).toBe(true);
  expect(isUndonePlan('undone-')).toBe(false);
});

test("each plan's artifact has a name of its own, from which those of its legs are made", () => {
  const [one, other] = [newPlanArtifact(plan({ nothingToDo })), newPlanArtifact(plan({ nothingToDo }))];
  expect([isPlanArtifact(one), one === other]).toEqual([true, false]);
  expect(legArtifactPrefix(one)).toMatch(/^bazel-affected-leg-undone-[0-9a-f]{12}-$/);
});
