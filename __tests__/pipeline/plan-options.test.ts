import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlanInputName } from '../../src/inputs/plan-inputs.js';
import type { Plan } from '../../src/plan/plan.js';
import { TestPlanner, TestRepository, type Files } from '../support/workspace.js';

const RC = 'common --lockfile_mode=off\n';

/** A test that reads a label flag, whose default is one library of two; another test that reads nothing. */
const WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "main")\n',
  '.bazelrc': RC,
  BUILD: 'exports_files(["true.sh"])',
  'true.sh': { script: '#!/bin/sh\ntrue\n' },
  'flags/BUILD':
    'label_flag(name = "lib", build_setting_default = "//lib:std", visibility = ["//visibility:public"])',
  'lib/BUILD':
    'package(default_visibility = ["//visibility:public"])\n' +
    'filegroup(name = "std", srcs = ["std.txt"])\nfilegroup(name = "alt", srcs = ["alt.txt"])\n',
  'lib/std.txt': '1',
  'lib/alt.txt': '1',
  'a/BUILD': 'sh_test(name = "t", srcs = ["//:true.sh"], data = ["//flags:lib"])',
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["//:true.sh"])',
};

const ALL_TESTS = ['//a:t', '//other:other_test'];

let planner: TestPlanner;
let repository: TestRepository;

beforeAll(() => {
  planner = new TestPlanner();
});

afterAll(() => {
  planner.close();
});

beforeEach(() => {
  repository = new TestRepository().write(WORKSPACE);
});

afterEach(() => {
  repository.remove();
});

/** The plan of a change of the sample workspace; `before` is what the workspace has beyond it at the base. */
async function planOf(
  before: Files,
  change: Files,
  inputs: Partial<Record<PlanInputName, string>> = {},
): Promise<Plan> {
  const base = repository.write(before).commit();
  repository.write(change);
  return (await planner.plan(repository, base, inputs)).plan;
}

describe('an rc file that is named by an absolute path in the checkout', () => {
  const flags = (value: number): Files => ({ 'ci/flags.rc': `build --define=v=${value}\n` });

  test('affects everything when its options change, where a startup option names it', async () => {
    const startup = `--bazelrc=${repository.folder}/ci/flags.rc`;
    const plan = await planOf(flags(1), flags(2), { 'startup-options': startup });
    expect(plan.everything?.reason).toBe('ci/flags.rc changed: the options in force are not the same');
  });

  test('affects everything when its options change, where another one imports it', async () => {
    const rc = `${RC}import ${repository.folder}/./ci/flags.rc\n`;
    const plan = await planOf({ ...flags(1), '.bazelrc': rc }, flags(2));
    expect(plan.everything?.reason).toBe('ci/flags.rc changed: the options in force are not the same');
  });
});

describe('rc files and options that are no part of a revision', () => {
  const home = process.env.HOME;

  afterEach(() => {
    process.env.HOME = home;
  });

  test('affect everything when a target changes that the rc file of the home folder names', async () => {
    const elsewhere = new TestRepository().write({ '.bazelrc': 'build --//flags:lib=//lib:alt\n' });
    process.env.HOME = elsewhere.folder;
    const plan = await planOf({}, { 'lib/alt.txt': '2' });
    elsewhere.remove();
    expect(plan.everything?.reason).toContain('//lib:alt (named by an option of Bazel) is affected');
  });

  test('affect everything when options change that the rc file of the home folder imports from the workspace', async () => {
    const elsewhere = new TestRepository().write({ '.bazelrc': 'try-import %workspace%/ci/flags.rc\n' });
    process.env.HOME = elsewhere.folder;
    const plan = await planOf(
      { 'ci/flags.rc': 'build --define=v=1' },
      { 'ci/flags.rc': 'build --define=v=2' },
    );
    elsewhere.remove();
    expect(plan.everything?.reason).toBe('ci/flags.rc changed: the options in force are not the same');
  });

  test('affect everything when a target changes that an option of the legs names', async () => {
    const plan = await planOf({}, { 'lib/alt.txt': '2' }, { 'leg-options': '--//flags:lib=@main//lib:alt' });
    expect(plan.everything?.reason).toContain('//lib:alt (named by an option of Bazel) is affected');
  });
});

describe('a label that an rc file names', () => {
  test.each([
    ['by the name of the main module', 'build --//flags:lib=@main//lib:alt'],
    ['without slashes', 'build --//flags:lib=lib:alt'],
    ['with arguments behind it', 'test --run_under="//lib:alt -v"'],
  ])('affects everything when it is named %s and changes', async (_, line) => {
    const plan = await planOf({ '.bazelrc': `${RC}${line}\n` }, { 'lib/alt.txt': '2' });
    expect(plan.everything?.reason).toContain('//lib:alt (named by an option of Bazel) is affected');
    expect(plan.test).toEqual(ALL_TESTS);
  });

  test('affects nothing more when something else changes', async () => {
    const plan = await planOf(
      { '.bazelrc': `${RC}build --//flags:lib=lib:alt\n` },
      { 'other/BUILD': 'sh_test(name = "other_test", srcs = ["//:true.sh"], tags = ["x"])' },
    );
    expect(plan.test).toEqual(['//other:other_test']);
  });
});

test('a change affects everything where --package_path lets packages lie elsewhere', async () => {
  const plan = await planOf(
    {
      '.bazelrc': `${RC}common --package_path=%workspace%:%workspace%/alt\n`,
      'alt/p/BUILD': 'exports_files(["x.txt"])',
      'alt/p/x.txt': '1',
      'q/BUILD': 'sh_test(name = "t", srcs = ["//:true.sh"], data = ["//p:x.txt"])',
    },
    { 'alt/p/x.txt': '2' },
  );
  expect(plan.everything?.reason).toContain('alt/p/x.txt changed: with --package_path=');
  expect(plan.test).toContain('//q:t');
});
