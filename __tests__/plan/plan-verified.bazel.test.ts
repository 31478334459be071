import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parsePlanInputs } from '../../src/plan/plan-inputs.js';
import { planIn, type PlannedIn } from '../../src/plan/plan-in.js';
import { revisionsOfWorkingTree } from '../../src/plan/revisions.js';
import { readOnly, type SnapshotStore } from '../../src/loading/snapshot/store.js';
import { findBazel } from '../support/find-bazel.js';
import { MemoryRecords } from '../support/memory-records.js';
import { MemoryStore } from '../support/memory-store.js';
import { TestRepository } from '../support/test-repository.js';

let repository: TestRepository;
let store: MemoryStore;
let base: string;

const buildFile = (name: string): string => `sh_test(name = "${name}", srcs = ["x.sh"])\n`;

beforeEach(() => {
  store = MemoryStore.empty();
  repository = TestRepository.create().write({
    'MODULE.bazel': '',
    '.bazelrc': 'common --lockfile_mode=off\n',
    ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}/BUILD`, buildFile(`${name}_test`)])),
    ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}/x.sh`, { script: 'true' }])),
  });
  base = repository.commit();
});

afterEach(() => {
  repository.remove();
});

async function plan(snapshots: SnapshotStore = store, use = 'verify'): Promise<PlannedIn['plan']> {
  const values: Readonly<Record<string, string>> = { bazel: findBazel(), base, snapshots: use };
  const inputs = parsePlanInputs((name) => values[name] ?? '');
  const stores = { snapshots, records: new MemoryRecords(), answers: null };
  const planned = await planIn(repository.folder, inputs, stores, (repositories) =>
    revisionsOfWorkingTree(inputs, repositories),
  );
  return planned.plan;
}

/** In place of the snapshot that holds a target, one in which it has another name. */
function forge(label: string, otherLabel: string): void {
  store = store.withLines((line) => line.replaceAll(label, otherLabel));
}

describe('a plan that verifies', () => {
  test('says so where the snapshots are right, and stores nothing again', async () => {
    repository.write({ 'a/x.sh': { script: 'false' } });
    const first = await plan();
    expect(Object.values(first.timings.graphs)).toEqual([
      'full query (there is no snapshot yet)',
      'snapshot (the loading inputs are those of the base)',
    ]);
    const counted = new CountingStore(store);
    const again = await plan(counted);
    expect(again.problems).toEqual([]);
    expect(again.test).toEqual(['//a:a_test']);
    expect(again.timings.graphs.base).toBe('snapshot, verified by a full query');
    expect(counted.kept).toBe(0);
  });

  test('verifies a patched graph too, and keeps it', async () => {
    await plan();
    repository.write({ 'b/BUILD': buildFile('other_test') });
    const counted = new CountingStore(store);
    const { timings, problems, test } = await plan(counted);
    expect(problems).toEqual([]);
    expect(timings.graphs).toEqual({
      base: 'snapshot, verified by a full query',
      head: 'patched (1 of 3 packages queried), verified by a full query',
    });
    expect(test).toEqual(['//b:other_test']);
    expect(counted.kept).toBe(1);
  });

  test('uses what Bazel says if a snapshot hides a test, names that test, and replaces the snapshot', async () => {
    repository.write({ 'a/x.sh': { script: 'false' } });
    await plan();
    // A source that nothing uses: the test would never be affected.
    forge('":x.sh"', '":y.sh"');
    expect((await plan(store.copy(), 'true')).test).toEqual([]);

    const verified = await plan();
    expect(verified.test).toEqual(['//a:a_test']);
    expect(verified.timings.graphs.base).toBe('full query (the snapshot contained another graph)');
    expect(verified.problems).toEqual([
      expect.stringMatching(
        new RegExp(
          `^A snapshot of the graph of ${base} differs from what Bazel says, in 9 targets: //a:a_test \\(different in the snapshot\\), ` +
            '//a:x.sh \\(missing from the snapshot\\), //a:y.sh \\(only in the snapshot\\), .*, and 4 more\\. This plan uses what Bazel says',
        ),
      ),
    ]);
    expect((await plan(store, 'true')).test).toEqual(['//a:a_test']);
    expect((await plan()).problems).toEqual([]);
  });

  test('finds a snapshot out that lies about load statements alone', async () => {
    repository.write({
      'tools/BUILD': '',
      'tools/t.bzl': 'T = 1\n',
      'a/BUILD': `load("//tools:t.bzl", "T")\n${buildFile('a_test')}`,
    });
    base = repository.commit();
    await plan();
    forge('"//tools:t.bzl"', '"//tools:u.bzl"');
    const { problems } = await plan();
    expect(problems).toEqual([expect.stringContaining('in what packages read and load. ')]);
    expect((await plan()).problems).toEqual([]);
  });

  test('finds it out as well where it may keep nothing', async () => {
    await plan();
    forge('"sh_test"', '"sh_toast"');
    const before = store.copy();
    expect((await plan(readOnly(store))).problems).toHaveLength(1);
    expect(store.fingerprints).toEqual(before.fingerprints);
    expect((await plan(readOnly(store))).problems).toHaveLength(1);
  });
});

class CountingStore implements SnapshotStore {
  kept = 0;

  constructor(private readonly store: SnapshotStore) {}

  nearest(...args: Parameters<SnapshotStore['nearest']>): ReturnType<SnapshotStore['nearest']> {
    return this.store.nearest(...args);
  }

  keep(...args: Parameters<SnapshotStore['keep']>): ReturnType<SnapshotStore['keep']> {
    this.kept += 1;
    return this.store.keep(...args);
  }
}
