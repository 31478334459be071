import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readlinkSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Git, GitError } from '../../../src/adapters/git/git.js';
import { Repository } from '../../../src/adapters/git/repository.js';
import { listTree } from '../../../src/adapters/git/trees.js';
import { CommitMissingError } from '../../../src/adapters/git/remote.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import type { CommitId, RepositoryPath } from '../../../src/graph/tree.js';
import { commitId, repositoryPath } from '../../support/builders.js';
import type { Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

let temporary: TemporaryFolder;
let origin: TestRepository;
/** The user's clone: its digest must stay what it is. */
let clone: TestRepository;
let digest: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  origin = TestRepository.create(temporary.join('origin'));
});

afterEach(() => {
  const changed = clone.digest() !== digest;
  temporary.remove();
  if (changed) throw new Error("the user's clone is not what it was");
});

async function scratchOf(user: TestRepository): Promise<ScratchRepository> {
  clone = user;
  digest = user.digest();
  return ScratchRepository.create(await Repository.open(user.folder), temporary.join('scratch'));
}

/** All files of a working tree, links and executables marked, `.git` left out. */
function filesIn(folder: string, path = ''): string[] {
  return readdirSync(join(folder, path), { withFileTypes: true })
    .filter((entry) => entry.name !== '.git')
    .flatMap((entry) => {
      const name = join(path, entry.name);
      if (entry.isDirectory()) return filesIn(folder, name);
      if (entry.isSymbolicLink()) return [`${name} -> ${readlinkSync(join(folder, name))}`];
      const executable = (lstatSync(join(folder, name)).mode & 0o100) !== 0;
      return [`${name}${executable ? '*' : ''}: ${readFileSync(join(folder, name), 'utf8')}`];
    })
    .sort();
}

async function changes(scratch: ScratchRepository, base: CommitId, head: CommitId): Promise<string[]> {
  return (await scratch.changes(base, head)).map((change) => `${change.status} ${change.path}`);
}

/** Objects that a repository keeps itself: borrowed ones do not count. */
function ownObjects(folder: string): string[] {
  return readdirSync(join(folder, '.git/objects'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.pack$|^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(name),
  );
}

describe('the files of a commit', () => {
  test('are the same whether git lists them or another commit is listed already', async () => {
    const commits = [
      {
        'a/gone': '1',
        'a/kept': '1',
        mode: 'x',
        link: 'x',
        folder: 'a file',
        'ü ".txt': '1',
        '\u{1F600}': '1',
      },
      {
        'a/gone': null,
        mode: { script: 'x' },
        link: { link: 'mode' },
        folder: null,
        'folder/inside': '1',
        'ü ".txt': '2',
        '\uFFFC': '1',
        'a.b': '1',
      },
      {},
    ].map((files) => origin.commit(files));
    const sub = commitId('e');
    origin.git('update-index', '--add', '--cacheinfo', `160000,${sub},sub`);
    origin.git('commit', '--quiet', '--message=submodule');
    const all = [...commits, origin.id()];
    const scratch = await scratchOf(origin);
    for (const commit of all) await scratch.tree(commit);
    const derived = await Promise.all(all.map((commit) => scratch.tree(commit)));
    const listed = await Promise.all(all.map((commit) => listTree(new Git(origin.folder), commit)));
    expect(derived.map((files) => files.entries)).toEqual(listed.map((files) => files.entries));
    expect(derived.at(-1)?.get('sub')).toEqual({ path: 'sub', mode: '160000', objectId: sub });
    const reverse = await ScratchRepository.create(
      await Repository.open(origin.folder),
      temporary.join('reverse'),
    );
    await reverse.tree(origin.id());
    expect(
      (await Promise.all(all.map((commit) => reverse.tree(commit)))).map((files) => files.entries),
    ).toEqual(listed.map((files) => files.entries));
  });

  test('are listed anew where names differ that are not UTF-8, since two can look like one', async () => {
    origin.commit({ x: '1' });
    const blob = origin.git('rev-parse', 'HEAD:x').trim();
    const add = (name: Buffer): Buffer =>
      Buffer.concat([Buffer.from(`100644 ${blob}\t`), name, Buffer.of(0)]);
    execFileSync('git', ['update-index', '-z', '--index-info'], {
      cwd: origin.folder,
      input: Buffer.concat([add(Buffer.of(0x61, 0xfe)), add(Buffer.of(0x61, 0xff))]),
    });
    origin.git('commit', '--quiet', '--message=odd names');
    const scratch = await scratchOf(origin);
    await scratch.tree((await scratch.parents(origin.id()))[0] ?? origin.id());
    expect((await scratch.tree(origin.id())).entries).toHaveLength(3);
  });
});

describe('a commit that is needed', () => {
  test('is borrowed from a full clone', async () => {
    const base = origin.commit({ x: '1', 'a/y': '1' });
    const head = origin.commit({ x: '2' });
    const scratch = await scratchOf(TestRepository.clone(origin, temporary.join('clone')));
    await scratch.remote.need(base);
    await scratch.remote.need(head);
    expect(await changes(scratch, base, head)).toEqual(['modified x']);
    expect(await scratch.parents(head)).toEqual([base]);
    expect(ownObjects(scratch.folder)).toEqual([]);
  });

  test('is fetched by its id where a shallow clone lacks it, without history and without blobs', async () => {
    const root = origin.commit({ old: 'the oldest' });
    const base = origin.commit({ x: '1', big: 'a text that is not needed' });
    const head = origin.commit({ x: '2' });
    const scratch = await scratchOf(TestRepository.clone(origin, temporary.join('clone'), '--depth=1'));
    await scratch.remote.need(head);
    expect(await scratch.parents(head)).toEqual([base]);
    await scratch.remote.need(base);
    expect(await changes(scratch, base, head)).toEqual(['modified x']);
    const here = (object: string) =>
      new Set(
        scratchGit(scratch, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n'),
      ).has(object);
    expect(here(base)).toBe(true);
    expect(here(root)).toBe(false);
    expect(here(origin.git('rev-parse', `${base}:x`))).toBe(false);
  });

  test('is fetched one blob after the other where a partial clone lacks them', async () => {
    const base = origin.commit({ x: 'one\n', y: 'same' });
    const head = origin.commit({ x: 'two\n' });
    const scratch = await scratchOf(
      TestRepository.clone(origin, temporary.join('clone'), '--filter=blob:none'),
    );
    await scratch.remote.need(base);
    await scratch.remote.need(head);
    expect(await changes(scratch, base, head)).toEqual(['modified x']);
    const blob = (await scratch.tree(base)).get('x')?.objectId ?? '';
    expect(await scratch.contents([blob])).toEqual(new Map([[blob, 'one\n']]));
    await scratch.checkout(base);
    expect(filesIn(scratch.folder)).toEqual(['x: one\n', 'y: same']);
  });

  test('is fetched where the clone is shallow and partial, and checked out', async () => {
    const base = origin.commit({ x: '1' });
    const head = origin.commit({ x: '2', z: '' });
    const user = TestRepository.clone(origin, temporary.join('clone'), '--depth=1', '--filter=blob:none');
    const scratch = await scratchOf(user);
    await scratch.remote.need(head);
    await scratch.remote.need(base);
    await scratch.checkout(base);
    expect(filesIn(scratch.folder)).toEqual(['x: 1']);
    await scratch.checkout(head);
    expect(filesIn(scratch.folder)).toEqual(['x: 2', 'z: ']);
  });

  test('is fetched where a forced push made it unreachable', async () => {
    const root = origin.commit({ x: '1' });
    const before = origin.commit({ x: '2' });
    origin.git('reset', '--quiet', '--hard', root);
    const head = origin.commit({ x: '3' });
    origin.git('reflog', 'expire', '--expire=now', '--all');
    const scratch = await scratchOf(TestRepository.clone(origin, temporary.join('clone')));
    await scratch.remote.need(before);
    expect(await changes(scratch, before, head)).toEqual(['modified x']);
  });

  test('is an error with the commit and the message of git if no remote has the commit', async () => {
    origin.commit({ x: '' });
    const scratch = await scratchOf(TestRepository.clone(origin, temporary.join('clone')));
    const needing = scratch.remote.need(commitId('a'));
    await expect(needing).rejects.toThrow(CommitMissingError);
    await expect(needing).rejects.toThrow(
      /^commit a{40} is not in this clone and could not be fetched; git said: \S/,
    );
  });

  test('is an error where there is no remote to ask', async () => {
    origin.commit({ x: '' });
    const scratch = await scratchOf(origin);
    await expect(scratch.remote.need(commitId('a'))).rejects.toThrow(CommitMissingError);
  });

  test('is found from a linked worktree', async () => {
    const base = origin.commit({ x: '1' });
    origin.git('worktree', 'add', '--quiet', temporary.join('linked'));
    origin.commit({ x: '2' });
    const repository = await Repository.open(temporary.join('linked'));
    clone = origin;
    digest = origin.digest();
    const scratch = await ScratchRepository.create(repository, temporary.join('scratch'));
    await scratch.remote.need(base);
    expect(await scratch.contents([origin.git('rev-parse', `${base}:x`)])).toEqual(
      new Map([[origin.git('rev-parse', `${base}:x`), '1']]),
    );
  });
});

function scratchGit(scratch: ScratchRepository, ...args: readonly string[]): string {
  return TestRepository.at(scratch.folder).git(...args);
}

describe('parents', () => {
  test('are none, one or several, in order', async () => {
    const root = origin.commit({ x: '1' });
    const main = origin.commit({ x: '2' });
    origin.git('checkout', '--quiet', '--detach', root);
    const branch = origin.commit({ y: '' }, 'a message\n\nparent 1234');
    const merge = origin.mergeOf(branch, main);
    const scratch = await scratchOf(origin);
    expect(await scratch.parents(root)).toEqual([]);
    expect(await scratch.parents(branch)).toEqual([root]);
    expect(await scratch.parents(merge)).toEqual([main, branch]);
  });
});

describe('contents', () => {
  test('come whole, whatever is in them, each once', async () => {
    const texts = { empty: '', text: 'line\nline', odd: 'ü\n\0\n', header: `${'a'.repeat(40)} blob 3\nabc` };
    origin.commit(texts);
    const scratch = await scratchOf(origin);
    const ids = Object.keys(texts).map((path) => origin.git('rev-parse', `HEAD:${path}`));
    const contents = await scratch.contents([...ids, ...ids]);
    expect(ids.map((id) => contents.get(id))).toEqual(Object.values(texts));
    expect(await scratch.contents([])).toEqual(new Map());
  });

  test('are an error where one is nowhere', async () => {
    origin.commit({ x: '' });
    const scratch = await scratchOf(origin);
    await expect(scratch.contents([commitId('a')])).rejects.toThrow(GitError);
  });
});

describe('checking out', () => {
  const FIRST: Files = {
    'a/file': '1',
    script: { script: '#!' },
    link: { link: 'a/file' },
    'dir/x': '',
    '.gitignore': 'ignored\n',
    'sp ace/ü"\n': 'odd',
  };

  test('makes the tree that of one commit after the other, with nothing left over', async () => {
    const one = origin.commit(FIRST);
    const two = origin.commit({ dir: 'a file now', link: null, 'a/file': null, 'a/new/x': '' });
    const scratch = await scratchOf(TestRepository.clone(origin, temporary.join('clone')));
    await scratch.checkout(one);
    const all = [
      '.gitignore: ignored\n',
      'a/file: 1',
      'dir/x: ',
      'link -> a/file',
      'script*: #!',
      'sp ace/ü"\n: odd',
    ];
    expect(filesIn(scratch.folder)).toEqual(all);
    await scratch.checkout(two);
    expect(filesIn(scratch.folder)).toEqual(
      ['.gitignore: ignored\n', 'a/new/x: ', 'dir: a file now', 'script*: #!', 'sp ace/ü"\n: odd'].sort(),
    );
    TestRepository.at(scratch.folder).write({ ignored: 'by Bazel', untracked: '' });
    await scratch.checkout(one);
    expect(filesIn(scratch.folder)).toEqual(all);
  });

  test("runs no hook and heeds no setting of the user's repository", async () => {
    const commit = origin.commit({ x: 'line\n' });
    const marker = temporary.join('hook ran');
    origin.write({ '.git/hooks/post-checkout': { script: `#!/bin/sh\ntouch '${marker}'\n` } });
    origin.git('config', 'core.autocrlf', 'true');
    origin.git('config', 'core.hooksPath', join(origin.folder, '.git/hooks'));
    const scratch = await scratchOf(origin);
    await scratch.checkout(commit);
    expect(existsSync(marker)).toBe(false);
    expect(filesIn(scratch.folder)).toEqual(['x: line\n']);
  });
});

describe('the tree of the working tree', () => {
  async function copied(files: Files, staged: readonly string[] = []): Promise<string[]> {
    const head = origin.id();
    origin.write(files);
    if (staged.length > 0) origin.git('add', '--', ...staged);
    const scratch = await scratchOf(origin);
    await scratch.checkoutWorkingTree(head);
    return filesIn(scratch.folder);
  }

  test('has what is staged, unstaged, untracked, and not what is deleted or ignored', async () => {
    origin.commit({ '.gitignore': 'ignored', a: '1', b: '1', c: '1', d: '1' });
    expect(
      await copied({ a: '2', b: { script: '2' }, c: null, e: '1', 'f g/ü\n"': 'new', ignored: '' }, [
        'a',
        'e',
      ]),
    ).toEqual(['.gitignore: ignored', 'a: 2', 'b*: 2', 'd: 1', 'e: 1', 'f g/ü\n": new']);
  });

  test('follows a file that became a folder, and a folder that became a file or a link', async () => {
    origin.commit({ file: '1', 'folder/a': '1', 'folder/b/c': '1', 'linked/a': '1', 'target/a': '2' });
    expect(
      await copied({ file: null, 'file/inside': '2', folder: 'a file', linked: { link: 'target' } }),
    ).toEqual(['file/inside: 2', 'folder: a file', 'linked -> target', 'target/a: 2']);
  });

  test('follows a link that became a folder', async () => {
    origin.commit({ link: { link: 'target' }, 'target/a': '1' });
    expect(await copied({ link: null, 'link/a': '2' })).toEqual(['link/a: 2', 'target/a: 1']);
  });
});

describe('a file that git does not track', () => {
  test('is copied on request, where it is there and the commit has none', async () => {
    const commit = origin.commit({ '.gitignore': 'user.bazelrc', tracked: '1' });
    origin.write({ 'user.bazelrc': 'build --x', tracked: '2' });
    const scratch = await scratchOf(origin);
    await scratch.checkout(commit);
    for (const path of ['user.bazelrc', 'tracked', 'nowhere']) scratch.copyUntracked(repositoryPath(path));
    expect(filesIn(scratch.folder)).toEqual([
      '.gitignore: user.bazelrc',
      'tracked: 1',
      'user.bazelrc: build --x',
    ]);
  });
});

describe('a submodule', () => {
  let library: TestRepository;
  let one: CommitId;
  let two: CommitId;

  beforeEach(() => {
    library = TestRepository.create(temporary.join('library'));
    library.commit({ BUILD: '1', old: '' });
    origin.commit({ x: '' });
    origin.git('submodule', '--quiet', 'add', library.folder, 'sub');
    one = origin.commit({}, 'one');
    library.commit({ BUILD: '2', old: null });
    origin.git('-C', 'sub', 'pull', '--quiet');
    two = origin.commit({}, 'two');
  });

  const inSubmodule = (scratch: ScratchRepository) =>
    filesIn(scratch.folder).filter((file) => file.startsWith('sub'));

  test('has the files of the commit that each revision records', async () => {
    const scratch = await scratchOf(origin);
    expect(await changes(scratch, one, two)).toEqual(['modified sub']);
    await scratch.checkout(one);
    expect(inSubmodule(scratch)).toEqual(['sub/BUILD: 1', 'sub/old: ']);
    await scratch.checkout(two);
    expect(inSubmodule(scratch)).toEqual(['sub/BUILD: 2']);
    await scratch.checkout(one);
    expect(inSubmodule(scratch)).toEqual(['sub/BUILD: 1', 'sub/old: ']);
  });

  test('is empty where the user has not checked it out', async () => {
    const scratch = await scratchOf(TestRepository.clone(origin, temporary.join('clone')));
    await scratch.checkout(two);
    expect(inSubmodule(scratch)).toEqual([]);
  });

  test('has the uncommitted files of the user', async () => {
    origin.write({ 'sub/BUILD': '3', 'sub/new': '' });
    const scratch = await scratchOf(origin);
    await scratch.checkoutWorkingTree(two);
    expect(inSubmodule(scratch)).toEqual(['sub/BUILD: 3', 'sub/new: ']);
  });

  test('leaves nothing where a revision has it no longer', async () => {
    origin.git('rm', '--quiet', 'sub');
    const without = origin.commit({}, 'without');
    origin.git('checkout', '--quiet', two);
    origin.git('submodule', '--quiet', 'update', '--init');
    const scratch = await scratchOf(origin);
    await scratch.checkout(two);
    await scratch.checkout(without);
    expect(inSubmodule(scratch)).toEqual([]);
  });

  test('leaves nothing where a revision has a folder in its place', async () => {
    origin.git('rm', '--quiet', 'sub');
    const folder = origin.commit({ 'sub/plain': 'file' }, 'folder');
    rmSync(join(origin.folder, 'sub'), { recursive: true });
    origin.git('checkout', '--quiet', two);
    origin.git('submodule', '--quiet', 'update', '--init');
    const scratch = await scratchOf(origin);
    await scratch.checkout(two);
    expect(inSubmodule(scratch)).toEqual(['sub/BUILD: 2']);
    await scratch.checkout(folder);
    expect(inSubmodule(scratch)).toEqual(['sub/plain: file']);
    await scratch.checkout(two);
    expect(inSubmodule(scratch)).toEqual(['sub/BUILD: 2']);
  });
});

test('settings that a fetch needs go into the environment of git, and credentials into no file', async () => {
  const base = origin.commit({ x: '1' });
  origin.commit({ x: '2' });
  const user = TestRepository.clone(origin, temporary.join('clone'), '--depth=1');
  user.git('config', 'http.https://example.org/.extraheader', 'AUTHORIZATION: basic c2VjcmV0');
  user.git('config', 'url.file://.insteadOf', 'rewritten://');
  user.git('remote', 'set-url', 'origin', `rewritten://${origin.folder}`);
  const scratch = await scratchOf(user);
  await scratch.remote.need(base);
  const kept = readdirSync(join(scratch.folder, '.git'), { recursive: true, encoding: 'utf8' });
  for (const name of kept as RepositoryPath[]) {
    const file = join(scratch.folder, '.git', name);
    if (lstatSync(file).isFile()) expect(readFileSync(file, 'latin1')).not.toContain('c2VjcmV0');
  }
});
