/**
 * nektos/act runs the reusable workflow itself, without containers: on a history of the example, with the real git and Bazel
 * and with the bundles in dist/ that users get.
 *
 * The set-up (support/) makes up for what act cannot do; the product does not:
 * - act knows neither `$/` nor `queue`, and ignores `concurrency`, so the copy of the workflow is edited (product.ts). Therefore
 *   these tests do not show that releases wait for each other. They do show that an older release does not replace a newer one.
 * - act's artifact server speaks an older protocol, so artifact-server.ts replaces it. github-api.ts replaces GitHub's API.
 * - Actions from the network are stubs. The stub of actions/checkout really fetches, with the depth that GitHub's action has.
 * - act runs a job with an empty matrix once. The conditions of the jobs prevent this, here as on GitHub.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeCacheService } from '../__tests__/adapters/github/support/fake-cache-service.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plannedBy, Runs, type WorkflowRun } from './support/act.js';
import { wiredWorkflow } from './support/callers.js';
import type { ApiRun } from './support/github-api.js';

const HELLO = 'greeting "${1:-world}" "${2:-}"\n';

/** What the release of hello publishes where it has no registry. */
const HELLO_RELEASED = ['deployments/services/hello/deployment.yaml', 'images/services/hello.tar'];

/** A module extension that reads a file, and a test that uses what it makes of that. */
const WITH_EXTENSION = {
  'MODULE.bazel':
    'module(name = "monorepo")\nbazel_dep(name = "bazel_affected")\n' +
    'local_path_override(module_name = "bazel_affected", path = "third_party/bazel_affected")\n' +
    'words = use_extension("//ext:words.bzl", "words")\nuse_repo(words, "words")\n',
  'ext/words.bzl': `
def _words_repository(ctx):
    ctx.file("BUILD", 'filegroup(name = "words", srcs = ["words.txt"], visibility = ["//visibility:public"])')
    ctx.file("words.txt", ctx.attr.text)

words_repository = repository_rule(_words_repository, attrs = {"text": attr.string()})
words = module_extension(lambda ctx: words_repository(name = "words", text = ctx.read(Label("//ext:words.txt"))))
`,
  'ext/words.txt': 'some\n',
  'ext/BUILD.bazel':
    'exports_files(["words.txt"])\nsh_test(name = "words_test", srcs = ["test.sh"], data = ["@words"])\n',
  'ext/test.sh': '#!/bin/sh\ntrue\n',
};

/** What a run for a merge group is once it has ended. */
const ENDED_GROUP = { event: 'merge_group', status: 'completed' } as const;

let runs: Runs;

beforeAll(() => {
  runs = new Runs();
});

afterAll(() => {
  runs[Symbol.dispose]();
});

test('a pull request: what it affects is tested, and releases are only built', async () => {
  const monorepo = runs.monorepo();
  const event = monorepo.pullRequest({ 'libs/greeting/phrases/french.txt': 'Bonjour, %s!\n' });
  const run = await runs.run(monorepo, event);

  expect(run.seenByCaller).toMatchObject({
    result: 'success',
    outputs: {
      conclusion: 'success',
      mode: 'build',
      base: event.base,
      everything: '',
      count: '5',
      'test-count': '3',
      'build-count': '2',
      'release-count': '0',
    },
  });
  expect(run.exitCode).toBe(0);
  expect(targetsIn(run, 'conclude')).toEqual([
    '//libs/greeting:greeting_test',
    '//services/banner:banner_test',
    '//services/banner:release',
    // Steps of the release, in its dry run.
    '//services/hello:deploy',
    '//services/hello:hello_test',
    '//services/hello:push',
    '//services/hello:release.ci',
  ]);
  expect(run.summaries.get('conclude')).toContain('All 5 targets passed.');
  expect(run.jobs.has('release')).toBe(false);
  expect(run.released).toEqual([]);
  expect(run.annotations).toEqual([]);
  expect(run.unknownRequests).toEqual([]);
});

test('a push to the release branch: what it affects is tested and released', async () => {
  const monorepo = runs.monorepo();
  const event = monorepo.push({ 'services/hello/hello.sh': `# friendly\n${HELLO}` });
  const run = await runs.run(monorepo, event, { releases: ['//services/hello:release.ci'] });

  expect(run.seenByCaller).toMatchObject({
    result: 'success',
    outputs: {
      mode: 'release',
      base: event.base,
      'test-count': '1',
      'build-count': '0',
      'release-count': '1',
    },
  });
  expect(run.released).toEqual(HELLO_RELEASED);
  // The summary links each leg to its job.
  expect(run.summaries.get('conclude')).toContain('https://github.com/org/monorepo/actions/runs/42/job/1');
});

test('the workflow in docs/workflow.md that connects the actions does the same', async () => {
  const bazel = runs.bazelInputs();
  const run = { ...bazel, environment: 'RELEASE_FOLDER=${{ secrets.RELEASE_FOLDER }}' };
  const monorepo = runs.monorepoWith(wiredWorkflow({ plan: bazel, run }));
  const event = monorepo.push({ 'services/hello/hello.sh': `# friendly\n${HELLO}` });
  const push = await runs.run(monorepo, event, {
    caller: '',
    releases: ['//services/hello:release.ci'],
  });

  expect(Object.fromEntries(push.jobs)).toEqual({
    plan: 'success',
    test: 'success',
    release: 'success',
    conclude: 'success',
  });
  expect(push.released).toEqual(HELLO_RELEASED);
  expect(push.summaries.get('conclude')).toContain('All 2 targets passed.');

  const pullRequest = await runs.run(
    monorepo,
    monorepo.pullRequest({ 'services/banner/banner.sh': '#!/bin/bash\necho "$2"\n' }),
  );
  expect(pullRequest.outputs).toMatchObject({ 'test-count': '1', 'build-count': '1', 'release-count': '0' });
  expect(pullRequest.jobs.get('build')).toBe('success');
  expect(pullRequest.jobs.get('test')).toBe('failure');
  expect(pullRequest.jobs.get('conclude')).toBe('failure');
});

test('the push of what a green merge group tested tests nothing again, and releases', async () => {
  const monorepo = runs.monorepo();
  const releases = ['//services/hello:release.ci'];
  const { group, push, head } = monorepo.mergeGroup({
    'services/hello/hello.sh': `# friendly\n${HELLO}`,
  });
  const queued = await runs.run(monorepo, group);
  expect(queued).toMatchObject({ exitCode: 0, outputs: { 'test-count': '1', 'build-count': '1' } });
  expect(queued.released).toEqual([]);

  const { artifacts } = queued;
  const green = { conclusion: 'success', jobs: plannedBy('bazel / '), artifacts } as const;
  const otherRuns = [{ ...green, id: 41, run_number: 6, head_sha: head, ...ENDED_GROUP }];
  const pushed = await runs.run(monorepo, push, { releases, otherRuns });
  expect(pushed).toMatchObject({
    exitCode: 0,
    outputs: { conclusion: 'success', 'test-count': '0', 'release-count': '1' },
    released: HELLO_RELEASED,
    unknownRequests: [],
  });
  expect(pushed.jobs.has('test')).toBe(false);
  expect(pushed.summaries.get('plan')).toMatch(/Tested before.*actions\/runs\/41/);
});

test('a push releases again what has another content, and nothing else', async () => {
  const cache = await FakeCacheService.start();
  const releases = ['//services/hello:release.ci'];
  try {
    const monorepo = runs.monorepo();
    const pushed = async (edit: Record<string, string>): Promise<WorkflowRun> => {
      const run = await runs.run(monorepo, monorepo.push(edit), { releases, cache });
      expect(run).toMatchObject({ exitCode: 0, outputs: { conclusion: 'success', 'release-count': '1' } });
      return run;
    };
    const first = await pushed({ 'services/hello/hello.sh': `# friendly\n${HELLO}` });
    expect(first.released).toEqual(HELLO_RELEASED);

    const build = 'services/hello/BUILD.bazel';
    const tagged = readFileSync(join(monorepo.folder, build), 'utf8').replace(
      /(name = "release",)/,
      '$1\n    tags = ["of-a-team"],',
    );
    const unchanged = await pushed({ [build]: tagged });
    expect(unchanged.released).toEqual([]);
    expect(unchanged.summaries.get('release')).toContain('its content is what');
    expect(unchanged.summaries.get('conclude')).toContain('unchanged');

    const other = await pushed({ 'services/hello/hello.sh': `# distant\n${HELLO}` });
    expect(other.released).toEqual(HELLO_RELEASED);
  } finally {
    await cache.stop();
  }
});

test('a push that a newer green run covers releases nothing, and is green', async () => {
  const monorepo = runs.monorepo();
  const event = monorepo.push({ 'services/hello/hello.sh': `# late\n${HELLO}` });
  const newer: ApiRun = {
    id: 43,
    run_number: 8,
    head_sha: 'a'.repeat(40),
    event: 'push',
    status: 'completed',
    conclusion: 'success',
    jobs: plannedBy('bazel / '),
  };
  const run = await runs.run(monorepo, event, {
    releases: ['//services/hello:release.ci'],
    otherRuns: [newer],
  });

  expect(run.seenByCaller?.result).toBe('success');
  expect(run.summaries.get('release')).toContain('actions/runs/43');
  expect(run.summaries.get('conclude')).toContain('superseded');
  expect(run.released).toEqual([]);
});

test('a push does not release what a newer push takes back, and says so', async () => {
  const monorepo = runs.monorepo();
  const event = monorepo.push({ 'services/hello/hello.sh': `# taken back\n${HELLO}` });
  const newer: ApiRun = {
    id: 43,
    run_number: 8,
    head_sha: 'a'.repeat(40),
    event: 'push',
    status: 'in_progress',
    conclusion: null,
    jobs: plannedBy('bazel / '),
    plans: [planOf('//services/other:release')],
  };
  const run = await runs.run(monorepo, event, {
    releases: ['//services/hello:release.ci'],
    otherRuns: [newer],
  });

  expect(run).toMatchObject({ exitCode: 1, released: [], unknownRequests: [] });
  expect(run.summaries.get('release')).toMatch(/runs\/43.*may have taken the change back/);
});

test('a push releases again what an older run releases as soon as its tests are over', async () => {
  const monorepo = runs.monorepo();
  const older: ApiRun = {
    id: 41,
    run_number: 6,
    head_sha: 'a'.repeat(40),
    event: 'push',
    status: 'in_progress',
    conclusion: null,
    jobs: plannedBy('bazel / '),
    plans: [planOf('//services/hello:release.ci')],
  };
  const run = await runs.run(monorepo, monorepo.push({ 'README.md': 'Read me.\n' }), {
    releases: ['//services/hello:release.ci'],
    otherRuns: [older],
  });

  expect(run).toMatchObject({
    exitCode: 0,
    outputs: { 'release-count': '1' },
    released: HELLO_RELEASED,
    unknownRequests: [],
  });
  expect(run.summaries.get('plan')).toContain('actions/runs/41');
});

test('what external repositories read is recorded beside the legs, and later plans do not ask Bazel for it', async () => {
  const cache = await FakeCacheService.start();
  try {
    const monorepo = runs.monorepo({ 'fan-out': 'single' }, WITH_EXTENSION);
    const push = await runs.run(monorepo, monorepo.push({ 'README.md': 'Read me.\n' }), { cache });
    expect(push.exitCode).toBe(0);
    expect(push.jobs.get('record')).toBe('success');
    expect(push.output).toContain('It is recorded that external repositories read 2 paths.');

    const unread = await runs.run(monorepo, monorepo.push({ 'README.md': 'Read it.\n' }), { cache });
    expect(unread.exitCode).toBe(0);
    expect(unread.jobs.has('record')).toBe(false);
    expect(unread.output).not.toContain('externals …');

    const read = await runs.run(monorepo, monorepo.push({ 'ext/words.txt': 'other\n' }), { cache });
    expect(read.output).toContain('externals …');
    expect(targetsIn(read, 'conclude')).toEqual(['//ext:words_test']);
  } finally {
    await cache.stop();
  }
});

test('a change that affects nothing is a success that says why', async () => {
  const monorepo = runs.monorepo();
  const run = await runs.run(monorepo, monorepo.pullRequest({ 'README.md': 'Read me.\n' }));

  expect(run.seenByCaller).toMatchObject({
    result: 'success',
    outputs: { conclusion: 'success', count: '0' },
  });
  expect(run.summaries.get('conclude')).toContain('Nothing to do: no target is affected.');
  expect([...run.jobs.keys()].sort()).toEqual(['after', 'conclude', 'plan']);
  expect(run.artifacts).toHaveLength(1);
});

test('a push that deletes a branch: nothing is planned, and the verdict is green', async () => {
  const monorepo = runs.monorepo();
  const run = await runs.run(monorepo, monorepo.deletion('topic'));

  expect(run.seenByCaller).toMatchObject({
    result: 'success',
    outputs: { conclusion: 'success', count: '0', 'test-count': '0', 'release-count': '0' },
  });
  const nothing = 'Nothing to do: the branch topic was deleted.';
  expect(run.summaries.get('conclude')).toContain(nothing);
  expect(run.output).toContain(nothing);
  expect([...run.jobs.keys()].sort()).toEqual(['after', 'conclude', 'plan']);
  // By this name, other runs see that this run did nothing for the branch that GitHub reports it for.
  expect(run.artifacts).toEqual([expect.stringMatching(/^bazel-affected-plan-undone-/)]);
  expect(run.released).toEqual([]);
});

test("a push while GitHub's API hangs: everything is tested, nothing is released, and the verdict says so", async () => {
  const monorepo = runs.monorepo({ 'fan-out': 'single' });
  const event = monorepo.push({ 'services/hello/hello.sh': `# friendly\n${HELLO}` });
  const run = await runs.run(monorepo, event, { api: 'hangs' });

  expect(run).toMatchObject({
    exitCode: 1,
    outputs: { conclusion: 'failure', mode: 'build', base: '', 'release-count': '0' },
  });
  const page = run.summaries.get('conclude') ?? '';
  expect(page).toContain('All 9 targets passed, but the run has other problems.');
  const releases = ['//services/banner:release', '//services/digest:release', '//services/hello:release.ci'];
  expect(page).toMatch(
    new RegExp(`Nothing is released, because .*GitHub has not answered within 30 s.*${releases.join(', ')}`),
  );
  expect(run.released).toEqual([]);
});

test('a push whose test fails: the verdict names the test, and nothing is released', async () => {
  const monorepo = runs.monorepo();
  const event = monorepo.push({
    'services/hello/hello_expected.txt': 'Buongiorno, Ada!\n',
    'services/hello/hello.sh': `\n${HELLO}`,
  });
  const run = await runs.run(monorepo, event, { releases: ['//services/hello:release.ci'] });

  expect(run).toMatchObject({ exitCode: 1, outputs: { conclusion: 'failure' } });
  const page = run.summaries.get('conclude');
  expect(page).toContain('//services/hello:hello&#95;test failed.');
  // The summary shows the end of the test's log.
  expect(page).toContain('+Ciao, Ada!');
  expect(page).toContain('1 of 1 targets failed; 1 release was withheld.');
  expect(page).not.toMatch(/did not report a result|The (leg|job)/);
  expect(run.annotations).toContainEqual(
    expect.objectContaining({
      level: 'error',
      title: '//services/hello:hello_test failed',
      file: 'services/hello/BUILD.bazel',
      line: '13',
    }),
  );
  expect(run.released).toEqual([]);
});

describe('a red test of one service', () => {
  const EDIT = {
    'services/hello/hello_expected.txt': 'Buongiorno, Ada!\n',
    'services/hello/hello.sh': `\n${HELLO}`,
    'services/digest/digest.sh': '\npages | wrap "${1:-32}"\n',
  };
  const releases = ['//services/hello:release.ci', '//services/digest:release'];

  test('holds back its own release, and not that of another one', async () => {
    const monorepo = runs.monorepo();
    const run = await runs.run(monorepo, monorepo.push(EDIT), { releases });

    expect(run).toMatchObject({ exitCode: 1, outputs: { conclusion: 'failure', 'release-count': '2' } });
    expect(run.released).toEqual(['reading/digest/digest.sh']);
    const page = run.summaries.get('conclude') ?? '';
    expect(page).toContain('1 of 3 targets failed; 1 release was withheld.');
    expect(page).toMatch(/### Withheld[^]*1 own test did not pass: \/\/services\/hello:hello&#95;test/);
    expect(page).not.toMatch(/did not report a result|The (leg|job)/);
  });

  test('holds back all releases where they wait for all tests', async () => {
    const monorepo = runs.monorepo({ 'release-after': 'tests' });
    const run = await runs.run(monorepo, monorepo.push(EDIT), { releases });

    expect(run).toMatchObject({ exitCode: 1, outputs: { conclusion: 'failure' } });
    expect(run.released).toEqual([]);
    expect(run.jobs.get('late-release') ?? 'skipped').toBe('skipped');
    expect(run.summaries.get('conclude')).toContain('1 of 2 targets failed; 2 releases were withheld.');
  });
});

test('an own test that needs another runner is waited for with all others', async () => {
  const monorepo = runs.monorepo();
  const event = monorepo.push({
    'services/banner/banner.sh': '# wide\ngreeting "${1:-world}" english | frame\n',
  });
  const run = await runs.run(monorepo, event, { releases: ['//services/banner:release'] });

  expect(run).toMatchObject({ exitCode: 0, outputs: { conclusion: 'success' } });
  expect(run.jobs.get('late-release')).toBe('success');
  expect(run.summaries.get('plan')).toContain('after all tests, because its own test');
});

test('a pull request that breaks a BUILD file: the plan fails with what Bazel said, and so does the verdict', async () => {
  const monorepo = runs.monorepo();
  const run = await runs.run(
    monorepo,
    monorepo.pullRequest({ 'services/hello/BUILD.bazel': 'shell_app(name = "hello"\n' }),
  );

  expect(run).toMatchObject({ exitCode: 1, outputs: { conclusion: 'failure' } });
  expect(run.annotations.map(({ message }) => message).join('\n')).toMatch(
    /services\/hello\/BUILD\.bazel:\d+:\d+/,
  );
  const page = run.summaries.get('conclude');
  expect(page).toContain('There is no plan.');
  expect(page).toContain('The job plan failed: see its log');
  expect(run.jobs.has('test')).toBe(false);
});

test('more targets than max-jobs share legs, and each has its result', async () => {
  const monorepo = runs.monorepo({ 'max-jobs': 2, runners: '' });
  const run = await runs.run(
    monorepo,
    monorepo.pullRequest({ 'libs/greeting/phrases/french.txt': 'Bonjour, %s!\n' }),
  );

  expect(run.seenByCaller).toMatchObject({
    result: 'success',
    outputs: { count: '2', 'test-count': '1', 'build-count': '1' },
  });
  expect(run.summaries.get('conclude')).toContain('All 5 targets passed.');
});

test('labels, file names and logs with the syntax of shells, expressions, terminals and workflows do nothing', async () => {
  // Bazel's own test runner fails on such names. The test checks that nothing else happens.
  const names = [
    'log_test',
    'a$(touch $RELEASE_FOLDER/pwned)b',
    '${{ github.token }}',
    "'; touch pwned; '",
    '<b>|`x`',
  ];
  const test =
    '#!/bin/bash\nprintf "\\033[31m::error::forged by a log\\033[0m\\n::error::forged by a log\\n"\nexit 1\n';
  const odd = names.map(
    (name) => `sh_test(name = ${JSON.stringify(name)}, srcs = ["odd.sh"], tags = ["large-runner"])\n`,
  );
  const monorepo = runs.monorepo(
    { 'fan-out': 'balanced' },
    { 'odd/BUILD.bazel': odd.join(''), 'odd/odd.sh': '#!/bin/bash\n' },
  );
  const run = await runs.run(
    monorepo,
    monorepo.pullRequest({
      'odd/odd.sh': test,
      'docs/two\nlines \u001b[31m${{ github.token }}::error::forged by a file name.md': 'odd\n',
    }),
  );

  expect(run).toMatchObject({
    exitCode: 1,
    outputs: { count: '1', 'test-count': '1', conclusion: 'failure' },
  });
  const page = run.summaries.get('conclude') ?? '';
  expect(page).toContain('5 of 5 targets failed.');
  expect(page).toContain('&#36;&#123;&#123; github.token &#125;&#125;');
  expect([...run.summaries.values()].join('')).not.toContain('\u001b');
  expect(page).toContain('::error::forged by a log');
  // Unlike GitHub, act reads everything before the last `::` as properties. The leg's own annotations quote the log, so the
  // test recognises them by their titles.
  expect(run.annotations.filter(({ title }) => title === undefined)).toEqual([]);
  expect(run.annotations.filter(({ title }) => title?.endsWith(' failed')).map(({ title }) => title)).toEqual(
    names.map((name) => `//odd:${name} failed`).sort(),
  );
  expect(run.released).toEqual([]);
});

/** A plan file with a release. */
function planOf(release: string): object {
  const leg = { name: release, mode: 'release', targets: [release], runsOn: 'ubuntu-latest' };
  return { version: 1, baseFrom: 'last green run', everything: null, affected: [release], legs: [leg] };
}

/** The labels in a summary. */
function targetsIn(run: WorkflowRun, job: string): string[] {
  const labels = run.summaries.get(job)?.match(/\/\/[\w/]+:[\w&#;.]+/g) ?? [];
  return [...new Set(labels.map((label) => label.replaceAll('&#95;', '_')))].sort();
}
