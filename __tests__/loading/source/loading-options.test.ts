import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parsePlanInputs, type PlanInputName } from '../../../src/plan/plan-inputs.js';
import { loadingOptions } from '../../../src/loading/source/loading-options.js';
import { repositoryPath } from '../../support/builders.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const environment = { ...process.env };
let temporary: TemporaryFolder;
let folder: string;
let workspace: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
  workspace = join(folder, 'workspace');
  process.env.HOME = join(folder, 'home');
  delete process.env.USE_BAZEL_VERSION;
  delete process.env.BAZELRC;
});

afterEach(() => {
  process.env = { ...environment };
  temporary.remove();
});

function digest(inputs: Partial<Record<PlanInputName, string>> = {}): string {
  return loadingOptions(
    parsePlanInputs((name) => inputs[name] ?? ''),
    workspace,
  ).digest;
}

test('are others where a submodule is not checked out: graphs then lack what lies in it', () => {
  const inputs = parsePlanInputs(() => '');
  const lacking = loadingOptions(inputs, workspace, [repositoryPath('sub')]);
  expect(lacking.digest).not.toBe(digest());
});

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('are the same for the same inputs', () => {
  expect(digest()).toBe(digest());
});

describe('are others with', () => {
  test.each<[PlanInputName, string]>([
    ['workspace', 'deeper'],
    ['bazel', 'bazelisk'],
    ['startup-options', '--host_jvm_args=-Xmx1g'],
    ['query-options', '--override_repository=a=/b'],
  ])('another %s', (name, value) => {
    expect(digest({ [name]: value })).not.toBe(digest());
  });

  test('a configuration of queries that the legs have, too', () => {
    const both = { 'query-options': '--config=x', 'leg-options': '--config=x' };
    expect(digest(both)).not.toBe(digest({ 'query-options': '--config=x' }));
  });

  test('another Bazel that bazelisk is asked for', () => {
    const before = digest();
    process.env.USE_BAZEL_VERSION = '8.0.0';
    expect(digest()).not.toBe(before);
  });

  test.each([
    ["the user's rc file of the workspace", 'workspace/user.bazelrc'],
    ["the user's rc file at home", 'home/.bazelrc'],
  ])('another text of %s', (_, path) => {
    const before = digest();
    write(path, 'common --deleted_packages=a\n');
    const first = digest();
    expect(first).not.toBe(before);
    write(path, 'common --deleted_packages=b\n');
    expect(digest()).not.toBe(first);
  });

  test('another text of a file that an rc file at home imports', () => {
    write('home/.bazelrc', `try-import ${folder}/shared/rc\n`);
    const before = digest();
    write('shared/rc', 'common --deleted_packages=a\n');
    expect(digest()).not.toBe(before);
  });

  test("another text of a file outside the workspace that the workspace's rc file imports", () => {
    write('workspace/.bazelrc', 'try-import %workspace%/../shared/rc\n');
    const before = digest();
    write('shared/rc', 'common --deleted_packages=a\n');
    expect(digest()).not.toBe(before);
  });

  test('another text of a file outside the workspace that an imported file of the workspace imports', () => {
    write('workspace/.bazelrc', 'try-import "%workspace%/tools/my rc"\n');
    write('workspace/tools/my rc', 'try-import %workspace%/../shared/rc\n');
    const before = digest();
    write('shared/rc', 'common --deleted_packages=a\n');
    expect(digest()).not.toBe(before);
  });

  test("another text of a file of the checkout that the workspace's rc file imports by its absolute path", () => {
    write('workspace/.bazelrc', `try-import ${folder}/workspace/ci.rc\n`);
    const before = digest();
    write('workspace/ci.rc', 'common --deleted_packages=a\n');
    expect(digest()).not.toBe(before);
  });

  test('another text of an rc file that the environment names', () => {
    process.env.BAZELRC = `${folder}/no,${folder}/ci.rc`;
    const before = digest();
    write('ci.rc', 'common --deleted_packages=a\n');
    expect(digest()).not.toBe(before);
  });

  test('another text of an rc file that the startup options name', () => {
    const inputs = { 'startup-options': `--bazelrc=${folder}/ci.rc` };
    const before = digest(inputs);
    write('ci.rc', 'common --deleted_packages=a\n');
    expect(digest(inputs)).not.toBe(before);
  });
});

test("leave out the workspace's own rc file, which belongs to a revision", () => {
  const before = digest();
  write('workspace/.bazelrc', 'import %workspace%/tools/rc\ncommon --deleted_packages=a\n');
  write('workspace/tools/rc', 'common --deleted_packages=b\n');
  expect(digest()).toBe(before);
});

test('survive rc files that import each other', () => {
  write('home/.bazelrc', `import ${folder}/shared/rc\n`);
  write('shared/rc', `import ${folder}/home/.bazelrc\n`);
  expect(digest()).toMatch(/^[0-9a-f]{64}$/);
});
