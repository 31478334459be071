import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { Repository } from '../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import type { CommitId } from '../../src/graph/tree.js';
import type { TriedRecord } from '../../src/loading/externals/externals-record.js';
import { UnfetchedError, UnrecordedError } from '../../src/loading/source/evaluate-externals.js';
import type { LoggedEvaluation, LoggedExternals } from '../../src/loading/source/externals-source.js';
import { LoadingReader } from '../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../src/loading/source/revision-files.js';
import type { Revision } from '../../src/loading/source/revision.js';
import {
  recordExternals,
  unrecordedRevision,
  verifiedRecords,
  type RecordTools,
} from '../../src/plan/record-externals.js';
import type { PlanMode } from '../../src/plan/legs/selection.js';
import type { Files } from '../support/files.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';

let temporary: TemporaryFolder;
let repository: TestRepository;
let scratch: ScratchRepository;
let base: Revision;
let head: Revision;
let kept: TriedRecord[];

beforeEach(async () => {
  temporary = new TemporaryFolder();
  repository = TestRepository.create();
  const first = repository.commit(WORKSPACE);
  const second = repository.commit({ 'conf/b.json': 'new' });
  scratch = await ScratchRepository.create(
    await Repository.open(repository.folder),
    temporary.join('scratch'),
  );
  base = await revisionAt(first);
  head = await revisionAt(second);
  kept = [];
});

afterEach(() => {
  temporary.remove();
  repository.remove();
});

const WORKSPACE: Files = {
  'MODULE.bazel': 'use_extension("//ext:e.bzl", "e")\n',
  'ext/e.bzl': 'def _e(ctx):\n  for name in list: ctx.read("//conf:" + name)\n',
  'conf/a.json': 'a',
  'conf/b.json': 'b',
};

async function revisionAt(commit: CommitId, workingTree = false): Promise<Revision> {
  return { commit, workingTree, files: await RevisionFiles.ofCommit(commit, '', scratch) };
}

/** Bazel, which logs that these files were read. */
class Logged implements LoggedExternals {
  readonly evaluated: Revision[] = [];
  readonly minutes = 1;

  constructor(
    private readonly paths: readonly string[] | 'unknown' | 'unfetched',
    readonly asked: ReadonlySet<Revision> = new Set(),
    private readonly folder = repository.folder,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  evaluationOf(revision: Revision): Promise<LoggedEvaluation> {
    this.evaluated.push(revision);
    if (this.paths === 'unknown') return Promise.reject(new UnrecordedError('too many repositories'));
    if (this.paths === 'unfetched') return Promise.reject(new UnfetchedError('@@x cannot be fetched'));
    const texts = this.paths.map((path) => `${this.folder}/${path}`);
    const steps = [{ by: 'repository @@made', texts, environment: new Map([['PWD', this.folder]]) }];
    return Promise.resolve({ steps, folder: this.folder, shown: [] });
  }

  stop(): void {
    // Nothing runs.
  }
}

function toolsWith(externals: LoggedExternals, stored: readonly TriedRecord[] = []): RecordTools {
  const keepRecord = (record: TriedRecord): Promise<void> => {
    kept.push(record);
    return Promise.resolve();
  };
  return { externals, reader: new LoadingReader(stored), keepRecord };
}

/** What a plan does that records itself. */
async function recordIfWanted(
  planned: { readonly head: Revision; readonly base: Revision | null },
  mode: PlanMode,
  graphs: { keepAgain(revision: Revision): Promise<void> },
  tools: RecordTools,
): Promise<void> {
  const revision = await unrecordedRevision(planned, mode, tools);
  if (revision !== null) await recordExternals(revision, graphs, tools);
}

const readIn = ({ reads }: TriedRecord): string[] | null | 'all' =>
  reads === null || reads === 'all' ? reads : [...reads.keys()].sort();

describe('what external repositories read is recorded', () => {
  test.each([
    ['of the head of a push', 'release', false, () => head],
    ['of the base of a pull request', 'build', false, () => base],
    ['of the base of a working tree', 'release', true, () => base],
  ] as const)('%s, if Bazel was asked', async (_, mode, workingTree, expected) => {
    const after = workingTree ? await revisionAt(head.commit, true) : head;
    const externals = new Logged(['conf/a.json'], new Set([base, after]));
    const again: Revision[] = [];
    const keepAgain = (revision: Revision): Promise<void> => {
      again.push(revision);
      return Promise.resolve();
    };
    await recordIfWanted({ head: after, base }, mode, { keepAgain }, toolsWith(externals));
    expect(externals.evaluated).toEqual([expected()]);
    expect(kept.map(readIn)).toEqual([['conf/a.json']]);
    expect(again).toEqual([expected()]);
  });

  test('also if Bazel was not asked, but a later plan would have to, because code of the workspace may read all', async () => {
    const externals = new Logged(['conf/a.json']);
    await recordIfWanted(
      { head, base: null },
      'release',
      { keepAgain: () => Promise.resolve() },
      toolsWith(externals),
    );
    expect(externals.evaluated).toEqual([head]);
  });

  test('not if nothing may be kept, or there is no base', async () => {
    const externals = new Logged(['conf/a.json']);
    const keepAgain = (): Promise<void> => Promise.reject(new Error('nothing is new'));
    await recordIfWanted(
      { head, base },
      'release',
      { keepAgain },
      { ...toolsWith(externals), keepRecord: null },
    );
    await recordIfWanted({ head, base: null }, 'build', { keepAgain }, toolsWith(externals));
    expect(externals.evaluated).toEqual([]);
  });

  test('not if no code of the workspace runs and Bazel was not asked, or a record holds already', async () => {
    const keepAgain = (): Promise<void> => Promise.reject(new Error('nothing is new'));
    const plain = await revisionAt(repository.commit({ 'ext/e.bzl': 'def _e(ctx):\n  pass\n' }));
    await recordIfWanted({ head: plain, base }, 'release', { keepAgain }, toolsWith(new Logged([])));
    expect(kept).toEqual([]);
    const first = toolsWith(new Logged(['conf/a.json'], new Set([head])));
    await recordIfWanted({ head, base }, 'release', { keepAgain: () => Promise.resolve() }, first);
    const externals = new Logged(['conf/a.json'], new Set([head]));
    await recordIfWanted({ head, base }, 'release', { keepAgain }, toolsWith(externals, kept));
    expect(externals.evaluated).toEqual([]);
    expect(kept).toHaveLength(1);
  });

  test.each<[string, 'unknown' | readonly string[], null | 'all']>([
    ['if Bazel cannot tell', 'unknown', null],
    ['if the whole workspace is read, because every change would be one of it', [''], 'all'],
  ])('not %s, and no plan tries again as long as the same files decide about it', async (_, paths, reads) => {
    const keepAgain = (): Promise<void> => Promise.resolve();
    const externals = new Logged(paths, new Set([head]));
    await recordIfWanted({ head, base }, 'release', { keepAgain }, toolsWith(externals));
    expect(kept.map(readIn)).toEqual([reads]);
    await recordIfWanted({ head, base }, 'release', { keepAgain }, toolsWith(externals, kept));
    expect(externals.evaluated).toHaveLength(1);

    const changed = await revisionAt(repository.commit({ 'ext/e.bzl': 'def _e(ctx):\n  pass\n' }));
    const later = new Logged(['conf/a.json'], new Set([changed]));
    await recordIfWanted(
      { head: changed, base },
      'release',
      { keepAgain: () => Promise.resolve() },
      toolsWith(later, kept),
    );
    expect(kept.map(readIn)).toEqual([reads, ['conf/a.json']]);
  });

  test('not if a repository cannot be fetched, but the next plan tries again', async () => {
    const keepAgain = (): Promise<void> => Promise.reject(new Error('nothing is new'));
    const externals = new Logged('unfetched', new Set([head]));
    for (let time = 0; time < 2; time += 1)
      await recordIfWanted({ head, base }, 'release', { keepAgain }, toolsWith(externals, kept));
    expect(externals.evaluated).toHaveLength(2);
    expect(kept).toEqual([]);
  });

  test('and it is said how that ended', async () => {
    const graphs = { keepAgain: () => Promise.resolve() };
    const endOf = (paths: ConstructorParameters<typeof Logged>[0]) =>
      recordExternals(head, graphs, toolsWith(new Logged(paths)));
    expect(await endOf(['conf/a.json'])).toMatchObject({ kind: 'recorded' });
    expect(await endOf('unknown')).toMatchObject({
      kind: 'impossible',
      record: { why: 'too many repositories' },
    });
    expect(await endOf([''])).toMatchObject({ kind: 'impossible', record: { reads: 'all' } });
    expect(await endOf('unfetched')).toEqual({ kind: 'failed', why: '@@x cannot be fetched' });
  });

  test.each([
    'ctx.execute(["ls"], working_directory = "/x")',
    'ctx.execute(["ls"], working_directory = str(ctx.workspace_root))',
    'ctx.watch("x")',
    'ctx.watch_tree("x")',
  ])('not if code does what Bazel does not log, and Bazel is not asked: %s', async (call) => {
    const changed = await revisionAt(repository.commit({ 'ext/e.bzl': `def _e(ctx):\n  ${call}\n` }));
    const externals = new Logged([], new Set([changed]));
    await recordIfWanted(
      { head: changed, base },
      'release',
      { keepAgain: () => Promise.resolve() },
      toolsWith(externals),
    );
    expect(externals.evaluated).toEqual([]);
    expect(kept.map(readIn)).toEqual([null]);
  });

  test('not if such code is that of a repository inside the workspace', async () => {
    const commit = repository.commit({
      'MODULE.bazel': 'local_path_override(module_name = "m", path = "third/m")\n',
      'third/m/MODULE.bazel': 'module(name = "m")\n',
      'third/m/deep/e.bzl': 'def _e(ctx):\n  ctx.execute(["ls"], working_directory = x)\n',
    });
    const changed = await revisionAt(commit);
    const externals = new Logged([], new Set([changed]));
    await recordIfWanted(
      { head: changed, base },
      'release',
      { keepAgain: () => Promise.resolve() },
      toolsWith(externals),
    );
    expect(externals.evaluated).toEqual([]);
    expect(kept.map(readIn)).toEqual([null]);
  });

  test('not if what is read leads out of the workspace', async () => {
    const changed = await revisionAt(repository.commit({ 'conf/out': { link: '../../elsewhere' } }));
    const externals = new Logged(['conf/out'], new Set([changed]));
    await recordIfWanted(
      { head: changed, base },
      'release',
      { keepAgain: () => Promise.resolve() },
      toolsWith(externals),
    );
    expect(externals.evaluated).toHaveLength(1);
    expect(kept.map(readIn)).toEqual([null]);
  });

  test('not if Bazel would write the path of the workspace in other characters', async () => {
    const externals = new Logged(['conf/a.json'], new Set([head]), temporary.join('jürgen'));
    await recordIfWanted(
      { head, base },
      'release',
      { keepAgain: () => Promise.resolve() },
      toolsWith(externals),
    );
    expect(kept.map(readIn)).toEqual([null]);
  });
});

describe('a plan that verifies', () => {
  const keepAgain = (): Promise<void> => Promise.resolve();

  beforeEach(async () => {
    const tools = toolsWith(new Logged(['conf/a.json'], new Set([head])));
    await recordIfWanted({ head, base }, 'release', { keepAgain }, tools);
  });

  test('trusts a record that lacks nothing of what Bazel says', async () => {
    const { records, problems } = await verifiedRecords(head, toolsWith(new Logged(['conf/a.json']), kept));
    expect(problems).toEqual([]);
    expect(records.map(readIn)).toEqual([['conf/a.json']]);
    expect(kept).toHaveLength(1);
  });

  test('reports a record that lacks something, replaces it, and uses what Bazel says', async () => {
    const externals = new Logged(['conf/a.json', 'conf/b.json']);
    const { records, problems } = await verifiedRecords(head, toolsWith(externals, kept));
    expect(problems).toEqual([expect.stringContaining('lacks conf/b.json. This plan uses what Bazel says')]);
    expect(records.map(readIn)).toEqual([['conf/a.json', 'conf/b.json']]);
    expect(kept).toHaveLength(2);
  });

  test('trusts no record if there is none, or Bazel cannot tell now', async () => {
    const nothing = { records: [], problems: [] };
    expect(await verifiedRecords(head, toolsWith(new Logged([])))).toEqual(nothing);
    for (const paths of ['unfetched', 'unknown', ['']] as const)
      expect(await verifiedRecords(head, toolsWith(new Logged(paths), kept))).toEqual(nothing);
  });

  test('tries again what could not be recorded, and keeps it if that succeeds', async () => {
    const failed = kept.map(({ deciding }) => ({ deciding, reads: null, why: 'too many repositories' }));
    kept = [];
    const again = await verifiedRecords(head, toolsWith(new Logged('unknown'), failed));
    expect(again).toEqual({ records: failed, problems: [] });
    expect(kept).toEqual([]);
    const { records } = await verifiedRecords(head, toolsWith(new Logged(['conf/a.json']), failed));
    expect(records.map(readIn)).toEqual([['conf/a.json']]);
    expect(kept).toEqual(records);
  });
});
