import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import type { CommitId } from '../../../src/graph/tree.js';
import type { WorkspacePath } from '../../../src/graph/label.js';
import { Checkout } from '../../../src/loading/source/checkout.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import { readSurroundings, type ReadSurroundings } from '../../../src/plan/everything/read-surroundings.js';
import type { RunsOn } from '../../../src/plan/legs/leg.js';
import { change, label } from '../../support/builders.js';
import type { Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

let temporary: TemporaryFolder;
let history: TestRepository;

beforeEach(() => {
  temporary = new TemporaryFolder();
  history = TestRepository.create(temporary.join('repository'));
});

afterEach(() => {
  temporary.remove();
});

interface Settings {
  readonly workspace?: string;
  readonly changed?: readonly string[];
  readonly startupOptions?: readonly string[];
  readonly queryOptions?: readonly string[];
  readonly legOptions?: readonly string[];
  readonly runsOn?: RunsOn;
}

/** The surroundings of the change from some files to others. */
async function surroundingsOf(
  before: Files,
  after: Files = {},
  {
    workspace = '',
    changed = [],
    startupOptions = [],
    queryOptions = [],
    legOptions = [],
    runsOn = 'ubuntu-latest',
  }: Settings = {},
): Promise<ReadSurroundings> {
  const base = history.commit(before);
  const head = history.commit(after);
  const repository = await Repository.open(history.folder);
  const scratch = await ScratchRepository.create(repository, temporary.join('scratch'));
  const filesOf = (commit: CommitId): Promise<RevisionFiles> =>
    RevisionFiles.ofCommit(commit, workspace, scratch);
  return readSurroundings(
    await filesOf(base),
    await filesOf(head),
    changed.map((path) => change(path)),
    {
      bazel: { command: 'bazel', startupOptions, queryOptions },
      legOptions,
      legs: { fanOut: 'single', maxJobs: 1, runsOn, runners: new Map() },
    },
    new Checkout(history.folder, workspace),
    { reads: { kind: 'unrecorded', counts: 'named files', failure: null }, otherFolders: false },
  );
}

const namer = ({ namedLabels }: ReadSurroundings, text: string): string | null =>
  namedLabels.always.by(label(text), 'rule');

describe('rc files', () => {
  test('are those of both revisions with their imports, there or not', async () => {
    const { surroundings } = await surroundingsOf(
      { '.bazelrc': 'import ci/before.rc', 'ci/before.rc': 'try-import deeper.rc' },
      { '.bazelrc': 'import ci/after.rc\ntry-import /etc/rc' },
    );
    expect([...surroundings.rcFiles].sort()).toEqual([
      '.bazelrc',
      'ci/after.rc',
      'ci/before.rc',
      'deeper.rc',
    ]);
  });

  test('are also those that startup options name, by an absolute path in the checkout too', async () => {
    const startupOptions = ['--bazelrc=ci/a.rc', `--bazelrc=${history.folder}/ci/b.rc`];
    const { surroundings } = await surroundingsOf(
      { 'ci/b.rc': 'build --x=conf/map' },
      {},
      { startupOptions },
    );
    expect([...surroundings.rcFiles]).toEqual(expect.arrayContaining(['ci/a.rc', 'ci/b.rc']));
    expect(surroundings.namedInOptions).toContain('conf/map');
  });

  test('name labels also where they lie in the repository outside the workspace', async () => {
    const read = await surroundingsOf(
      { 'ws/.bazelrc': 'import %workspace%/../common.rc', 'common.rc': 'build --//flag=//lib:alt' },
      {},
      { workspace: 'ws' },
    );
    expect(namer(read, '//lib:alt')).toBe('an option of Bazel');
  });
});

describe('a changed rc file', () => {
  const INTO = 'bazel test has the option --x=2 at the head, and --x=1 at the base';
  const [before, after] = ['build:ci --x=1\n', 'build:ci --x=2\n'];

  async function changedBy(
    base: Files,
    head: Files,
    settings: Settings = {},
  ): Promise<Record<string, string | null>> {
    const changed = Object.keys(head);
    const { surroundings } = await surroundingsOf(base, head, { changed, ...settings });
    return Object.fromEntries(
      [...surroundings.optionsChangedBy].map(([path, each]) => [
        path,
        each.kind === 'difference' ? each.difference : null,
      ]),
    );
  }

  test('changes nothing by a configuration that nothing turns on', async () => {
    expect(await changedBy({ '.bazelrc': before }, { '.bazelrc': after })).toEqual({ '.bazelrc': null });
  });

  test('changes the options of the legs by a configuration that the legs turn on', async () => {
    for (const legOptions of [['--config=ci'], ['test --config=ci'], ['--keep_going', '--config ci']])
      expect(await changedBy({ '.bazelrc': before }, { '.bazelrc': after }, { legOptions })).toEqual({
        '.bazelrc': INTO,
      });
  });

  test('changes them by a configuration that an rc file of the home folder turns on', async () => {
    const home = process.env.HOME;
    mkdirSync(temporary.join('home'));
    writeFileSync(temporary.join('home', '.bazelrc'), 'build --config=ci\n');
    process.env.HOME = temporary.join('home');
    try {
      expect(await changedBy({ '.bazelrc': before }, { '.bazelrc': after })).toEqual({ '.bazelrc': INTO });
    } finally {
      process.env.HOME = home;
    }
  });

  test('changes nothing where options only move to a file that it imports', async () => {
    const moved = { '.bazelrc': 'import %workspace%/ci/rc', 'ci/rc': 'build --x=1' };
    expect(await changedBy({ '.bazelrc': 'build --x=1' }, moved)).toEqual({
      '.bazelrc': null,
      'ci/rc': null,
    });
    const more = { '.bazelrc': 'import %workspace%/ci/rc', 'ci/rc': 'build --x=1\nbuild --y=1' };
    expect((await changedBy({ '.bazelrc': 'build --x=1' }, more))['.bazelrc']).toContain('--y=1');
  });

  test('changes nothing by a try-import of nothing in the workspace, and something by one outside', async () => {
    const importOf = (line: string): Promise<Record<string, string | null>> =>
      changedBy({ '.bazelrc': '' }, { '.bazelrc': line });
    expect(await importOf('try-import %workspace%/user.bazelrc')).toEqual({ '.bazelrc': null });
    for (const line of ['try-import /gone/rc', 'try-import %workspace%/../rc', 'import gone'])
      expect((await importOf(line))['.bazelrc']).toContain(line);
  });

  test('changes the options by an import with a condition, as by the options in it', async () => {
    const line = 'try-import-if-bazel-version >=8.0.0 ci/new.rc';
    const changes = await changedBy(
      { '.bazelrc': line, 'ci/new.rc': 'build --x=1' },
      { 'ci/new.rc': 'build --x=2' },
    );
    expect(changes['ci/new.rc']).toContain(line);
  });

  test('cannot be judged where its text is not in the revision', async () => {
    const unreadable = 'the options in .bazelrc cannot be read';
    const outside = { '.bazelrc': { link: '/etc/rc' } };
    expect(await changedBy({ '.bazelrc': 'build --jobs=1' }, outside)).toEqual({ '.bazelrc': unreadable });
    expect(await changedBy({ ...outside, 'a.bazelrc': '' }, { 'a.bazelrc': 'build --x' })).toEqual({
      'a.bazelrc': unreadable,
    });
    const importing = { '.bazelrc': 'try-import ci/rc', ci: { link: '/etc' } };
    expect((await changedBy({ '.bazelrc': '' }, importing))['.bazelrc']).toContain('ci/rc cannot be read');
  });

  test('counts as read by Bazel if it is one by its name', async () => {
    const changes = await changedBy(
      { 'ci/a.bazelrc': 'build --x=1', 'ci/b.bazelrc': 'build --jobs=1' },
      { 'ci/a.bazelrc': 'build --x=2', 'ci/b.bazelrc': 'build --jobs=2' },
    );
    expect(changes).toEqual({ 'ci/a.bazelrc': INTO, 'ci/b.bazelrc': null });
  });

  test('changes nothing where startup options keep Bazel from reading it', async () => {
    const startupOptions = ['--noworkspace_rc', '--bazelrc=ci/rc'];
    const base = { '.bazelrc': 'build --x=1\nimport ci/rc', 'ci/rc': 'build --y=1' };
    const changes = await changedBy(base, { '.bazelrc': 'import ci/rc' }, { startupOptions });
    expect(changes).toEqual({ '.bazelrc': null });
    const moved = { '.bazelrc': 'build --x=1\nbuild --y=1', 'ci/rc': '' };
    expect((await changedBy(base, moved, { startupOptions }))['ci/rc']).toContain('--y=1');
  });

  test('changes the options by any line where a wrapper of Bazel may turn it on', async () => {
    const changes = await changedBy(
      { '.bazelrc': before, 'tools/bazel': { script: 'exec "$BAZEL_REAL" "$@" --config=ci' } },
      { '.bazelrc': after },
    );
    expect(changes['.bazelrc']).toContain('a wrapper of Bazel may turn on');
  });

  test('may be for another system than that of the legs', async () => {
    const ofMac = (value: number): Files => ({
      '.bazelrc': `common --enable_platform_specific_config\nbuild:macos --x=${value}`,
    });
    expect(await changedBy(ofMac(1), ofMac(2))).toEqual({ '.bazelrc': null });
    for (const runsOn of ['macos-15', 'my-runner'])
      expect(await changedBy(ofMac(1), ofMac(2), { runsOn })).toEqual({ '.bazelrc': INTO });
  });
});

describe('options', () => {
  test('of a configuration that nothing turns on name nothing, and turn on no aspects', async () => {
    const rc = 'build:lint --aspects=//tools:lint.bzl%lint --//flag=//lib:alt --package_path=a:b';
    const quiet = await surroundingsOf({ '.bazelrc': rc });
    expect(quiet.surroundings).toMatchObject({
      aspectCode: { files: new Set(), elsewhere: [] },
      packagePaths: [],
    });
    expect(namer(quiet, '//lib:alt')).toBeNull();
    const on = await surroundingsOf({}, {}, { legOptions: ['--config=lint'] });
    expect([...on.surroundings.aspectCode.files]).toEqual(['tools/lint.bzl']);
    expect(on.surroundings.packagePaths).toContain('a:b');
    expect(namer(on, '//lib:alt')).toBe('an option of Bazel');
  });

  test('are those of legs and of queries too', async () => {
    const read = await surroundingsOf(
      {},
      {},
      { legOptions: ['--//flag=//lib:alt'], queryOptions: ['--x=a b/c', '--package_path=other'] },
    );
    expect(namer(read, '//lib:alt')).toBe('an option of Bazel');
    expect(namer(read, '//lib:std')).toBeNull();
    expect(read.surroundings.namedInOptions).toContain('b/c');
    expect(read.surroundings.packagePaths).toEqual(['other']);
  });

  test('make a repository also of a folder behind a symlink', async () => {
    const read = await surroundingsOf({
      'MODULE.bazel': 'module(name = "own")',
      '.bazelrc': 'common --override_module=x=cur/x',
      cur: { link: 'mods' },
      'mods/x/BUILD': 'alias(name = "a", actual = "@own//lib:lib")',
    });
    expect(namer(read, '//lib:lib')).toBe('a module file, or what it leads to');
  });
});

describe('code', () => {
  test('names labels if it computes to what it sets a flag of another repository', async () => {
    const read = await surroundingsOf(
      {},
      {
        't.bzl':
          'def _t(settings, attr):\n    return {"@rules//:flag": "//lib:%s" % attr.x}\n' +
          't = transition(implementation = _t, inputs = [], outputs = ["@rules//:flag"])\n',
      },
    );
    expect(namer(read, '//lib:any')).toBe('the code of transitions, in t.bzl');
  });

  test('names labels where it makes transitions, or where aspects of options have it', async () => {
    const read = await surroundingsOf({
      '.bazelrc': 'build --aspects=//tools:lint.bzl%lint',
      'tools/lint.bzl': 'load(":more.bzl", "x")',
      'tools/more.bzl': 'load("@rules//:r.bzl", "r")\nload("//lost:lost.bzl", "l")\nx = "//lib:linted"',
      't.bzl': 't = transition(implementation = _t)\nx = "//lib:%s"',
      'other.bzl': 'x = "//other:other"',
    });
    expect(namer(read, '//lib:linted')).toContain('the code of aspects');
    expect(namer(read, '//lib:any')).toBe('the code of transitions, in t.bzl');
    expect(namer(read, '//other:other')).toBeNull();
    const { files, elsewhere } = read.surroundings.aspectCode;
    // What is lacking now may be there at the base.
    expect([...files]).toEqual(expect.arrayContaining(['tools/lint.bzl', 'tools/more.bzl', 'lost/lost.bzl']));
    expect(files.has('other.bzl' as WorkspacePath)).toBe(false);
    expect(elsewhere).toEqual(['@rules//:r.bzl']);
  });

  test('is that of aspects also behind symlinks', async () => {
    const read = await surroundingsOf({
      '.bazelrc': 'build --aspects=//tools:lint.bzl%lint',
      tools: { link: 'real' },
      'real/lint.bzl': 'load("//alias:helper.bzl", "x")',
      alias: { link: 'lib' },
      'lib/helper.bzl': 'load("//lib:more.bzl", "x")',
      'lib/more.bzl': 'x = "//lib:linted"',
    });
    expect([...read.surroundings.aspectCode.files]).toEqual(
      expect.arrayContaining(['tools/lint.bzl', 'alias/helper.bzl', 'lib/more.bzl']),
    );
    expect(namer(read, '//lib:linted')).toContain('the code of aspects');
  });
});

test('module files of both revisions count, by every name that the workspace has in one', async () => {
  const read = await surroundingsOf(
    { 'MODULE.bazel': 'module(name = "before")\nuse_repo_rule("//:a.bzl", "a")', 'a.bzl': 'x = "//lib:a"' },
    { 'MODULE.bazel': 'module(name = "after")', 'nested/WORKSPACE': '' },
  );
  expect(read.surroundings.moduleInputs.code).toContain('a.bzl');
  expect(namer(read, '//lib:a')).toBe('a module file, or what it leads to');
  expect([...read.surroundings.moduleInputs.repositories]).toEqual([]);
});

describe('the workspace status command', () => {
  const files: Files = {
    '.bazelrc': 'build --workspace_status_command=tools/status.sh',
    'tools/status.sh': '#!/bin/sh\n# see docs.md\n. "$(dirname "$0")/lib.sh"\necho STABLE_V $(cat VERSION)\n',
    'tools/lib.sh': 'cd conf && cat a.txt\nopen("$ROOT/deep/w.txt")\ntest -f x\n',
    VERSION: 'docs.md',
    'docs.md': '',
    'conf/a.txt': '',
    'deep/w.txt': 'see docs.md',
    'test/x': '',
  };

  test('may read what it names, and what the scripts name that it names', async () => {
    const { surroundings } = await surroundingsOf(files);
    expect([...surroundings.statusFiles.keys()].sort()).toEqual([
      'VERSION',
      'conf/',
      'deep/w.txt',
      'docs.md',
      'tools/lib.sh',
      'tools/status.sh',
    ]);
  });

  test('may read each file and folder that a computed name can mean, and what these name', async () => {
    const { surroundings } = await surroundingsOf({
      ...files,
      'tools/status.sh': '. "$here/lib_$(uname).sh"\ncat conf/v-$k.txt deep/$x-$y/w.txt part-$k/x\n',
      'tools/lib_Linux.sh': 'cat docs.md',
      'tools/lib_x.txt': '',
      'conf/v-1.txt': '',
      'conf/v-.txt': '',
      'conf/v-1/x.txt': '',
      'part-1/deep/x': '',
      'part-2.txt': '',
    });
    expect([...surroundings.statusFiles.keys()].sort()).toEqual([
      'conf/v-.txt',
      'conf/v-1.txt',
      // The variable may have a slash in it.
      'conf/v-1/',
      'deep/',
      'docs.md',
      'part-1/',
      'tools/lib_Linux.sh',
      'tools/status.sh',
    ]);
  });

  test('finds computed names also in a workspace below the root of the repository', async () => {
    const read = await surroundingsOf(
      {
        'ws/MODULE.bazel': '',
        'ws/.bazelrc': 'build --workspace_status_command=tools/status.sh',
        'ws/tools/status.sh': 'cat version.$k conf/part-*\n. "$(dirname "$0")/../lib_$(uname).sh"\n',
        'ws/version.api': '',
        'ws/conf/part-a.txt': '',
        'ws/lib_Linux.sh': '',
      },
      {},
      { workspace: 'ws' },
    );
    expect([...read.surroundings.statusFiles.keys()]).toEqual(
      expect.arrayContaining(['version.api', 'conf/part-a.txt', 'lib_Linux.sh']),
    );
  });

  test('may read what it names in either revision', async () => {
    const { surroundings } = await surroundingsOf(files, { 'tools/status.sh': 'cat docs.md\n' });
    expect(surroundings.statusFiles.get('VERSION' as WorkspacePath)).toBe('tools/status.sh');
    expect(surroundings.statusFiles.has('docs.md' as WorkspacePath)).toBe(true);
  });
});

test('packages that can be used are hidden from //... if REPO.bazel says so in either revision', async () => {
  const hides = 'traversal_ignore_directories(["experimental"])';
  const isHidden = async (before: string, after: string): Promise<boolean> =>
    (await surroundingsOf({ 'REPO.bazel': before }, { 'REPO.bazel': after })).surroundings
      .hidesUsablePackages;
  expect(await isHidden(hides, '# nothing')).toBe(true);
  expect(await isHidden('# none', hides)).toBe(true);
  expect(await isHidden(`# ${hides}`, 'repo()')).toBe(false);
});

describe('project files', () => {
  const files: Files = {
    'app/PROJECT.scl': 'load("//conf:flags.scl", "FLAGS")\nproject = {"flags": FLAGS}\n',
    'conf/flags.scl': 'FLAGS = ["--platforms=//conf:arm"]\n',
    'lib/PROJECT.scl': 'project = {"actual": "//base:PROJECT.scl"}\n',
    'base/PROJECT.scl': 'project = {}\n',
  };
  const changedIn = async (path: string) => {
    const { changedProjects } = await surroundingsOf(files, { [path]: '# x' }, { changed: [path] });
    return [...new Set(changedProjects.map(({ folder }) => folder))].sort();
  };

  test('change with what they load, and with what their actual names', async () => {
    expect(await changedIn('app/PROJECT.scl')).toEqual(['app']);
    expect(await changedIn('conf/flags.scl')).toEqual(['app']);
    expect(await changedIn('base/PROJECT.scl')).toEqual(['base', 'lib']);
    expect(await changedIn('app/other.scl')).toEqual([]);
  });

  test('name labels in their options', async () => {
    expect(namer(await surroundingsOf(files), '//conf:arm')).toBe('an option of Bazel');
  });
});

test('texts are read of the changed files whose text tells whether they matter, and of no other', async () => {
  const { surroundings } = await surroundingsOf(
    { '.bazelversion': '7.7.1', 'a.txt': '1' },
    { '.bazelversion': '8.0.0', 'ci/bazelrc': 'build --x', 'a.txt': '2' },
    { changed: ['.bazelversion', 'ci/bazelrc', 'a.txt'] },
  );
  expect(Object.fromEntries(surroundings.texts)).toEqual({
    '.bazelversion': { before: '7.7.1', after: '8.0.0' },
  });
});
