import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ArtifactServer, type DownloadFault } from '../../e2e/support/artifact-server.js';
import { legArtifact, legArtifactPrefix, newPlanArtifact } from '../../src/plan/file/artifact-names.js';
import { planToJson } from '../../src/plan/file/plan-file.js';
import type { Plan } from '../../src/plan/file/plan.js';
import { RESULT_VERSION, formatLegResult } from '../../src/leg/result/leg-result.js';
import { affectedTarget, labels, plan } from '../support/builders.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { FakeGitHub } from '../support/github-server.js';
import { start, type Ended } from '../support/program.js';
import { zipOf } from '../support/zip.js';

let github: FakeGitHub;
let service: ArtifactServer;
let temporary: TemporaryFolder;
let planArtifact: string;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  mkdirSync(temporary.join('runner'));
  github = await FakeGitHub.start();
  service = await ArtifactServer.start();
  planArtifact = newPlanArtifact(plan(), 1);
});

afterEach(async () => {
  service[Symbol.dispose]();
  await github.stop();
  temporary.remove();
});

const NAMES = ['//a:one_test', '//a:two_test', '//a:three_test', '//a:four_test'];

/** A plan that tests some targets, each in a leg of its own. */
function testing(names: readonly string[], parts: Partial<Plan> = {}): Plan {
  return plan({
    affected: names.map((name) => affectedTarget(name)),
    test: labels(...names),
    legs: names.map((name) => ({ name, mode: 'test', targets: labels(name), runsOn: 'x' })),
    ...parts,
  });
}

/** Stores a plan, and what its legs say: that all is well, each under its own name. */
function stored(made: Plan): string[] {
  service.add(planArtifact, zipOf('plan.json', JSON.stringify(planToJson(made))));
  return made.legs.map((leg, index) => {
    const result = formatLegResult({
      version: RESULT_VERSION,
      leg: { name: leg.name, mode: leg.mode, attempt: 1 },
      status: 'succeeded',
      message: 'All is well.',
      startedAt: '2026-01-31T12:00:00.000Z',
      durationMs: 1000,
      targets: leg.targets.map((label) => ({
        label,
        outcome: { kind: 'passed', durationMs: 500, attempts: 1, shards: 1 },
        location: null,
      })),
      bazel: { exitCode: 0, message: null },
    });
    const artifact = legArtifact(planArtifact, leg.mode, index, 1);
    service.add(artifact, zipOf('result.json', result));
    return artifact;
  });
}

interface Concluded extends Ended {
  readonly summary: string;
  readonly outputs: string;
  readonly seconds: number;
}

/** Runs the action as the runner does, to the end of its process. */
async function conclude(needs: Readonly<Record<string, string>> = {}): Promise<Concluded> {
  for (const file of ['output', 'summary']) writeFileSync(temporary.join(file), '');
  const results = { plan: 'success', test: 'success', build: 'skipped', release: 'skipped', ...needs };
  const jobs = Object.entries(results).map(([job, result]) => [job, { result, outputs: {} }]);
  const started = performance.now();
  const ended = await start('conclude', [], temporary.path, {
    INPUT_NEEDS: JSON.stringify(Object.fromEntries(jobs)),
    'INPUT_PLAN-ARTIFACT': planArtifact,
    'INPUT_GITHUB-TOKEN': 't0ken',
    ACTIONS_RESULTS_URL: service.url,
    ACTIONS_RUNTIME_TOKEN: service.token,
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: github.url,
    GITHUB_OUTPUT: temporary.join('output'),
    GITHUB_REPOSITORY: 'ada/shop',
    GITHUB_RUN_ID: '99',
    GITHUB_STEP_SUMMARY: temporary.join('summary'),
    GITHUB_WORKFLOW_REF: 'ada/shop/.github/workflows/ci.yml@refs/heads/main',
    RUNNER_TEMP: temporary.join('runner'),
  }).ended;
  return {
    ...ended,
    summary: readFileSync(temporary.join('summary'), 'utf8'),
    outputs: readFileSync(temporary.join('output'), 'utf8'),
    seconds: (performance.now() - started) / 1000,
  };
}

describe('the verdict', () => {
  test('is given with a link to the job of each leg', async () => {
    const [name = ''] = NAMES;
    stored(testing([name]));
    const html_url = 'https://github.example/job/7';
    const job = { name: `bazel / test ${name}`, conclusion: 'success' as const, runner_name: 'x', html_url };
    github.jobs = { 99: [job] };
    const { code, stdout, summary, outputs } = await conclude();
    expect([code, stdout]).toEqual([0, expect.stringContaining('The target passed.')]);
    expect(outputs).toMatch(/conclusion<<.*\nsuccess\n/);
    expect(summary).toContain(html_url);
    expect(summary.match(/^## /gm)).toHaveLength(1);
  });

  test('stands where GitHub does not answer while the links are looked up, and the process ends', async () => {
    stored(testing(NAMES));
    github.oddAt = { '/jobs': 'silence' };
    const { code, stdout, summary, seconds } = await conclude();
    expect([code, stdout]).toEqual([0, expect.stringContaining('All 4 targets passed.')]);
    expect(stdout.indexOf('All 4 targets')).toBeLessThan(stdout.indexOf('The summary has no links to jobs'));
    expect(summary).toContain('## ✅ All 4 targets passed.');
    expect(seconds).toBeLessThan(50);
  });

  test('names the results that do not arrive, and the process ends', async () => {
    const artifacts = stored(testing(NAMES));
    const faults: readonly DownloadFault[] = ['silence', 'stalls', 'truncated'];
    service.faults = Object.fromEntries(faults.map((fault, at) => [artifacts[at] ?? '', fault]));
    const { code, stdout, summary, outputs, seconds } = await conclude();
    expect(code).toBe(1);
    for (const artifact of artifacts.slice(0, 3))
      expect(stdout).toMatch(new RegExp(`The result file ${artifact} cannot be read: [^%]*\\.`));
    expect(stdout).not.toContain(`${artifacts[3] ?? ''} cannot be read`);
    expect(summary).toContain('3 of 4 targets failed.');
    expect(outputs).toMatch(/conclusion<<.*\nfailure\n/);
    expect(outputs).toMatch(/passed-targets<<.*\n1\n/);
    expect(seconds).toBeLessThan(90);
  });

  test('is given where GitHub does not list what the legs reported', async () => {
    stored(testing(NAMES));
    service.isSilent = (method, call) =>
      method === 'ListArtifacts' && call.name_filter === undefined && call.id_filter === undefined;
    const { code, stdout, summary } = await conclude();
    expect(code).toBe(1);
    expect(stdout).toContain(
      `The result file ${legArtifactPrefix(planArtifact)}* cannot be read: the artifacts of this run cannot be listed: `,
    );
    expect(summary).toContain('4 of 4 targets failed.');
  });

  test('is that there is no plan where that does not arrive', async () => {
    stored(testing(NAMES));
    service.faults = { [planArtifact]: 'silence' };
    const { code, stdout, summary } = await conclude();
    expect([code, stdout]).toEqual([1, expect.stringContaining('The plan cannot be read.')]);
    expect(summary).toMatch(/The plan cannot be read\.[^]*The artifact .* cannot be read: /);
  });

  test('on a branch that was deleted is that there is nothing to do, whoever answers', async () => {
    const made = plan({ base: null, nothingToDo: { reason: 'the branch topic was deleted' } });
    planArtifact = newPlanArtifact(made, 1);
    stored(made);
    github.oddAt = { '/': 'silence' };
    const { code, stdout, summary } = await conclude({ test: 'skipped' });
    expect(code).toBe(0);
    for (const text of [stdout, summary])
      expect(text).toContain('Nothing to do: the branch topic was deleted.');
  });

  test('is a failure where the plan has a problem, however the legs ended', async () => {
    stored(testing(NAMES, { problems: ['Nothing is released, because GitHub does not answer.'] }));
    const { code, stdout } = await conclude();
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('Nothing is released, because GitHub does not answer.'),
    ]);
  });
});
