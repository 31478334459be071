import type { Revision } from '../../../src/loading/source/revision.js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { QuerySource } from '../../../src/loading/source/graph-source.js';
import { LoadingReader } from '../../../src/loading/source/loading-reader.js';
import { RevisionFiles } from '../../../src/loading/source/revision-files.js';
import { CheckoutSite, NoWorkspaceError, ScratchSite } from '../../../src/loading/source/site.js';
import { workspacePath } from '../../support/builders.js';
import { ElsewhereSite } from '../../support/elsewhere-site.js';
import type { Files } from '../../support/files.js';
import { TestRepository } from '../../support/test-repository.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;
let room: string;
let repository: TestRepository;
let user: Repository;
let scratch: ScratchRepository;
let source: QuerySource;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  room = temporary.path;
  repository = TestRepository.create().write({ 'MODULE.bazel': '', 'a/BUILD': '', 'a/x.txt': 'x' });
  repository.commit();
  user = await Repository.open(repository.folder);
  scratch = await ScratchRepository.create(user, join(room, 'scratch'));
  const bazel = new Bazel(recorder(), scratch.folder, room, 'ours');
  source = new QuerySource(
    new ScratchSite(scratch, '', bazel),
    new ElsewhereSite(user, '', bazel),
    new LoadingReader(),
  );
});

afterEach(() => {
  repository.remove();
  temporary.remove();
});

/** In the place of Bazel: writes down its commands, and what .bazelignore and user.bazelrc say to them. */
function recorder(): { command: string; startupOptions: []; queryOptions: [] } {
  const command = join(room, 'bazel');
  const script = `#!/bin/sh
for word; do
  case $word in
    --version) echo 'bazel 7.7.1' ;;
    help) exit ;;
    query|shutdown) echo "$word$(cat .bazelignore user.bazelrc 2>/dev/null)" >> ${room}/calls ;;
  esac
done
# The BUILD file of //a, as blaze_query.Target.
case $* in *--query_file*) printf '\\017\\010\\002\\032\\013\\012\\011//a:BUILD' ;; esac
`;
  writeFileSync(command, script, { mode: 0o755 });
  return { command, startupOptions: [], queryOptions: [] };
}

function calls(): string[] {
  const file = join(room, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

async function revisionWith(files: Files): Promise<Revision> {
  const commit = repository.write(files).commit();
  return { commit, workingTree: false, files: await RevisionFiles.ofCommit(commit, '', scratch) };
}

/** The working tree with uncommitted files. */
async function workingTreeWith(files: Files): Promise<Revision> {
  repository.write(files);
  const commit = await user.head();
  return { commit, workingTree: true, files: await RevisionFiles.ofWorkingTree(commit, '', user, scratch) };
}

test('the scratch folder shows the files of each revision behind symlinks that lead back into the checkout', async () => {
  const name = basename(repository.folder);
  const links: Files = {
    'a/absolute': { link: join(repository.folder, 'f.txt') },
    'a/by_name': { link: `../../${name}/f.txt` },
    'a/outside': { link: '/etc' },
  };
  const before = await revisionWith({ ...links, 'f.txt': 'before' });
  const after = await revisionWith({ 'f.txt': 'after' });
  const site = new ScratchSite(scratch, '', new Bazel(recorder(), scratch.folder, room, 'ours'));
  const shown = (): string[] =>
    ['absolute', 'by_name'].map((link) => readFileSync(join(scratch.folder, 'a', link), 'utf8'));
  await site.checkOut(before);
  expect(shown()).toEqual(['before', 'before']);
  await site.checkOut(after);
  expect(shown()).toEqual(['after', 'after']);
  expect(readlinkSync(join(scratch.folder, 'a/outside'))).toBe('/etc');
});

describe('the server', () => {
  test.each<[string, Files]>([
    ['', {}],
    [', also where .bazelignore names folders that git does not know', { '.bazelignore': 'node_modules' }],
  ])('is kept from one revision to the next%s', async (_, before) => {
    await source.graphOf(await revisionWith(before));
    await source.graphOf(await revisionWith({ 'a/BUILD': '# changed' }));
    expect(calls().map((call) => call.slice(0, 5))).toEqual(['query', 'query']);
  });

  test.each(['a', 'a/\n', '# hidden\na/\n', './a//\n'])(
    'starts again where folders with files are hidden: %j',
    async (text) => {
      await source.graphOf(await revisionWith({ '.bazelignore': text }));
      await source.graphOf(await revisionWith({ 'new.txt': '' }));
      expect(calls().join(' ')).toMatch(/^query.*shutdown.*query/s);
    },
  );

  test.each<[string, Files, Files, string[]]>([
    ['appears', {}, { '.bazelignore': 'a' }, ['query', 'shutdown', 'querya']],
    ['is gone', { '.bazelignore': 'a' }, { '.bazelignore': null }, ['querya', 'shutdowna', 'query']],
    ['is another', { '.bazelignore': 'a' }, { '.bazelignore': 'b' }, ['querya', 'shutdowna', 'queryb']],
  ])('starts again where .bazelignore %s', async (_, before, after, expected) => {
    await source.graphOf(await revisionWith(before));
    await source.graphOf(await revisionWith(after));
    expect(calls()).toEqual(expected);
  });

  test('starts again where an uncommitted .bazelignore is another', async () => {
    await source.graphOf(await revisionWith({ '.bazelignore': 'a' }));
    await source.graphOf(await workingTreeWith({ '.bazelignore': 'b' }));
    expect(calls()).toEqual(['querya', 'shutdowna', 'queryb']);
  });

  test('is not ended where none was started', async () => {
    await source.bazelVersion();
    await source.graphOf(await revisionWith({ '.bazelignore': 'a' }));
    expect(calls()).toEqual(['querya']);
  });
});

test("a developer's own rc file is there, though git ignores it", async () => {
  repository.write({ '.gitignore': 'user.bazelrc\n', 'user.bazelrc': '# mine' });
  await source.graphOf(await revisionWith({}));
  expect(calls()).toEqual(['query# mine']);
});

test('a workspace without packages is an empty graph, without a query', async () => {
  const { graph } = await source.graphOf(await revisionWith({ 'a/BUILD': null }));
  expect([...graph.targets()]).toEqual([]);
  expect(calls()).toEqual([]);
});

test('a revision without a workspace is named for it', async () => {
  const revision = await revisionWith({ 'MODULE.bazel': null });
  await expect(source.graphOf(revision)).rejects.toThrow(NoWorkspaceError);
  await expect(source.graphOf(revision)).rejects.toThrow(
    /the repository is not a Bazel workspace at .*set `workspace`/,
  );
});

describe("the user's checkout", () => {
  /** Whether a query of the packages (null: of all) may run in it. */
  async function shows(revision: Revision, ...packages: readonly string[]): Promise<boolean> {
    const bazel = new Bazel(recorder(), repository.folder, room, "the user's");
    const site = new CheckoutSite(user, '', bazel);
    return site.shows(
      revision,
      packages.length === 0 ? 'all' : { packages: packages.map(workspacePath), lacking: [] },
    );
  }

  test('serves for the commit that it is at', async () => {
    expect(await shows(await revisionWith({}))).toBe(true);
  });

  test('serves for the working tree, changed and untracked files included', async () => {
    expect(await shows(await workingTreeWith({ 'a/x.txt': 'y', 'a/new.txt': 'new' }))).toBe(true);
  });

  test('does not serve for another commit', async () => {
    const earlier = await revisionWith({});
    repository.write({ 'a/x.txt': 'y' }).commit();
    expect(await shows(earlier)).toBe(false);
  });

  test('does not serve for its commit once a file is changed or untracked', async () => {
    const revision = await revisionWith({});
    repository.write({ 'a/new.txt': 'new' });
    expect(await shows(revision)).toBe(false);
  });

  test('does not serve for all packages where it holds ignored files, but for packages without any', async () => {
    repository.write({ '.gitignore': 'out\n' });
    const revision = await revisionWith({ 'b/BUILD': '' });
    repository.write({ 'a/out/x': 'x' });
    expect(await shows(revision)).toBe(false);
    expect(await shows(revision, 'b')).toBe(true);
    expect(await shows(revision, 'b', 'a')).toBe(false);
    expect(await shows(revision, 'a/out')).toBe(false);
    expect(await shows(revision, '')).toBe(false);
  });

  test('does not serve where it has an empty folder, which globs can see', async () => {
    const revision = await revisionWith({ 'b/BUILD': '' });
    mkdirSync(join(repository.folder, 'a/empty'));
    expect(await shows(revision)).toBe(false);
    expect(await shows(revision, 'a')).toBe(false);
    expect(await shows(revision, 'b')).toBe(true);
  });

  test('does not serve for a package that may see ignored files elsewhere through a symlink', async () => {
    repository.write({ '.gitignore': 'out\n' });
    const revision = await revisionWith({
      'b/BUILD': '',
      'b/sub/link': { link: '../../a' },
      'c/BUILD': '',
    });
    expect(await shows(revision, 'b')).toBe(true);
    repository.write({ 'a/out/x': 'x' });
    expect(await shows(revision, 'b')).toBe(false);
    expect(await shows(revision, 'c')).toBe(true);
  });

  test.each(['.bazelrc', '.bazelignore', 'WORKSPACE', 'REPO.bazel', 'tools/build_rules/prelude_bazel'])(
    'does not serve for any package where it has a %s that git ignores',
    async (file) => {
      repository.write({ '.gitignore': `${file}\n` });
      const revision = await revisionWith({ 'b/BUILD': '' });
      repository.write({ [file]: '' });
      expect(await shows(revision, 'b')).toBe(false);
    },
  );

  test('does not serve for packages that would load what git ignores', async () => {
    repository.write({ '.gitignore': 'generated\n' });
    const revision = await revisionWith({ 'b/BUILD': 'load("//generated:x.bzl", "x")' });
    const lacking = ['generated/BUILD', 'generated/x.bzl'].map(workspacePath);
    const some = { packages: [workspacePath('b')], lacking };
    const site = new CheckoutSite(user, '', new Bazel(recorder(), repository.folder, room, "the user's"));
    expect(await site.shows(revision, some)).toBe(true);
    repository.write({ 'generated/x.bzl': 'x = 1' });
    expect(await site.shows(revision, some)).toBe(false);
  });

  test('is searched for ignored files below many packages as below few', async () => {
    repository.write({ '.gitignore': 'out\n' });
    const names = Array.from({ length: 150 }, (_, index) => `p${index}`);
    const revision = await revisionWith(Object.fromEntries(names.map((name) => [`${name}/BUILD`, ''])));
    expect(await shows(revision, ...names)).toBe(true);
    repository.write({ 'a/out/x': 'x' });
    expect(await shows(revision, ...names)).toBe(true);
    repository.write({ 'p149/out/x': 'x' });
    expect(await shows(revision, ...names)).toBe(false);
    expect(await shows(revision, 'p149')).toBe(false);
    expect(await shows(revision, 'p148', 'p1')).toBe(true);
  });

  test('does not serve where Bazel would write MODULE.bazel', async () => {
    expect(await shows(await revisionWith({ 'MODULE.bazel': null, WORKSPACE: '' }))).toBe(false);
  });

  test('does not serve where an empty folder is inside an untracked one', async () => {
    const revision = await workingTreeWith({ 'n/BUILD': '', 'n/m/x': '' });
    expect(await shows(revision)).toBe(true);
    mkdirSync(join(repository.folder, 'n/m/empty'));
    expect(await shows(revision)).toBe(false);
    expect(await shows(revision, 'n')).toBe(false);
  });

  test.each(['--skip-worktree', '--assume-unchanged'])(
    'does not serve where git was told not to look at a file: %s',
    async (flag) => {
      const revision = await revisionWith({});
      expect(await shows(revision)).toBe(true);
      repository.git('update-index', flag, 'a/x.txt');
      expect(await shows(revision)).toBe(false);
      expect(await shows(revision, 'a')).toBe(false);
    },
  );

  test('is queried for some packages only if there is no prelude, whose loads are not followed', async () => {
    const prelude = 'tools/build_rules/prelude_bazel';
    repository.write({ '.gitignore': 'out\n', 'b/BUILD': '', [prelude]: '', 'tools/build_rules/BUILD': '' });
    const revision = await revisionWith({});
    expect(await shows(revision, 'b')).toBe(true);
    repository.write({ 'a/out/x': '' });
    expect(await shows(revision, 'b')).toBe(false);
  });

  test('does not serve where git leaves files out of it', async () => {
    const revision = await revisionWith({});
    repository.git('config', 'core.sparseCheckout', 'true');
    expect(await shows(revision)).toBe(false);
  });
});
