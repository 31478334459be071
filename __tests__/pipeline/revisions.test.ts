import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Repository } from '../../src/git/repository.js';
import { CommitMissingError, ScratchRepository } from '../../src/git/scratch-repository.js';
import type { CommitId } from '../../src/git/tree.js';
import type { Environment } from '../../src/github/event.js';
import { InputError } from '../../src/inputs/input-error.js';
import { parsePlanInputs, type PlanInputName } from '../../src/inputs/plan-inputs.js';
import type * as RevisionsModule from '../../src/pipeline/revisions.js';
import type { PlannableEvent as Event } from '../../src/pipeline/revisions.js';
import { commitId } from '../support/builders.js';
import { History, TemporaryFolder } from '../support/git-history.js';
import { FakeGitHub, type FakeRun } from '../support/github-server.js';

const THIS_RUN = 99;

let github: FakeGitHub;
let revisions: typeof RevisionsModule;

beforeAll(async () => {
  github = await FakeGitHub.start();
  // The client reads the address when it is loaded.
  process.env.GITHUB_API_URL = github.url;
  revisions = await import('../../src/pipeline/revisions.js');
});

afterAll(async () => {
  await github.stop();
});

let temporary: TemporaryFolder;
let origin: History;
let clones: number;
/** Commits of main, oldest first. */
let main: CommitId[];

beforeEach(() => {
  temporary = new TemporaryFolder();
  clones = 0;
  origin = History.init(temporary.join('origin'));
  main = ['1', '2', '3', '4'].map((x) => origin.commit({ x }));
  Object.assign(github, { runs: [], comparisons: {}, jobs: {}, artifacts: {}, failures: [], pageSize: 100 });
  github.requests.length = 0;
  github.tokens.clear();
});

afterEach(() => {
  temporary.remove();
});

const at = (index: number): CommitId => main.at(index) ?? commitId('0');
const run = (id: number, commit: string, conclusion: FakeRun['conclusion'] = 'success') => ({
  id,
  commit,
  conclusion,
});

interface Situation {
  readonly inputs?: Partial<Record<PlanInputName, string>>;
  /** Options of the clone that the action finds. */
  readonly clone?: readonly string[];
  readonly environment?: Environment;
}

async function clonedFor(situation: Situation) {
  const clone = History.clone(origin, temporary.join(`clone${++clones}`), ...(situation.clone ?? []));
  const repository = await Repository.open(clone.folder);
  const scratch = await ScratchRepository.create(repository, temporary.join(`scratch${clones}`));
  const inputs = parsePlanInputs((name) => ({ 'github-token': 't0ken', ...situation.inputs })[name] ?? '');
  return { clone, repository, scratch, inputs };
}

/** What a plan for an event compares, and in which mode. */
async function of(event: Event, situation: Situation = {}) {
  const { repository, scratch, inputs } = await clonedFor(situation);
  const environment = {
    GITHUB_REPOSITORY: 'ada/shop',
    GITHUB_WORKFLOW_REF: 'ada/shop/.github/workflows/ci.yml@refs/heads/main',
    GITHUB_RUN_ID: String(THIS_RUN),
    GITHUB_JOB: 'plan',
    RUNNER_NAME: 'runner 9',
    ...situation.environment,
  };
  const found = await revisions.revisionsOfEvent(event, inputs, repository, scratch, environment);
  return {
    base: found.base.kind === 'commit' ? found.base.commit : null,
    why: found.base.why,
    head: found.head.commit,
    mode: found.mode,
  };
}

/** How the base of an event's plan is looked for. */
async function baseFrom(event: Event, inputs: Situation['inputs'] = {}) {
  const { repository, scratch, inputs: parsed } = await clonedFor({ inputs });
  return (await revisions.revisionsOfEvent(event, parsed, repository, scratch, {})).baseFrom;
}

function push(parts: Partial<Extract<Event, { name: 'push' }>> = {}): Event {
  return {
    name: 'push',
    ref: 'refs/heads/main',
    before: at(-2),
    commit: at(-1),
    defaultBranch: 'main',
    ...parts,
  };
}

describe('a push to a branch', () => {
  test('is compared with the last green run that is part of the history', async () => {
    github.runs = [run(4, at(-2), 'failure'), run(3, at(1)), run(2, at(0))];
    expect(await of(push())).toEqual({
      base: at(1),
      why: 'the last green run on main: https://github.example/ada/shop/actions/runs/3',
      head: at(-1),
      mode: 'release',
    });
    expect([...github.tokens]).toEqual(['token t0ken']);
  });

  test('is not compared with the run that it belongs to', async () => {
    github.runs = [run(THIS_RUN, at(-1)), run(3, at(1))];
    expect(await of(push())).toMatchObject({ base: at(1) });
  });

  test('passes over green runs of commits that a forced push took away', async () => {
    origin.git('checkout', '--quiet', '--detach', at(0));
    const gone = origin.commit({ gone: '' });
    origin.git('checkout', '--quiet', 'main');
    github.runs = [run(5, commitId('a')), run(4, gone), run(3, at(0))];
    expect(await of(push())).toMatchObject({ base: at(0) });
  });

  test('looks through all pages of green runs', async () => {
    github.pageSize = 2;
    github.runs = [...Array.from({ length: 5 }, (_, index) => run(20 - index, commitId('a'))), run(3, at(1))];
    expect(await of(push())).toMatchObject({ base: at(1) });
    expect(github.requests.filter((request) => request.includes('/runs?'))).toHaveLength(3);
  });

  test('asks GitHub which green commit is an ancestor where the clone is shallow, and fetches it', async () => {
    github.runs = [run(4, commitId('a')), run(3, at(1)), run(2, at(0))];
    github.comparisons = { [at(1)]: 'ahead', [at(0)]: 'ahead' };
    expect(await of(push(), { clone: ['--depth=1'] })).toMatchObject({ base: at(1) });
    expect(github.requests.filter((request) => request.includes('/compare/'))).toEqual([
      `/repos/ada/shop/compare/${commitId('a')}...${at(-1)}?per_page=1`,
      `/repos/ada/shop/compare/${at(1)}...${at(-1)}?per_page=1`,
    ]);
  });

  test.each(['behind', 'diverged'] as const)(
    'passes over a green commit that is %s by what GitHub says',
    async (status) => {
      github.runs = [run(3, at(1)), run(2, at(0))];
      github.comparisons = { [at(1)]: status, [at(0)]: 'identical' };
      expect(await of(push(), { clone: ['--depth=1'] })).toMatchObject({ base: at(0) });
    },
  );

  test('passes over green runs whose plan was skipped, so that nothing was tested', async () => {
    github.runs = [run(4, at(-2)), run(3, at(1))];
    github.jobs = { 4: [{ name: 'bazel', conclusion: 'skipped', runner_name: null }] };
    expect(await of(push())).toMatchObject({ base: at(1) });
  });

  test('passes over green runs that left something undone, as one for a deleted branch does', async () => {
    const undone = Array.from({ length: 60 }, (_, index) => run(200 - index, at(-2)));
    github.runs = [...undone, run(3, at(1))];
    github.artifacts = Object.fromEntries(
      undone.map(({ id }) => [id, ['bazel-affected-plan-undone-0123456789ab']]),
    );
    expect(await of(push())).toMatchObject({ base: at(1) });
  });

  test('passes over what GitHub shows in spite of having been asked for green pushes alone', async () => {
    const byHand = { ...run(4, at(-2)), event: 'workflow_dispatch' };
    github.runs = [byHand, run(3, at(1))];
    expect(await of(push())).toMatchObject({ base: at(1) });
  });

  test('tells its own plan from others of the same workflow', async () => {
    const job = { name: 'web / plan', conclusion: 'success' as const, runner_name: 'runner 1' };
    github.runs = [run(4, at(-2)), run(3, at(1))];
    github.jobs = {
      [THIS_RUN]: [job, { ...job, name: 'shop / plan', conclusion: null, runner_name: 'runner 9' }],
      4: [job, { name: 'shop', conclusion: 'skipped', runner_name: null }],
      3: [{ ...job, name: 'shop / plan' }],
    };
    expect(await of(push())).toMatchObject({ base: at(1) });
  });

  test('has nothing to compare with where no run was green: what failed must not be lost', async () => {
    github.runs = [run(4, at(-2), 'failure'), run(3, at(-3), 'failure')];
    expect(await of(push())).toMatchObject({
      base: null,
      why: expect.stringContaining('no earlier run on main was green'),
    });
  });

  test('has nothing to compare with where the only earlier run has not ended: it may fail yet', async () => {
    github.runs = [run(THIS_RUN, at(-1), null), run(4, at(-2), null)];
    expect(await of(push())).toMatchObject({ base: null, why: expect.stringContaining('was green') });
  });

  test('has nothing to compare with where no green run is part of the history', async () => {
    github.runs = [run(4, commitId('a'))];
    expect(await of(push())).toMatchObject({ base: null, why: expect.stringContaining('was green') });
  });

  test('is compared with the state before it where there was no run at all', async () => {
    github.runs = [run(THIS_RUN, at(-1), 'failure')];
    expect(await of(push())).toMatchObject({
      base: at(-2),
      why: 'the state before this push (no earlier run on main)',
    });
  });

  test('is compared with the state before it where there is no token', async () => {
    expect(await of(push(), { inputs: { 'github-token': '  ' } })).toMatchObject({
      base: at(-2),
      why: expect.stringContaining('no github-token'),
    });
    expect(github.requests).toEqual([]);
  });

  test('has nothing to compare with where GitHub refuses to tell, and says which permission is missing', async () => {
    github.failures = [403];
    expect(await of(push())).toMatchObject({
      base: null,
      why: expect.stringMatching(/cannot be looked up: .*made to fail with 403.*permission actions: read/),
    });
  });

  test('asks again where GitHub stumbles', async () => {
    github.failures = [500];
    github.runs = [run(3, at(1))];
    expect(await of(push())).toMatchObject({ base: at(1) });
    expect(github.requests.filter((request) => request.includes('/runs?'))).toHaveLength(2);
  });

  test('has nothing to compare with where the runner does not say which workflow this is', async () => {
    expect(await of(push(), { environment: { GITHUB_WORKFLOW_REF: undefined } })).toMatchObject({
      base: null,
      why: expect.stringContaining('GITHUB_WORKFLOW_REF is not set'),
    });
  });

  test('has nothing to compare with where the branch is new', async () => {
    expect(await of(push({ before: null }))).toMatchObject({
      base: null,
      why: expect.stringContaining('the branch is new'),
    });
  });

  test('is compared with a state before it that a forced push made unreachable', async () => {
    const before = origin.commit({ x: 'rewritten' });
    origin.git('reset', '--quiet', '--hard', at(-1));
    expect(await of(push({ before }), { clone: ['--depth=1'] })).toMatchObject({ base: before });
  });

  test('has nothing to compare with where the state before it is nowhere', async () => {
    expect(await of(push({ before: commitId('a') }))).toMatchObject({
      base: null,
      why: expect.stringMatching(/^the base \(the state before this push .*\) cannot be had: commit a{40}/),
    });
  });

  test('is an error where its own commit is nowhere', async () => {
    await expect(of(push({ commit: commitId('a') }))).rejects.toThrow(CommitMissingError);
  });
});

describe('the mode of a push', () => {
  const mode = async (parts: Partial<Extract<Event, { name: 'push' }>>, inputs: Situation['inputs'] = {}) =>
    (await of(push({ before: null, ...parts }), { inputs })).mode;

  test('is release on the default branch, and build on any other', async () => {
    expect(await mode({})).toBe('release');
    expect(await mode({ defaultBranch: 'trunk' })).toBe('build');
    expect(await mode({ ref: 'refs/heads/feature/main' })).toBe('build');
  });

  test('is release on main and master where the default branch is unknown', async () => {
    expect(await mode({ defaultBranch: null })).toBe('release');
    expect(await mode({ defaultBranch: null, ref: 'refs/heads/trunk' })).toBe('build');
  });

  test('is release on the branches of the input release-branches, and no others', async () => {
    const inputs = { 'release-branches': 'release/*' };
    expect(await mode({ ref: 'refs/heads/release/1.0' }, inputs)).toBe('release');
    expect(await mode({}, inputs)).toBe('build');
  });

  test('is what the input says', async () => {
    expect(await mode({}, { mode: 'test' })).toBe('test');
    expect(await mode({ ref: 'refs/heads/x' }, { mode: 'release' })).toBe('release');
  });
});

test('a push of a tag has nothing to compare with, and releases nothing', async () => {
  expect(await of(push({ ref: 'refs/tags/main', before: null }))).toMatchObject({
    base: null,
    why: expect.stringContaining('refs/tags/main'),
    mode: 'build',
  });
  expect(github.requests).toEqual([]);
});

describe('a pull request', () => {
  let branch: CommitId;
  let merge: CommitId;

  beforeEach(() => {
    origin.git('checkout', '--quiet', '--detach', at(0));
    branch = origin.commit({ branch: '' });
    merge = origin.mergeOf(branch, at(-1));
    origin.git('update-ref', 'refs/pull/1/merge', merge);
    origin.git('checkout', '--quiet', 'main');
  });

  const pull = (parts: Partial<Extract<Event, { name: 'pull_request' }>> = {}): Event => ({
    name: 'pull_request',
    commit: merge,
    pullRequestHead: branch,
    ...parts,
  });

  test("is compared with the first parent of GitHub's merge, also in a shallow clone", async () => {
    const expected = {
      base: at(-1),
      why: "the first parent of the pull request's merge commit",
      head: merge,
      mode: 'build',
    };
    expect(await of(pull())).toEqual(expected);
    expect(await of(pull(), { clone: ['--depth=1'] })).toEqual(expected);
    expect(github.requests).toEqual([]);
  });

  test.each([
    ['the commit is no merge', () => pull({ commit: branch })],
    ['the merge is of another head', () => pull({ pullRequestHead: at(1) })],
    ['the parents stand the other way round', () => pull({ pullRequestHead: at(-1) })],
  ])('has nothing to compare with where %s', async (_, event) => {
    expect(await of(event())).toMatchObject({
      base: null,
      why: expect.stringContaining("is not GitHub's merge"),
    });
  });

  test('has nothing to compare with where the merge has three parents', async () => {
    const tree = origin.git('rev-parse', `${merge}^{tree}`);
    const octopus = origin.git(
      'commit-tree',
      tree,
      '-m',
      'x',
      '-p',
      at(-1),
      '-p',
      branch,
      '-p',
      at(0),
    ) as CommitId;
    expect(await of(pull({ commit: octopus }))).toMatchObject({ base: null });
  });

  test('never releases, whatever the inputs say', async () => {
    expect(await of(pull(), { inputs: { 'release-branches': '*' } })).toMatchObject({ mode: 'build' });
    expect(await of(pull(), { inputs: { mode: 'test' } })).toMatchObject({ mode: 'test' });
    await expect(of(pull(), { inputs: { mode: 'release' } })).rejects.toThrow(
      'input mode: "release" cannot be used; allowed: auto, build, test for the event pull_request',
    );
  });
});

test('a merge group is compared with its base', async () => {
  expect(await of({ name: 'merge_group', commit: at(-1), base: at(1) }, { clone: ['--depth=1'] })).toEqual({
    base: at(1),
    why: "the merge group's base",
    head: at(-1),
    mode: 'build',
  });
});

test('a merge group never releases', async () => {
  const event: Event = { name: 'merge_group', commit: at(-1), base: at(1) };
  await expect(of(event, { inputs: { mode: 'release' } })).rejects.toThrow(InputError);
});

test('a scheduled run has nothing to compare with', async () => {
  github.runs = [run(3, at(-1))];
  expect(await of({ name: 'schedule', commit: at(-1) })).toEqual({
    base: null,
    why: 'a scheduled run tests everything',
    head: at(-1),
    mode: 'build',
  });
});

describe('a run by hand', () => {
  const dispatch = (ref = 'refs/heads/main'): Event => ({ name: 'workflow_dispatch', ref, commit: at(-1) });

  test('is compared with the last green run on its branch', async () => {
    github.runs = [run(3, at(1))];
    expect(await of(dispatch())).toMatchObject({ base: at(1), mode: 'build' });
  });

  test('has nothing to compare with where there was none', async () => {
    expect(await of(dispatch())).toMatchObject({
      base: null,
      why: expect.stringContaining('no earlier run on main'),
    });
    expect(await of(dispatch('refs/tags/v1'))).toMatchObject({ base: null });
    expect(await of(dispatch(), { inputs: { 'github-token': ' ' } })).toMatchObject({ base: null });
  });

  test('does as its inputs say', async () => {
    expect(await of(dispatch(), { inputs: { base: 'HEAD~3', mode: 'release' } })).toMatchObject({
      base: at(0),
      mode: 'release',
    });
    expect(github.requests).toEqual([]);
  });
});

test('a plan tells how its base was looked for', async () => {
  expect(await baseFrom(push())).toBe('last green run');
  expect(await baseFrom(push(), { 'github-token': ' ' })).toBe('event');
  expect(await baseFrom(push({ ref: 'refs/tags/v1' }))).toBe('event');
  expect(await baseFrom(push(), { base: at(0) })).toBe('input');
  expect(await baseFrom({ name: 'schedule', commit: at(-1) })).toBe('event');
});

describe('the inputs base and head', () => {
  test('name commits in every way that the clone knows, or branches of the remote, or ids', async () => {
    origin.git('branch', 'other', at(0));
    for (const base of [at(1), at(1).slice(0, 10), 'HEAD~2']) {
      expect(await of(push(), { inputs: { base } })).toMatchObject({ base: at(1), why: 'the input base' });
    }
    expect(await of(push(), { inputs: { base: 'other' } })).toMatchObject({ base: at(0) });
    expect(await of(push(), { inputs: { base: at(0), head: at(1) }, clone: ['--depth=1'] })).toMatchObject({
      base: at(0),
      head: at(1),
    });
  });

  test('name branches and tags that only the remote has, also in a shallow clone', async () => {
    origin.git('branch', 'feature/other', at(0));
    origin.git('tag', '--annotate', '--message=one', 'v1', at(1));
    const clone = ['--depth=1', '--single-branch', '--no-tags'];
    expect(await of(push(), { inputs: { base: 'feature/other' }, clone })).toMatchObject({ base: at(0) });
    expect(await of(push(), { inputs: { base: 'v1' }, clone })).toMatchObject({ base: at(1) });
    await expect(of(push(), { inputs: { base: 'other' }, clone })).rejects.toThrow(InputError);
  });

  test.each(['base', 'head'] as const)('are an error where %s is nowhere', async (name) => {
    const naming = of(push(), { inputs: { [name]: 'no-such-branch' } });
    await expect(naming).rejects.toThrow(InputError);
    await expect(naming).rejects.toThrow(`input ${name}: "no-such-branch" cannot be used`);
  });
});

describe('the working tree', () => {
  async function ofWorkingTree(
    prepare: (clone: History) => void,
    inputs: Situation['inputs'] = {},
    options: readonly string[] = [],
  ) {
    const { clone, repository, scratch, inputs: parsed } = await clonedFor({ inputs, clone: options });
    prepare(clone);
    const found = await revisions.revisionsOfWorkingTree(parsed, repository, scratch);
    return { ...found, base: found.base.kind === 'commit' ? found.base.commit : null, why: found.base.why };
  }

  test("is compared with where the work left the remote's default branch", async () => {
    const found = await ofWorkingTree((clone) => {
      clone.git('reset', '--quiet', '--hard', at(1));
      clone.commit({ mine: '' });
    });
    expect(found).toMatchObject({ base: at(1), why: 'where the work left origin/main', mode: 'build' });
    expect(found.head.workingTree).toBe(true);
  });

  test('is compared with what --base names; --head takes a commit in its place', async () => {
    expect(await ofWorkingTree(() => undefined, { base: 'HEAD' })).toMatchObject({
      base: at(-1),
      head: { commit: at(-1), workingTree: true },
    });
    expect(
      await ofWorkingTree(() => undefined, { base: at(0), head: 'HEAD~1', mode: 'release' }),
    ).toMatchObject({
      base: at(0),
      head: { commit: at(-2), workingTree: false },
      mode: 'release',
    });
  });

  test('has nothing to compare with where the clone is too shallow to tell', async () => {
    const found = await ofWorkingTree(
      (clone) => {
        clone.git('checkout', '--quiet', '--orphan', 'mine');
        clone.commit({ mine: '' });
      },
      {},
      ['--depth=1'],
    );
    expect(found).toMatchObject({ base: null, why: expect.stringContaining('git fetch --unshallow') });
  });

  test("is compared with where the work left the only remote's default branch, whatever that remote is called", async () => {
    const found = await ofWorkingTree((clone) => {
      clone.git('remote', 'rename', 'origin', 'upstream');
    });
    expect(found).toMatchObject({ base: at(-1), why: 'where the work left upstream/main' });
  });

  test('is an error where nobody knows what to compare it with', async () => {
    const comparing = ofWorkingTree((clone) => {
      clone.git('remote', 'remove', 'origin');
    });
    await expect(comparing).rejects.toThrow(
      /^input base: "" cannot be used; allowed: a revision to compare with/,
    );
  });
});
