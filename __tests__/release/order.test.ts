import { describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import type { Leg } from '../../src/matrix/leg.js';
import { releaseClearance, type OtherRun, type RunJob } from '../../src/release/order.js';

const OWN = 7;
const JOB = 'bazel / release //a:release';

function leg(...targets: string[]): Leg {
  const first = targets[0] ?? '';
  const name = targets.length > 1 ? `${first} + ${targets.length - 1} more` : first;
  return { name, mode: 'release', targets: targets.map((label) => parseLabel(label)), runsOn: 'x' };
}

function job(name: string, conclusion: string | null, started = true): RunJob {
  return { name, conclusion, started };
}

function run(number: number, conclusion: string | null, ...jobs: RunJob[]): OtherRun {
  return { number, url: `https://github.com/run/${number}`, event: 'push', conclusion, jobs };
}

function kindFor(released: Leg, ...others: OtherRun[]): string {
  return releaseClearance(released, JOB, OWN, others).kind;
}

const A = leg('//a:release');

describe('a release is clear', () => {
  test('without other runs', () => {
    expect(kindFor(A)).toBe('clear');
  });

  test('whatever older runs did', () => {
    expect(kindFor(A, run(6, 'success'), run(5, 'failure', job(JOB, 'failure')))).toBe('clear');
  });

  test('while a newer run has not come to the same target', () => {
    const waiting = job(JOB, null, false);
    const skipped = job(JOB, 'skipped', false);
    const other = job('bazel / release //b:release', 'success');
    const tested = job('bazel / test //a:release', 'success');
    expect(kindFor(A, run(8, null, waiting), run(9, 'failure', skipped, other, tested))).toBe('clear');
  });

  test('after a newer green run by hand, which need not have released anything', () => {
    expect(kindFor(A, { ...run(8, 'success'), event: 'workflow_dispatch' })).toBe('clear');
  });
});

describe('a release is superseded', () => {
  test('by a newer green run, which covered its changes', () => {
    expect(releaseClearance(A, JOB, OWN, [run(8, 'success')])).toEqual({
      kind: 'superseded',
      why: 'the newer run https://github.com/run/8 is green, and covers the changes of this one',
    });
  });

  test("by a newer run's release of the same target, though that run is not over or failed otherwise", () => {
    expect(kindFor(A, run(8, null, job(JOB, 'success')))).toBe('superseded');
    expect(kindFor(A, run(8, 'failure', job(JOB, 'success')))).toBe('superseded');
  });
});

describe('a release is blocked', () => {
  test.each(['failure', 'cancelled', null])(
    "by a newer run's release of the same target that started and ended with %s: it may be out in part",
    (conclusion) => {
      expect(kindFor(A, run(8, 'failure', job(JOB, conclusion)))).toBe('blocked');
    },
  );

  test('by a newer release of the same label under another name of the calling job', () => {
    expect(kindFor(A, run(8, null, job('renamed / release //a:release', 'success')))).toBe('blocked');
  });

  test('by a newer release of several targets, which may be among them', () => {
    expect(kindFor(A, run(8, null, job('bazel / release //0:x + 3 more', 'success')))).toBe('blocked');
  });

  test('by any newer release, where it is one of several targets itself', () => {
    const several = leg('//a:release', '//b:release');
    expect(kindFor(several, run(8, null, job('bazel / release //c:release', 'success')))).toBe('blocked');
  });

  test('by an older run in the middle of releasing the same target', () => {
    expect(kindFor(A, run(6, null, job(JOB, null)))).toBe('blocked');
    expect(kindFor(A, run(6, null, job(JOB, null, false)))).toBe('clear');
  });
});
