import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Job, Run } from '../../src/adapters/github/run-records.js';
import type { CommitId } from '../../src/graph/tree.js';
import { newPlanArtifact } from '../../src/plan/file/artifact-names.js';
import {
  testedByMergeGroups,
  whyTested,
  type MergeGroupRuns,
  type TestedBefore,
} from '../../src/plan/tested-before.js';
import { commitId, plan } from '../support/builders.js';

const [OLD, BASE, MIDDLE, HEAD] = [commitId('0'), commitId('a'), commitId('b'), commitId('c')];
const SETTINGS = '0123456789abcdef';
const OTHER_SETTINGS = 'fedcba9876543210';
const PLANNED: Job = {
  name: 'bazel / plan',
  started: true,
  steps: [],
  conclusion: 'success',
  began: null,
  ended: null,
  url: null,
  runner: 'runner 1',
  attempt: 1,
};

interface Group {
  readonly commit: CommitId;
  readonly since: CommitId | null;
  readonly conclusion?: string | null;
  readonly settings?: string;
  readonly jobs?: readonly Job[];
  readonly artifacts?: readonly string[];
}

/** The runs for merge groups, newest first; those that go on end at the first pause. */
let groups: readonly Group[];
let pauses: number;
let endsWith: string | null;

beforeEach(() => {
  groups = [];
  pauses = 0;
  endsWith = null;
});

function runOf({ commit, conclusion = 'success' }: Group, id: number): Run {
  const now = conclusion === null && pauses > 0 ? endsWith : conclusion;
  return { id, number: id, event: 'merge_group', commit, conclusion: now, url: `https://run/${id}` };
}

const github: MergeGroupRuns = {
  // eslint-disable-next-line @typescript-eslint/require-await -- GitHub's answers take time
  async *mergeGroupRuns(commit) {
    yield* groups.map(runOf).filter((run) => run.commit === commit);
  },
  jobs: (id) => Promise.resolve([...(groups[id]?.jobs ?? [PLANNED])]),
  ownJob: (fits) => Promise.resolve(fits(PLANNED.name) ? PLANNED : null),
  // eslint-disable-next-line @typescript-eslint/require-await -- GitHub's answers take time
  async *artifactNames(id) {
    const group = groups[id];
    if (group === undefined) return;
    const { since, settings = SETTINGS } = group;
    yield 'bazel-affected-leg-0123-test-0-1';
    yield* group.artifacts ?? [newPlanArtifact(plan(), 1, { since, settings })];
  },
};

function tested(base: CommitId | null = BASE): Promise<TestedBefore> {
  const change = { head: HEAD, base, settings: SETTINGS };
  return testedByMergeGroups(github, { GITHUB_JOB: 'plan' }, change, () => {
    pauses += 1;
    return Promise.resolve();
  });
}

async function whyNot(): Promise<string> {
  const found = await tested();
  return found.kind === 'tested' ? 'they were' : (found.why ?? 'no merge group');
}

describe('the tests passed before', () => {
  test('if a merge group with the same base and head is green', async () => {
    groups = [{ commit: HEAD, since: BASE }];
    expect(await tested()).toEqual({ kind: 'tested', runs: ['https://run/0'] });
  });

  test('if green merge groups follow on one another from the base to the head', async () => {
    groups = [
      { commit: HEAD, since: MIDDLE },
      { commit: MIDDLE, since: BASE },
    ];
    expect(await tested()).toEqual({ kind: 'tested', runs: ['https://run/0', 'https://run/1'] });
  });

  test('if a merge group tested everything, whatever the base is', async () => {
    groups = [{ commit: HEAD, since: null }];
    expect(await tested()).toMatchObject({ kind: 'tested' });
    expect(await tested(null)).toMatchObject({ kind: 'tested' });
  });

  test('if the run ends green soon', async () => {
    groups = [{ commit: HEAD, since: BASE, conclusion: null }];
    endsWith = 'success';
    expect(await tested()).toMatchObject({ kind: 'tested' });
    expect(pauses).toBe(1);
  });

  test('if several plans of one run show it', async () => {
    const artifact = newPlanArtifact(plan(), 1, { since: BASE, settings: SETTINGS });
    const other = newPlanArtifact(plan(), 1, { since: OLD, settings: OTHER_SETTINGS });
    groups = [{ commit: HEAD, since: BASE, artifacts: [other, artifact, newPlanArtifact(plan(), 1)] }];
    expect(await tested()).toMatchObject({ kind: 'tested' });
  });
});

describe('the tests run again', () => {
  test('without a word if there was no merge group', async () => {
    expect(await tested()).toEqual({ kind: 'not tested', why: null });
  });

  test.each<[string, readonly Group[]]>([
    ['the run https://run/0 is not green', [{ commit: HEAD, since: BASE, conclusion: 'failure' }]],
    ['the run https://run/0 is not green', [{ commit: HEAD, since: BASE, conclusion: null }]],
    [
      `there is no run for the merge group of ${MIDDLE}`,
      [
        { commit: HEAD, since: MIDDLE },
        { commit: OLD, since: null },
      ],
    ],
    [
      'the run https://run/0 is not green',
      [
        { commit: HEAD, since: BASE, conclusion: 'cancelled' },
        { commit: HEAD, since: BASE },
      ],
    ],
    [
      'the run https://run/0 has no plan that was made with the same inputs',
      [{ commit: HEAD, since: BASE, settings: OTHER_SETTINGS }],
    ],
    [
      'the run https://run/0 has no plan that was made with the same inputs',
      [{ commit: HEAD, since: BASE, jobs: [{ ...PLANNED, conclusion: 'skipped' }] }],
    ],
    [
      'the run https://run/0 has no plan that was made with the same inputs',
      [{ commit: HEAD, since: BASE, jobs: [{ ...PLANNED, attempt: 2 }] }],
    ],
    [
      'the run https://run/0 has no plan that was made with the same inputs',
      [
        {
          commit: HEAD,
          since: BASE,
          artifacts: [BASE, OLD].map((since) => newPlanArtifact(plan(), 1, { since, settings: SETTINGS })),
        },
      ],
    ],
  ])('with the reason that %s', async (why, known) => {
    groups = known;
    expect(await whyNot()).toBe(`the tests run again, although there was a merge group: ${why}`);
  });

  test('if the merge groups do not lead to the base', async () => {
    groups = [{ commit: HEAD, since: OLD }];
    expect(await whyNot()).toContain(`there is no run for the merge group of ${OLD}`);
  });

  test('if everything matters, and the merge groups tested only changes', async () => {
    groups = [{ commit: HEAD, since: BASE }];
    expect(await tested(null)).toMatchObject({ kind: 'not tested' });
  });

  test('if merge groups lead in a circle', async () => {
    groups = [{ commit: HEAD, since: HEAD }];
    expect(await whyNot()).toContain('there are more than 30 merge groups since the base');
  });

  test('if GitHub does not answer', async () => {
    const broken = {
      ...github,
      artifactNames: () => {
        throw new Error('502');
      },
    };
    groups = [{ commit: HEAD, since: BASE }];
    const change = { head: HEAD, base: BASE, settings: SETTINGS };
    expect(await testedByMergeGroups(broken, { GITHUB_JOB: 'plan' }, change)).toEqual({
      kind: 'not tested',
      why: 'the tests run again, although there was a merge group: its run cannot be read: 502',
    });
  });
});

test('the reason of a test that does not run names the run that ran it', () => {
  expect(whyTested(['https://run/2'])).toBe(
    'tested for this commit by the run https://run/2 for a merge group',
  );
  expect(whyTested(['https://run/2', 'https://run/1'])).toBe(
    'tested for this commit by the run https://run/2 for a merge group and 1 run for merge groups before it',
  );
});
