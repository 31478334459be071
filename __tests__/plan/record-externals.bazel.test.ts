import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CommitId } from '../../src/graph/tree.js';
import { parsePlanInputs, type PlanInputs } from '../../src/plan/plan-inputs.js';
import { planIn } from '../../src/plan/plan-in.js';
import { recordIn } from '../../src/plan/record-in.js';
import { revisionsOfWorkingTree } from '../../src/plan/revisions.js';
import { findBazel } from '../support/find-bazel.js';
import type { Files } from '../support/files.js';
import { MemoryRecords } from '../support/memory-records.js';
import { MemoryStore } from '../support/memory-store.js';
import { TestRepository } from '../support/test-repository.js';

let repository: TestRepository;
let records: MemoryRecords;
let snapshots: MemoryStore;

beforeEach(() => {
  repository = TestRepository.create();
  records = new MemoryRecords();
  snapshots = MemoryStore.empty();
  repository.commit(WORKSPACE);
});

afterEach(() => {
  repository.remove();
});

/** An extension reads a list, and the files whose names are in it; a program gets a folder; a rule makes a symlink. */
const WORKSPACE: Files = {
  'MODULE.bazel': 'made = use_extension("//ext:e.bzl", "made")\nuse_repo(made, "listed", "ran", "linked")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  BUILD: '',
  'ext/BUILD': '',
  'ext/e.bzl': `
def _text(ctx):
    ctx.file("BUILD", 'filegroup(name = "g", srcs = ["t"], visibility = ["//visibility:public"])')
    if ctx.attr.folder:
        root = ctx.path(Label("//:MODULE.bazel")).dirname
        ctx.file("t", ctx.execute(["cat", str(root) + "/conf/run/a.txt", "/dev/null"]).stdout)
        ctx.execute(["ls", str(root.get_child("conf").get_child("run"))])
    elif ctx.attr.link:
        ctx.symlink(ctx.attr.link, "t")
    else:
        ctx.file("t", ctx.attr.text)

text = repository_rule(_text, attrs = {"text": attr.string(), "folder": attr.string(), "link": attr.label()})

def _made(ctx):
    list = ctx.path(Label("//conf:list.txt"))
    texts = [ctx.read(list.dirname.get_child("part-" + name)) for name in ctx.read(list).strip().split(" ")]
    text(name = "listed", text = "".join(texts))
    text(name = "ran", folder = "conf")
    text(name = "linked", link = "//conf:link.txt")

made = module_extension(_made)
`,
  'conf/BUILD': '',
  'conf/list.txt': 'one two\n',
  'conf/part-one': '1\n',
  'conf/part-two': '2\n',
  'conf/part-three': '3\n',
  'conf/link.txt': 'link\n',
  'conf/run/a.txt': 'a\n',
  'conf/run/b.txt': 'b\n',
  'app/BUILD': ['listed', 'ran', 'linked']
    .map((name) => `sh_test(name = "${name}", srcs = ["x.sh"], data = ["@${name}//:g"])\n`)
    .join(''),
  'app/x.sh': { script: 'true' },
};

interface Edited {
  readonly tests: readonly string[];
  readonly isAsked: boolean;
  readonly unrecorded: CommitId | null;
}

/** Plans an edit of the working tree, and takes it back. */
async function planOf(files: Files, record: 'here' | 'later' = 'here'): Promise<Edited> {
  repository.write(files);
  const inputs = inputsWith({ base: 'HEAD', record });
  const { plan, unrecorded } = await planIn(
    repository.folder,
    inputs,
    { snapshots, records, answers: null },
    (repositories) => revisionsOfWorkingTree(inputs, repositories),
  );
  repository.git('checkout', '--quiet', '.');
  repository.git('clean', '--quiet', '-fd');
  return { tests: plan.test, isAsked: plan.timings.steps.externals !== undefined, unrecorded };
}

function inputsWith(values: Readonly<Record<string, string>>): PlanInputs {
  const all: Readonly<Record<string, string>> = { bazel: findBazel(), ...values };
  return parsePlanInputs((name) => all[name] ?? '');
}

test('once it is recorded what external repositories read, only that starts Bazel again', async () => {
  // Nothing is recorded, so Bazel is asked even for a file that nothing reads.
  expect(await planOf({ 'conf/part-three': 'three\n' })).toEqual({
    tests: [],
    isAsked: true,
    unrecorded: null,
  });
  expect(records.kept).toHaveLength(1);
  const reads = records.kept[0]?.reads;
  expect(reads instanceof Map ? [...reads.keys()].sort() : reads).toEqual([
    'conf/link.txt',
    'conf/list.txt',
    'conf/part-one',
    'conf/part-two',
    'conf/run',
    'conf/run/a.txt',
  ]);

  const snapshotsMade = snapshots.fingerprints.length;
  expect(await planOf({ 'conf/part-three': 'again\n' })).toEqual({
    tests: [],
    isAsked: false,
    unrecorded: null,
  });
  expect(snapshots.fingerprints).toHaveLength(snapshotsMade);

  expect(await planOf({ 'conf/part-two': 'two\n' })).toEqual({
    tests: ['//app:listed'],
    isAsked: true,
    unrecorded: null,
  });
  expect(records.kept).toHaveLength(1);
}, 300_000);

describe('a plan that leaves the recording to a later step', () => {
  const record = (values: Readonly<Record<string, string>> = {}): ReturnType<typeof recordIn> =>
    recordIn(
      repository.folder,
      inputsWith(values),
      { snapshots, records, answers: null },
      repository.git('rev-parse', 'HEAD').trim() as CommitId,
    );

  test('names the commit, and what that step records holds for the next plan', async () => {
    const { isAsked, unrecorded } = await planOf({ 'conf/part-three': 'three\n' }, 'later');
    expect({ isAsked, unrecorded }).toEqual({
      isAsked: true,
      unrecorded: repository.git('rev-parse', 'HEAD').trim(),
    });
    expect(records.kept).toEqual([]);

    expect(await record()).toMatchObject({ kind: 'recorded' });
    expect(records.kept).toHaveLength(1);
    const snapshotsMade = snapshots.fingerprints.length;
    expect(await planOf({ 'conf/part-three': 'again\n' }, 'later')).toEqual({
      tests: [],
      isAsked: false,
      unrecorded: null,
    });
    // The snapshot of the base was stored again, as it is with the record.
    expect(snapshots.fingerprints).toHaveLength(snapshotsMade);
    expect(await record()).toEqual({ kind: 'known' });
  }, 300_000);

  test('needs time for it', async () => {
    await expect(record({ 'externals-minutes': '0' })).rejects.toThrow('leaves no time to record anything');
  });
});
