import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GitError } from '../../../src/adapters/git/git.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import type { CommitId } from '../../../src/graph/tree.js';
import { commitId, repositoryPath } from '../../support/builders.js';
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

/** What differs between a commit and the working tree, as `status path`. */
async function changes(base: CommitId): Promise<string[]> {
  const repository = await Repository.open(history.folder);
  const before = history.digest();
  const found = await repository.workingTree.changes(base);
  expect(history.digest()).toBe(before);
  return found.map((change) => `${change.status} ${change.path}`).sort();
}

/** A file whose name is not UTF-8, as bytes of Latin-1. */
function writeOdd(name: string, content: string): void {
  writeFileSync(Buffer.concat([Buffer.from(`${history.folder}/`), Buffer.from(name, 'latin1')]), content);
}

describe('a name that is not UTF-8', () => {
  test('counts as changed, untracked, modified and deleted', async () => {
    const before = history.commit({ x: '', 'd/y': '' });
    writeOdd('d/\xff', '1');
    expect(await changes(before)).toEqual(['added d/\uFFFD']);
    const added = history.commit();
    expect(await changes(added)).toEqual([]);
    writeOdd('d/\xff', '2');
    expect(await changes(added)).toEqual(['modified d/\uFFFD']);
    history.git('rm', '-r', '--quiet', '--force', 'd');
    expect(await changes(added)).toEqual(['deleted d/y', 'deleted d/\uFFFD']);
  });

  test('has its files where several look alike', async () => {
    const base = history.commit({ x: '' });
    writeOdd('\xfe', 'one');
    writeOdd('\xff', 'other');
    expect(await changes(base)).toEqual(['added \uFFFD', 'added \uFFFD']);
    const repository = await Repository.open(history.folder);
    await repository.workingTree.changes(base);
    const files = repository.workingTree.filesAt(repositoryPath('\uFFFD'));
    expect(files.map((file) => readFileSync(file, 'utf8')).sort()).toEqual(['one', 'other']);
  });

  test('is no link of Bazel where it only looks like one', async () => {
    const base = history.commit({ x: '' });
    symlinkSync('x', Buffer.concat([Buffer.from(`${history.folder}/bazel-`), Buffer.of(0xff)]));
    expect(await changes(base)).toEqual(['added bazel-\uFFFD']);
  });
});

describe('opening', () => {
  test('finds the repository from a folder inside it', async () => {
    history.commit({ 'a/b/x': '' });
    const repository = await Repository.open(`${history.folder}/a/b`);
    expect(repository.folder).toBe(history.folder);
    expect(repository.objectsFolder).toBe(`${history.folder}/.git/objects`);
  });

  test('finds the common objects from a linked worktree', async () => {
    history.commit({ x: '' });
    history.git('worktree', 'add', '--quiet', temporary.join('linked'));
    const repository = await Repository.open(temporary.join('linked'));
    expect(repository.folder).toBe(temporary.join('linked'));
    expect(repository.objectsFolder).toBe(`${history.folder}/.git/objects`);
  });

  test('says in one line what is wrong where there is no repository', async () => {
    mkdirSync(temporary.join('plain'));
    const opening = Repository.open(temporary.join('plain'));
    await expect(opening).rejects.toThrow(GitError);
    await expect(opening).rejects.toThrow(
      /^[^\n]*is not inside a git repository \(git said: [^\n]*run this in a checkout$/,
    );
  });

  test('says in one line what is wrong where there are no commits', async () => {
    await expect(Repository.open(history.folder)).rejects.toThrow(/has no commits yet: .* commit first$/);
  });

  test('says in one line what is wrong where there is no such folder', async () => {
    await expect(Repository.open(temporary.join('nowhere'))).rejects.toThrow(/there is no such folder$/);
  });

  test('does not blame git where the folder is a file', async () => {
    history.commit({ x: '' });
    await expect(Repository.open(`${history.folder}/x`)).rejects.toThrow(/x: it is not a folder$/);
  });
});

describe('resolving', () => {
  test('finds a commit by any name, and null for none', async () => {
    const first = history.commit({ x: '1' });
    history.git('tag', '--annotate', '--message=v1', 'v1');
    const second = history.commit({ x: '2' });
    const repository = await Repository.open(history.folder);
    expect(await repository.resolve('v1')).toBe(first);
    expect(await repository.resolve('HEAD~1')).toBe(first);
    expect(await repository.resolve(second.slice(0, 8))).toBe(second);
    expect(await repository.head()).toBe(second);
    for (const text of ['nowhere', commitId('a'), '--help', '', 'HEAD:x', '-n1']) {
      expect([text, await repository.resolve(text)]).toEqual([text, null]);
    }
  });

  test('works inside a git hook, which bends git to its own repository', async () => {
    const mine = history.commit({ x: '' });
    const other = TestRepository.create(temporary.join('other'));
    other.commit({ y: '' });
    const saved = { ...process.env };
    Object.assign(process.env, {
      GIT_DIR: `${other.folder}/.git`,
      GIT_WORK_TREE: other.folder,
      GIT_INDEX_FILE: `${other.folder}/.git/index`,
      GIT_PREFIX: 'y/',
    });
    try {
      const repository = await Repository.open(history.folder);
      expect(repository.folder).toBe(history.folder);
      expect(await repository.head()).toBe(mine);
      expect(await repository.workingTree.changes(mine)).toEqual([]);
    } finally {
      process.env = saved;
    }
  });
});

describe('ancestors', () => {
  test('are told from the history', async () => {
    const first = history.commit({ x: '1' });
    const second = history.commit({ x: '2' });
    history.git('checkout', '--quiet', '--detach', first);
    const side = history.commit({ x: '3' });
    const repository = await Repository.open(history.folder);
    expect(await repository.isAncestor(first, second)).toBe(true);
    expect(await repository.isAncestor(second, second)).toBe(true);
    expect(await repository.isAncestor(second, first)).toBe(false);
    expect(await repository.isAncestor(side, second)).toBe(false);
    expect(await repository.isAncestor(commitId('a'), second)).toBeNull();
    expect(await repository.mergeBase(side, second)).toBe(first);
  });

  test('cannot be told where the history is cut', async () => {
    const commits = ['1', '2', '3'].map((x) => history.commit({ x }));
    const clone = TestRepository.clone(history, temporary.join('clone'), '--depth=2');
    const repository = await Repository.open(clone.folder);
    const [first, second, third] = commits as [CommitId, CommitId, CommitId];
    expect(await repository.isShallow()).toBe(true);
    expect(await repository.isAncestor(second, third)).toBe(true);
    expect(await repository.isAncestor(first, third)).toBeNull();
    expect(await repository.mergeBase(first, third)).toBeNull();
  });
});

test('the default branch of the remote is what the clone knows', async () => {
  history.commit({ x: '' });
  history.git('branch', '--move', 'trunk');
  const clone = TestRepository.clone(history, temporary.join('clone'));
  expect(await (await Repository.open(clone.folder)).remoteDefaultBranch()).toBe('origin/trunk');
  clone.git('remote', 'set-head', 'origin', '--delete');
  expect(await (await Repository.open(clone.folder)).remoteDefaultBranch()).toBeNull();
  clone.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  expect(await (await Repository.open(clone.folder)).remoteDefaultBranch()).toBe('origin/main');
});

describe('the working tree', () => {
  test('is searched by plain names, whatever the environment says of patterns', async () => {
    const history = TestRepository.create(temporary.join('names'));
    history.commit({ 'a*/x': '1', 'ab/x': '1' });
    history.write({ 'a*/y': '1', 'ab/y': '1' });
    process.env.GIT_ICASE_PATHSPECS = '1';
    try {
      const repository = await Repository.open(history.folder);
      expect(await repository.extraFiles.untracked([repositoryPath('a*')])).toEqual(['a*/y']);
      expect(await repository.extraFiles.unlisted([repositoryPath('a*')])).toEqual([]);
    } finally {
      delete process.env.GIT_ICASE_PATHSPECS;
    }
  });

  test('shows staged, unstaged, untracked and deleted files, and no ignored ones', async () => {
    const base = history.commit({
      '.gitignore': 'ignored\n',
      staged: '1',
      unstaged: '1',
      both: '1',
      deleted: '1',
      unlisted: '1',
      same: '1',
      script: '1',
    });
    history.write({ staged: '2', 'staged new': '', both: '2' });
    history.git('add', 'staged', 'staged new', 'both');
    history.git('rm', '--quiet', '--cached', 'unlisted');
    history.write({
      unstaged: '2',
      both: '3',
      deleted: null,
      untracked: '',
      ignored: '',
      script: { script: '1' },
    });
    expect(await changes(base)).toEqual([
      'added staged new',
      'added unlisted',
      'added untracked',
      'deleted deleted',
      'deleted unlisted',
      'modified both',
      'modified script',
      'modified staged',
      'modified unstaged',
    ]);
  });

  test('shows nothing where only time stamps differ', async () => {
    const base = history.commit({ x: 'text' });
    utimesSync(`${history.folder}/x`, 1, 1);
    expect(await changes(base)).toEqual([]);
  });

  test('keeps every character of a name', async () => {
    const base = history.commit({ x: '' });
    const names = [
      'with space',
      '"quotes"',
      "it's",
      'ünï/日本',
      'line\nend',
      'tab\t',
      'a+b=c@d',
      '-dash',
      'x\\y',
      ' ',
    ];
    history.write(Object.fromEntries(names.map((name) => [name, 'new'])));
    expect(await changes(base)).toEqual(names.map((name) => `added ${name}`).sort());
    const tracked = history.commit();
    history.write(Object.fromEntries(names.map((name) => [name, null])));
    expect(await changes(tracked)).toEqual(names.map((name) => `deleted ${name}`).sort());
  });

  test('shows files whose names only begin like the links that Bazel makes', async () => {
    const base = history.commit({ x: '' });
    history.write({ 'bazel-notes.txt': '', 'tools/bazel-wrapper.sh': { script: '' }, 'bazel-dir/x': '' });
    expect(await changes(base)).toEqual([
      'added bazel-dir/x',
      'added bazel-notes.txt',
      'added tools/bazel-wrapper.sh',
    ]);
  });

  test('does not show the links that Bazel makes', async () => {
    const base = history.commit({ x: '' });
    history.write({
      'bazel-bin': { link: '/base/execroot/_main/bazel-out/k8-fastbuild/bin' },
      'bazel-x': { link: '/base/execroot/_main' },
      'ws/bazel-out': { link: '/base/execroot/_main/bazel-out' },
    });
    expect(await changes(base)).toEqual([]);
  });

  test('shows links that are only named like those that Bazel makes', async () => {
    const base = history.commit({ x: '' });
    const links = {
      'bazel-logo': { link: 'x' },
      'a/bazel-out': { link: '/somewhere/out' },
      'a/bazel-bin': { link: 'execroot/_main' },
    };
    history.write(links);
    expect(await changes(base)).toEqual(['added a/bazel-bin', 'added a/bazel-out', 'added bazel-logo']);
  });

  test('tells names apart by their case where the file system does, whatever git is told', async () => {
    history.git('config', 'core.ignoreCase', 'true');
    const base = history.commit({ 'a/x': '', '.gitignore': 'BUILD\n' });
    history.write({ 'a/X': '', 'a/build': '' });
    expect(await changes(base)).toEqual(['added a/X', 'added a/build']);
    const repository = await Repository.open(history.folder);
    expect(await repository.extraFiles.untracked(null)).toEqual(['a/X', 'a/build']);
    expect(await repository.extraFiles.unlisted(null)).toEqual([]);
  });

  test('tells links, executables and what changed its type', async () => {
    const base = history.commit({ file: 'x', link: { link: 'file' }, script: { script: '' } });
    history.write({
      file: { link: 'script' },
      link: 'x',
      script: '',
      'new link': { link: '.' },
      'new script': { script: '' },
    });
    const repository = await Repository.open(history.folder);
    const found = await repository.workingTree.changes(base);
    expect(
      found.map(({ path, status, modeBefore, modeAfter }) => `${path}: ${status} ${modeBefore} ${modeAfter}`),
    ).toEqual([
      'file: type changed 100644 120000',
      'link: type changed 120000 100644',
      'script: modified 100755 100644',
      'new link: added 000000 120000',
      'new script: added 000000 100755',
    ]);
  });

  test('does not look into a repository that merely lies there', async () => {
    const base = history.commit({ x: '' });
    TestRepository.create(`${history.folder}/nested`).commit({ y: '' });
    expect(await changes(base)).toEqual([]);
  });

  test('shows a submodule with other commits or uncommitted files', async () => {
    const library = TestRepository.create(temporary.join('library'));
    library.commit({ lib: '1' });
    history.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.folder, 'sub');
    const base = history.commit();
    expect(await changes(base)).toEqual([]);
    history.write({ 'sub/untracked': '' });
    expect(await changes(base)).toEqual(['modified sub']);
  });

  test('is compared whatever the user set for their own diffs', async () => {
    const base = history.commit({ x: '1', y: 'same\ntext\n', 'a/z': '' });
    for (const [name, value] of [
      ['diff.renames', 'copies'],
      ['diff.external', 'false'],
      ['diff.ignoreSubmodules', 'all'],
      ['diff.noprefix', 'true'],
      ['diff.relative', 'true'],
      ['core.quotePath', 'true'],
      ['color.ui', 'always'],
      ['core.abbrev', '4'],
    ] as const) {
      history.git('config', name, value);
    }
    history.write({ y: null, 'moved ü': 'same\ntext\n', x: '2' });
    history.git('add', '--all');
    expect(await changes(base)).toEqual(['added moved ü', 'deleted y', 'modified x']);
  });
});

test('settings come by their prefixes, in order, with those of included files', async () => {
  history.commit({ 'more.config': '[http]\n\textraheader = AUTHORIZATION: basic x\n' });
  history.git('config', 'include.path', '../more.config');
  history.git('config', '--add', 'http.https://example.org/.proxy', 'p q\nr');
  history.git('config', 'core.sshCommand', 'ssh -i key');
  const repository = await Repository.open(history.folder);
  expect(await repository.configuration(['http.', 'core.sshcommand'])).toEqual(
    expect.arrayContaining([
      ['http.extraheader', 'AUTHORIZATION: basic x'],
      ['http.https://example.org/.proxy', 'p q\nr'],
      ['core.sshcommand', 'ssh -i key'],
    ]),
  );
});
