import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Repositories } from '../../src/adapters/git/repositories.js';
import { Repository } from '../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import type { CommitId, RepositoryPath } from '../../src/graph/tree.js';
import {
  compare,
  escalatedBySubmodule,
  escalatedByUser,
  escalatedByWorkflow,
  headOf,
  type Comparison,
} from '../../src/plan/comparison.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import type { Revisions } from '../../src/plan/revisions.js';
import type { Files } from '../support/files.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { TestRepository } from '../support/test-repository.js';

type Inputs = Partial<Record<PlanInputName, string>>;

let temporary: TemporaryFolder;
let history: TestRepository;
let repositories: Repositories;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  history = TestRepository.create(temporary.join('repository'));
  history.commit({ 'ws/a.txt': 'a', 'ws/gone.txt': 'b', 'c.txt': 'c' });
  const user = await Repository.open(history.folder);
  repositories = { user, scratch: await ScratchRepository.create(user, temporary.join('scratch')) };
});

afterEach(() => {
  temporary.remove();
});

function parsed(inputs: Inputs) {
  return parsePlanInputs((name) => inputs[name] ?? '');
}

function revisionsTo(commit: CommitId, kind: 'commit' | 'working tree'): Revisions {
  return {
    base: { kind: 'none', why: 'not used' },
    baseFrom: 'input',
    head: { commit, workingTree: kind === 'working tree' },
    mode: 'build',
    isRedelivery: false,
    findReleased: null,
    findTested: null,
    workflow: { kind: 'file', path: '.github/workflows/ci.yml' as RepositoryPath },
  };
}

/** The comparison of the first commit with one more. */
async function comparisonAfter(change: Files, inputs: Inputs = {}): Promise<Comparison> {
  const base = history.git('rev-parse', 'HEAD').trim() as CommitId;
  const head = history.commit(change);
  const revision = await headOf(revisionsTo(head, 'commit'), parsed(inputs), repositories);
  return compare(base, revision, parsed(inputs), repositories);
}

const paths = (changes: readonly { readonly path: string }[]): string[] => changes.map(({ path }) => path);

describe('what is compared', () => {
  test('is listed whole, and told apart by the workspace, in which paths are its own', async () => {
    const comparison = await comparisonAfter(
      { 'ws/a.txt': 'changed', 'ws/gone.txt': null, 'c.txt': 'changed' },
      { workspace: 'ws' },
    );
    expect(paths(comparison.listed)).toEqual(['c.txt', 'ws/a.txt', 'ws/gone.txt']);
    expect(paths(comparison.shown)).toEqual(['a.txt', 'gone.txt']);
    expect(comparison.shown.map(({ origin }) => origin)).toEqual(['ws/a.txt', 'ws/gone.txt']);
    expect(comparison.outside).toEqual(['c.txt']);
    expect(comparison.everything).toBeNull();
  });

  test('lists what the input ignore takes out, and compares the rest', async () => {
    const comparison = await comparisonAfter(
      { 'c.txt': 'changed', 'docs/x.md': 'new' },
      { ignore: 'docs/**' },
    );
    expect(comparison.ignored).toEqual(['docs/x.md']);
    expect(paths(comparison.listed)).toEqual(['c.txt', 'docs/x.md']);
    expect(paths(comparison.shown)).toEqual(['c.txt']);
  });

  test('shows a change also at the paths at which symlinks show it', async () => {
    history.commit({ shown: { link: 'ws' } });
    const comparison = await comparisonAfter({ 'ws/a.txt': 'changed' });
    expect(paths(comparison.shown).sort()).toEqual(['shown/a.txt', 'ws/a.txt']);
    expect(new Set(comparison.shown.map(({ origin }) => origin))).toEqual(new Set(['ws/a.txt']));
  });

  test('is the working tree, also from a base that only the scratch repository has', async () => {
    const upstream = TestRepository.create(temporary.join('upstream'));
    const base = upstream.commit({ 'c.txt': 'old', 'base.txt': 'gone since' });
    const tip = upstream.commit({ 'c.txt': 'new', 'base.txt': null });
    const clone = TestRepository.clone(upstream, temporary.join('clone'), '--depth=1');
    clone.write({ 'c.txt': 'edited', 'untracked.txt': 'x' });
    const user = await Repository.open(clone.folder);
    const scratch = await ScratchRepository.create(user, temporary.join('other-scratch'));
    await scratch.remote.need(base);
    await scratch.remote.need(tip);
    const head = await headOf(revisionsTo(tip, 'working tree'), parsed({}), { user, scratch });
    const { listed } = await compare(base, head, parsed({}), { user, scratch });
    expect(listed.map(({ path, status }) => `${path} ${status}`).sort()).toEqual([
      'base.txt deleted',
      'c.txt modified',
      'untracked.txt added',
    ]);
  });
});

describe('everything is affected', () => {
  test('by a path that the input everything-on matches, even one that is ignored', async () => {
    const inputs = { 'everything-on': '*.cfg', ignore: '*.cfg' };
    const comparison = await comparisonAfter({ 'ci.cfg': 'x' }, inputs);
    expect(escalatedByUser(comparison, parsed(inputs))).toEqual({
      reason: 'ci.cfg changed: the input everything-on matches it',
      change: 'ci.cfg',
    });
    expect(escalatedByUser(comparison, parsed({}))).toBeNull();
  });

  test('by the workflow that runs, unless it is ignored', async () => {
    const comparison = await comparisonAfter({ '.github/workflows/ci.yml': 'on: push' });
    const revisions = revisionsTo(comparison.head.commit, 'commit');
    expect(escalatedByWorkflow(comparison, revisions, parsed({}))).toMatchObject({
      change: '.github/workflows/ci.yml',
    });
    expect(escalatedByWorkflow(comparison, revisions, parsed({ ignore: '.github/**' }))).toBeNull();
    for (const kind of ['elsewhere', 'none'] as const)
      expect(escalatedByWorkflow(comparison, { ...revisions, workflow: { kind } }, parsed({}))).toBeNull();
  });

  test('by a submodule that is not checked out, before or after', async () => {
    expect(
      await escalatedBySubmodule(await comparisonAfter({ 'c.txt': 'changed' }), repositories.user),
    ).toBeNull();
    const base = history.git('rev-parse', 'HEAD').trim() as CommitId;
    history.git('update-index', '--add', '--cacheinfo', `160000,${base},sub`);
    history.git('commit', '--quiet', '--message=a submodule');
    const head = history.git('rev-parse', 'HEAD').trim() as CommitId;
    const revision = await headOf(revisionsTo(head, 'commit'), parsed({}), repositories);
    const comparison = await compare(base, revision, parsed({}), repositories);
    expect(await escalatedBySubmodule(comparison, repositories.user)).toMatchObject({ change: 'sub' });
  });
});
