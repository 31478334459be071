import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parsePlanInputs } from '../../src/plan/plan-inputs.js';
import { planIn, type PlannedIn } from '../../src/plan/plan-in.js';
import { revisionsOfWorkingTree } from '../../src/plan/revisions.js';
import { writeFiles } from '../support/files.js';
import { findBazel } from '../support/find-bazel.js';
import { MemoryBytes } from '../support/memory-bytes.js';
import { MemoryRecords } from '../support/memory-records.js';
import { MemoryStore } from '../support/memory-store.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';

const CODE = `
def _hub(ctx):
    for name, version in ctx.attr.versions.items():
        ctx.file(name + ".txt", version)
    ctx.file("BUILD", "exports_files(glob(['*.txt']))")

hub = repository_rule(implementation = _hub, attrs = {"versions": attr.string_dict()})

def _pip(ctx):
    lines = ctx.read(Label("//:lock.txt")).strip().split("\\n")
    hub(name = "pip", versions = dict([line.split("==") for line in lines]))

pip = module_extension(implementation = _pip)
`;

let temporary: TemporaryFolder;
let repository: TestRepository;
let base: string;
const stores = { snapshots: MemoryStore.empty(), records: new MemoryRecords(), answers: new MemoryBytes() };

beforeEach(() => {
  temporary = new TemporaryFolder();
  repository = TestRepository.create();
  base = repository
    .write({
      'MODULE.bazel': 'pip = use_extension("//:pip.bzl", "pip")\nuse_repo(pip, "pip")\n',
      '.bazelrc': 'common --lockfile_mode=off\n',
      BUILD: '',
      'pip.bzl': CODE,
      'lock.txt': 'a==1\nb==1\n',
      'app/BUILD': ['a', 'b']
        .map((name) => `sh_test(name = "${name}", srcs = ["x.sh"], data = ["@pip//:${name}.txt"])\n`)
        .join(''),
      'app/x.sh': { script: 'true' },
    })
    .commit();
});

afterEach(() => {
  repository.remove();
  temporary.remove();
});

/** Plans the working tree. @returns also the commands that Bazel was called with */
async function plan(): Promise<{ readonly test: PlannedIn['plan']['test']; readonly calls: string[] }> {
  const log = temporary.join('calls');
  rmSync(log, { force: true });
  writeFiles(temporary.path, {
    bazel: { script: `#!/bin/sh\necho "$*" >> '${log}'\nexec '${findBazel()}' "$@"\n` },
  });
  const values: Readonly<Record<string, string>> = { base, bazel: temporary.join('bazel') };
  const inputs = parsePlanInputs((name) => values[name] ?? '');
  const planned = await planIn(repository.folder, inputs, stores, (repositories) =>
    revisionsOfWorkingTree(inputs, repositories),
  );
  const calls = readFileSync(log, 'utf8').trim().split('\n');
  return { test: planned.plan.test, calls };
}

test('a plan of the same revisions as before asks Bazel for nothing but its version, any other one asks', async () => {
  repository.write({ 'lock.txt': 'a==2\nb==1\n' });
  const first = await plan();
  expect(first.test).toEqual(['//app:a']);
  expect(first.calls.some((call) => call.includes(' mod '))).toBe(true);

  const again = await plan();
  expect(again.test).toEqual(['//app:a']);
  expect(new Set(again.calls)).toEqual(new Set(['--version']));

  repository.write({ 'lock.txt': 'a==1\nb==2\n' });
  const other = await plan();
  expect(other.test).toEqual(['//app:b']);
  expect(other.calls.some((call) => call.includes(' mod '))).toBe(true);
}, 300_000);
