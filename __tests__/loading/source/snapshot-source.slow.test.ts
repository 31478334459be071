import type { Revision, SomePackages } from '../../../src/loading/source/revision.js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { BazelError } from '../../../src/adapters/bazel/bazel-error.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { Graph } from '../../../src/graph/graph.js';
import { makeLabel, type WorkspacePath } from '../../../src/graph/label.js';
import type { KnownExternals } from '../../../src/loading/snapshot/dirty.js';
import type { Target } from '../../../src/graph/target.js';
import type {
  PackageSource,
  QueriedTargets,
  SourcedGraph,
} from '../../../src/loading/source/graph-source.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import { SnapshotSource } from '../../../src/loading/source/snapshot-source.js';
import { readOnly, type SnapshotStore } from '../../../src/loading/snapshot/store.js';
import { MemoryStore } from '../../support/memory-store.js';
import type { Files } from '../../support/files.js';
import { TestRepository } from '../../support/test-repository.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const PACKAGES = ['a', 'b', 'c', 'd'];
const WORKSPACE: Files = {
  'MODULE.bazel': '',
  ...Object.fromEntries(PACKAGES.map((name) => [`${name}/BUILD`, `# ${name}`])),
  'a/source.txt': 'text',
};

/** Stands in for Bazel: a package has one target, whose definition is the object id of its BUILD file. */
class FakeQueries implements PackageSource {
  readonly calls: string[] = [];
  version = 'bazel 7.7.1';
  /** The version that answers, where it is another one than the checkout's. */
  answering: string | undefined;
  failing = false;

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a real one waits
  async graphOf(revision: Revision): Promise<SourcedGraph> {
    this.calls.push('all');
    const packages = PACKAGES.filter((name) => buildFileOf(revision, name) !== undefined);
    const targets = packages.map((name) => targetOf(revision, name));
    return { graph: Graph.of(targets), way: 'full query', bazelVersion: this.version };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a real one waits
  async targetsOf(revision: Revision, { packages }: SomePackages): Promise<QueriedTargets> {
    this.calls.push(packages.join(' '));
    if (this.failing)
      throw new BazelError('loading 1 package', { kind: 'exited', exitCode: 7 }, 'no such package');
    const targets = packages.map((name) => targetOf(revision, name));
    return { targets, bazelVersion: this.answering ?? this.version };
  }

  bazelVersion(): Promise<string> {
    this.calls.push('version');
    return Promise.resolve(this.version);
  }

  isCheap(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

function buildFileOf(revision: Revision, name: string): string | undefined {
  return revision.files.listing.entries.find(({ path }) => path === `${name}/BUILD`)?.objectId;
}

function targetOf(revision: Revision, name: string): Target {
  const definition = buildFileOf(revision, name) ?? '';
  return { kind: 'source', label: makeLabel(name, 'BUILD'), definition, inputs: [] };
}

let temporary: TemporaryFolder;
let folder: string;
let repository: TestRepository;
let scratch: ScratchRepository;
let queries: FakeQueries;
let store: MemoryStore;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
  repository = TestRepository.create().write(WORKSPACE);
  repository.commit();
  scratch = await ScratchRepository.create(await Repository.open(repository.folder), join(folder, 'scratch'));
  queries = new FakeQueries();
  store = MemoryStore.empty();
});

afterEach(() => {
  repository.remove();
  temporary.remove();
});

async function revisionWith(files: Files = {}): Promise<Revision> {
  const commit = repository.write(files).commit();
  return { commit, workingTree: false, files: await RevisionFiles.ofCommit(commit, '', scratch) };
}

/** The source of one plan. */
function planWith(snapshots: SnapshotStore = store, options = 'o'): SnapshotSource {
  return new SnapshotSource(queries, new LoadingReader(), { values: [options], digest: options }, snapshots);
}

/** Makes an earlier plan's snapshot, and forgets what that cost. */
async function earlierPlan(revision: Revision): Promise<void> {
  await planWith().graphOf(revision);
  queries.calls.length = 0;
}

/** Which BUILD file each package of the graph was made of. */
function packagesIn(graph: Graph): Record<string, string> {
  return Object.fromEntries(
    [...graph.targets()].map((target) => [target.label, 'definition' in target ? target.definition : '']),
  );
}

async function expectTrue(sourced: SourcedGraph, revision: Revision): Promise<void> {
  const { graph } = await new FakeQueries().graphOf(revision);
  expect(packagesIn(sourced.graph)).toEqual(packagesIn(graph));
}

test('without any snapshot all is queried, and kept', async () => {
  const revision = await revisionWith();
  const sourced = await planWith().graphOf(revision);
  expect(sourced.way).toBe('full query (there is no snapshot yet)');
  expect(queries.calls).toEqual(['all']);
  expect(store.fingerprints).toHaveLength(1);
});

test('with equal fingerprints Bazel is not called, and the way says so', async () => {
  await earlierPlan(await revisionWith());
  const head = await revisionWith({ 'a/source.txt': 'another text' });
  const sourced = await planWith().graphOf(head);
  expect(sourced).toMatchObject({ way: 'snapshot', bazelVersion: 'bazel 7.7.1' });
  await expectTrue(sourced, head);
  expect(queries.calls).toEqual([]);
});

test('the head of a plan that edits sources has the graph of its base, without asking the store again', async () => {
  const plan = planWith({
    nearest: (key) => {
      queries.calls.push('store');
      return store.nearest(key);
    },
    keep: (key, snapshot) => store.keep(key, snapshot),
  });
  await plan.graphOf(await revisionWith());
  const { way } = await plan.graphOf(await revisionWith({ 'a/source.txt': 'another text' }));
  expect(way).toBe('snapshot (the loading inputs are those of the base)');
  expect(queries.calls).toEqual(['store', 'all']);
});

test('otherwise only dirty packages are queried, and the result is kept', async () => {
  await earlierPlan(await revisionWith());
  const head = await revisionWith({ 'b/BUILD': '# changed' });
  const sourced = await planWith().graphOf(head);
  expect(sourced.way).toBe('patched (1 of 4 packages queried)');
  await expectTrue(sourced, head);
  expect(queries.calls).toEqual(['version', 'b']);
  expect((await planWith().graphOf(head)).way).toBe('snapshot');
});

test('a package that only vanishes is taken out without Bazel', async () => {
  await earlierPlan(await revisionWith());
  const head = await revisionWith({ 'd/BUILD': null });
  const sourced = await planWith().graphOf(head);
  expect(sourced.way).toBe('patched (none of 4 packages queried)');
  await expectTrue(sourced, head);
  expect(queries.calls).toEqual([]);
});

test('of several snapshots, the one that needs the fewest packages is patched', async () => {
  await earlierPlan(await revisionWith());
  const plan = planWith();
  await plan.graphOf(await revisionWith({ 'a/BUILD': '# 2', 'b/BUILD': '# 2' }));
  const { way } = await plan.graphOf(await revisionWith({ 'c/BUILD': '# 2' }));
  expect(way).toBe('patched (1 of 4 packages queried)');
});

describe('all is queried, for the reason that the way gives,', () => {
  test('where too many packages are dirty', async () => {
    await earlierPlan(await revisionWith());
    const head = await revisionWith({
      'a/BUILD': '# 2',
      'b/BUILD': '# 2',
      'c/BUILD': '# 2',
      'd/BUILD': '# 2',
    });
    const sourced = await planWith().graphOf(head);
    expect(sourced.way).toBe('full query (4 of 4 packages are dirty)');
    await expectTrue(sourced, head);
    expect(queries.calls).toEqual(['all']);
  });

  test('where a change may reach every package', async () => {
    await earlierPlan(await revisionWith());
    const { way } = await planWith().graphOf(await revisionWith({ '.bazelignore': 'x' }));
    expect(way).toBe('full query (.bazelignore changed: it may reach every package)');
  });

  test('where another Bazel made the snapshot, and the next plan has one of this Bazel', async () => {
    await earlierPlan(await revisionWith());
    queries.version = 'bazel 8.0.0';
    const head = await revisionWith({ 'b/BUILD': '# changed' });
    const sourced = await planWith().graphOf(head);
    expect(sourced.way).toBe('full query (the snapshot was made by bazel 7.7.1, and this is bazel 8.0.0)');
    expect(sourced.bazelVersion).toBe('bazel 8.0.0');
    expect(await planWith().graphOf(head)).toMatchObject({ way: 'snapshot', bazelVersion: 'bazel 8.0.0' });
  });

  test('where another Bazel answers than the checkout has', async () => {
    await earlierPlan(await revisionWith());
    queries.answering = 'bazel 8.0.0';
    const head = await revisionWith({ 'b/BUILD': '# changed' });
    const { way } = await planWith().graphOf(head);
    expect(way).toBe('full query (the snapshot was made by bazel 7.7.1, and bazel 8.0.0 answered)');
  });

  test('where a query of a package does not show its BUILD file', async () => {
    await earlierPlan(await revisionWith());
    queries.targetsOf = () => Promise.resolve({ targets: [], bazelVersion: queries.version });
    const head = await revisionWith({ 'b/BUILD': '# changed' });
    const sourced = await planWith().graphOf(head);
    expect(sourced.way).toBe('full query (a query of b is incomplete)');
    await expectTrue(sourced, head);
  });

  test('where the dirty packages do not load by themselves', async () => {
    await earlierPlan(await revisionWith());
    queries.failing = true;
    const head = await revisionWith({ 'b/BUILD': '# changed' });
    const sourced = await planWith().graphOf(head);
    expect(sourced.way).toBe('full query (dirty packages do not load by themselves)');
    await expectTrue(sourced, head);
    expect(queries.calls).toEqual(['version', 'b', 'all']);
  });

  test('where snapshots were made with other options', async () => {
    await earlierPlan(await revisionWith());
    const { way } = await planWith(store, 'other').graphOf(await revisionWith());
    expect(way).toBe('full query (there is no snapshot yet)');
  });

  test('where the loading inputs cannot be listed, and no snapshot is kept', async () => {
    const revision = await revisionWith({ 'a/link': { link: '/usr/share' } });
    const { way } = await planWith().graphOf(revision);
    expect(way).toBe('full query (the symlink a/link leads out of the workspace, to /usr/share)');
    expect(store.fingerprints).toEqual([]);
  });
});

describe('with snapshots of another Bazel', () => {
  test('one of this Bazel is patched even where the other is nearer', async () => {
    await earlierPlan(await revisionWith());
    const old = store.copy();
    queries.version = 'bazel 8.0.0';
    const plan = planWith({
      // The base finds nothing, the head the nearest one.
      nearest: (key) => (queries.calls.length === 0 ? Promise.resolve(null) : old.nearest(key)),
      keep: () => Promise.resolve(),
    });
    await plan.graphOf(await revisionWith({ 'a/BUILD': '# 2' }));
    const sourced = await plan.graphOf(await revisionWith({ 'a/BUILD': '# a', 'c/BUILD': '# 2' }));
    expect(sourced).toMatchObject({
      way: 'patched (2 of 4 packages queried)',
      bazelVersion: 'bazel 8.0.0',
    });
  });

  test('the base comes from this Bazel too, if the head needs a query', async () => {
    const base = await revisionWith();
    await earlierPlan(base);
    queries.version = 'bazel 8.0.0';
    const plan = planWith();
    await plan.prepare([base, await revisionWith({ 'b/BUILD': '# changed' })]);
    expect((await plan.graphOf(base)).bazelVersion).toBe('bazel 8.0.0');
    expect((await planWith().graphOf(base)).bazelVersion).toBe('bazel 8.0.0');
  });
});

describe('before the graphs are made', () => {
  test('Bazel is asked for its version if a package has to be queried', async () => {
    const base = await revisionWith();
    await earlierPlan(base);
    await planWith().prepare([base, await revisionWith({ 'b/BUILD': '# changed' })]);
    expect(queries.calls).toEqual(['version']);
  });

  test('Bazel is asked for its version if there is no snapshot', async () => {
    await planWith().prepare([await revisionWith()]);
    expect(queries.calls).toEqual(['version']);
  });

  test('Bazel is asked for its version if the loading inputs cannot be listed', async () => {
    await planWith().prepare([await revisionWith({ 'a/link': { link: '/usr/share' } })]);
    expect(queries.calls).toEqual(['version']);
  });

  test('Bazel is not asked if both graphs come from snapshots', async () => {
    const base = await revisionWith();
    await earlierPlan(base);
    await planWith().prepare([base, await revisionWith({ 'a/source.txt': 'another text' })]);
    expect(queries.calls).toEqual([]);
  });

  test('a stored graph of the head is said to be that of the base only if it is', async () => {
    const base = await revisionWith();
    const head = await revisionWith({ 'b/BUILD': '# changed' });
    const earlier = planWith();
    await earlier.graphOf(base);
    await earlier.graphOf(head);
    const plan = planWith();
    await plan.prepare([base, head]);
    expect((await plan.graphOf(base)).way).toBe('snapshot');
    expect((await plan.graphOf(head)).way).toBe('snapshot');
    expect((await plan.graphOf(head)).way).toBe('snapshot (the loading inputs are those of the base)');
  });

  test('Bazel is not asked if only packages were removed', async () => {
    const base = await revisionWith();
    await earlierPlan(base);
    const plan = planWith();
    const head = await revisionWith({ 'b/BUILD': null, 'b/source.txt': null });
    await plan.prepare([base, head]);
    await plan.graphOf(base);
    await plan.graphOf(head);
    expect(queries.calls).toEqual([]);
  });

  test('Bazel is not asked if a revision is no workspace', async () => {
    await planWith().prepare([await revisionWith({ 'MODULE.bazel': null })]);
    expect(queries.calls).toEqual([]);
  });

  test('a snapshot is fetched once', async () => {
    const base = await revisionWith();
    await earlierPlan(base);
    const fetched: string[] = [];
    const plan = planWith({
      nearest: (key) => {
        fetched.push(key.fingerprint);
        return store.nearest(key);
      },
      keep: () => Promise.resolve(),
    });
    const head = await revisionWith({ 'b/BUILD': '# changed' });
    await plan.prepare([base, head]);
    await plan.graphOf(base);
    await plan.graphOf(head);
    expect(fetched).toHaveLength(2);
  });
});

test('an unexpected failure of a query is not taken for a package that does not load', async () => {
  await earlierPlan(await revisionWith());
  queries.targetsOf = () => Promise.reject(new TypeError('a bug'));
  const head = await revisionWith({ 'b/BUILD': '# changed' });
  await expect(planWith().graphOf(head)).rejects.toThrow('a bug');
});

test('a read-only store gives snapshots and keeps none', async () => {
  await earlierPlan(await revisionWith());
  const plan = planWith(readOnly(store));
  expect((await plan.graphOf(await revisionWith({ 'b/BUILD': '# changed' }))).way).toContain('patched');
  expect(store.fingerprints).toHaveLength(1);
});

describe('where external repositories of two revisions were compared', () => {
  const KNOWN: KnownExternals = {
    readByThem: new Set(['package.json' as WorkspacePath]),
    loadedByThem: new Set(),
    mayDiffer: null,
  };

  test('the graph of the second is that of the first, patched', async () => {
    const plan = planWith();
    const base = await revisionWith({ 'package.json': '1' });
    const head = await revisionWith({ 'package.json': '2', 'a/BUILD': '# new' });
    await plan.learnExternals(base, head, KNOWN);
    await plan.graphOf(base);
    const sourced = await plan.graphOf(head);
    expect(sourced.way).toMatch(/^patched \(1 of \d+ packages queried\)$/);
    await expectTrue(sourced, head);
  });

  test('Bazel is not even asked for its version where nothing differs that external repositories read', async () => {
    const base = await revisionWith({ 'package.json': '1' });
    await earlierPlan(base);
    const head = await revisionWith({ 'notes/new.txt': '' });
    const plan = planWith();
    await plan.learnExternals(base, head, KNOWN);
    await plan.prepare([base, head]);
    await plan.graphOf(base);
    await plan.graphOf(head);
    expect(queries.calls).toEqual([]);
  });

  test('a snapshot of another Bazel is not patched, though no package has to be queried', async () => {
    const base = await revisionWith({ 'package.json': '1' });
    await earlierPlan(base);
    queries.version = 'bazel 8.0.0';
    const head = await revisionWith({ 'package.json': '2' });
    const plan = planWith();
    await plan.learnExternals(base, head, KNOWN);
    await plan.prepare([base, head]);
    await plan.graphOf(base);
    expect(await plan.graphOf(head)).toMatchObject({ bazelVersion: 'bazel 8.0.0' });
  });

  test('another snapshot is not patched, because it was not compared', async () => {
    await earlierPlan(await revisionWith({ 'package.json': '1' }));
    const base = await revisionWith({ 'package.json': '2' });
    const head = await revisionWith({ 'package.json': '3' });
    const plan = planWith();
    await plan.learnExternals(base, head, KNOWN);
    expect((await plan.graphOf(head)).way).toMatch(/^full query/);
  });

  test('the graph of another revision is not patched', async () => {
    const plan = planWith();
    const base = await revisionWith({ 'package.json': '1' });
    const head = await revisionWith({ 'package.json': '2' });
    const other = await revisionWith({ 'package.json': '3' });
    await plan.learnExternals(base, head, KNOWN);
    await plan.graphOf(base);
    expect((await plan.graphOf(other)).way).toMatch(/^full query/);
  });
});
