import { describe, expect, test } from '@jest/globals';
import type { CommitId, RepositoryPath } from '../../../src/graph/tree.js';
import { parseLabel } from '../../../src/graph/label.js';
import {
  parsePlan,
  planFileContent,
  planToJson,
  PlanFileError,
  smallPlanFileContent,
} from '../../../src/plan/file/plan-file.js';
import type { Plan } from '../../../src/plan/file/plan.js';
import { plannedLegsOf } from '../../../src/plan/file/planned-legs.js';

const A_TEST = parseLabel('//a:a_test');

const PLAN: Plan = {
  base: { commit: 'b'.repeat(40) as CommitId },
  baseFrom: 'last green run',
  head: { commit: 'c'.repeat(40) as CommitId, workingTree: false },
  everything: { reason: 'MODULE.bazel changed' },
  nothingToDo: null,
  changes: [
    { path: 'MODULE.bazel' as RepositoryPath, status: 'modified', modeBefore: '100644', modeAfter: '100644' },
  ],
  affected: [
    {
      label: A_TEST,
      type: 'rule',
      ruleClass: 'sh_test',
      tags: [],
      reason: { kind: 'everything', change: null, path: [A_TEST] },
    },
  ],
  always: [],
  test: [A_TEST],
  build: [],
  release: [],
  excluded: [],
  problems: ['2 releases are withheld.'],
  legs: [
    { name: '//a:a_test', mode: 'test', targets: [A_TEST], runsOn: ['self-hosted', 'big'] },
    {
      name: '//a:release',
      mode: 'release',
      targets: [parseLabel('//a:release')],
      runsOn: 'ubuntu-latest',
      ownTests: [A_TEST],
    },
    {
      name: '//b:release',
      mode: 'release',
      targets: [parseLabel('//b:release')],
      runsOn: 'ubuntu-latest',
      waitsForTests: true,
    },
  ],
  timings: { steps: { legs: 1 }, graphs: {} },
};

function written(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...planToJson(PLAN), ...changes });
}

describe('a plan file', () => {
  test('is read as it was written', () => {
    expect(parsePlan(written())).toEqual({
      isFromGreenRun: true,
      everything: PLAN.everything,
      nothingToDo: null,
      affectedCount: 1,
      legs: PLAN.legs,
      problems: PLAN.problems,
    });
  });

  test('written piece by piece is the same text', () => {
    expect([...planFileContent(PLAN)].join('')).toBe(written());
    expect([...planFileContent(PLAN, '  ')].join('')).toBe(JSON.stringify(planToJson(PLAN), null, 2));
  });

  test('with no more than the jobs after the plan read says to them what the whole one says', () => {
    const small = [...smallPlanFileContent(PLAN)].join('');
    expect(parsePlan(small)).toEqual(parsePlan(written()));
    // Whoever reads a list that is not there fails, instead of taking it for an empty one.
    expect(JSON.parse(small)).toMatchObject({ affected: null, test: null, affectedCount: 1 });
    expect(() => parsePlan(written({ affected: null }))).toThrow('affectedCount should be a whole number');
  });

  test('of an earlier program has no problems, and something to do', () => {
    const earlier = parsePlan(written({ problems: undefined, nothingToDo: undefined }));
    expect(earlier).toMatchObject({ problems: [], nothingToDo: null });
  });

  test('tells a base that was no matter of green runs', () => {
    for (const baseFrom of ['input', 'event', undefined])
      expect(parsePlan(written({ baseFrom })).isFromGreenRun).toBe(false);
  });

  test('that is cut off anywhere is refused', () => {
    const whole = written();
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => parsePlan(whole.slice(0, length))).toThrow(PlanFileError);
    }
  });

  test('of another version is refused with what to do', () => {
    expect(() => parsePlan(written({ version: 2 }))).toThrow(
      'it has version 2, and this program reads version 1: let all jobs of a run use the same version',
    );
  });

  test.each([
    ['legs', { legs: {} }, 'legs should be a list, and is {}'],
    [
      'a mode',
      { legs: [{ ...PLAN.legs[0], mode: 'x' }] },
      'legs[0].mode should be one of test, build, release',
    ],
    ['a label', { legs: [{ ...PLAN.legs[0], targets: ['x y z'] }] }, 'legs[0].targets[0] should be a label'],
    ['a runner', { legs: [{ ...PLAN.legs[0], runsOn: 7 }] }, 'legs[0].runsOn should be a list, and is 7'],
    ['everything', { everything: 'yes' }, 'everything should be an object'],
    ['what there is to do', { nothingToDo: {} }, 'nothingToDo.reason should be a text'],
  ])('with something else in the place of %s is refused', (_, changes, message) => {
    expect(() => parsePlan(written(changes))).toThrow(message);
  });
});

describe('an empty plan', () => {
  test.each([
    [0, 'no target is affected'],
    [1, '1 target is affected, and it is neither a test nor a release that the inputs leave in'],
    [3, '3 targets are affected, and none is a test or a release that the inputs leave in'],
  ])('of %d affected targets says why it is empty', (affectedCount, reason) => {
    const empty = { everything: null, nothingToDo: null, affectedCount, legs: [], problems: [] };
    expect(plannedLegsOf(empty).emptyReason).toBe(reason);
  });

  test('of a deleted branch says that it was deleted', () => {
    const reason = 'the branch topic was deleted';
    const read = parsePlan(written({ legs: [], affected: [], nothingToDo: { reason } }));
    expect(plannedLegsOf(read).emptyReason).toBe(reason);
  });

  test('has no such reason where there are legs', () => {
    expect(plannedLegsOf(parsePlan(written()))).toMatchObject({
      emptyReason: null,
      everythingReason: 'MODULE.bazel changed',
      problems: ['2 releases are withheld.'],
    });
  });
});
