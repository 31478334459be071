import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DeveloperClone } from '../support/developer-clone.js';

/** With a commit of their own, and files that they have not committed. */
let developer: DeveloperClone;

beforeAll(() => {
  developer = new DeveloperClone();
  developer.repository.commit({ 'app/app.txt': 'my commit\n' });
  developer.repository.write({
    'other/other.txt': 'not committed\n',
    'new/BUILD': 'load("//:rules.bzl", "sample_test")\nsample_test(name = "new_test")\n',
  });
});

afterAll(() => {
  developer.remove();
});

describe('plan', () => {
  test('tells what commits, uncommitted and untracked files affect, on stdout alone', async () => {
    const { code, stdout } = await developer.cli(['plan'], `${developer.folder}/lib`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ of \d+ targets are affected: 3 tests in 3 jobs\n/);
    expect(stdout).toContain(
      `${developer.fork.slice(0, 12)} → the working tree (where the work left origin/main)`,
    );
    expect(stdout).toContain('\ntest:\n  //app:app_test\n  //new:new_test\n  //other:other_test');
  });

  test('prints the plan file with --json, by the options that are named like the inputs', async () => {
    const { code, stdout } = await developer.cli(
      [
        'plan',
        '--json',
        '--base=HEAD',
        '--exclude-tags=none',
        '--targets=//other/... //new/...',
        '--fan-out=single',
        `--workspace=${developer.folder}`,
      ],
      developer.temporary.path,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      base: { commit: developer.repository.id() },
      head: { commit: developer.repository.id(), workingTree: true },
      test: ['//new:new_test', '//other:other_test'],
      legs: [{ name: '//new:new_test + 1 more', targets: ['//new:new_test', '//other:other_test'] }],
    });
  });

  test('prints targets, jobs and outputs for other programs, or writes them to a file', async () => {
    const all = ['plan', '--targets=//other/... //new/...', '--base=HEAD'];
    const tests = ['//new:new_test', '//other:other_test'];
    const printed = async (...args: string[]): Promise<string> => {
      const { code, stdout } = await developer.cli([...all, ...args]);
      expect(code).toBe(0);
      return stdout;
    };
    expect(await printed('--output=label')).toBe(`${tests.join('\n')}\n`);
    expect(await printed('--output=label0', '--only=test')).toBe(`${tests.join('\0')}\0`);
    expect(await printed('--output=label', '--only=release')).toBe('');
    expect(JSON.parse(await printed('--output=matrix', '--only=test'))).toMatchObject({
      include: tests.map((name) => ({ name, mode: 'test', targets: [name] })),
    });
    expect(JSON.parse(await printed('--output=matrix', '--only=build'))).toEqual({ include: [] });
    expect((await printed('--output=github')).split('\n')).toEqual(
      expect.arrayContaining(['test-count=2', 'mode=build', `head=${developer.repository.id()}`]),
    );

    const file = developer.temporary.join('tests.txt');
    expect(await printed('--output=label', '--only=test', `--output-file=${file}`)).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(`${tests.join('\n')}\n`);
    const nowhere = await developer.cli([...all, '--output-file=/no/such/folder/plan.txt']);
    expect(nowhere).toMatchObject({ code: 2, stdout: '' });
    expect(nowhere.stderr).toContain('--output-file "/no/such/folder/plan.txt" cannot be written: ENOENT');
  });

  test('keeps what libraries say away from stdout', async () => {
    // A file on the PATH: to look for programs in it is an error that is told.
    const PATH = `${join(developer.folder, 'app/app.txt')}:${process.env.PATH ?? ''}`;
    const { code, stdout, stderr } = await developer.cli(
      ['plan', '--json', '--head=HEAD'],
      developer.folder,
      { PATH },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1 });
    expect(stderr).toContain('app.txt/git');
  });

  test('says which pattern selects nothing: it may be misspelt', async () => {
    const { code, stdout } = await developer.cli(['plan', '--head=HEAD', '--targets=//app/... //ap/...']);
    expect(code).toBe(0);
    expect(stdout).toContain('note: the target pattern //ap/... matches nothing in this workspace');
    expect(stdout).not.toContain('pattern //app/...');
  });
});

describe('explain', () => {
  test('tells the way from the change to the target', async () => {
    const { code, stdout } = await developer.cli(['explain', '@//app:app_test', '--head=HEAD']);
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
      const { code, stdout } = await developer.cli(
        ['explain', label, '--head=HEAD'],
        join(developer.folder, folder),
      );
      expect([code, stdout]).toEqual([0, expect.stringContaining('//app:app_test is affected.')]);
    }
  });

  test('is wrong usage for a target that there is none of', async () => {
    const { code, stdout, stderr } = await developer.cli(['explain', '//app:no_such']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('"//app:no_such" is not a target of this workspace now: check the spelling');
  });

  test('is wrong usage for a text that is no label', async () => {
    const { code, stdout, stderr } = await developer.cli(['explain', 'app:']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('label "app:" cannot be used');
    expect(stderr).not.toContain('    at ');
  });
});
