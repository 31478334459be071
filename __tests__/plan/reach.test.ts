import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BazelError } from '../../src/adapters/bazel/bazel-error.js';
import type { Repositories } from '../../src/adapters/git/repositories.js';
import { Repository } from '../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import { Graph } from '../../src/graph/graph.js';
import type { CommitId, RepositoryPath } from '../../src/graph/tree.js';
import type { ReachedExternals } from '../../src/loading/externals/reached-externals.js';
import type { Externals } from '../../src/loading/externals/external-repositories.js';
import { ExternalsUnknownError, type ExternalsSource } from '../../src/loading/source/externals-source.js';
import type { GraphSource, SourcedGraph } from '../../src/loading/source/graph-source.js';
import type { TriedRecord } from '../../src/loading/externals/externals-record.js';
import { LoadingReader } from '../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../src/loading/source/revision-files.js';
import type { Revision } from '../../src/loading/source/revision.js';
import type { Base } from '../../src/plan/base.js';
import { headOf } from '../../src/plan/comparison.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import { reachOf, type Reach } from '../../src/plan/reach.js';
import type { Revisions } from '../../src/plan/revisions.js';
import { Timer } from '../../src/plan/timer.js';
import { rule, source } from '../support/builders.js';
import type { Files } from '../support/files.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';

const WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "shop")\n',
  'app/BUILD': '',
  'app/main.txt': 'one',
  'lib/BUILD': '',
  'lib/other.txt': 'one',
};

const NO_COMMIT = '0123456789012345678901234567890123456789' as CommitId;

let temporary: TemporaryFolder;
let history: TestRepository;
let repositories: Repositories;
let base: CommitId;
let graphs: FakeGraphs;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  history = TestRepository.create(temporary.join('repository'));
  base = history.commit(WORKSPACE);
  const user = await Repository.open(history.folder);
  repositories = { user, scratch: await ScratchRepository.create(user, temporary.join('scratch')) };
  graphs = new FakeGraphs();
  externalsFor = (minutes) => new UnknownExternals(minutes);
  records = [];
});

afterEach(() => {
  temporary.remove();
});

/** Stands in for Bazel: every revision has the same targets. */
class FakeGraphs implements GraphSource {
  /** The commits whose graphs were asked for. */
  readonly asked: CommitId[] = [];
  /** The version of Bazel for all revisions but those named here. */
  readonly versions = new Map<CommitId, string>();
  /** Whether a revision loads. */
  loads: (commit: CommitId) => boolean = () => true;
  targets = [
    rule('//app:app', { inputs: ['//app:main.txt', '//lib:lib'] }),
    source('//app:main.txt'),
    rule('//lib:lib', { inputs: ['//lib:other.txt'] }),
    source('//lib:other.txt'),
  ];

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  learnExternals(): Promise<void> {
    return Promise.resolve();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a real one waits
  async graphOf({ commit }: Revision): Promise<SourcedGraph> {
    this.asked.push(commit);
    if (!this.loads(commit)) throw new BazelError('loading', { kind: 'exited', exitCode: 7 }, 'no rule');
    const bazelVersion = this.versions.get(commit) ?? 'bazel 7.7.1';
    return { graph: Graph.of(this.targets), way: 'full query', bazelVersion };
  }
}

/** Bazel cannot tell what the external repositories are, or takes for ever to tell. */
class UnknownExternals implements ExternalsSource {
  version(): Promise<null> {
    return Promise.resolve(null);
  }

  readonly minutes: number;
  isSlow = false;

  private readonly ends: ((error: Error) => void)[] = [];

  constructor(minutes: number) {
    this.minutes = minutes;
  }

  stop(): void {
    for (const end of this.ends) end(new Error('ended'));
  }

  announce(): Promise<void> {
    return Promise.resolve();
  }

  keep(): Promise<void> {
    return Promise.resolve();
  }

  externalsOf(): Promise<Externals> {
    if (this.isSlow)
      return new Promise((_, reject) => {
        this.ends.push(reject);
      });
    return Promise.reject(new ExternalsUnknownError('no Bazel here'));
  }

  withModules(): Promise<never> {
    return Promise.reject(new ExternalsUnknownError('no Bazel here'));
  }

  targetsMatching(): Promise<never> {
    return Promise.reject(new ExternalsUnknownError('no Bazel here'));
  }

  reachedFrom(): Promise<ReachedExternals> {
    return Promise.reject(new ExternalsUnknownError('no Bazel here'));
  }
}

/** What earlier plans recorded. */
let records: TriedRecord[] = [];

let externalsFor: (minutes: number) => ExternalsSource = (minutes) => new UnknownExternals(minutes);

/** What a change reaches that is committed on the base. */
async function reachAfter(
  change: Files,
  written: Partial<Record<PlanInputName, string>> = {},
  from: Base = { kind: 'commit', commit: base, why: 'not used' },
): Promise<Reach> {
  const inputs = parsePlanInputs((name) => written[name] ?? '');
  const revisions: Revisions = {
    base: from,
    baseFrom: 'event',
    head: { commit: history.commit(change), workingTree: false },
    mode: 'build',
    isRedelivery: false,
    findReleased: null,
    findTested: null,
    workflow: { kind: 'file', path: '.github/workflows/ci.yml' as RepositoryPath },
  };
  const reader = new LoadingReader(records);
  const externals = externalsFor(inputs.externalsMinutes);
  const tools = { repositories, graphs, externals, reader, timer: new Timer() };
  return reachOf(revisions, await headOf(revisions, inputs, repositories), inputs, tools);
}

function affected({ scope }: Reach): string[] | string {
  return scope.kind === 'some' ? [...scope.affected.labels()].sort() : scope.because.reason;
}

describe('without a base', () => {
  test('everything is affected, and only the graph of the head is asked for', async () => {
    const reach = await reachAfter({}, {}, { kind: 'none', why: 'a schedule compares with nothing' });
    expect(affected(reach)).toBe('a schedule compares with nothing');
    expect(reach).toMatchObject({ unknownBase: null, comparison: null, ways: { head: 'full query' } });
    expect(graphs.asked).toEqual([history.id()]);
  });

  test('that is unknown rather than missing, the plan knows why', async () => {
    const reach = await reachAfter({}, {}, { kind: 'unknown', why: 'GitHub did not answer' });
    expect(affected(reach)).toBe('GitHub did not answer');
    expect(reach.unknownBase).toBe('GitHub did not answer');
  });

  test('that git can read, it is unknown, too', async () => {
    const reach = await reachAfter({}, {}, { kind: 'commit', commit: NO_COMMIT, why: 'an event' });
    expect(affected(reach)).toBe(`the base ${NO_COMMIT} cannot be read`);
    expect(reach.unknownBase).toContain(`the base ${NO_COMMIT} cannot be read: `);
    expect(reach.notices).toEqual([reach.unknownBase]);
  });

  test('that loads, everything is affected with a notice, and the base is known', async () => {
    graphs.loads = (commit) => commit !== base;
    const reach = await reachAfter({ 'app/main.txt': 'two' });
    expect(affected(reach)).toBe(`the base ${base} cannot be loaded`);
    expect(reach.unknownBase).toBeNull();
    expect(reach.notices).toEqual([expect.stringContaining('which this change did not cause: ')]);
  });
});

describe('a change', () => {
  test('reaches what depends on the changed file', async () => {
    expect(affected(await reachAfter({ 'app/main.txt': 'two' }))).toEqual(['//app:app', '//app:main.txt']);
    expect(graphs.asked).toEqual([base, history.id()]);
  });

  test('of no target reaches nothing', async () => {
    const reach = await reachAfter({ 'docs/readme.md': 'two' });
    expect(affected(reach)).toEqual([]);
    expect(reach.ways).toEqual({ base: 'full query', head: 'full query' });
  });

  test.each<[string, Files, Partial<Record<PlanInputName, string>>, string]>([
    [
      'that the user says reaches everything',
      { 'lib/other.txt': 'two' },
      { 'everything-on': 'lib/**' },
      'lib/other.txt changed: the input everything-on matches it',
    ],
    [
      'of the workflow that runs',
      { '.github/workflows/ci.yml': 'on: push' },
      {},
      '.github/workflows/ci.yml changed: this workflow decides how Bazel is called',
    ],
    [
      'of the version of Bazel',
      { '.bazelversion': '8.0.0' },
      {},
      '.bazelversion changed: another version of Bazel may build everything differently',
    ],
    [
      'of the project at the root',
      { 'PROJECT.scl': 'project = {}' },
      {},
      'PROJECT.scl changed: PROJECT.scl sets the options of all targets',
    ],
  ])('%s does so, without the graph of the base', async (_, change, written, reason) => {
    expect(affected(await reachAfter(change, written))).toBe(reason);
    expect(graphs.asked).toEqual([history.id()]);
  });

  test('that reaches an edge which no query shows reaches everything', async () => {
    graphs.targets = [
      ...graphs.targets,
      rule('//app:toolchain', { ruleClass: 'toolchain', toolchains: ['//lib:lib'] }),
    ];
    expect(affected(await reachAfter({ 'lib/other.txt': 'two' }))).toContain(
      '//lib:lib (used by a toolchain)',
    );
  });

  test('reaches everything if two versions of Bazel loaded the two revisions', async () => {
    graphs.versions.set(base, 'bazel 7.0.0');
    const reach = await reachAfter({ 'app/main.txt': 'two' });
    expect(affected(reach)).toBe('the base was loaded by bazel 7.0.0 and the head by bazel 7.7.1');
  });
});

test('a head that does not load is an error, with a base and without', async () => {
  graphs.loads = (commit) => commit === base;
  await expect(reachAfter({ 'app/main.txt': 'two' })).rejects.toThrow(BazelError);
  await expect(reachAfter({}, {}, { kind: 'none', why: 'a schedule' })).rejects.toThrow(BazelError);
});

test('everything is affected where external repositories may have changed and cannot be compared', async () => {
  const reach = await reachAfter({ 'MODULE.bazel': 'module(name = "shop")\nbazel_dep(name = "x")\n' });
  expect(affected(reach)).toBe('MODULE.bazel changed: external repositories may differ (a module file)');
  expect(reach.notices).toEqual([
    'external repositories could not be compared, so everything counts as affected: no Bazel here',
  ]);
  expect(graphs.asked).toHaveLength(2);
});

describe('where Bazel cannot say what external repositories are, and code of the workspace runs for them', () => {
  const READING: Files = {
    'MODULE.bazel': 'use_extension("//ext:e.bzl", "e")\n',
    'ext/e.bzl': 'def _e(ctx):\n  for name in NAMES: ctx.read("//conf:" + name)\n',
    'conf/known.json': '1',
    'ext/names.bzl': '',
  };

  beforeEach(() => {
    base = history.commit(READING);
  });

  test('a file that no text of the code leads to affects what depends on it', async () => {
    const reach = await reachAfter({ 'app/main.txt': 'two' });
    expect(affected(reach)).toEqual(['//app:app', '//app:main.txt']);
    expect(reach.notices).toEqual([
      'external repositories could not be compared, and no text of their code leads to a changed file, so none of them counts ' +
        'as changed: no Bazel here',
    ]);
  });

  test.each(['conf/known.json', 'ext/e.bzl'])(
    'a file that a text leads to affects everything: %s',
    async (path) => {
      const reach = await reachAfter({ 'app/main.txt': 'two', [path]: 'def other(ctx):\n  pass\n' });
      expect(affected(reach)).toContain(path);
      expect(reach.notices).toEqual([
        expect.stringContaining('so everything counts as affected: no Bazel here'),
      ]);
    },
  );

  test.each(['base', 'head'])(
    'every file affects everything if it is known that the whole workspace is read: at the %s',
    async (which) => {
      // An option without effect lets the record hold for one of the revisions alone.
      const change = { 'app/main.txt': 'two', '.bazelrc': 'build --jobs=4\n' };
      const commit = which === 'head' ? history.commit(change) : base;
      const files = await RevisionFiles.ofCommit(commit, '', repositories.scratch);
      const { deciding } = await new LoadingReader().allOf(files);
      records = [{ deciding, reads: 'all', why: 'they read the whole workspace' }];
      if (which === 'head') history.git('reset', '--quiet', '--hard', base);
      expect(affected(await reachAfter(change))).toContain('changed: external repositories may differ');
    },
  );

  test('every file affects everything if the code may give the whole workspace to a program', async () => {
    base = history.commit({
      'ext/e.bzl': 'def _e(ctx):\n  ctx.execute(["find", str(ctx.workspace_root)])\n',
    });
    expect(affected(await reachAfter({ 'app/main.txt': 'two' }))).toContain('app/main.txt changed: ');
  });
});

test('everything is affected at once where external repositories may not be compared', async () => {
  const reach = await reachAfter(
    { 'MODULE.bazel': 'module(name = "shop")\nbazel_dep(name = "x")\n' },
    { 'externals-minutes': '0' },
  );
  expect(affected(reach)).toBe('MODULE.bazel changed: external repositories may differ (a module file)');
  expect(reach.notices).toEqual([]);
  expect(graphs.asked).toHaveLength(1);
});

test('everything is affected where external repositories take too long, and what is asked is ended', async () => {
  const slow = new UnknownExternals(0.001);
  slow.isSlow = true;
  externalsFor = () => slow;
  const reach = await reachAfter({ 'MODULE.bazel': 'module(name = "shop")\nbazel_dep(name = "x")\n' });
  expect(affected(reach)).toBe('MODULE.bazel changed: external repositories may differ (a module file)');
  expect(reach.notices).toEqual([expect.stringContaining('(externals-minutes)')]);
});
