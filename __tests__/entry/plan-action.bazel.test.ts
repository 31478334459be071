import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ArtifactServer } from '../../e2e/support/artifact-server.js';
import type { CommitId } from '../../src/graph/tree.js';
import { downloadFile } from '../../src/adapters/github/artifacts.js';
import { parsePlan, PLAN_FILE_NAME } from '../../src/plan/file/plan-file.js';
import { FakeCacheService } from '../adapters/github/support/fake-cache-service.js';
import { commitId } from '../support/builders.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';
import { FakeGitHub, type OddAnswer } from '../support/github-server.js';
import { processesWith, start, until, type Ended, type Running } from '../support/program.js';
import { commandsIn } from '../support/runner-commands.js';
import { SAMPLE_WORKSPACE } from '../support/sample-workspace.js';

const ROOT = dirname(dirname(import.meta.dirname));
const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
};

let github: FakeGitHub;
let temporary: TemporaryFolder;
let origin: TestRepository;
/** What actions/checkout left. */
let checkout: TestRepository;
let digest: string;

beforeAll(async () => {
  github = await FakeGitHub.start();
});

afterAll(async () => {
  await github.stop();
});

beforeEach(() => {
  Object.assign(github, {
    runs: [],
    jobs: {},
    artifacts: {},
    comparisons: {},
    failures: [],
    odd: [],
    oddAt: {},
  });
  temporary = new TemporaryFolder();
  mkdirSync(temporary.join('runner'));
  origin = TestRepository.create(temporary.join('origin'));
});

afterEach(() => {
  temporary.remove();
});

/** Checks out one commit as actions/checkout does by default: this commit alone. */
function checkOut(commit: CommitId): void {
  rmSync(temporary.join('checkout'), { recursive: true, force: true });
  checkout = TestRepository.create(temporary.join('checkout'));
  checkout.git('remote', 'add', 'origin', `file://${origin.folder}`);
  checkout.git(
    'fetch',
    '--quiet',
    '--no-tags',
    '--depth=1',
    'origin',
    `+${commit}:refs/remotes/origin/checked-out`,
  );
  checkout.git('checkout', '--quiet', '--detach', commit);
  digest = checkout.digest();
}

interface Call {
  readonly event: string;
  readonly payload?: object;
  readonly commit: CommitId;
  readonly ref?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the action with the environment that the runner gives it. */
function startAction(call: Call): Running {
  const { event, payload = {}, commit, ref = 'refs/heads/main', inputs = {}, environment = {} } = call;
  const eventPath = temporary.join('event.json');
  writeFileSync(eventPath, JSON.stringify(payload));
  for (const file of ['output', 'summary']) writeFileSync(temporary.join(file), '');
  const given = Object.entries(ACTION.inputs).map(([name, input]) => {
    const byRunner = { 'github-token': 't0ken', bazel: process.env.BAZEL ?? '' }[name];
    return [`INPUT_${name.toUpperCase()}`, inputs[name] ?? byRunner ?? input.default];
  });
  return start('plan', [], checkout.folder, {
    ...(Object.fromEntries(given) as Record<string, string>),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_OUTPUT: temporary.join('output'),
    GITHUB_REF: ref,
    GITHUB_REPOSITORY: 'ada/shop',
    GITHUB_JOB: 'plan',
    GITHUB_REF_NAME: 'main',
    GITHUB_RUN_ID: '99',
    GITHUB_RUN_NUMBER: '99',
    GITHUB_SHA: commit,
    GITHUB_STEP_SUMMARY: temporary.join('summary'),
    GITHUB_WORKFLOW_REF: 'ada/shop/.github/workflows/ci.yml@refs/heads/main',
    GITHUB_WORKSPACE: checkout.folder,
    RUNNER_TEMP: temporary.join('runner'),
    ...environment,
  });
}

async function act(call: Call): Promise<Ended> {
  const ended = await startAction(call).ended;
  expect(checkout.digest()).toBe(digest);
  expect(leftOver()).toEqual([]);
  return ended;
}

/** What a plan must not leave behind: its private folder, and processes that work there. */
function leftOver(): string[] {
  // Archives of caches stay in folders that have a UUID for a name: @actions/cache leaves them to the runner.
  const folders = readdirSync(temporary.join('runner')).filter(
    (name) => !/^bazel-affected-plan-|^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name),
  );
  return [...folders, ...processesWith(temporary.join('runner'))];
}

/** The outputs, as the runner reads them from their file. */
function outputs(): Record<string, string> {
  const read: Record<string, string> = {};
  const lines = readFileSync(temporary.join('output'), 'utf8').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, name, delimiter] = /^([\w-]+)<<(.+)$/.exec(lines[at] ?? '') ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, at);
    read[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return read;
}

/** Where git keeps an object, below its folder. */
const inParts = (id: string): [string, string] => [id.slice(0, 2), id.slice(2)];

const summary = () => readFileSync(temporary.join('summary'), 'utf8');
const names = (matrix: string | undefined) =>
  (JSON.parse(matrix ?? '') as { include: { name: string }[] }).include.map((entry) => entry.name);

/** What the action itself tells the runner. */
const OWN_COMMAND = /^::(?:group|endgroup|warning|notice|error|add-mask)\b/;

describe('a run by hand that releases', () => {
  const byHand = (targets: string): Call => ({
    event: 'workflow_dispatch',
    commit: origin.id(),
    inputs: { mode: 'release', targets },
  });

  test('what targets names, although nothing changed', async () => {
    checkOut(origin.commit(SAMPLE_WORKSPACE));
    const { code } = await act(byHand('//app:release'));
    expect(code).toBe(0);
    expect(outputs()).toMatchObject({ mode: 'release', count: '1', 'release-count': '1' });
    expect(names(outputs()['release-matrix'])).toEqual(['//app:release']);
    expect(readFileSync(outputs()['release-targets'] ?? '', 'utf8')).toBe('//app:release\n');
    expect(readFileSync(outputs()['test-targets'] ?? '', 'utf8')).toBe('');
    expect(github.requests).toEqual([]);
  });

  test('is refused if targets names something else', async () => {
    checkOut(origin.commit(SAMPLE_WORKSPACE));
    const { code, stdout } = await act(byHand('//app:release //lib:lib'));
    expect(code).toBe(1);
    expect(stdout).toContain(
      '::error::input targets: "//lib:lib" names no release, and a run by hand with mode: release runs what targets names.',
    );
  });
});

describe('a pull request, checked out as deep as one commit', () => {
  let base: CommitId;
  let branch: CommitId;

  function pullRequest(merge: CommitId): Call {
    return {
      event: 'pull_request',
      payload: { pull_request: { head: { sha: branch } } },
      commit: merge,
      ref: 'refs/pull/1/merge',
    };
  }

  test('gets a job for each test that it affects, and for each release that it has to build', async () => {
    const root = origin.commit(SAMPLE_WORKSPACE);
    base = origin.commit({ 'other/other.txt': 'changed on main\n' });
    origin.git('checkout', '--quiet', '--detach', root);
    branch = origin.commit({ 'lib/lib.txt': '2\n' });
    const merge = origin.mergeOf(branch, base);
    checkOut(merge);

    const { code, stdout } = await act(pullRequest(merge));
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 test, 1 build in 2 jobs')]);

    const put = outputs();
    expect(Object.keys(put).sort()).toEqual(Object.keys(ACTION.outputs).sort());
    expect(put).toMatchObject({
      count: '2',
      'test-count': '1',
      'build-count': '1',
      'release-count': '0',
      base,
      head: merge,
      mode: 'build',
      everything: '',
    });
    expect(JSON.parse(put.matrix ?? '')).toEqual({
      include: [
        {
          name: '//app:app_test',
          mode: 'test',
          'runs-on': 'ubuntu-latest',
          index: 0,
          targets: ['//app:app_test'],
        },
        {
          name: '//app:release',
          mode: 'build',
          'runs-on': 'ubuntu-latest',
          index: 1,
          targets: ['//app:release'],
        },
      ],
    });
    expect(names(put['test-matrix'])).toEqual(['//app:app_test']);
    expect(names(put['build-matrix'])).toEqual(['//app:release']);
    expect(put['release-matrix']).toBe('{"include":[]}');

    expect(JSON.parse(readFileSync(put.plan ?? '', 'utf8'))).toMatchObject({
      version: 1,
      base: { commit: base },
      head: { commit: merge, workingTree: false },
      changes: [{ path: 'lib/lib.txt', status: 'modified' }],
      test: ['//app:app_test'],
      build: ['//app:release'],
      excluded: [{ label: '//app:slow_test', why: 'tag no-ci' }],
    });
    expect(summary()).toContain('## Plan: 1 test, 1 build in 2 jobs');
    expect(summary()).toContain('<code>lib/lib.txt</code> content through <code>//lib:lib.txt</code>');
    expect(summary()).toContain('tag no-ci');
    expect(github.requests).toEqual([]);
  });

  test('tells in its log what it does and what came of it', async () => {
    base = origin.commit(SAMPLE_WORKSPACE);
    branch = origin.commit({ 'lib/lib.txt': 'changed\n' });
    const merge = origin.mergeOf(branch, base);
    checkOut(merge);

    const { stdout } = await act(pullRequest(merge));
    expect(stdout).toMatch(
      /^::group::Plan\nrevisions …\n(?:[a-z ]+ …\n)*head graph …\n[^]*^test:\n[^]*^::endgroup::$/m,
    );
  });

  test('prints no label, no path and no notice that the runner takes for a command', async () => {
    const [label, path] = ['a##[group]b_test', 'docs/##[error]forged\n::error::forged.txt'];
    const tests = `load("//:rules.bzl", "sample_test")\nsample_test(name = "${label}", srcs = glob(["*.txt"]))\n`;
    base = origin.commit({ ...SAMPLE_WORKSPACE, 'other/BUILD': tests, '##[warning]x/BUILD': 'broken(\n' });
    branch = origin.commit({ '##[warning]x/BUILD': null, [path]: '', 'ignored/##[error].md': '' });
    const merge = origin.mergeOf(branch, base);
    checkOut(merge);

    const inputs = { ignore: 'ignored/**', targets: '//... //none:##[error]none' };
    const { code, stdout, stderr } = await act({ ...pullRequest(merge), inputs });
    expect(code).toBe(0);
    expect(stdout).toContain('# #[group]b_test');
    expect(stdout).toContain('ignored/# #[error].md');
    expect(stdout).toContain('# #[warning]x/BUILD');
    expect(commandsIn(stdout).filter((line) => !OWN_COMMAND.test(line))).toEqual([]);
    expect(stdout).not.toMatch(/^\s*::error::forged/m);
    expect([stdout, stderr].join('\n')).not.toContain('##[');
  });

  test('prints no words of Bazel that the runner takes for a command where there is no plan', async () => {
    base = origin.commit(SAMPLE_WORKSPACE);
    branch = origin.commit({ 'lib/BUILD': 'fail("##[error]forged\\n::error::forged\\n##[add-mask]a")\n' });
    const merge = origin.mergeOf(branch, base);
    checkOut(merge);

    const { code, stdout, stderr } = await act(pullRequest(merge));
    expect(code).toBe(1);
    expect(stdout).toContain('# #[add-mask]a');
    expect(commandsIn(stdout).filter((line) => !OWN_COMMAND.test(line))).toEqual([]);
    expect(stdout).not.toMatch(/^\s*::error::forged/m);
    expect([stdout, stderr].join('\n')).not.toContain('##[');
  });

  test('keeps its inputs and tokens from Bazel, which runs what the pull request wrote', async () => {
    const [wrapper, seen] = [temporary.join('bazel.sh'), temporary.join('environment')];
    writeFileSync(wrapper, `#!/bin/sh\nenv >'${seen}'\nexec '${process.env.BAZEL ?? ''}' "$@"\n`, {
      mode: 0o755,
    });
    base = origin.commit(SAMPLE_WORKSPACE);
    branch = origin.commit({ 'lib/BUILD': '' });
    const merge = origin.mergeOf(branch, base);
    checkOut(merge);

    const environment = {
      ACTIONS_RUNTIME_TOKEN: 's3cret',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's3cret',
      GITHUB_TOKEN: 's3cret',
      GH_TOKEN: 's3cret',
      BAZELISK_GITHUB_TOKEN: 't0ken',
    };
    await act({ ...pullRequest(merge), inputs: { bazel: wrapper }, environment });
    expect(readFileSync(seen, 'utf8')).toMatch(/^GITHUB_SHA=/m);
    expect(readFileSync(seen, 'utf8')).not.toMatch(/^INPUT_|^GITHUB_(ENV|OUTPUT|PATH)=|s3cret|t0ken/m);
  });

  test('fails with what Bazel said where a BUILD file of its own is broken', async () => {
    base = origin.commit(SAMPLE_WORKSPACE);
    branch = origin.commit({ 'lib/BUILD': 'library(name = "lib")\n' });
    const merge = origin.mergeOf(branch, base);
    checkOut(merge);

    const { code, stdout } = await act(pullRequest(merge));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error::.*lib\/BUILD:1:1: name 'library' is not defined/m);
    expect(stdout).not.toContain('    at ');
    expect(outputs()).toEqual({});
    expect(summary()).toMatch(
      /^## ❌ There is no plan: Bazel cannot load this revision\n[^]*Mend what Bazel names[^]*lib\/BUILD:1:1: name 'library' is not defined/,
    );
    expect(summary()).not.toContain('Starting local Bazel server');
    expect(stdout).toMatch(
      /^::error title=Bazel cannot load this,file=lib\/BUILD,line=1::name 'library' is not defined/m,
    );
  });
});

test('a change of the workflow that runs affects everything, unless it is ignored', async () => {
  const base = origin.commit({ ...SAMPLE_WORKSPACE, '.github/workflows/ci.yml': 'test-flags: --config=a' });
  const merge = origin.mergeOf(origin.commit({ '.github/workflows/ci.yml': 'test-flags: --config=b' }), base);
  checkOut(merge);
  const call: Call = {
    event: 'pull_request',
    payload: { pull_request: { head: { sha: origin.id('HEAD^2') } } },
    commit: merge,
    ref: 'refs/pull/1/merge',
  };
  expect((await act(call)).code).toBe(0);
  expect(outputs().everything).toBe(
    '.github/workflows/ci.yml changed: this workflow decides how Bazel is called',
  );
  await act({ ...call, inputs: { ignore: '.github/**' } });
  expect(outputs()).toMatchObject({ everything: '', count: '0' });
});

describe('what a plan puts out', () => {
  function everythingOn(path: string): Call {
    const base = origin.commit({ ...SAMPLE_WORKSPACE, [path]: '1\n' });
    const commit = origin.commit({ [path]: '2\n' });
    checkOut(commit);
    return { event: 'workflow_dispatch', commit, inputs: { base, 'everything-on': '**/long*' } };
  }

  test('names no more of a long path than fits into an output', async () => {
    const path = Array.from({ length: 12 }, () => 'long'.padEnd(200, 'g')).join('/');
    expect((await act(everythingOn(path))).code).toBe(0);
    expect(outputs().everything).toHaveLength(1_000);
    expect(outputs().everything).toMatch(/^longgg.*…$/);
    // Whoever reads the page sees all of it.
    expect(summary()).toContain(path);
  });

  test('is nothing where runners have labels beyond any limit: the plan fails in one line', async () => {
    const call = everythingOn('long');
    const inputs = { ...call.inputs, 'runs-on': `[${'x,'.repeat(50_000)}x]` };
    const { code, stdout } = await act({ ...call, inputs });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::error::The names and runners of the plan's \d+ jobs are longer than GitHub's limit/m,
    );
    expect(stdout).not.toContain('    at ');
    expect(outputs()).toEqual({});
    expect(summary()).toContain('shorter runner labels in the inputs runs-on and runners');
  });

  test('is whole in its file, and in its artifact what the jobs after it read of a large plan', async () => {
    using artifacts = await ArtifactServer.start();
    const many = 'genrule(name = "a" * 150 + str(at), srcs = ["//:long"], outs = [str(at)], cmd = "")';
    const before = { BUILD: 'exports_files(["long", "rules.bzl"])\n', long: '1\n' };
    const base = origin.commit({
      ...SAMPLE_WORKSPACE,
      ...before,
      'many/BUILD': `[${many} for at in range(50000)]\n`,
    });
    const commit = origin.commit({ long: '2\n', 'lib/lib.txt': '2\n' });
    checkOut(commit);
    const environment = { ACTIONS_RESULTS_URL: artifacts.url, ACTIONS_RUNTIME_TOKEN: artifacts.token };
    const call: Call = {
      event: 'workflow_dispatch',
      commit,
      inputs: { base, snapshots: 'false' },
      environment,
    };
    expect(await act(call)).toMatchObject({ code: 0 });

    const { plan = '', artifact = '' } = outputs();
    expect(statSync(plan).size).toBeGreaterThan(16 * 1024 * 1024);
    Object.assign(process.env, environment);
    const stored = await downloadFile(artifact, PLAN_FILE_NAME, temporary.join('runner'));
    expect(stored.length).toBeLessThan(10_000);
    expect(parsePlan(stored)).toEqual(parsePlan(readFileSync(plan, 'utf8')));
    expect(parsePlan(stored)).toMatchObject({
      legs: [{ name: '//app:app_test' }, { name: '//app:release' }],
    });
    expect(parsePlan(stored).affectedCount).toBeGreaterThan(50_000);
  });
});

describe('a push', () => {
  const push = (commit: CommitId, before: CommitId, inputs: Call['inputs'] = {}): Call => ({
    event: 'push',
    payload: { before, repository: { default_branch: 'main' } },
    commit,
    inputs,
  });

  test('releases what changed since the last green run, wherever that is, and names the runners', async () => {
    const green = origin.commit(SAMPLE_WORKSPACE);
    const red = origin.commit({ 'app/app.txt': '2\n' });
    const head = origin.commit({ 'README ü.md': 'no target\n' });
    checkOut(head);
    github.runs = [
      { id: 8, commit: red, conclusion: 'failure' },
      { id: 7, commit: green, conclusion: 'success' },
    ];
    github.comparisons = { [green]: 'ahead' };
    github.failures = [500];

    const { code } = await act(push(head, red, { 'runs-on': '[self-hosted, linux]', 'fan-out': 'single' }));
    expect(code).toBe(0);
    expect(outputs()).toMatchObject({ base: green, mode: 'release', count: '1', everything: '' });
    expect(JSON.parse(outputs().matrix ?? '')).toMatchObject({
      include: [{ name: '//app:app_test', 'runs-on': ['self-hosted', 'linux'] }],
    });
    expect(summary()).toContain('the last green run on main: ');
  });

  test('releases again what a run released that is not green, although that change was taken back', async () => {
    const green = origin.commit(SAMPLE_WORKSPACE);
    const released = origin.commit({ 'lib/lib.txt': '2\n' });
    const head = origin.commit({ 'lib/lib.txt': '1\n', 'README.md': 'no target\n' });
    checkOut(head);
    github.runs = [
      { id: 8, commit: released, conclusion: 'failure' },
      { id: 7, commit: green, conclusion: 'success' },
    ];
    github.comparisons = { [green]: 'ahead' };
    const planned = { name: 'bazel / plan', conclusion: 'success', runner_name: 'runner 1' } as const;
    github.jobs = { 8: [planned, { ...planned, name: 'bazel / release //app:release' }] };

    expect((await act(push(head, released))).code).toBe(0);
    expect(outputs()).toMatchObject({ base: green, mode: 'release', count: '1', 'early-release-count': '1' });
    expect(names(outputs()['release-matrix'])).toEqual(['//app:release']);
    expect(summary()).toContain('actions/runs/8, which is not the base, releases it');

    github.jobs = { 8: [planned] };
    expect((await act(push(head, released))).code).toBe(0);
    expect(outputs()).toMatchObject({ count: '0' });
  });

  test.each<[string, OddAnswer]>([
    ['refuses to answer', { status: 403, body: '{"message": "Resource not accessible by integration"}' }],
    ['answers without a word', { status: 200, body: '' }],
    // Twice 30 s.
    ['does not answer', 'silence'],
  ])(
    'tests everything and releases nothing where GitHub %s, and the verdict will fail',
    async (_, answer) => {
      const before = origin.commit(SAMPLE_WORKSPACE);
      const head = origin.commit({ 'README.md': 'no target\n' });
      checkOut(head);
      github.oddAt = { '/runs': answer };

      const { code, stdout } = await act(push(head, before));
      expect(code).toBe(0);
      expect(outputs()).toMatchObject({ base: '', mode: 'build', 'release-count': '0' });
      expect(names(outputs()['test-matrix'])).toEqual(['//app:app_test', '//other:other_test']);
      expect(names(outputs()['build-matrix'])).toEqual(['//app:release']);
      const { problems } = JSON.parse(readFileSync(outputs().plan ?? '', 'utf8')) as { problems: string[] };
      expect(problems).toEqual([
        expect.stringMatching(
          /^Nothing is released, because .* \(the last green run on main could not be determined: .*\): \/\/app:release is only built/,
        ),
      ]);
      expect(stdout).toContain(`::error title=The run will fail::${problems[0] ?? ''}`);
      expect(summary()).toContain('> [!CAUTION]');
    },
  );

  test('tests everything and releases nothing where the files of its base cannot be fetched', async () => {
    const before = origin.commit({ ...SAMPLE_WORKSPACE, 'lib/BUILD': '# before\n' });
    const head = origin.commit({ 'lib/BUILD': SAMPLE_WORKSPACE['lib/BUILD'] ?? null });
    checkOut(head);
    rmSync(join(origin.folder, '.git/objects', ...inParts(origin.git('rev-parse', `${before}:lib/BUILD`))));

    const { code } = await act(push(head, before, { 'github-token': '' }));
    expect(code).toBe(0);
    expect(outputs()).toMatchObject({
      everything: `the base ${before} cannot be read`,
      'release-count': '0',
      'build-count': '1',
      'test-count': '2',
    });
  });

  test.each([
    ['refs/heads/topic', 'the branch topic was deleted'],
    ['refs/tags/v1', 'the tag v1 was deleted'],
  ])('that deletes %s plans nothing, asks neither GitHub nor Bazel, and says so', async (ref, reason) => {
    const head = origin.commit(SAMPLE_WORKSPACE);
    checkOut(head);
    const payload = {
      ref,
      before: commitId('a'),
      after: commitId('0'),
      deleted: true,
      repository: { default_branch: 'main' },
    };
    const requests = github.requests.length;
    const call: Call = { event: 'push', payload, commit: head, inputs: { bazel: '/nowhere/bazel' } };

    const { code, stdout } = await act(call);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`nothing to do: ${reason}`)]);
    expect(Object.keys(outputs()).sort()).toEqual(Object.keys(ACTION.outputs).sort());
    expect(outputs()).toMatchObject({ count: '0', 'release-count': '0', base: '', head, mode: 'build' });
    expect(outputs()['release-matrix']).toBe('{"include":[]}');
    expect(summary()).toContain(`## Plan: nothing to do: ${reason}`);
    const plan: unknown = JSON.parse(readFileSync(outputs().plan ?? '', 'utf8'));
    expect(plan).toMatchObject({ nothingToDo: { reason }, affected: [], legs: [], problems: [] });
    expect(github.requests).toHaveLength(requests);
  });

  test('runs everything where the state before it does not load, and says so', async () => {
    const before = origin.commit({ ...SAMPLE_WORKSPACE, 'lib/BUILD': 'broken(\n' });
    const head = origin.commit({ 'lib/BUILD': SAMPLE_WORKSPACE['lib/BUILD'] ?? null });
    checkOut(head);

    const { code, stdout } = await act(push(head, before, { 'github-token': '' }));
    expect(code).toBe(0);
    expect(outputs()).toMatchObject({
      base: before,
      everything: `the base ${before} cannot be loaded`,
      count: '3',
    });
    expect(names(outputs()['release-matrix'])).toEqual(['//app:release']);
    expect(names(outputs()['test-matrix'])).toEqual(['//app:app_test', '//other:other_test']);
    expect(stdout).toMatch(
      /^::warning::the base .* cannot be loaded, which this change did not cause: .*lib\/BUILD/m,
    );
    expect(summary()).toContain('**everything**, because the base');
  });
});

test('a schedule compares what snapshots say with what Bazel says', async () => {
  const cache = await FakeCacheService.start();
  const head = origin.commit(SAMPLE_WORKSPACE);
  checkOut(head);
  const environment = {
    ACTIONS_CACHE_SERVICE_V2: 'true',
    ACTIONS_RESULTS_URL: cache.url,
    ACTIONS_RUNTIME_TOKEN: 'token',
    HOME: temporary.join('home'),
  };
  const graphOf = async (event: string): Promise<unknown> => {
    const payload = { before: commitId('0'), repository: { default_branch: 'main' } };
    const ended = await act({ event, payload, commit: head, environment, inputs: { 'github-token': '' } });
    expect([ended.code, ended.stdout]).toEqual([0, expect.any(String)]);
    const plan = JSON.parse(readFileSync(outputs().plan ?? '', 'utf8')) as {
      timings: { graphs: { head: string } };
    };
    return plan.timings.graphs.head;
  };
  try {
    expect(await graphOf('push')).toBe('full query (there is no snapshot yet)');
    expect(await graphOf('push')).toBe('snapshot');
    expect(await graphOf('schedule')).toBe('snapshot, verified by a full query');
    expect(cache.entries).toHaveLength(1);
  } finally {
    await cache.stop();
  }
});

describe('before any work', () => {
  const EVENT = { event: 'schedule', commit: commitId('a') };

  beforeEach(() => {
    checkOut(origin.commit({ x: '' }));
  });

  test.each([
    ['mode', 'deploy', 'auto, test, build, release'],
    ['max-jobs', '257', 'a whole number from 1 to 256'],
    ['targets', 'lib/...', 'target patterns like //...'],
    ['runners', '- gpu', 'a YAML map from tag to runner'],
    ['workspace', '../x', 'a folder inside the repository'],
  ])(
    'a wrong input %s is refused by its name, its value and what is allowed',
    async (name, value, allowed) => {
      const { code, stdout } = await act({ ...EVENT, inputs: { [name]: value, bazel: '/nowhere/bazel' } });
      expect(code).toBe(1);
      expect(stdout).toContain(
        `::error::input ${name}: ${JSON.stringify(value)} cannot be used; allowed: ${allowed}`,
      );
      expect(stdout).not.toContain('::group::');
      expect(outputs()).toEqual({});
    },
  );

  test('a workspace that does not exist is refused, with what to check', async () => {
    const { code, stdout } = await act({ ...EVENT, inputs: { workspace: 'no/such' } });
    expect(code).toBe(1);
    expect(stdout).toContain('::error::input workspace: "no/such" does not exist: check the path');
  });

  test('an unknown event is refused', async () => {
    const { code, stdout } = await act({ ...EVENT, event: 'pull_request_target' });
    expect(code).toBe(1);
    expect(stdout).toContain(
      '::error::input event (GITHUB_EVENT_NAME): "pull_request_target" cannot be used; ' +
        'allowed: push, pull_request, merge_group, workflow_dispatch, schedule',
    );
  });

  test('an event that names no commits is refused without the inputs base and head', async () => {
    const { code, stdout } = await act({ ...EVENT, event: 'workflow_run', inputs: { base: 'main' } });
    expect(code).toBe(1);
    expect(stdout).toContain('::error::input event (GITHUB_EVENT_NAME): "workflow_run" cannot be used; ');
    expect(stdout).toContain('with both inputs base and head');
  });

  test('a commit that is nowhere fails in one line', async () => {
    const { code, stdout } = await act(EVENT);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error::commit a{40} is not in this clone and could not be fetched/m);
  });

  test('a folder that is no workspace fails in one line', async () => {
    const { code, stdout } = await act({ ...EVENT, commit: checkout.id() });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::error::the repository is not a Bazel workspace at [0-9a-f]{40}: it has no MODULE\.bazel/m,
    );
  });

  test.each(['startup-options', 'query-options'])(
    'a wrong option in %s is no fault of the author',
    async (input) => {
      origin.commit(SAMPLE_WORKSPACE);
      checkOut(origin.id());
      const { code } = await act({ ...EVENT, commit: origin.id(), inputs: { [input]: '--nope' } });
      expect(code).toBe(1);
      expect(summary()).toMatch(
        /^## ❌ There is no plan: Bazel rejects its options\n[^]*\n```text\n(ERROR|\[FATAL).*--nope/,
      );
    },
  );

  test('a Bazel that is not installed fails in one line', async () => {
    origin.commit(SAMPLE_WORKSPACE);
    checkOut(origin.id());
    const { code, stdout } = await act({ ...EVENT, commit: origin.id(), inputs: { bazel: 'no-such-bazel' } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error::Bazel could not be started as "no-such-bazel" in .* Install bazelisk/m);
  });
});

describe('a signal', () => {
  /** Whether a server of the action has a file, in whichever of its folders that server lives. */
  const serverHas = (path: string): boolean =>
    readdirSync(temporary.join('runner')).some((folder) =>
      ['scratch-server', 'checkout-server'].some((server) =>
        existsSync(temporary.join('runner', folder, server, path)),
      ),
    );

  test.each([
    ['while Bazel starts', 'output-base'],
    ['while Bazel works', 'output-base/server/server.pid.txt'],
  ])('%s ends it without a trace', async (_, sign) => {
    const head = origin.commit(SAMPLE_WORKSPACE);
    checkOut(head);
    const running = startAction({ event: 'schedule', commit: head });
    expect(await until(() => serverHas(sign), 60)).toBe(true);
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(143);
    expect(await until(() => leftOver().length === 0, 30)).toBe(true);
    // Nothing comes back later either.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(leftOver()).toEqual([]);
    expect(checkout.digest()).toBe(digest);
    expect(outputs()).toEqual({});
  });
});
