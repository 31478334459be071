import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { repositoryPath, RevisionFiles, workspacePath } from '../../../src/loading/source/revision-files.js';
import { repositoryPath as inRepository, workspacePath as inWorkspace } from '../../support/builders.js';
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

async function filesOf(workspace: string, uncommitted?: Files): Promise<RevisionFiles> {
  const repository = await Repository.open(history.folder);
  const scratch = await ScratchRepository.create(repository, temporary.join('scratch'));
  if (uncommitted === undefined) return RevisionFiles.ofCommit(history.id(), workspace, scratch);
  history.write(uncommitted);
  return RevisionFiles.ofWorkingTree(history.id(), workspace, repository, scratch);
}

const paths = (files: RevisionFiles) => files.listing.entries.map((entry) => entry.path);

async function text(files: RevisionFiles, path: string): Promise<string | undefined> {
  return (await files.texts([inWorkspace(path)])).get(inWorkspace(path));
}

test('paths of the repository and of the workspace stand for each other', () => {
  expect(workspacePath(inRepository('ws/a/b'), 'ws')).toBe('a/b');
  expect(workspacePath(inRepository('wsx/a'), 'ws')).toBeNull();
  expect(workspacePath(inRepository('ws'), 'ws')).toBeNull();
  expect(workspacePath(inRepository('a'), '')).toBe('a');
  expect(repositoryPath(inWorkspace('a/b'), 'ws')).toBe('ws/a/b');
  expect(repositoryPath(inWorkspace('a/b'), '')).toBe('a/b');
});

describe("a commit's files", () => {
  test('are those of the workspace alone', async () => {
    history.commit({ 'ws/BUILD': '', 'ws/a/x': '', 'wsx/y': '', z: '' });
    expect(paths(await filesOf('ws'))).toEqual(['BUILD', 'a/x']);
  });

  test('have their texts, also behind symlinks, in the workspace or outside', async () => {
    history.commit({
      'common/rc': 'build --x',
      'ws/.bazelrc': { link: '../common/rc' },
      'ws/second': { link: 'first' },
      'ws/first': { link: 'real' },
      'ws/real': 'text',
      'ws/through': { link: 'folder/file' },
      'ws/folder': { link: 'other' },
      'ws/other/file': 'deep',
      'ws/gone': { link: 'nowhere' },
      'ws/round': { link: 'round' },
      'ws/out': { link: '/etc/hosts' },
    });
    const files = await filesOf('ws');
    expect(await text(files, '.bazelrc')).toBe('build --x');
    expect(await text(files, 'second')).toBe('text');
    expect(await text(files, 'through')).toBe('deep');
    for (const path of ['gone', 'round', 'out', 'folder', 'nowhere']) {
      expect([path, await text(files, path)]).toEqual([path, undefined]);
    }
  });

  test('have texts behind a symlink that goes up from the folder to which another one leads', async () => {
    history.commit({
      'ws/version': { link: 'deep/v1' },
      'ws/link': { link: 'version/../x' },
      'ws/deep/v1/y': '',
      'ws/deep/x': 'beside v1',
      'ws/x': 'beside the symlink',
    });
    expect(await text(await filesOf('ws'), 'link')).toBe('beside v1');
  });

  test('have texts behind as many symlinks as a system follows', async () => {
    const chain = Array.from({ length: 41 }, (_, at) => [`l${at + 1}`, { link: `l${at}` }] as const);
    history.commit({ l0: 'text', ...Object.fromEntries(chain) });
    const files = await filesOf('');
    expect([await text(files, 'l40'), await text(files, 'l41')]).toEqual(['text', undefined]);
  });

  test('have texts in the repository outside the workspace, and none of the machine', async () => {
    history.commit({ 'common.rc': 'common --x', 'ws/etc/hosts': 'not this one', 'ws/BUILD': '' });
    const files = await filesOf('ws');
    expect(await text(files, '../common.rc')).toBe('common --x');
    for (const path of ['/etc/hosts', '../../hosts']) expect(await text(files, path)).toBeUndefined();
  });

  test('have links whose own texts are asked for, also outside the workspace', async () => {
    history.commit({ 'ws/link': { link: '../x' }, 'ws/file': '', x: { link: 'y' }, y: '' });
    expect(await (await filesOf('ws')).linkTexts()).toEqual(
      new Map([
        ['ws/link', '../x'],
        ['x', 'y'],
      ]),
    );
  });
});

test("the working tree's files are the commit's with what is not committed", async () => {
  history.commit({ 'ws/kept': '1', 'ws/changed': '1', 'ws/deleted': '1', 'ws/link': { link: 'kept' } });
  const files = await filesOf('ws', {
    'ws/changed': '2',
    'ws/deleted': null,
    'ws/new ü': '3',
    'ws/link': { link: 'changed' },
    'out/side': '',
  });
  expect(paths(files).sort()).toEqual(['changed', 'kept', 'link', 'new ü']);
  const texts = await files.texts(['kept', 'changed', 'deleted', 'new ü', 'link'].map(inWorkspace));
  expect(Object.fromEntries(texts)).toEqual({ kept: '1', changed: '2', 'new ü': '3', link: '2' });
  expect(await files.linkTexts()).toEqual(new Map([['ws/link', 'changed']]));
});

test('the digest of all files tells each content, mode and place, and equal files have the same', async () => {
  history.commit({ 'ws/BUILD': '', other: 'x' });
  const committed = (await filesOf('ws')).digest();
  const digests = [committed];
  for (const change of [
    { other: 'y' },
    { other: { script: 'y' } },
    { other: { link: 'y' } },
    { another: 'y' },
  ]) {
    digests.push((await filesOf('ws', change)).digest());
    history.git('checkout', '--quiet', '.');
  }
  expect(new Set(digests).size).toBe(5);
  expect((await filesOf('')).digest()).toBe(committed);
});
