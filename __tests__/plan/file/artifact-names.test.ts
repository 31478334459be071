import { describe, expect, test } from '@jest/globals';
import {
  isPlanArtifact,
  isUndonePlan,
  legArtifact,
  legArtifactPrefix,
  newPlanArtifact,
  parseLegArtifact,
  testedBy,
} from '../../../src/plan/file/artifact-names.js';
import { commitId, plan } from '../../support/builders.js';

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

describe("the artifact of a merge group's plan", () => {
  const since = { since: commitId('a'), settings: '0123456789abcdef' };
  const all = { since: null, settings: '0123456789abcdef' };

  test('tells other runs which tests a green run shows to pass', () => {
    expect(testedBy(newPlanArtifact(plan(), 2, since), 2)).toEqual(since);
    expect(testedBy(newPlanArtifact(plan(), 2, all), null)).toEqual(all);
  });

  test('names one plan among others, and its legs', () => {
    const artifact = newPlanArtifact(plan(), 2, since);
    expect([isPlanArtifact(artifact), isUndonePlan(artifact, null)]).toEqual([true, false]);
    const leg = legArtifact(artifact, 'release', 12, 3);
    expect(parseLegArtifact(artifact, leg)).toEqual({ mode: 'release', index: 12, attempt: 3 });
    expect(leg.length).toBeLessThan(200);
  });

  test('shows nothing if another attempt made the plan that counts', () => {
    expect(testedBy(newPlanArtifact(plan(), 2, since), 1)).toBeNull();
  });

  test('shows nothing if the plan left something undone', () => {
    expect(testedBy(newPlanArtifact(undone, 1, since), 1)).toBeNull();
  });

  test.each([
    newPlanArtifact(plan(), 1),
    'bazel-affected-plan-tests-1-main-0123456789abcdef-0123',
    `bazel-affected-plan-tests-1-${commitId('a')}-0123`,
    `bazel-affected-plan-tests-${commitId('a')}-0123456789abcdef-0123`,
    `x-bazel-affected-plan-tests-1-${commitId('a')}-0123456789abcdef-0123`,
    '',
  ])('is none of another form: %j', (name) => {
    expect(testedBy(name, null)).toBeNull();
  });
});
