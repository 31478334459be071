import { expect, test } from '@jest/globals';
import type { Run } from '../../src/adapters/github/run-records.js';
import type { CommitId } from '../../src/graph/tree.js';
import { newPlanArtifact } from '../../src/plan/file/artifact-names.js';
import { testedByMergeGroups } from '../../src/plan/tested-by-merge-groups.js';
import { commitId, plan } from '../support/builders.js';

const [BASE, ONE, TWO] = [commitId('a'), commitId('b'), commitId('c')];
const INPUTS = '0123456789abcdef';

interface Group {
  readonly head: CommitId;
  readonly artifacts: readonly string[];
  readonly conclusion?: string;
  readonly event?: string;
}

function planFrom(from: CommitId, inputs = INPUTS): string {
  return newPlanArtifact(plan(), 1, { from, inputs });
}

function tested(groups: readonly Group[], head = TWO): Promise<string | null> {
  const runs = groups.map(({ head: commit, conclusion = 'success', event = 'merge_group' }, id): Run => ({
    id,
    number: id,
    event,
    commit,
    conclusion,
    url: `https://github.com/run/${id}`,
  }));
  /* eslint-disable @typescript-eslint/require-await -- GitHub's answers take time */
  const github = {
    async *greenMergeGroups() {
      yield* runs;
    },
    async *artifactNames(id: number) {
      yield* groups[id]?.artifacts ?? [];
    },
  };
  /* eslint-enable @typescript-eslint/require-await */
  return testedByMergeGroups(github, head, BASE, INPUTS);
}

test('a push is tested if the run of its merge group is green and began at the base', async () => {
  const artifacts = ['other', planFrom(BASE), planFrom(BASE)];
  expect(await tested([{ head: TWO, artifacts }])).toBe('https://github.com/run/0');
});

test('a push of several groups is tested if the runs of all are green, one on top of the other', async () => {
  const groups = [
    { head: ONE, artifacts: [planFrom(BASE)] },
    { head: TWO, artifacts: [planFrom(ONE)] },
  ];
  expect(await tested(groups)).toBe('https://github.com/run/1');
  expect(await tested(groups.slice(1))).toBeNull();
});

test.each<[string, Partial<Group>]>([
  ['is not green', { conclusion: 'failure' }],
  ['is for another event', { event: 'pull_request' }],
  ['made no plan', { artifacts: [] }],
  ['is for another commit', { head: ONE }],
  ['had other inputs', { artifacts: [planFrom(BASE, 'f'.repeat(16))] }],
  ['began elsewhere', { artifacts: [planFrom(commitId('d'))] }],
  ['made two plans from two commits', { artifacts: [planFrom(BASE), planFrom(ONE)] }],
  [
    'has a plan that leaves something undone',
    { artifacts: [planFrom(BASE), newPlanArtifact(plan({ problems: ['p'] }), 1)] },
  ],
])('a push is not tested if the run of its merge group %s', async (_, changed) => {
  expect(await tested([{ head: TWO, artifacts: [planFrom(BASE)], ...changed }])).toBeNull();
});

test('groups that go round in a circle test nothing, and neither does a GitHub that fails', async () => {
  const groups = [
    { head: ONE, artifacts: [planFrom(TWO)] },
    { head: TWO, artifacts: [planFrom(ONE)] },
  ];
  expect(await tested(groups)).toBeNull();
  const failing = {
    // eslint-disable-next-line @typescript-eslint/require-await -- it fails
    async *greenMergeGroups() {
      throw new Error('no answer');
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- it is not called
    async *artifactNames() {
      throw new Error('not called');
    },
  };
  expect(await testedByMergeGroups(failing, TWO, BASE, INPUTS)).toBeNull();
});
