import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ArtifactOfRun } from '../../src/adapters/github/artifacts.js';
import type { Run } from '../../src/adapters/github/run-records.js';
import type { RunJob } from '../../src/plan/legs/release-jobs.js';
import { releasedSince, type ReleasedSince, type ReleasingRuns } from '../../src/plan/released-since.js';
import { commitId } from '../support/builders.js';

const GREEN = 3;

function run(number: number, conclusion: string | null = 'failure'): Run {
  const url = `https://github.com/run/${number}`;
  return { id: number, number, event: 'push', commit: commitId('a'), conclusion, url };
}

function job(name: string, conclusion: string | null, parts: Partial<RunJob> = {}): RunJob {
  return {
    name: `bazel / ${name}`,
    conclusion,
    started: true,
    steps: [],
    began: null,
    ended: null,
    attempt: null,
    ...parts,
  };
}

const PLANNED = job('plan', 'success');

interface Known {
  readonly run: Run;
  /** The jobs at each time that they are asked for. The last ones stay. */
  readonly jobs: readonly (readonly RunJob[])[];
  /** What each of its plans releases. */
  readonly plans?: readonly (readonly string[])[];
}

let ownJob: string;

beforeEach(() => {
  ownJob = 'bazel / plan';
});

/** @returns also how often it waited */
async function since(...known: readonly Known[]): Promise<{ found: ReleasedSince; waited: number }> {
  let waited = 0;
  const github: ReleasingRuns = {
    // eslint-disable-next-line @typescript-eslint/require-await -- GitHub's answers take time
    async *runsBetween(number) {
      yield* known.map((each) => each.run).filter((each) => each.number > number);
    },
    jobs: (id) => {
      const { jobs = [] } = known.find((each) => each.run.id === id) ?? {};
      return Promise.resolve(jobs[Math.min(waited, jobs.length - 1)] ?? []);
    },
    ownJob: (fits) => Promise.resolve(fits(ownJob) ? { name: ownJob } : null),
    // eslint-disable-next-line @typescript-eslint/require-await -- GitHub's answers take time
    async *artifacts(id) {
      yield { run: id, id: 1, name: 'bazel-affected-leg-0123-test-0-1', size: 9 };
      const { plans = [] } = known.find((each) => each.run.id === id) ?? {};
      for (const at of plans.keys()) yield { run: id, id: at, name: `bazel-affected-plan-${at}`, size: 9 };
    },
    fileOf: ({ run: id, id: at }) => {
      const { plans = [] } = known.find((each) => each.run.id === id) ?? {};
      return Promise.resolve(planOf(plans[at] ?? []));
    },
  };
  const found = await releasedSince(github, GREEN, () => {
    waited += 1;
    return Promise.resolve();
  });
  return { found, waited };
}

/** A plan file that tests everything that it releases, too. */
function planOf(releases: readonly string[]): string {
  const legs = (['test', 'release'] as const).flatMap((mode) =>
    releases.map((label) => ({
      name: label,
      mode,
      targets: [mode === 'test' ? `${label}_test` : label],
      runsOn: 'x',
    })),
  );
  return JSON.stringify({ version: 1, everything: null, affected: [], legs });
}

async function legs(...known: readonly Known[]): Promise<Record<string, string>> {
  const { found } = await since(...known);
  return found.kind === 'legs' ? Object.fromEntries(found.legs) : { any: found.why };
}

describe('after a green run, other runs', () => {
  test('released what their jobs began to release, each with the last run', async () => {
    expect(
      await legs(
        { run: run(6), jobs: [[PLANNED, job('release //b:r', 'failure')]] },
        { run: run(5), jobs: [[PLANNED, job('release //a:r', 'success'), job('release //b:r', 'success')]] },
        { run: run(GREEN), jobs: [[PLANNED, job('release //c:r', 'success')]] },
      ),
    ).toEqual({ '//a:r': 'https://github.com/run/5', '//b:r': 'https://github.com/run/6' });
  });

  test('released what jobs beside those of the own call did, and not what others did', async () => {
    const release = job('release //a:r', 'success');
    const known = {
      run: run(5),
      jobs: [
        [PLANNED, release, { ...release, name: 'web / release //b:r' }, job('release notes', 'success')],
      ],
    };
    expect(Object.keys(await legs(known))).toEqual(['//a:r']);
    ownJob = 'bazel / make the plan';
    expect(Object.keys(await legs(known))).toEqual(['//a:r', '//b:r']);
    ownJob = 'release all / plan';
    const odd = ['plan', 'release //a:r', 'test //a:t'].map((name) => ({
      ...job('', 'success'),
      name: `release all / ${name}`,
    }));
    expect(Object.keys(await legs({ run: run(5), jobs: [odd] }))).toEqual(['//a:r']);
  });

  test('of another name count whole, and are waited for by the name of the own plan alone', async () => {
    ownJob = 'ci / plan';
    const known = { run: run(5), jobs: [[PLANNED, job('release //a:r', 'success')]] };
    expect(Object.keys(await legs(known))).toEqual(['//a:r']);
    const other = { ...job('', 'success'), name: 'quick / plan' };
    const later = { ...job('', 'success'), name: 'ci / release //b:r' };
    const { found, waited } = await since({
      run: run(5, null),
      jobs: [[other], [other, { ...PLANNED, name: 'ci / plan' }, later]],
    });
    expect(waited).toBe(1);
    expect(found.kind === 'legs' ? [...found.legs.keys()] : []).toEqual(['//b:r']);
  });

  test('may still release what waits for a runner', async () => {
    const waiting = job('release //a:r', null, { started: false });
    expect(await legs({ run: run(5, null), jobs: [[PLANNED, waiting]] })).toHaveProperty('//a:r');
  });

  test('may still release what they planned, although GitHub lists no job for it yet', async () => {
    const plans = [['//a:r', '//b:r'], ['//c:r']];
    const waits = { run: run(5, null), jobs: [[PLANNED, job('release //a:r', null)]], plans };
    expect(Object.keys(await legs(waits))).toEqual(['//a:r', '//b:r', '//c:r']);
    expect(Object.keys(await legs({ ...waits, run: run(5) }))).toEqual(['//a:r']);
  });

  test('did not release what was skipped, or held back by its own tests', async () => {
    const skipped = job('release //a:r', 'skipped', { started: false });
    const withheld = job('release //b:r', 'failure', {
      steps: [
        { name: 'Own tests', conclusion: 'failure' },
        { name: 'Release', conclusion: 'skipped' },
      ],
    });
    expect(
      await legs({ run: run(5), jobs: [[PLANNED, skipped, withheld, job('test //a:t', 'failure')]] }),
    ).toEqual({});
  });

  test('are waited for while they make their plans', async () => {
    const { found, waited } = await since({
      run: run(5, null),
      jobs: [[], [job('plan', null)], [PLANNED, job('release //a:r', null)]],
    });
    expect(waited).toBe(2);
    expect(found).toMatchObject({ kind: 'legs' });
    expect(found.kind === 'legs' ? [...found.legs.keys()] : []).toEqual(['//a:r']);
  });
});

test('any release may have been made if a plan cannot be read', async () => {
  const { found } = await since({ run: run(5, null), jobs: [[PLANNED]], plans: [['no label']] });
  expect(found.kind).toBe('any');
});

test('runs that do not get to their plans are not waited for without end', async () => {
  const known = Array.from({ length: 5 }, (_, at) => ({
    run: run(20 - at, null),
    jobs: [[job('plan', null)]],
  }));
  const { found, waited } = await since(...known);
  expect(found).toMatchObject({ kind: 'legs' });
  expect(waited).toBe(12);
});

describe('any release may have been made', () => {
  test.each([
    ['if a leg has several', '//a:r + 2 more'],
    ['if the name of a leg was cut', '…a/long/name:r'],
  ])('%s', async (_, name) => {
    const { found } = await since({ run: run(5), jobs: [[PLANNED, job(`release ${name}`, 'success')]] });
    expect(found).toEqual({ kind: 'any', why: 'the run https://github.com/run/5 may have made any release' });
  });

  test('if there are too many runs', async () => {
    const known = Array.from({ length: 40 }, (_, at) => ({ run: run(50 - at), jobs: [[PLANNED]] }));
    expect((await since(...known)).found.kind).toBe('any');
  });

  test('if GitHub does not answer', async () => {
    const github: ReleasingRuns = {
      // eslint-disable-next-line @typescript-eslint/require-await -- it fails
      async *runsBetween() {
        throw new Error('no answer');
      },
      jobs: () => Promise.resolve([]),
      ownJob: () => Promise.resolve(null),
      // eslint-disable-next-line @typescript-eslint/require-await -- it fails
      async *artifacts(): AsyncGenerator<ArtifactOfRun> {
        throw new Error('no answer');
      },
      fileOf: () => Promise.resolve(''),
    };
    expect(await releasedSince(github, GREEN)).toEqual({
      kind: 'any',
      why: 'other runs cannot be read: Error: no answer',
    });
  });
});
