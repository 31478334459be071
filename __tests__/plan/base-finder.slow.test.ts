import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Repositories } from '../../src/adapters/git/repositories.js';
import { Repository } from '../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import type { CommitId } from '../../src/graph/tree.js';
import type { Base } from '../../src/plan/base.js';
import { BaseFinder } from '../../src/plan/base-finder.js';
import type { PlanMode } from '../../src/plan/legs/selection.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import type { PlannableEvent } from '../../src/plan/plannable-event.js';
import { InputError } from '../../src/text/input-error.js';
import { commitId } from '../support/builders.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';

/** No test here has a token, so GitHub is not asked: `revisions.slow.test.ts` has the answers of GitHub. */

let temporary: TemporaryFolder;
let origin: TestRepository;
/** Where the branch `topic` left main, and its commit. */
let left: CommitId;
let topic: CommitId;
let main: CommitId;

beforeEach(() => {
  temporary = new TemporaryFolder();
  origin = TestRepository.create(temporary.join('origin'));
  left = origin.commit({ x: '1' });
  origin.git('checkout', '--quiet', '-b', 'topic');
  topic = origin.commit({ y: '1' });
  origin.git('checkout', '--quiet', 'main');
  main = origin.commit({ x: '2' });
});

afterEach(() => {
  temporary.remove();
});

interface Situation {
  readonly commit?: CommitId;
  readonly mode?: PlanMode;
  readonly inputs?: Partial<Record<PlanInputName, string>>;
  /** Options of the clone that the finder reads. */
  readonly clone?: readonly string[];
}

async function baseOf(event: PlannableEvent, situation: Situation = {}): Promise<Base> {
  const { commit = topic, mode = 'build', inputs = {}, clone = [] } = situation;
  const user = await Repository.open(TestRepository.clone(origin, temporary.join('clone'), ...clone).folder);
  const scratch = await ScratchRepository.create(user, temporary.join('scratch'));
  const repositories: Repositories = { user, scratch };
  const parsed = parsePlanInputs((name) => inputs[name] ?? '');
  return new BaseFinder({ commit, mode }, parsed, repositories, {}).baseOf(event);
}

function push(parts: Partial<Extract<PlannableEvent, { name: 'push' }>> = {}): PlannableEvent {
  return {
    name: 'push',
    ref: 'refs/heads/topic',
    before: null,
    forced: false,
    commit: topic,
    defaultBranch: 'main',
    ...parts,
  };
}

function pullRequest(commit: CommitId, baseBranch: string | null = 'main'): PlannableEvent {
  return { name: 'pull_request', commit, pullRequestHead: topic, baseBranch };
}

describe('the event alone decides the base', () => {
  test('of a merge group', async () => {
    const event: PlannableEvent = { name: 'merge_group', commit: topic, base: commitId('b') };
    expect(await baseOf(event)).toEqual({
      kind: 'commit',
      commit: commitId('b'),
      why: "the merge group's base",
    });
  });

  test.each<[string, PlannableEvent]>([
    ['a scheduled run', { name: 'schedule', commit: commitId('a') }],
    ['the push of a tag', push({ ref: 'refs/tags/v1', before: commitId('b') })],
    ['a run by hand on a tag', { name: 'workflow_dispatch', ref: 'refs/tags/v1', commit: commitId('a') }],
    ['a run by hand without a token', { name: 'workflow_dispatch', ref: 'refs/heads/main', commit: main }],
  ])('of %s: there is none', async (_what, event) => {
    expect((await baseOf(event)).kind).toBe('none');
  });

  test('of no other event, which is an error that names the event', async () => {
    const finding = baseOf({ name: 'other', event: 'issues' });
    await expect(finding).rejects.toThrow(InputError);
    await expect(finding).rejects.toThrow('issues');
  });
});

describe('a push to a branch', () => {
  test('without a token is compared with the state before it, and the reason says so', async () => {
    expect(await baseOf(push({ before: left }))).toEqual({
      kind: 'commit',
      commit: left,
      why: 'the state before this push (no github-token to look up the last green run with)',
    });
  });

  test('that is new is compared with where it left the default branch', async () => {
    expect(await baseOf(push())).toEqual({ kind: 'commit', commit: left, why: 'where it left main' });
  });

  test.each<[string, Partial<Extract<PlannableEvent, { name: 'push' }>>, Situation]>([
    ['is the default branch', { ref: 'refs/heads/main', commit: main }, { commit: main }],
    ['is a release branch', {}, { inputs: { 'release-branches': 'topic' } }],
    ['is planned as a release', {}, { mode: 'release' }],
    ['has no default branch beside it', { defaultBranch: null }, {}],
  ])('that is new has nothing to compare with if it %s', async (_why, parts, situation) => {
    expect(await baseOf(push(parts), situation)).toEqual({
      kind: 'none',
      why: 'the branch is new: there is no earlier state to compare with',
    });
  });

  test.each<[string, Situation, Partial<Extract<PlannableEvent, { name: 'push' }>>]>([
    ['the clone is shallow', { clone: ['--depth=1', '--no-single-branch'] }, {}],
    ['the clone has no such branch', {}, { defaultBranch: 'trunk' }],
  ])('that is new has an unknown base if %s and there is no token', async (_why, situation, parts) => {
    expect(await baseOf(push(parts), situation)).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('there is no github-token to ask GitHub with'),
    });
  });
});

describe('a pull request', () => {
  test("is compared with the first parent of GitHub's merge, which a shallow clone does not have", async () => {
    const merge = origin.mergeOf(topic, main);
    expect(await baseOf(pullRequest(merge), { clone: ['--depth=1'] })).toMatchObject({
      kind: 'commit',
      commit: main,
    });
  });

  test.each<[string, () => CommitId]>([
    ['is no merge', () => main],
    ['merges another commit', () => origin.mergeOf(main, topic)],
    ['is the first commit', () => left],
  ])('has an unknown base if its commit %s', async (_why, commit) => {
    const base = await baseOf(pullRequest(commit()));
    expect(base).toMatchObject({ kind: 'unknown' });
    expect(base.why).toContain('name it with the input `base`');
  });

  test('with a head of its own is compared with where that head left the base branch', async () => {
    const event = pullRequest(origin.mergeOf(topic, main));
    expect(await baseOf(event, { inputs: { head: topic } })).toMatchObject({ kind: 'commit', commit: left });
  });

  test('with a head of its own has an unknown base if the event names no branch', async () => {
    expect(await baseOf(pullRequest(topic, null), { inputs: { head: topic } })).toEqual({
      kind: 'unknown',
      why: 'the event does not say which branch the pull request is for',
    });
  });
});
