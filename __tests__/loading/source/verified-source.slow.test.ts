import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { Graph } from '../../../src/graph/graph.js';
import type { Snapshot } from '../../../src/loading/snapshot/snapshot.js';
import { readOnly, type SnapshotStore } from '../../../src/loading/snapshot/store.js';
import type {
  PackageSource,
  QueriedTargets,
  SourcedGraph,
} from '../../../src/loading/source/graph-source.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import type { Revision, SomePackages } from '../../../src/loading/source/revision.js';
import { VerifiedSource } from '../../../src/loading/source/verified-source.js';
import { graph, source } from '../../support/builders.js';
import type { Files } from '../../support/files.js';
import { MemoryStore } from '../../support/memory-store.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

const PACKAGES = ['a', 'b', 'c'];

/** Stands in for Bazel: a package has one target, whose definition is the object id of its BUILD file. */
class FakeQueries implements PackageSource {
  readonly calls: string[] = [];
  version = 'bazel 7.7.1';

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  graphOf(revision: Revision): Promise<SourcedGraph> {
    this.calls.push('all');
    const packages = PACKAGES.filter((name) => revision.files.has(`${name}/BUILD`));
    const found = graph(...packages.map((name) => targetOf(revision, name)));
    return Promise.resolve({ graph: found, way: 'full query', bazelVersion: this.version });
  }

  targetsOf(revision: Revision, { packages }: SomePackages): Promise<QueriedTargets> {
    this.calls.push(packages.join(' '));
    const targets = packages.map((name) => targetOf(revision, name));
    return Promise.resolve({ targets, bazelVersion: this.version });
  }

  bazelVersion(): Promise<string> {
    this.calls.push('version');
    return Promise.resolve(this.version);
  }

  isCheap(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

function targetOf(revision: Revision, name: string) {
  const entry = revision.files.listing.entries.find(({ path }) => path === `${name}/BUILD`);
  return source(`//${name}:BUILD`, entry?.objectId);
}

let temporary: TemporaryFolder;
let repository: TestRepository;
let scratch: ScratchRepository;
let queries: FakeQueries;
let store: MemoryStore;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  repository = TestRepository.create(temporary.join('repository'));
  repository.commit({
    'MODULE.bazel': '',
    ...Object.fromEntries(PACKAGES.map((name) => [`${name}/BUILD`, `# ${name}`])),
  });
  scratch = await ScratchRepository.create(
    await Repository.open(repository.folder),
    temporary.join('scratch'),
  );
  queries = new FakeQueries();
  store = MemoryStore.empty();
});

afterEach(() => {
  temporary.remove();
});

async function revisionWith(files: Files = {}): Promise<Revision> {
  const commit = repository.commit(files);
  return { commit, workingTree: false, files: await RevisionFiles.ofCommit(commit, '', scratch) };
}

/** The source of one plan. */
function planWith(snapshots: SnapshotStore = store): VerifiedSource {
  return new VerifiedSource(
    queries,
    new LoadingReader(),
    () => new LoadingReader(),
    { values: ['o'], digest: 'o' },
    snapshots,
  );
}

/** Makes an earlier plan's snapshot, and forgets what that cost. */
async function earlierPlan(revision: Revision): Promise<void> {
  await planWith().graphOf(revision);
  queries.calls.length = 0;
}

/** The store, in which every snapshot of earlier plans was changed. */
function forged(change: (snapshot: Snapshot) => Partial<Snapshot>): SnapshotStore {
  const kept = new Set<string>();
  return {
    nearest: async (key) => {
      const snapshot = await store.nearest(key);
      if (snapshot === null || kept.has(snapshot.fingerprint)) return snapshot;
      const { fingerprint, bazelVersion, inputs, statements, graph: stored } = snapshot;
      return { fingerprint, bazelVersion, inputs, statements, graph: stored, ...change(snapshot) };
    },
    keep: (key, snapshot) => {
      kept.add(key.fingerprint);
      return store.keep(key, snapshot);
    },
  };
}

const withoutB = ({ graph: full }: Snapshot): Partial<Snapshot> => ({
  graph: Graph.of([...full.targets()].filter((target) => !target.label.startsWith('//b'))),
});

/** The targets of a graph, each as text. */
const shown = (sourced: SourcedGraph): string[] =>
  [...sourced.graph.targets()].map((target) => JSON.stringify(target)).sort();

async function expectTrue(sourced: SourcedGraph, revision: Revision): Promise<void> {
  expect(shown(sourced)).toEqual(shown(await new FakeQueries().graphOf(revision)));
}

describe('a graph is verified', () => {
  test('by a full query, if it comes from a snapshot, which is not stored again', async () => {
    const revision = await revisionWith();
    await earlierPlan(revision);
    const plan = planWith({
      nearest: (key) => store.nearest(key),
      keep: () => Promise.reject(new Error('kept')),
    });
    const sourced = await plan.graphOf(revision);
    expect(sourced.way).toBe('snapshot, verified by a full query');
    expect(queries.calls).toEqual(['all']);
    expect(plan.differences).toEqual([]);
  });

  test('and kept, if it was patched', async () => {
    await earlierPlan(await revisionWith());
    const head = await revisionWith({ 'b/BUILD': '# changed' });
    const sourced = await planWith().graphOf(head);
    expect(sourced.way).toBe('patched (1 of 3 packages queried), verified by a full query');
    await expectTrue(sourced, head);
    expect(store.fingerprints).toHaveLength(2);
  });

  test('by no second query, if Bazel made it in this plan', async () => {
    const plan = planWith();
    const base = await plan.graphOf(await revisionWith());
    expect(base.way).toBe('full query (there is no snapshot yet)');
    const head = await plan.graphOf(await revisionWith());
    expect(head.way).toBe('snapshot (the loading inputs are those of the base)');
    expect(head.graph).toBe(base.graph);
    expect(queries.calls).toEqual(['all']);
    expect(store.fingerprints).toHaveLength(1);
  });

  test('once for both revisions of a plan that have one graph', async () => {
    const revision = await revisionWith();
    await earlierPlan(revision);
    const plan = planWith();
    const base = await plan.graphOf(revision);
    const head = await plan.graphOf(await revisionWith());
    expect(head.graph).toBe(base.graph);
    expect(queries.calls).toEqual(['all']);
  });

  test('by nothing, if the loading inputs cannot be listed: it is a full query already', async () => {
    const { way } = await planWith().graphOf(await revisionWith({ 'a/link': { link: '/usr/share' } }));
    expect(way).toContain('leads out of the workspace');
    expect(queries.calls).toEqual(['all']);
    expect(store.fingerprints).toEqual([]);
  });
});

describe('a snapshot that differs', () => {
  test('is reported, and the plan has the answer of Bazel', async () => {
    const revision = await revisionWith();
    await earlierPlan(revision);
    const plan = planWith(forged(withoutB));
    const sourced = await plan.graphOf(revision);
    expect(sourced.way).toBe('full query (the snapshot contained another graph)');
    await expectTrue(sourced, revision);
    expect(plan.differences).toEqual([expect.stringContaining('//b:BUILD')]);
    expect(plan.differences[0]).toContain(revision.commit);
  });

  test('is replaced in the store', async () => {
    const revision = await revisionWith();
    await earlierPlan(revision);
    const kept: Snapshot[] = [];
    const lying = forged(withoutB);
    await planWith({
      nearest: (key) => lying.nearest(key),
      keep: (_, snapshot) => Promise.resolve(void kept.push(snapshot)),
    }).graphOf(revision);
    expect(kept.map((snapshot) => snapshot.graph.packageCount)).toEqual([3]);
  });

  test('in load statements alone is reported too', async () => {
    const revision = await revisionWith();
    await earlierPlan(revision);
    const plan = planWith(forged(() => ({ statements: new Map() })));
    await plan.graphOf(revision);
    expect(plan.differences).toHaveLength(1);
  });

  test('is not the ground of a later patch', async () => {
    const base = await revisionWith();
    await earlierPlan(base);
    const head = await revisionWith({ 'c/BUILD': '# changed' });
    const plan = planWith(forged(withoutB));
    await plan.graphOf(base);
    const sourced = await plan.graphOf(head);
    expect(sourced.way).toBe('patched (1 of 3 packages queried), verified by a full query');
    await expectTrue(sourced, head);
    expect(plan.differences).toHaveLength(1);
  });

  test('is reported once if both revisions have its fingerprint', async () => {
    const revision = await revisionWith();
    await earlierPlan(revision);
    const plan = planWith(forged(withoutB));
    await plan.graphOf(revision);
    const head = await revisionWith();
    await expectTrue(await plan.graphOf(head), head);
    expect(plan.differences).toHaveLength(1);
  });

  test('because another Bazel made it is replaced, and is no forgery', async () => {
    const revision = await revisionWith();
    await earlierPlan(revision);
    queries.version = 'bazel 8.0.0';
    const plan = planWith();
    const sourced = await plan.graphOf(revision);
    expect(sourced).toMatchObject({
      way: 'full query (the snapshot was made by bazel 7.7.1)',
      bazelVersion: 'bazel 8.0.0',
    });
    expect(plan.differences).toEqual([]);
    expect((await planWith().graphOf(revision)).way).toBe('snapshot, verified by a full query');
  });

  test('is found out where nothing may be kept, and stays in the store', async () => {
    const revision = await revisionWith();
    await earlierPlan(revision);
    const before = store.fingerprints;
    const plan = planWith(readOnly(forged(withoutB)));
    await plan.graphOf(revision);
    expect(plan.differences).toHaveLength(1);
    expect(store.fingerprints).toEqual(before);
  });
});

test('a failure of the query that verifies is not hidden by the snapshot', async () => {
  const revision = await revisionWith();
  await earlierPlan(revision);
  queries.graphOf = () => Promise.reject(new Error('does not load'));
  await expect(planWith().graphOf(revision)).rejects.toThrow('does not load');
});
