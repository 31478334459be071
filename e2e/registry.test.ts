/**
 * The example releases hello for real, under act: an image goes to a registry on this machine's loopback, and a deployment that
 * names it by the digest that was pushed goes to the folder of releases.
 *
 * - The registry is docker-registry, and skopeo pushes to it. Both come from Debian's packages.
 * - Not shown here is oci_push of rules_oci itself, because rules_oci cannot be had without a network. The example's pusher
 *   (examples/monorepo/tools/image_push.sh.tpl) is a script that keeps to its conventions: it takes the same arguments, pushes
 *   by digest and then the tags, and prints the name with the digest.
 * - What act cannot do is in workflow.test.ts. As there, these tests do not show that releases wait for each other.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { FakeCacheService } from '../__tests__/adapters/github/support/fake-cache-service.js';
import { plannedBy, Runs, type WorkflowRun } from './support/act.js';
import type { ApiJob, ApiRun } from './support/github-api.js';
import type { Edit, Event, Monorepo } from './support/monorepo.js';
import { Registry, type StoredImage } from './support/registry.js';

const HELLO = '//services/hello:release.ci';
const REPOSITORY = 'services/hello';
const DEPLOYMENT = 'deployments/services/hello/deployment.yaml';
const WRITES = /^(?:POST|PUT|PATCH|DELETE) /;

let runs: Runs;
let registry: Registry;
/** What GitHub's cache keeps, and with it the ledger. */
let cache: FakeCacheService;
let count = 0;

beforeAll(() => {
  runs = new Runs();
  Registry.fetchPrograms();
});

afterAll(() => {
  runs[Symbol.dispose]();
});

beforeEach(async () => {
  const folder = join(runs.folder, `registry-${++count}`);
  mkdirSync(folder);
  registry = await Registry.start(folder);
  cache = await FakeCacheService.start();
});

afterEach(async () => {
  await registry.stop();
  await cache.stop();
});

test('a pull request does a dry run of the release, without a request to the registry', async () => {
  const monorepo = runs.monorepo();
  const run = await runWithRegistry(monorepo, monorepo.pullRequest(greetingWith('# proposed')));

  expect(run).toMatchObject({ exitCode: 0, outputs: { 'release-count': '0', 'build-count': '1' } });
  expect(run.summaries.get('conclude')).toContain(HELLO);
  // A step of the dry run.
  expect(run.summaries.get('conclude')).toContain('//services/hello:push');
  expect(run.output).not.toContain('Copying blob');
  expect(run.released).toEqual([]);
  expect(registry.requests()).toEqual([]);
});

test('a push releases the image and a deployment that names its digest; the same content is not released again', async () => {
  const monorepo = runs.monorepo();
  const first = await runWithRegistry(monorepo, monorepo.push(greetingWith('# friendly')));

  expect(first).toMatchObject({ exitCode: 0, outputs: { 'release-count': '1' }, released: [DEPLOYMENT] });
  const image = await latest();
  expect(image.content).toContain('# friendly');
  expect(deployed(first)).toBe(`${registry.name}/${REPOSITORY}@${image.digest}`);
  expect(await registry.image(REPOSITORY, image.digest)).toEqual(image);
  // The receipt.
  const page = (first.summaries.get('release') ?? '').replaceAll('&#46;', '.');
  expect(page).toContain(`${registry.name}/${REPOSITORY}`);
  expect(page).toContain(image.digest);
  expect(registry.requests().filter((request) => WRITES.test(request))).not.toEqual([]);

  const build = 'services/hello/BUILD.bazel';
  const before = registry.requests();
  const tagged = readFileSync(join(monorepo.folder, build), 'utf8').replace(
    /(name = "release",)/,
    '$1\n    tags = ["of-a-team"],',
  );
  const second = await runWithRegistry(monorepo, monorepo.push({ [build]: tagged }));

  expect(second).toMatchObject({ exitCode: 0, outputs: { 'release-count': '1' }, released: [] });
  expect(second.summaries.get('conclude')).toContain('unchanged');
  expect(registry.requests()).toEqual(before);
});

test('a release that fails is made again by the next run, whichever step failed', async () => {
  const monorepo = runs.monorepo();
  const event = monorepo.push(greetingWith('# at last'));

  await registry.stop();
  const down = await runWithRegistry(monorepo, event);
  expect(down).toMatchObject({ exitCode: 1, outputs: { conclusion: 'failure' }, released: [] });
  // The page says which step failed, and why.
  expect(down.summaries.get('conclude')).toMatch(/services\/hello:push[^]*connection refused/);

  await registry.start();
  // Where the publisher of the deployment needs a folder, a file is in its way.
  const obstructed = await runWithRegistry(monorepo, event, { inReleaseFolder: { deployments: '' } });
  expect(obstructed).toMatchObject({ exitCode: 1, outputs: { conclusion: 'failure' } });
  expect(obstructed.released).toEqual(['deployments']);
  expect(obstructed.summaries.get('conclude')).toContain('//services/hello:deploy');
  const pushed = await latest();
  expect(pushed.content).toContain('# at last');

  const retried = await runWithRegistry(monorepo, event);
  expect(retried).toMatchObject({
    exitCode: 0,
    outputs: { conclusion: 'success' },
    released: [DEPLOYMENT],
  });
  expect(retried.summaries.get('conclude')).not.toContain('unchanged');
  expect(deployed(retried)).toBe(`${registry.name}/${REPOSITORY}@${pushed.digest}`);
});

test('a red test of another service holds nothing back, and an older push that comes late replaces nothing', async () => {
  const monorepo = runs.monorepo();
  const older = monorepo.push(greetingWith('# older'));
  const newer = monorepo.push({
    ...greetingWith('# newer'),
    'services/digest/digest_expected.txt': 'Nothing to read.\n',
  });

  const red = await runWithRegistry(monorepo, newer);
  expect(red).toMatchObject({ exitCode: 1, outputs: { conclusion: 'failure' }, released: [DEPLOYMENT] });
  expect(red.summaries.get('conclude')).toContain('//services/digest:digest&#95;test failed.');
  const image = await latest();
  expect(image.content).toContain('# newer');
  expect(deployed(red)).toContain(image.digest);

  const before = registry.requests();
  const late = await runWithRegistry(monorepo, older, {
    otherRuns: [otherRun('failure', releaseJobs('success'))],
  });
  expect(late.summaries.get('conclude')).toContain('superseded');
  expect(late.released).toEqual([]);
  expect(registry.requests()).toEqual(before);
  expect(await latest()).toEqual(image);
});

test('a change that is taken back is not released while its run waits, and is taken back where it was released', async () => {
  const monorepo = runs.monorepo();
  const good = await runWithRegistry(monorepo, monorepo.push(greetingWith('# good')));
  const image = await latest();
  expect(deployed(good)).toContain(image.digest);

  const bad = monorepo.push(greetingWith('# bad'));
  const back = monorepo.push(greetingWith('# good'));
  const nothing = await runWithRegistry(monorepo, { ...back, base: bad.base });
  expect(nothing).toMatchObject({ exitCode: 0, outputs: { 'release-count': '0' } });
  const waited = await runWithRegistry(monorepo, bad, {
    otherRuns: [otherRun('success', plannedBy('bazel / '))],
  });
  expect(waited.summaries.get('conclude')).toContain('superseded');
  expect(waited.released).toEqual([]);
  expect(await latest()).toEqual(image);

  // It was released in part, and its run is red: for GitHub, the last green commit has what is pushed now.
  const partly = await runWithRegistry(monorepo, bad, { inReleaseFolder: { deployments: '' } });
  expect(partly).toMatchObject({ exitCode: 1, released: ['deployments'] });
  expect((await latest()).content).toContain('# bad');
  const red = { ...otherRun('failure', releaseJobs('failure')), id: 41, run_number: 6, head_sha: idOf(bad) };
  const again = await runWithRegistry(monorepo, { ...back, base: bad.base }, { otherRuns: [red] });
  expect(again).toMatchObject({ exitCode: 0, released: [DEPLOYMENT] });
  expect(await latest()).toEqual(image);
  expect(deployed(again)).toContain(image.digest);
});

/** A new content of hello. @param comment a line of a shell program */
function greetingWith(comment: string): Edit {
  return { 'services/hello/hello.sh': `${comment}\ngreeting "\${1:-world}" "\${2:-}"\n` };
}

/** Runs the workflow with the registry: its name and skopeo are in the environment of all jobs. */
async function runWithRegistry(
  monorepo: Monorepo,
  event: Event,
  more: {
    readonly otherRuns?: readonly ApiRun[];
    readonly inReleaseFolder?: Readonly<Record<string, string>>;
  } = {},
): Promise<WorkflowRun> {
  const variables = { REGISTRY: registry.name, SKOPEO: registry.skopeo };
  return runs.run(monorepo, event, { releases: [HELLO], cache, variables, ...more });
}

/** The image that has the tag which every push moves. */
async function latest(): Promise<StoredImage> {
  const image = await registry.image(REPOSITORY, 'latest');
  if (image === null) throw new Error(`The registry has no ${REPOSITORY}:latest.`);
  return image;
}

/** The image that the published deployment names. */
function deployed({ releaseFolder, output }: WorkflowRun): string | undefined {
  const file = join(releaseFolder, DEPLOYMENT);
  if (!existsSync(file)) throw new Error(`No deployment was published. The run printed:\n${output}`);
  return /image: '(.*)'/.exec(readFileSync(file, 'utf8'))?.[1];
}

/** The jobs of a run that started to release hello. */
function releaseJobs(conclusion: 'success' | 'failure'): ApiJob[] {
  const name = `bazel / release ${HELLO}`;
  return [...plannedBy('bazel / '), { name, conclusion, runner_name: 'another runner' }];
}

/** The commit that was pushed. */
function idOf({ payload }: Event): string {
  return String(payload.after);
}

/** The run of a push, which has ended. It is newer, if nothing else is said. */
function otherRun(conclusion: 'success' | 'failure', jobs: readonly ApiJob[]): ApiRun {
  return {
    id: 43,
    run_number: 8,
    head_sha: 'a'.repeat(40),
    event: 'push',
    status: 'completed',
    conclusion,
    jobs,
  };
}
