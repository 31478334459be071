import { describe, expect, test } from '@jest/globals';
import type { PackagePath, WorkspacePath } from '../../../src/graph/label.js';
import {
  dirtyPackages,
  type DirtyPackages,
  type KnownExternals,
} from '../../../src/loading/snapshot/dirty.js';
import { loadingOf } from '../../support/random-edits/loading.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';

const START = MemoryWorkspace.of({
  'MODULE.bazel': 'module(name = "own")',
  BUILD: '',
  'a/BUILD': 'load("//lib:one.bzl", "x")',
  'a/x.txt': '',
  'a/b/y.txt': '',
  'a/b/c/BUILD.bazel': '',
  'a/b/c/z.txt': '',
  'd/BUILD': 'load("//lib:two.bzl", "x")',
  'lib/BUILD': '',
  'lib/one.bzl': 'load(":two.bzl", "x")',
  'lib/two.bzl': 'x = 1',
  'lib/sub/three.bzl': 'x = 1',
  'lib/unused.bzl': 'x = 1',
  'other/y.txt': '',
});

const PACKAGES = ['', 'a', 'a/b/c', 'd', 'lib'];

async function dirty(
  after: MemoryWorkspace,
  before = START,
  packages: readonly string[] = PACKAGES,
  externals: KnownExternals | null = null,
): Promise<DirtyPackages> {
  const known = new Set(packages as PackagePath[]);
  return dirtyPackages(await loadingOf(before), known, await loadingOf(after), externals);
}

function local(queried: readonly string[], removed: readonly string[] = []): object {
  return { kind: 'local', queried, removed };
}

function full(reason: string): object {
  return { kind: 'full', reason: expect.stringContaining(reason) as unknown };
}

describe('dirty packages', () => {
  test.each<[string, MemoryWorkspace, readonly string[], readonly string[]]>([
    ['none where nothing changed', START, [], []],
    ['none where only a source changed', START.withFiles({ 'a/x.txt': 'new' }), [], []],
    ['the package of an edited BUILD file', START.withFiles({ 'd/BUILD': '# new' }), ['d'], []],
    ['the package that owns a new file', START.withFiles({ 'a/b/new.txt': '' }), ['a'], []],
    ['the package that owns a deleted file', START.without('a/b/c/z.txt'), ['a/b/c'], []],
    [
      'both owners of a file that moves',
      START.without('a/x.txt').withFiles({ 'd/x.txt': '' }),
      ['a', 'd'],
      [],
    ],
    ['a new package, and the one above it', START.withFiles({ 'a/b/BUILD': '' }), ['a', 'a/b'], []],
    [
      'a deeper package not, when one appears above it',
      START.withFiles({ 'other/BUILD': '' }),
      ['', 'other'],
      [],
    ],
    ['the package above one that vanishes', START.without('a/b/c/BUILD.bazel'), ['a'], ['a/b/c']],
    ['the package above a folder that vanishes', START.without('a/b/c'), ['a'], ['a/b/c']],
    ['one with BUILD beside BUILD.bazel', START.withFiles({ 'a/b/c/BUILD': '' }), ['a/b/c'], []],
    [
      'all that load a .bzl file, through others too',
      START.withFiles({ 'lib/two.bzl': 'x = 2' }),
      ['a', 'd'],
      [],
    ],
    ['those that load a .bzl file directly', START.withFiles({ 'lib/one.bzl': 'x = 2' }), ['a'], []],
    ['the loaders and the owner of a deleted .bzl file', START.without('lib/one.bzl'), ['a', 'lib'], []],
    [
      'none for a comment in MODULE.bazel',
      START.withFiles({ 'MODULE.bazel': '# c\nmodule(name = "own")' }),
      [],
      [],
    ],
    ['the owner of a symlink to a file', START.withLink('d/link', '../a/x.txt'), ['d'], []],
    [
      'the owner of a file that becomes executable not',
      START.with('a/x.txt', { mode: '100755', text: '' }),
      [],
      [],
    ],
  ])('are %s', async (_what, after, queried, removed) => {
    expect(await dirty(after)).toEqual(local(queried, removed));
  });

  test('are the loaders of a .bzl file that comes to be in another package', async () => {
    const before = START.withFiles({ 'd/BUILD': 'load("//lib:sub/three.bzl", "x")' });
    const after = before.withFiles({ 'lib/sub/BUILD': '' });
    expect(await dirty(after, before)).toEqual(local(['d', 'lib', 'lib/sub']));
  });

  test('are the loaders of a file that was missing', async () => {
    const before = START.withFiles({ 'd/BUILD': 'load("//lib:new.bzl", "x")' });
    expect(await dirty(before.withFiles({ 'lib/new.bzl': '' }), before)).toEqual(local(['d', 'lib']));
  });

  test('are the package of a BUILD file behind a symlink whose text is edited', async () => {
    const before = START.withFiles({ 'other/text': 'one' }).withLink('d/BUILD', '../other/text');
    expect(await dirty(before.withFiles({ 'other/text': 'two' }), before)).toEqual(local(['d']));
  });

  test('are the owner of a symlink whose file goes away', async () => {
    const before = START.withLink('d/link', '../a/x.txt');
    expect(await dirty(before.without('a/x.txt'), before)).toEqual(local(['a', 'd']));
  });

  test('are above a folder that Bazel ignores', async () => {
    const packages = PACKAGES.filter((path) => path !== 'a/b/c');
    expect(await dirty(START.withFiles({ 'a/b/c/new.txt': '' }), START, packages)).toEqual(local(['a']));
  });
});

describe('a full query is needed', () => {
  test.each<[string, MemoryWorkspace, string]>([
    ['MODULE.bazel changes', START.withFiles({ 'MODULE.bazel': 'module(name = "own2")' }), 'MODULE.bazel'],
    ['REPO.bazel appears', START.withFiles({ 'REPO.bazel': '' }), 'REPO.bazel'],
    ['.bazelignore appears', START.withFiles({ '.bazelignore': 'a' }), '.bazelignore'],
    ['.bazelrc appears', START.withFiles({ '.bazelrc': '--x' }), '.bazelrc'],
    ['a prelude appears', START.withFiles({ 'tools/build_rules/prelude_bazel': '' }), 'prelude_bazel'],
    ['a nested workspace appears', START.withFiles({ 'd/e/WORKSPACE': '' }), 'd/e/WORKSPACE'],
    ['a symlink to a folder appears', START.withLink('d/link', '../a'), 'd/link'],
    ['a submodule appears', START.with('d/sub', { mode: '160000', text: 'c0ffee' }), 'd/sub'],
    ['a symlink leads away', START.withLink('d/link', '/usr'), 'd/link'],
    [
      'no package is known to load a changed .bzl file',
      START.withFiles({ 'lib/unused.bzl': '' }),
      'lib/unused.bzl',
    ],
    ['a package of a strange name appears', START.withFiles({ 'a/ü/BUILD': '' }), 'a/ü'],
    ['a package of the folder external appears', START.withFiles({ 'external/x/BUILD': '' }), 'external/x'],
  ])('when %s', async (_what, after, reason) => {
    expect(await dirty(after)).toEqual(full(reason));
  });

  test('when a folder changes that a symlink shows at another path', async () => {
    const before = START.withLink('d/link', '../a/b');
    expect(await dirty(before.withFiles({ 'a/b/new.txt': '' }), before)).toEqual(full('d/link'));
    expect(await dirty(before.withFiles({ 'a/b/c/BUILD.bazel': '# new' }), before)).toEqual(full('d/link'));
    expect(await dirty(before.withFiles({ 'lib/new.txt': '' }), before)).toEqual(local(['lib']));
  });

  test('when a BUILD file changes where Bazel found no package', async () => {
    const packages = PACKAGES.filter((path) => path !== 'd');
    expect(await dirty(START.withFiles({ 'd/BUILD': '# new' }), START, packages)).toEqual(full('d/BUILD'));
  });

  test('when a .bzl file changes and Bazel found packages that git does not list', async () => {
    const packages = [...PACKAGES, 'unlisted'];
    expect(await dirty(START.withFiles({ 'lib/two.bzl': '' }), START, packages)).toEqual(full('unlisted'));
    expect(await dirty(START.withFiles({ 'd/new.txt': '' }), START, packages)).toEqual(local(['d']));
  });

  test('when the package of the prelude vanishes', async () => {
    const before = START.withFiles({
      'tools/build_rules/prelude_bazel': '',
      'tools/build_rules/BUILD': '',
    }).without('BUILD');
    const after = before.without('tools/build_rules/BUILD');
    expect(await dirty(after, before, ['a', 'a/b/c', 'd', 'lib', 'tools/build_rules'])).toEqual(
      full('prelude'),
    );
  });
});

describe('where external repositories were compared, the dirty packages', () => {
  const LOADING = START.withFiles({
    'MODULE.bazel':
      'module(name = "own")\next = use_extension("//lib:unused.bzl", "x")\next.read(lock = "//:lock.txt")',
    'lock.txt': 'one',
    'lib/two.bzl': 'load("@kit//:x.bzl", "x")',
    'd/BUILD': 'load("@hub//:x.bzl", "x")',
  });
  const BUMPED = LOADING.withFiles({ 'lock.txt': 'two' });

  /** @param names the repositories that may differ; null if none differs */
  function known(
    names: readonly string[] | null,
    readByThem = ['lock.txt'],
    loadedByThem = ['lib/unused.bzl'],
  ): KnownExternals {
    return {
      readByThem: new Set(readByThem as WorkspacePath[]),
      loadedByThem: new Set(loadedByThem as WorkspacePath[]),
      mayDiffer: names === null ? null : (name) => names.includes(name),
    };
  }

  test.each<[string, readonly string[] | null, readonly string[]]>([
    ['are none if none differs', null, []],
    ['are none if no package loads from one that differs', ['other'], []],
    ['are those that load from it', ['hub'], ['d']],
    ['are those that load from it through a file of the main repository', ['kit'], ['a']],
  ])('%s', async (_what, names, expected) => {
    expect(await dirty(BUMPED, LOADING, PACKAGES, known(names))).toEqual(local(expected));
  });

  test('are those that loaded from it before', async () => {
    const after = BUMPED.withFiles({ 'lib/two.bzl': 'x = 1' });
    const externals = known(['kit'], ['lock.txt', 'lib/two.bzl']);
    expect(await dirty(after, LOADING, PACKAGES, externals)).toEqual(local(['a']));
  });

  test('are unknown if another file changed that reaches every package', async () => {
    const after = BUMPED.withFiles({ '.bazelrc': 'build --x\n' });
    expect(await dirty(after, LOADING, PACKAGES, known(['hub']))).toEqual(full('.bazelrc changed'));
  });

  test('are unknown because of a file that changed, before one that counts only in one revision', async () => {
    const before = LOADING.withFiles({ 'a/package.json': '{}' });
    expect(await dirty(BUMPED, before)).toEqual(full('lock.txt changed'));
  });

  test('are unknown without a comparison', async () => {
    expect(await dirty(BUMPED, LOADING)).toEqual(full('lock.txt changed'));
  });

  test('are unknown if a prelude may load from one that differs', async () => {
    const prelude = { 'tools/build_rules/prelude_bazel': 'load("@hub//:x.bzl", "x")' };
    const answer = await dirty(
      BUMPED.withFiles(prelude),
      LOADING.withFiles(prelude),
      PACKAGES,
      known(['hub']),
    );
    expect(answer).toEqual(full('every package loads what tools/build_rules/prelude_bazel loads'));
  });

  test('are unknown if such a prelude is a symlink', async () => {
    const prelude = { mode: '120000', text: '../../p.txt' } as const;
    const linked = (workspace: MemoryWorkspace): MemoryWorkspace =>
      workspace
        .withFiles({ 'p.txt': 'load("@hub//:x.bzl", "x")' })
        .with('tools/build_rules/prelude_bazel', prelude);
    expect(await dirty(linked(BUMPED), linked(LOADING), PACKAGES, known(['hub']))).toEqual(
      full('every package loads'),
    );
  });

  test('are unknown if other repositories may load a .bzl file that loads from one that differs', async () => {
    const loads = { 'lib/unused.bzl': 'load("@kit//:y.bzl", "x")' };
    const answer = await dirty(BUMPED.withFiles(loads), LOADING.withFiles(loads), PACKAGES, known(['kit']));
    expect(answer).toEqual(full('lib/unused.bzl loads from them, which other repositories may load'));
  });

  test('are unknown if files in a submodule may load from one that differs', async () => {
    const submodule = { mode: '160000', text: '' } as const;
    const [before, after] = [LOADING.with('sub', submodule), BUMPED.with('sub', submodule)];
    expect(await dirty(after, before, PACKAGES, known(['hub']))).toEqual(
      full('files of the submodule sub load'),
    );
  });

  test('are unknown if a file becomes a submodule', async () => {
    const after = LOADING.without('lock.txt').with('lock.txt', { mode: '160000', text: '' });
    expect(await dirty(after, LOADING, PACKAGES, known(null))).toEqual(full('lock.txt changed'));
  });

  test('are unknown if it is unknown what a package loads', async () => {
    const answer = await dirty(BUMPED, LOADING, [...PACKAGES, 'behind/link'], known(['hub']));
    expect(answer).toEqual(full('external repositories may differ, and what the package behind/link loads'));
  });
});
