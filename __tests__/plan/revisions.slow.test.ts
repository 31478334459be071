import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Repository } from '../../src/adapters/git/repository.js';
import { CommitMissingError } from '../../src/adapters/git/remote.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import type { CommitId } from '../../src/graph/tree.js';
import type { Environment } from '../../src/adapters/github/event.js';
import { InputError } from '../../src/text/input-error.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import type * as RevisionsModule from '../../src/plan/revisions.js';
import type { PlannableEvent as Event } from '../../src/plan/plannable-event.js';
import { commitId } from '../support/builders.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';
import { FakeGitHub, type FakeRun, type OddAnswer } from '../support/github-server.js';

const THIS_RUN = 99;

let github: FakeGitHub;
let revisions: typeof RevisionsModule;

beforeAll(async () => {
  github = await FakeGitHub.start();
  // The client reads the address when it is loaded.
  process.env.GITHUB_API_URL = github.url;
  revisions = await import('../../src/plan/revisions.js');
});

afterAll(async () => {
  await github.stop();
});

let temporary: TemporaryFolder;
let origin: TestRepository;
let clones: number;
/** Commits of main, oldest first. */
let main: CommitId[];

beforeEach(() => {
  temporary = new TemporaryFolder();
  clones = 0;
  origin = TestRepository.create(temporary.join('origin'));
  main = ['1', '2', '3', '4'].map((x) => origin.commit({ x }));
  Object.assign(github, {
    runs: [],
    comparisons: {},
    jobs: {},
    artifacts: {},
    failures: [],
    odd: [],
    oddAt: {},
    mergeBase: '',
    pageSize: 100,
  });
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
  const clone = TestRepository.clone(origin, temporary.join(`clone${++clones}`), ...(situation.clone ?? []));
  const repository = await Repository.open(clone.folder);
  const scratch = await ScratchRepository.create(repository, temporary.join(`scratch${clones}`));
  const inputs = parsePlanInputs((name) => ({ 'github-token': 't0ken', ...situation.inputs })[name] ?? '');
  return { clone, repositories: { user: repository, scratch }, inputs };
}

/** What a plan for an event compares, and in which mode. */
async function of(event: Event, situation: Situation = {}) {
  const { repositories, inputs } = await clonedFor(situation);
  const environment = {
    GITHUB_REPOSITORY: 'ada/shop',
    GITHUB_WORKFLOW_REF: 'ada/shop/.github/workflows/ci.yml@refs/heads/main',
    GITHUB_RUN_ID: String(THIS_RUN),
    GITHUB_JOB: 'plan',
    RUNNER_NAME: 'runner 9',
    ...situation.environment,
  };
  const found = await revisions.revisionsOfEvent(event, inputs, repositories, environment);
  return {
    base: found.base.kind === 'commit' ? found.base.commit : found.base.kind,
    why: found.base.why,
    head: found.head.commit,
    mode: found.mode,
  };
}

/** How the base of an event's plan is looked for. */
async function baseFrom(event: Event, inputs: Situation['inputs'] = {}) {
  const { repositories, inputs: parsed } = await clonedFor({ inputs });
  return (await revisions.revisionsOfEvent(event, parsed, repositories, {})).baseFrom;
}

function push(parts: Partial<Extract<Event, { name: 'push' }>> = {}): Event {
  return {
    name: 'push',
    ref: 'refs/heads/main',
    before: at(-2),
    forced: false,
    commit: at(-1),
    defaultBranch: 'main',
    ...parts,
  };
}

describe('whether the tests passed before', () => {
  const onMain = {
    GITHUB_REPOSITORY: 'ada/shop',
    GITHUB_WORKFLOW_REF: 'ada/shop/.github/workflows/ci.yml@x',
  };

  async function findTested(event: Event, inputs: Situation['inputs'] = {}) {
    const { repositories, inputs: parsed } = await clonedFor({ inputs });
    const found = await revisions.revisionsOfEvent(event, parsed, repositories, onMain);
    return found.findTested;
  }

  test('is asked GitHub for the head of a push', async () => {
    const find = await findTested(push());
    github.requests.length = 0;
    expect(await find?.()).toEqual({ kind: 'not tested', why: null });
    expect(github.requests).toEqual([
      expect.stringMatching(`/runs\\?.*head_sha=${at(-1)}&event=merge_group`),
    ]);
  });

  test.each<[string, () => Event, Situation['inputs']]>([
    ['if the input merge-group-counts says no', push, { 'merge-group-counts': 'false' }],
    ['without a token', push, { 'github-token': '' }],
    ['for the push of a tag', () => push({ ref: 'refs/tags/v1' }), {}],
    ['for a scheduled run', () => ({ name: 'schedule', commit: at(-1) }), {}],
  ])('does not matter %s', async (_when, event, inputs) => {
    expect(await findTested(event(), inputs)).toBeNull();
  });

  test('does not matter if the base is unknown, because GitHub does not answer', async () => {
    github.failures = Array<number>(9).fill(403);
    expect(await findTested(push())).toBeNull();
  });
});

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
      undone.map(({ id }) => [id, ['bazel-affected-plan-undone-1-0123456789ab']]),
    );
    expect(await of(push())).toMatchObject({ base: at(1) });
  });

  test('is compared with a run whose releases were withheld until all its jobs were run again', async () => {
    const plan = { name: 'bazel / plan', conclusion: 'success' as const, runner_name: 'runner 1' };
    github.runs = [run(4, at(-2)), run(3, at(1))];
    github.artifacts = {
      4: ['bazel-affected-plan-undone-1-0123456789ab', 'bazel-affected-plan-ba9876543210'],
    };
    github.jobs = { 4: [{ ...plan, run_attempt: 2 }] };
    expect(await of(push())).toMatchObject({ base: at(-2) });
    github.jobs = { 4: [{ ...plan, run_attempt: 1 }] };
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
      base: 'none',
      why: expect.stringContaining('no earlier run on main was green'),
    });
  });

  test('has nothing to compare with where the only earlier run has not ended: it may fail yet', async () => {
    github.runs = [run(THIS_RUN, at(-1), null), run(4, at(-2), null)];
    expect(await of(push())).toMatchObject({ base: 'none', why: expect.stringContaining('was green') });
  });

  test('has nothing to compare with where no green run is part of the history', async () => {
    github.runs = [run(4, commitId('a'))];
    expect(await of(push())).toMatchObject({ base: 'none', why: expect.stringContaining('was green') });
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

  test('does not know its base where GitHub refuses to tell, and says which permission is missing', async () => {
    github.failures = [403];
    expect(await of(push())).toMatchObject({
      base: 'unknown',
      why: expect.stringMatching(
        /could not be determined: .*made to fail with 403.*permission actions: read/,
      ),
    });
  });

  test.each<[string, OddAnswer]>([
    ['an empty list', { status: 200, body: '[]' }],
    ['null', { status: 200, body: 'null' }],
    ['an empty object', { status: 200, body: '{}' }],
    ['nothing', { status: 200, body: '' }],
    ['nothing, and says so', { status: 204, body: '' }],
    ['less than it announced', { status: 200, body: '{"total_count": 7, "workflow_runs": []}' }],
    ['no count', { status: 200, body: '{"workflow_runs": []}' }],
    ['no runs', { status: 200, body: '{"total_count": 0}' }],
    ['runs that are not a list', { status: 200, body: '{"total_count": 0, "workflow_runs": {}}' }],
    ['a run that is none', { status: 200, body: '{"total_count": 1, "workflow_runs": [null]}' }],
    ['a run without anything', { status: 200, body: '{"total_count": 1, "workflow_runs": [{"id": 1}]}' }],
    ['half of an answer', { status: 200, body: '{"total_count": 0, "workf' }],
    ['a page', { status: 200, body: '<html>Sign in</html>', type: 'text/html' }],
    ['a redirection to nowhere', { status: 304, body: '' }],
    ['a 404 of a server on the way', { status: 404, body: '<html></html>', type: 'text/html' }],
  ])('does not know its base where GitHub answers with %s', async (_, answer) => {
    github.odd = [answer];
    expect(await of(push())).toMatchObject({
      base: 'unknown',
      why: expect.stringContaining('the last green run on main could not be determined: '),
      mode: 'release',
    });
  });

  test.each<[string, string, OddAnswer]>([
    ['a comparison', '/compare/', { status: 200, body: '{"status": "green"}' }],
    ['a comparison', '/compare/', { status: 404, body: 'not found', type: 'text/plain' }],
    ['the jobs of a run', '/runs/3/jobs', { status: 200, body: '{"total_count": 1, "jobs": [{}]}' }],
    ['the jobs of a run', '/runs/3/jobs', { status: 404, body: '' }],
    ['the artifacts of a run', '/artifacts', { status: 200, body: '{"total_count": 1, "artifacts": [7]}' }],
  ])('does not know its base where GitHub answers the question for %s (%s) with %j', async (_, path, odd) => {
    github.runs = [run(3, at(1))];
    github.comparisons = { [at(1)]: 'ahead' };
    github.oddAt = { [path]: odd };
    expect(await of(push(), { clone: ['--depth=1'] })).toMatchObject({ base: 'unknown' });
  });

  test('asks again where GitHub stumbles', async () => {
    github.failures = [500];
    github.runs = [run(3, at(1))];
    expect(await of(push())).toMatchObject({ base: at(1) });
    expect(github.requests.filter((request) => request.includes('/runs?'))).toHaveLength(2);
  });

  test('does not know its base where the runner does not say which workflow this is', async () => {
    expect(await of(push(), { environment: { GITHUB_WORKFLOW_REF: undefined } })).toMatchObject({
      base: 'unknown',
      why: expect.stringContaining('GITHUB_WORKFLOW_REF is not set'),
    });
  });

  test('is compared with a state before it that a forced push made unreachable', async () => {
    const before = origin.commit({ x: 'rewritten' });
    origin.git('reset', '--quiet', '--hard', at(-1));
    expect(await of(push({ before }), { clone: ['--depth=1'] })).toMatchObject({ base: before });
  });

  test('has nothing to compare with where a forced push took the state before it away', async () => {
    expect(await of(push({ before: commitId('a'), forced: true }))).toMatchObject({
      base: 'none',
      why: expect.stringContaining('not our ref'),
    });
  });

  test('does not know its base where the remote does not answer, forced or not', async () => {
    const { clone, repositories, inputs } = await clonedFor({ inputs: { 'github-token': ' ' } });
    const { user, scratch } = repositories;
    clone.git('remote', 'set-url', 'origin', temporary.join('nowhere'));
    const before = commitId('a');
    const unreachable = await ScratchRepository.create(user, temporary.join('unreachable'));
    const found = await revisions.revisionsOfEvent(
      push({ before, forced: true }),
      inputs,
      { user, scratch: unreachable },
      {},
    );
    expect(found.base).toMatchObject({ kind: 'unknown', why: expect.stringContaining('nowhere') });
    expect(scratch).not.toBe(unreachable);
  });

  test('does not know its base where the last green commit cannot be fetched', async () => {
    github.runs = [run(3, commitId('a'))];
    github.comparisons = { [commitId('a')]: 'ahead' };
    expect(await of(push(), { clone: ['--depth=1'] })).toMatchObject({ base: 'unknown' });
  });

  test('does not know its base where the state before it is nowhere', async () => {
    expect(await of(push({ before: commitId('a') }))).toMatchObject({
      base: 'unknown',
      why: expect.stringMatching(
        /^the base \(the state before this push .*\) is not available: commit a{40}/,
      ),
    });
  });

  test('is an error where its own commit is nowhere', async () => {
    await expect(of(push({ commit: commitId('a') }))).rejects.toThrow(CommitMissingError);
  });
});

describe('the first push of a branch', () => {
  let topic: CommitId;

  beforeEach(() => {
    origin.git('checkout', '--quiet', '-b', 'topic', at(1));
    topic = origin.commit({ topic: '' });
    origin.git('branch', 'side', topic);
    origin.git('checkout', '--quiet', 'main');
  });

  const first = (parts: Partial<Extract<Event, { name: 'push' }>> = {}): Event =>
    push({ ref: 'refs/heads/topic', before: null, commit: topic, ...parts });
  const shallow = { clone: ['--depth=1', '--branch=topic'] };

  test('is compared with where it left the default branch, which a whole clone tells', async () => {
    expect(await of(first())).toMatchObject({ base: at(1), why: 'where it left main', mode: 'build' });
    expect(github.requests.filter((request) => request.includes('/compare/'))).toEqual([]);
    expect(await of(first(), { inputs: { 'github-token': ' ' } })).toMatchObject({ base: at(1) });
  });

  test('is compared with what GitHub names where the clone is shallow', async () => {
    github.comparisons = { [at(-1)]: 'diverged' };
    github.mergeBase = at(1);
    expect(await of(first(), shallow)).toMatchObject({ base: at(1), why: 'where it left main' });
    expect(github.requests).toContain(`/repos/ada/shop/compare/${at(-1)}...${topic}?per_page=1`);
  });

  test('has nothing to compare with where GitHub knows no common ancestor', async () => {
    expect(await of(first(), shallow)).toMatchObject({
      base: 'none',
      why: expect.stringContaining('no common ancestor'),
    });
  });

  test.each([
    ['GitHub names no commit', { 'github-token': 't0ken' }, /merge_base_commit\.sha should be a commit id/],
    ['there is no token to ask with', { 'github-token': ' ' }, /no github-token/],
  ])('does not know its base where the clone is shallow and %s', async (_, inputs, why) => {
    github.comparisons = { [at(-1)]: 'diverged' };
    github.mergeBase = 'main';
    expect(await of(first(), { ...shallow, inputs })).toMatchObject({
      base: 'unknown',
      why: expect.stringMatching(why),
    });
  });

  test('does not know its base where the remote has no such default branch', async () => {
    const { why } = await of(first({ defaultBranch: 'gone' }));
    expect(why).toBe('it is unknown where it left gone: the remote does not report the commit of gone');
  });

  test.each<[string, Partial<Extract<Event, { name: 'push' }>>, NonNullable<Situation['inputs']>]>([
    ['it is the default branch', { ref: 'refs/heads/main' }, {}],
    ['it is the default branch, only tested', { ref: 'refs/heads/main' }, { mode: 'test' }],
    ['it is a release branch', {}, { 'release-branches': 't*' }],
    ['it is a release branch, only built', {}, { 'release-branches': 't*', mode: 'build' }],
    ['it releases', {}, { mode: 'release' }],
    ['the payload does not name the default branch', { defaultBranch: null }, {}],
  ])('has nothing to compare with where %s', async (_, parts, inputs) => {
    expect(await of(first(parts), { inputs })).toMatchObject({
      base: 'none',
      why: 'the branch is new: there is no earlier state to compare with',
    });
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
    base: 'none',
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
    baseBranch: 'main',
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
    ['the commit is not a merge', () => pull({ commit: branch })],
    ['the merge is of another head', () => pull({ pullRequestHead: at(1) })],
    ['the parents stand the other way round', () => pull({ pullRequestHead: at(-1) })],
  ])('does not know its base where %s', async (_, event) => {
    expect(await of(event())).toMatchObject({
      base: 'unknown',
      why: expect.stringContaining("is not GitHub's merge"),
    });
  });

  test('does not know its base where the merge has three parents', async () => {
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
    expect(await of(pull({ commit: octopus }))).toMatchObject({ base: 'unknown' });
  });

  test('with a head of its own is compared with where that one left its base branch', async () => {
    origin.git('branch', 'topic', branch);
    const inputs = { head: branch };
    expect(await of(pull(), { inputs })).toMatchObject({
      base: at(0),
      why: 'where it left main',
      head: branch,
    });
    github.comparisons = { [at(-1)]: 'diverged' };
    github.mergeBase = at(0);
    expect(await of(pull(), { inputs, clone: ['--depth=1'] })).toMatchObject({ base: at(0), head: branch });
    expect(await of(pull({ baseBranch: null }), { inputs })).toMatchObject({ base: 'unknown' });
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
    base: 'none',
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
      base: 'none',
      why: expect.stringContaining('no earlier run on main'),
    });
    expect(await of(dispatch('refs/tags/v1'))).toMatchObject({ base: 'none' });
    expect(await of(dispatch(), { inputs: { 'github-token': ' ' } })).toMatchObject({ base: 'none' });
  });

  test('with targets releases these, whatever was released before', async () => {
    github.runs = [run(3, at(-1))];
    const inputs = { mode: 'release', targets: '//app:release' };
    expect(await of(dispatch(), { inputs })).toMatchObject({
      base: 'none',
      why: 'a run by hand releases what the input targets names',
      mode: 'release',
    });
    expect(await of(dispatch(), { inputs: { ...inputs, mode: 'build' } })).toMatchObject({ base: at(-1) });
    expect(await of(dispatch(), { inputs: { ...inputs, targets: '//...' } })).toMatchObject({ base: at(-1) });
  });

  test('does as its inputs say', async () => {
    expect(await of(dispatch(), { inputs: { base: 'HEAD~3', mode: 'release' } })).toMatchObject({
      base: at(0),
      mode: 'release',
    });
    expect(github.requests).toEqual([]);
  });
});

describe('any other event', () => {
  const event: Event = { name: 'other', event: 'workflow_run' };

  test('is planned with what the inputs base and head name', async () => {
    const inputs = { base: at(0), head: at(1) };
    const expected = { base: at(0), head: at(1), why: 'the input base', mode: 'build' };
    expect(await of(event, { inputs })).toEqual(expected);
    expect(await of(event, { inputs: { ...inputs, mode: 'test' } })).toMatchObject({ mode: 'test' });
    expect(github.requests).toEqual([]);
  });

  test.each([{}, { base: 'main' }, { head: 'main' }])('is refused with the inputs %j', async (inputs) => {
    await expect(of(event, { inputs })).rejects.toThrow(
      /"workflow_run" cannot be used; allowed: push, .* with both inputs base and head/,
    );
  });

  test('never releases', async () => {
    await expect(of(event, { inputs: { base: at(0), head: at(1), mode: 'release' } })).rejects.toThrow(
      'input mode: "release" cannot be used; allowed: auto, build, test for the event workflow_run',
    );
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
    await expect(naming).rejects.toThrow(`input ${name}: "no-such-branch" was not found: `);
  });
});

describe('the working tree', () => {
  async function ofWorkingTree(
    prepare: (clone: TestRepository) => void,
    inputs: Situation['inputs'] = {},
    options: readonly string[] = [],
  ) {
    const { clone, repositories, inputs: parsed } = await clonedFor({ inputs, clone: options });
    prepare(clone);
    const found = await revisions.revisionsOfWorkingTree(parsed, repositories);
    return {
      ...found,
      base: found.base.kind === 'commit' ? found.base.commit : found.base.kind,
      why: found.base.why,
    };
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

  test('does not know its base where the clone is too shallow to tell', async () => {
    const found = await ofWorkingTree(
      (clone) => {
        clone.git('checkout', '--quiet', '--orphan', 'mine');
        clone.commit({ mine: '' });
      },
      {},
      ['--depth=1'],
    );
    expect(found).toMatchObject({ base: 'unknown', why: expect.stringContaining('git fetch --unshallow') });
  });

  test("is compared with where the work left the only remote's default branch, whatever that remote is called", async () => {
    const found = await ofWorkingTree((clone) => {
      clone.git('remote', 'rename', 'origin', 'upstream');
    });
    expect(found).toMatchObject({ base: at(-1), why: 'where the work left upstream/main' });
  });

  test('is an error if neither the event nor the inputs name a base', async () => {
    const comparing = ofWorkingTree((clone) => {
      clone.git('remote', 'remove', 'origin');
    });
    await expect(comparing).rejects.toThrow(
      /^input base: is needed, because this clone does not know the default branch/,
    );
  });
});
