import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CommitId } from '../../src/graph/tree.js';
import { History, TemporaryFolder } from '../support/git-history.js';
import { processesWith, start, type Ended } from '../support/program.js';
import { SAMPLE_WORKSPACE } from '../support/sample-workspace.js';

let temporary: TemporaryFolder;
/** A developer's clone with a commit of their own, and files that they have not committed. */
let clone: History;
let fork: CommitId;
let digest: string;

beforeAll(() => {
  temporary = new TemporaryFolder();
  mkdirSync(temporary.join('tmp'));
  const origin = History.init(temporary.join('origin'));
  fork = origin.commit({ ...SAMPLE_WORKSPACE, 'elsewhere/README.md': '' });
  clone = History.clone(origin, temporary.join('clone'));
  clone.commit({ 'app/app.txt': 'my commit\n' });
  clone.write({
    'other/other.txt': 'not committed\n',
    'new/BUILD': 'load("//:rules.bzl", "sample_test")\nsample_test(name = "new_test")\n',
  });
  digest = clone.digest();
});

afterAll(() => {
  temporary.remove();
});

async function cli(
  args: readonly string[],
  folder = clone.folder,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const ended = await start('cli', args, folder, { TMPDIR: temporary.join('tmp'), ...environment }).ended;
  expect(clone.digest()).toBe(digest);
  expect(processesWith(temporary.join('tmp'))).toEqual([]);
  return ended;
}

describe('plan', () => {
  test('tells what commits, uncommitted and untracked files affect, on stdout alone', async () => {
    const { code, stdout } = await cli(['plan'], `${clone.folder}/lib`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ of \d+ targets are affected: 3 tests in 3 jobs\n/);
    expect(stdout).toContain(`${fork.slice(0, 12)} → the working tree (where the work left origin/main)`);
    expect(stdout).toContain('\ntest:\n  //app:app_test\n  //new:new_test\n  //other:other_test');
  });

  test('prints the plan file with --json, by the options that are named like the inputs', async () => {
    const { code, stdout } = await cli(
      [
        'plan',
        '--json',
        '--base=HEAD',
        '--exclude-tags=none',
        '--targets=//other/... //new/...',
        '--fan-out=single',
        `--workspace=${clone.folder}`,
      ],
      temporary.path,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      base: { commit: clone.id() },
      head: { commit: clone.id(), workingTree: true },
      test: ['//new:new_test', '//other:other_test'],
      legs: [{ name: '//new:new_test + 1 more', targets: ['//new:new_test', '//other:other_test'] }],
    });
  });

  test('keeps what libraries say away from stdout', async () => {
    // A file on the PATH: to look for programs in it is an error that is told.
    const PATH = `${join(clone.folder, 'app/app.txt')}:${process.env.PATH ?? ''}`;
    const { code, stdout, stderr } = await cli(['plan', '--json', '--head=HEAD'], clone.folder, { PATH });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1 });
    expect(stderr).toContain('app.txt/git');
  });

  test('says which pattern selects nothing: it may be misspelt', async () => {
    const { code, stdout } = await cli(['plan', '--head=HEAD', '--targets=//app/... //ap/...']);
    expect(code).toBe(0);
    expect(stdout).toContain('note: the target pattern //ap/... matches nothing in this workspace');
    expect(stdout).not.toContain('pattern //app/...');
  });
});

describe('explain', () => {
  test('tells the way from the change to the target', async () => {
    const { code, stdout } = await cli(['explain', '@//app:app_test', '--head=HEAD']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        '//app:app_test is affected.',
        '  app/app.txt changed',
        '  //app:app.txt (content)',
        '  ← //app:app_test',
        'CI runs it: test, in the job "//app:app_test".',
        '',
      ].join('\n'),
    );
  });

  test('takes a label from the folder that the user is in, as Bazel does', async () => {
    for (const [label, folder] of [
      [':app_test', 'app'],
      ['app:app_test', '.'],
    ] as const) {
      const { code, stdout } = await cli(['explain', label, '--head=HEAD'], join(clone.folder, folder));
      expect([code, stdout]).toEqual([0, expect.stringContaining('//app:app_test is affected.')]);
    }
  });

  test('is wrong usage for a target that there is none of', async () => {
    const { code, stdout, stderr } = await cli(['explain', '//app:no_such']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      '"//app:no_such" cannot be used; allowed: the label of a target that the workspace has now',
    );
  });
});

describe('version', () => {
  test('is the one of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('help', () => {
  test('is the result where it was asked for', async () => {
    const { code, stdout, stderr } = await cli(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('bazel-affected plan --base HEAD');
    expect(stdout).toContain('Exit code: 0 done, 1 failed, 2 wrong usage.');
    const plan = await cli(['plan', '--help']);
    expect(plan.code).toBe(0);
    for (const option of ['--base', '--head', '--workspace', '--mode', '--json', '--fan-out']) {
      expect(plan.stdout).toContain(`  ${option}`);
    }
  });
});

describe('wrong usage', () => {
  test.each([
    [[], ''],
    [['paln'], 'unknown command'],
    [['plan', '--no-such'], 'unknown option'],
    [['plan', '--mode=deploy'], '--mode "deploy" cannot be used; allowed: auto, test, build, release'],
    [['plan', '--base=no-such'], '--base "no-such" cannot be used'],
    [
      ['plan', '--workspace=/no/such'],
      '--workspace "/no/such" cannot be used; allowed: a folder that exists',
    ],
    [['explain'], "missing required argument 'label'"],
    [['explain', 'app'], 'label "app" cannot be used'],
    [['explain', 'app:'], 'label "app:" cannot be used'],
    [['run', '--flags=x'], '--flags "x" cannot be used'],
  ])('%j ends with code 2 and tells on stderr what is wrong', async (args, said) => {
    const { code, stdout, stderr } = await cli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('    at ');
  });
});

describe('failures', () => {
  test('end with code 1 and one clear line', async () => {
    mkdirSync(temporary.join('plain'), { recursive: true });
    const noRepository = await cli(['plan'], temporary.join('plain'));
    expect([noRepository.code, noRepository.stdout]).toEqual([1, '']);
    expect(noRepository.stderr).toMatch(/^bazel-affected: .*is not inside a git repository[^\n]*\n$/);

    const noBazel = await cli(['plan', '--bazel=no-such-bazel']);
    expect([noBazel.code, noBazel.stdout]).toEqual([1, '']);
    expect(noBazel.stderr).toMatch(
      /^bazel-affected: Bazel could not be started as "no-such-bazel" in [^\n]*\n$/,
    );

    const noWorkspace = await cli(['plan', `--workspace=${clone.folder}/elsewhere`]);
    expect([noWorkspace.code, noWorkspace.stdout]).toEqual([1, '']);
    expect(noWorkspace.stderr).toMatch(
      /^bazel-affected: the folder elsewhere is no Bazel workspace[^\n]*\n$/,
    );
  });
});
