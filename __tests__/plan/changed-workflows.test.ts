import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Repositories } from '../../src/adapters/git/repositories.js';
import { Repository } from '../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import type { CommitId, RepositoryPath } from '../../src/graph/tree.js';
import { notesOnWorkflows } from '../../src/plan/changed-workflows.js';
import { compare, headOf } from '../../src/plan/comparison.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import type { Revisions, RunningWorkflow } from '../../src/plan/revisions.js';
import type { Files } from '../support/files.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';

const CI = '.github/workflows/ci.yml' as RepositoryPath;
const CALL = 'uses: octo/bazel-affected/.github/workflows/bazel-affected.yml@v1\n';

let temporary: TemporaryFolder;
let history: TestRepository;
let repositories: Repositories;
let base: CommitId;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  history = TestRepository.create(temporary.join('repository'));
  base = history.commit({ 'ws/a.txt': 'a', '.github/workflows/gone.yml': CALL });
  const user = await Repository.open(history.folder);
  repositories = { user, scratch: await ScratchRepository.create(user, temporary.join('scratch')) };
});

afterEach(() => {
  temporary.remove();
});

/** The notes of a plan for uncommitted changes. */
async function notes(
  change: Files,
  written: Partial<Record<PlanInputName, string>> = {},
  workflow: RunningWorkflow = { kind: 'none' },
): Promise<string[]> {
  history.write(change);
  const inputs = parsePlanInputs((name) => written[name] ?? '');
  const revisions: Revisions = {
    base: { kind: 'commit', commit: base, why: 'not used' },
    baseFrom: 'input',
    head: { commit: base, workingTree: true },
    mode: 'build',
    isRedelivery: false,
    findReleased: null,
    findTested: null,
    workflow,
  };
  const head = await headOf(revisions, inputs, repositories);
  return notesOnWorkflows(await compare(base, head, inputs, repositories), revisions, inputs);
}

const NOTE = `${CI} changed: this workflow decides how Bazel is called, so CI plans everything when it runs`;

test.each([
  ['the reusable workflow', `jobs:\n  bazel:\n    ${CALL}`],
  ['an action', 'steps:\n  - uses: octo/bazel-affected/plan@0123456789 # v1\n'],
  ['an action in quotes and braces', "steps:\n  - { id: plan, 'uses': 'octo/bazel-affected@v1' }\n"],
])('a changed workflow that calls %s gets a note', async (_, text) => {
  expect(await notes({ [CI]: text })).toEqual([NOTE]);
});

test('so does one that calls it by other workflows of the repository, and circles of calls end', async () => {
  const calling = (name: string): string => `jobs:\n  x:\n    uses: ./.github/workflows/${name}\n`;
  base = history.commit({
    '.github/workflows/one.yml': calling('two.yaml') + calling('ci.yml'),
    '.github/workflows/two.yaml': CALL,
    '.github/workflows/circle.yml': calling('circle.yml'),
  });
  expect(await notes({ [CI]: calling('circle.yml') })).toEqual([]);
  expect(await notes({ [CI]: calling('one.yml') })).toEqual([NOTE]);
});

test('so does one that calls it by an action of the repository', async () => {
  const local = 'steps:\n  - uses: ./.github/actions/plan\n';
  expect(await notes({ [CI]: local, '.github/actions/plan/action.yaml': `steps:\n  - ${CALL}` })).toEqual([
    NOTE,
  ]);
  expect(await notes({ [CI]: 'steps:\n  - uses: ./\n', 'action.yml': `steps:\n  - ${CALL}` })).toEqual([
    NOTE,
  ]);
});

test('a workspace in a folder of the repository gets the same note', async () => {
  expect(await notes({ [CI]: CALL }, { workspace: 'ws' })).toEqual([NOTE]);
});

test.each<[string, Files]>([
  [
    'a workflow that calls something else',
    { [CI]: 'steps:\n  - uses: actions/checkout@v7 # bazel-affected\n' },
  ],
  ['a workflow that is gone', { '.github/workflows/gone.yml': null }],
  ['a file elsewhere', { '.github/ci.yml': CALL, '.github/workflows/notes.md': CALL }],
])('there is no note for %s', async (_, change) => {
  expect(await notes(change)).toEqual([]);
});

test('there is no note for a workflow that the input ignore takes out', async () => {
  expect(await notes({ [CI]: CALL }, { ignore: '.github/**' })).toEqual([]);
});

test('there is no note in a workflow run: it plans everything if its own file changed, and says so', async () => {
  expect(await notes({ [CI]: CALL }, {}, { kind: 'file', path: CI })).toEqual([]);
  expect(await notes({ [CI]: CALL }, {}, { kind: 'elsewhere' })).toEqual([]);
});
