import { describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import type { Leg } from '../../src/plan/legs/leg.js';
import type { RunJob } from '../../src/plan/legs/release-jobs.js';
import {
  releaseClearance,
  type BaseOrigin,
  type OtherRun,
  type OwnRelease,
} from '../../src/leg/release-order.js';

const OWN = 7;
const JOB = 'bazel / release //a:release';

function leg(...targets: string[]): Leg {
  const first = targets[0] ?? '';
  const name = targets.length > 1 ? `${first} + ${targets.length - 1} more` : first;
  return { name, mode: 'release', targets: targets.map((label) => parseLabel(label)), runsOn: 'x' };
}

function job(name: string, conclusion: string | null, started = true): RunJob {
  return { name, conclusion, started, steps: [], began: null, ended: null, attempt: null };
}

function run(number: number, conclusion: string | null, ...jobs: RunJob[]): OtherRun {
  const url = `https://github.com/run/${number}`;
  return { number, url, event: 'push', conclusion, leavesUndone: false, jobs, plans: plans() };
}

/** What each plan of a run releases. */
function plans(...each: string[][]): OtherRun['plans'] {
  return () => Promise.resolve(each.map((labels) => new Set(labels.map((label) => parseLabel(label)))));
}

async function kindFor(released: Leg, ...others: OtherRun[]): Promise<string> {
  return (await releaseClearance(released, own(), others, () => Promise.resolve('last green run'))).kind;
}

/** A green run whose plan was made, with the jobs given. */
function green(number: number, ...jobs: RunJob[]): OtherRun {
  return run(number, 'success', job('bazel / plan', 'success'), ...jobs);
}

const A = leg('//a:release');

/** The job of a release that runs its own tests. */
const early = { name: JOB, steps: [{ name: 'Own tests', conclusion: 'success' }], attempt: 1 };
/** The job of a release that waits for all tests, or for nothing. */
const late = { ...early, steps: [] };

function own(parts: Partial<OwnRelease> = {}): OwnRelease {
  return {
    job: { name: JOB, steps: [], attempt: 1 },
    planEnded: () => Promise.resolve(null),
    number: OWN,
    isPush: true,
    ...parts,
  };
}

describe('a release is clear', () => {
  test('without other runs', async () => {
    expect(await kindFor(A)).toBe('clear');
  });

  test('whatever older runs did', async () => {
    expect(await kindFor(A, run(6, 'success'), run(5, 'failure', job(JOB, 'failure')))).toBe('clear');
  });

  test('while a newer run has not come to the same target', async () => {
    const waiting = job(JOB, null, false);
    const skipped = job(JOB, 'skipped', false);
    const other = job('bazel / release //b:release', 'success');
    const tested = job('bazel / test //a:release', 'success');
    expect(await kindFor(A, run(8, null, waiting), run(9, 'failure', skipped, other, tested))).toBe('clear');
  });

  test('after a newer run whose own tests failed, so that its step that releases was skipped', async () => {
    const steps = [
      { name: 'Own tests', conclusion: 'failure' },
      { name: 'Release', conclusion: 'skipped' },
    ];
    expect(await kindFor(A, run(8, 'failure', { ...job(JOB, 'failure'), steps }))).toBe('clear');
  });

  test('but not after a newer run that may have released in a step of another name', async () => {
    const own = { name: 'Own tests', conclusion: 'failure' };
    const [skipped, failed] = ['skipped', 'failure'].map((conclusion) => ({ name: 'Release', conclusion }));
    const kinds: string[] = [];
    for (const steps of [
      [skipped],
      [{ ...own, conclusion: 'cancelled' }, skipped],
      [own, failed, skipped],
      [own, failed],
      [own],
      [],
    ]) {
      const known = steps.flatMap((step) => step ?? []);
      kinds.push(await kindFor(A, run(8, 'failure', { ...job(JOB, 'failure'), steps: known })));
    }
    expect(kinds).toEqual(Array(6).fill('blocked'));
  });

  test('after a newer green run by hand, which need not have released anything', async () => {
    expect(await kindFor(A, { ...green(8), event: 'workflow_dispatch' })).toBe('clear');
  });

  test('by hand, whatever newer pushes planned that have no job for it', async () => {
    const byHand = own({ job: early, isPush: false });
    const taken = run(8, 'failure', job('bazel / plan', 'success'));
    for (const others of [[green(8)], [taken]])
      expect((await releaseClearance(A, byHand, others, () => Promise.resolve('last green run'))).kind).toBe(
        'clear',
      );
    const released = run(8, 'failure', job(JOB, 'success'));
    expect(
      (await releaseClearance(A, byHand, [released], () => Promise.resolve('last green run'))).kind,
    ).toBe('superseded');
  });

  test('after a newer push whose releases were withheld, because its base was unknown', async () => {
    const withheld = { ...run(8, 'failure', job('bazel / plan', 'success')), leavesUndone: true };
    const clearance = releaseClearance(A, own({ job: early }), [withheld], () =>
      Promise.resolve('last green run'),
    );
    expect((await clearance).kind).toBe('clear');
  });

  test('after a newer green run without a plan, whose job for Bazel was skipped', async () => {
    expect(await kindFor(A, run(8, 'success', job('bazel', 'skipped', false)))).toBe('clear');
    expect(await kindFor(A, run(8, 'success', job('other / plan', 'success')))).toBe('clear');
  });

  test('after a newer green run whose plan leaves something undone, such as one for a deleted branch', async () => {
    expect(await kindFor(A, { ...green(8), leavesUndone: true })).toBe('clear');
  });

  test('after a newer green run that was not compared with a green one, and did not release it', async () => {
    const others = [green(8, job('bazel / release //b:release', 'success'))];
    const clearance = await releaseClearance(A, own(), others, () => Promise.resolve('other'));
    expect(clearance.kind).toBe('clear');
  });
});

describe('a release is superseded', () => {
  test('by a newer green run, which covered its changes', async () => {
    const others = [green(8, job('bazel / release //0:x + 3 more', 'success'))];
    expect(await releaseClearance(A, own(), others, () => Promise.resolve('last green run'))).toEqual({
      kind: 'superseded',
      why: 'the newer run https://github.com/run/8 is green, and covers the changes of this one',
    });
  });

  test('by a newer green run that released it, whatever that one was compared with', async () => {
    for (const base of ['other', 'unknown'] as const) {
      const others = [green(8, job(JOB, 'success'))];
      const clearance = await releaseClearance(A, own(), others, () => Promise.resolve(base));
      expect(clearance).toEqual({
        kind: 'superseded',
        why: 'the newer run https://github.com/run/8 has released it',
      });
    }
  });

  test("by a newer run's release of the same target, though that run is not over or failed otherwise", async () => {
    expect(await kindFor(A, run(8, null, job(JOB, 'success')))).toBe('superseded');
    expect(await kindFor(A, run(8, 'failure', job(JOB, 'success')))).toBe('superseded');
  });
});

describe('a release is blocked', () => {
  test.each(['failure', 'cancelled', null])(
    "by a newer run's release of the same target that started and ended with %s: it may be out in part",
    async (conclusion) => {
      expect(await kindFor(A, run(8, 'failure', job(JOB, conclusion)))).toBe('blocked');
    },
  );

  test('by a newer release of the same label under another name of the calling job', async () => {
    expect(await kindFor(A, run(8, null, job('renamed / release //a:release', 'success')))).toBe('blocked');
  });

  test('by a newer release of several targets, which may be among them', async () => {
    expect(await kindFor(A, run(8, null, job('bazel / release //0:x + 3 more', 'success')))).toBe('blocked');
  });

  test('by any newer release, where it is one of several targets itself', async () => {
    const several = leg('//a:release', '//b:release');
    expect(await kindFor(several, run(8, null, job('bazel / release //c:release', 'success')))).toBe(
      'blocked',
    );
  });

  test('by a newer run by hand that released it, which need not have been of a newer commit', async () => {
    const byHand = { ...run(9, 'success', job(JOB, 'success')), event: 'workflow_dispatch' };
    expect(await kindFor(A, byHand)).toBe('blocked');
    expect(await kindFor(A, byHand, run(8, 'failure', job(JOB, 'success')))).toBe('superseded');
  });

  test('by a newer push that has ended without a job for it: it may have taken the change back', async () => {
    const other = job('bazel / release //b:release', 'success');
    const ended = run(8, 'failure', job('bazel / plan', 'success'), other);
    const kindOf = async (run8: OtherRun, job: OwnRelease['job'] = early, base = 'last green run') =>
      (await releaseClearance(A, own({ job }), [run8], () => Promise.resolve(base as BaseOrigin))).kind;
    expect(await kindOf(ended)).toBe('blocked');
    expect(await kindOf({ ...ended, conclusion: null })).toBe('undecided');
    expect(await kindOf({ ...ended, event: 'workflow_dispatch' })).toBe('clear');
    expect(await kindOf(run(8, 'failure', job('bazel / plan', 'failure')))).toBe('clear');
    // Its own tests held it back there, so it was planned.
    expect(await kindOf(run(8, 'failure', job('bazel / plan', 'success'), job(JOB, 'skipped', false)))).toBe(
      'clear',
    );
    // A release that waits for all tests has no job while they run, or if one fails.
    expect(await kindOf(ended, late)).toBe('clear');
    // No later plan would have it.
    expect(await kindOf(ended, early, 'other')).toBe('clear');
    // The plan of the own run cannot be read, so nobody knows that.
    expect(await kindOf(ended, early, 'unknown')).toBe('blocked');
  });

  test('by a newer push that runs without a job for it, though its plan was made minutes ago', async () => {
    const now = Date.now();
    const clearance = (minutes: number, ...jobs: RunJob[]) => {
      const plan = { ...job('bazel / plan', 'success'), ended: now - minutes * 60_000 };
      const newer = run(8, null, plan, ...jobs);
      return releaseClearance(A, own({ job: early }), [newer], () => Promise.resolve('last green run'), now);
    };
    expect(await clearance(3)).toEqual({
      kind: 'blocked',
      why:
        'the newer run https://github.com/run/8 has made its plan without it: it may have taken the change back. ' +
        'Run this job again when that run is over',
    });
    // GitHub may list it in a moment.
    expect((await clearance(1)).kind).toBe('undecided');
    expect((await clearance(3, job(JOB, null, false))).kind).toBe('clear');
  });

  test('by a newer push that planned without it, as soon as its plan can be read', async () => {
    const planned = run(8, null, { ...job('bazel / plan', 'success'), ended: Date.now() });
    const kindWith = async (ownJob: OwnRelease['job'], ...each: string[][]) =>
      (
        await releaseClearance(A, own({ job: ownJob }), [{ ...planned, plans: plans(...each) }], () =>
          Promise.resolve('last green run'),
        )
      ).kind;
    for (const ownJob of [early, late]) {
      expect(await kindWith(ownJob, ['//b:release'])).toBe('blocked');
      expect(await kindWith(ownJob, [])).toBe('blocked');
      // Where the workflow is called several times, one of the plans is like the own one.
      expect(await kindWith(ownJob, ['//b:release'], ['//a:release'])).toBe('clear');
    }
    const several = leg('//a:release', '//b:release');
    const ownJob = { ...early, name: `bazel / release ${several.name}` };
    const part = { ...planned, plans: plans(['//a:release']) };
    expect(
      (await releaseClearance(several, own({ job: ownJob }), [part], () => Promise.resolve('last green run')))
        .kind,
    ).toBe('blocked');
  });

  test('by a newer push whose last attempt planned without it, whatever attempts before it did', async () => {
    const of = (attempt: number, each: RunJob): RunJob => ({ ...each, attempt });
    const planned = job('bazel / plan', 'success');
    const kindAfter = (...jobs: RunJob[]) =>
      kindFor(A, { ...run(8, 'failure', ...jobs), plans: plans(['//b:release']) });
    const orders = (...jobs: RunJob[]) => [jobs, [...jobs].reverse()];
    for (const jobs of [
      ...orders(of(1, job('bazel / plan', 'failure')), of(2, planned)),
      ...orders(of(1, planned), of(1, job(JOB, 'skipped', false)), of(2, planned)),
      ...orders(job('bazel / plan', 'failure'), planned),
    ])
      expect(await kindAfter(...jobs)).toBe('blocked');
    // A job that was run again alone belongs to the plan of an earlier attempt.
    const again = of(2, job(JOB, null, false));
    for (const jobs of orders(of(1, planned), again)) expect(await kindAfter(...jobs)).toBe('clear');
    for (const jobs of orders(of(1, planned), of(2, job('bazel / plan', 'failure'))))
      expect(await kindAfter(...jobs)).toBe('clear');
  });

  test('by a newer green run whose base is unknown', async () => {
    const clearance = await releaseClearance(A, own(), [green(8)], () => Promise.resolve('unknown'));
    expect(clearance).toMatchObject({ kind: 'blocked', why: expect.stringContaining('plan-artifact') });
  });

  test('by an older run in the middle of releasing the same target', async () => {
    expect(await kindFor(A, run(6, null, job(JOB, null)))).toBe('blocked');
    expect(await kindFor(A, run(6, null, job(JOB, null, false)))).toBe('clear');
  });
});

describe('it is undecided whether a release is clear while a newer push makes its plan', () => {
  const PLANNED_AT = 1_000_000;

  /** @param began when the newer push began its plan */
  async function kindWhile(began: number | null, parts: Partial<OwnRelease> = {}, started = true) {
    const plan = { ...job('bazel / plan', null, started), began };
    const release = own({ planEnded: () => Promise.resolve(PLANNED_AT), ...parts });
    return (await releaseClearance(A, release, [run(8, null, plan)], () => Promise.resolve('last green run')))
      .kind;
  }

  test('unless that began after this run had planned the release, and so finds it', async () => {
    expect(await kindWhile(PLANNED_AT - 1)).toBe('undecided');
    expect(await kindWhile(PLANNED_AT)).toBe('clear');
    expect(await kindWhile(null, {}, false)).toBe('clear');
  });

  test('if either time is unknown, or the run is run again', async () => {
    expect(await kindWhile(null)).toBe('undecided');
    expect(await kindWhile(PLANNED_AT, { planEnded: () => Promise.resolve(null) })).toBe('undecided');
    for (const attempt of [2, null])
      expect(await kindWhile(PLANNED_AT, { job: { ...early, attempt } })).toBe('undecided');
  });

  test('but a still newer push that took it back decides', async () => {
    const making = run(8, null, { ...job('bazel / plan', null), began: PLANNED_AT - 1 });
    const taken = {
      ...run(9, 'failure', job('bazel / plan', 'success')),
      plans: plans(['//b:release']),
    };
    const clearance = releaseClearance(A, own(), [making, taken], () => Promise.resolve('last green run'));
    expect((await clearance).kind).toBe('blocked');
  });
});
