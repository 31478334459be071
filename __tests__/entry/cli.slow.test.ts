import { mkdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DeveloperClone } from '../support/developer-clone.js';

let developer: DeveloperClone;

beforeAll(() => {
  developer = new DeveloperClone();
});

afterAll(() => {
  developer.remove();
});

describe('version', () => {
  test('is the one of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await developer.cli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('help', () => {
  test('is the result where it was asked for', async () => {
    const { code, stdout, stderr } = await developer.cli(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('bazel-affected plan --base HEAD');
    expect(stdout).toContain('Exit code: 0 done, 1 failed, 2 wrong usage.');
    const plan = await developer.cli(['plan', '--help']);
    expect(plan.code).toBe(0);
    for (const option of [
      '--base',
      '--head',
      '--workspace',
      '--mode',
      '--output',
      '--json',
      '--only',
      '--fan-out',
    ]) {
      expect(plan.stdout).toContain(`  ${option}`);
    }
  });
});

describe('wrong usage', () => {
  test.each([
    [[], ''],
    [['paln'], 'unknown command'],
    [['plan', '--no-such'], 'unknown option'],
    [['plan', '--output=yaml'], '--output "yaml" cannot be used; allowed: text, json, label'],
    [['plan', '--mode=deploy'], '--mode "deploy" cannot be used; allowed: auto, test, build, release'],
    [
      ['plan', '--base=no-such'],
      '--base "no-such" was not found: neither this clone nor its remote has such a commit',
    ],
    [['plan', '--workspace=/no/such'], '--workspace "/no/such" does not exist: check the path'],
    [['explain'], "missing required argument 'label'"],
    [['explain', 'app'], 'label "app" cannot be used'],
    [['run', '--flags=x'], '--flags "x" cannot be used'],
    [['run', '--flags=--x="a'], '--flags "--x=\\"a" has a quote that is not closed'],
  ])('%j ends with code 2 and tells on stderr what is wrong', async (args, said) => {
    const { code, stdout, stderr } = await developer.cli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('    at ');
  });
});

describe('failures', () => {
  test('end with code 1 and one clear line', async () => {
    mkdirSync(developer.temporary.join('plain'), { recursive: true });
    const noRepository = await developer.cli(['plan'], developer.temporary.join('plain'));
    expect([noRepository.code, noRepository.stdout]).toEqual([1, '']);
    expect(noRepository.stderr).toMatch(/^bazel-affected: .*is not inside a git repository[^\n]*\n$/);

    const noBazel = await developer.cli(['plan', '--bazel=no-such-bazel']);
    expect([noBazel.code, noBazel.stdout]).toEqual([1, '']);
    expect(noBazel.stderr).toMatch(
      /^bazel-affected: Bazel could not be started as "no-such-bazel" in [^\n]*\n$/,
    );

    const noWorkspace = await developer.cli(['plan', `--workspace=${developer.folder}/elsewhere`]);
    expect([noWorkspace.code, noWorkspace.stdout]).toEqual([1, '']);
    expect(noWorkspace.stderr).toMatch(
      /^bazel-affected: the folder elsewhere is not a Bazel workspace[^\n]*\n$/,
    );
  });
});
