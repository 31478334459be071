import { describe, expect, test } from '@jest/globals';
import {
  isOutside,
  RevisionEntries,
  type LinkText,
  type LookOutside,
} from '../../../src/loading/inputs/revision-entries.js';
import { supplyTexts } from '../../../src/loading/inputs/texts.js';
import { workspacePath } from '../../support/builders.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';

const NOTHING_OUTSIDE: LookOutside = () => ({ kind: 'missing' });

const WORKSPACE = MemoryWorkspace.of({ 'a/BUILD': 'a', 'a/b/file': 'b', 'a.txt': 'c', BUILD: 'd' })
  .withLink('a/link', 'b/file')
  .withLink('folder', 'a/b')
  .withLink('out', '../shared')
  .withLink('loop', 'loop')
  .with('sub', { mode: '160000', text: 'e'.repeat(40) });

function entriesOf(
  workspace: MemoryWorkspace,
  outside: LookOutside = NOTHING_OUTSIDE,
  linkText?: LinkText,
): Promise<RevisionEntries> {
  return supplyTexts(RevisionEntries.of(workspace.listing(), outside, linkText), workspace.read);
}

test('the entries are all files, symlinks and submodules, sorted', async () => {
  const entries = await entriesOf(WORKSPACE);
  const paths = ['BUILD', 'a.txt', 'a/BUILD', 'a/b/file', 'a/link', 'folder', 'loop', 'out', 'sub'];
  expect([...entries].map(({ path }) => path)).toEqual(paths);
  expect(entries.paths.all).toEqual(paths);
  expect([...entries.submodules]).toEqual([['sub', 'e'.repeat(40)]]);
  expect([...entries.links]).toEqual([
    ['a/link', 'b/file'],
    ['folder', 'a/b'],
    ['loop', 'loop'],
    ['out', '../shared'],
  ]);
});

describe('the texts of the symlinks', () => {
  test('are the only ones that are read, all at once', () => {
    const reading = RevisionEntries.of(WORKSPACE.listing(), NOTHING_OUTSIDE);
    const asked = reading.next();
    expect(asked).toEqual({ done: false, value: expect.any(Array) });
    expect(asked.value).toHaveLength(4);
    expect(reading.next(new Map()).done).toBe(true);
  });

  test('are not asked for if there are none', () => {
    const plain = MemoryWorkspace.of({ BUILD: '' });
    expect(RevisionEntries.of(plain.listing(), NOTHING_OUTSIDE).next().done).toBe(true);
  });

  test('may be replaced by others', async () => {
    const entries = await entriesOf(WORKSPACE, NOTHING_OUTSIDE, (path, text) =>
      path === 'out' ? 'a.txt' : text,
    );
    expect(entries.fileAt('out')?.path).toBe('a.txt');
    expect(entries.fileAt('a/link')?.path).toBe('a/b/file');
  });
});

describe('a path of the workspace', () => {
  test.each([
    ['a.txt', 'a.txt'],
    ['./a//b/../BUILD', 'a/BUILD'],
    ['a/link', 'a/b/file'],
    ['folder/file', 'a/b/file'],
  ])('%s leads to the file %s', async (path, file) => {
    expect((await entriesOf(WORKSPACE)).fileAt(path)?.path).toBe(file);
  });

  test.each(['', 'a', 'folder', 'none', 'a.txt/x', 'loop', 'sub', 'sub/file', 'out', '../x', '/etc/hosts'])(
    '%j leads to no file',
    async (path) => {
      expect((await entriesOf(WORKSPACE)).fileAt(path)).toBeUndefined();
    },
  );

  test('is looked up as it stands, without following symlinks', async () => {
    const entries = await entriesOf(WORKSPACE);
    expect(entries.get(workspacePath('a/link'))).toMatchObject({ path: 'a/link', mode: '120000' });
    expect(entries.get(workspacePath('sub'))).toMatchObject({ mode: '160000' });
    expect(entries.get(workspacePath('folder/file'))).toBeUndefined();
    expect(entries.get(workspacePath('a'))).toBeUndefined();
  });
});

describe('a path outside the workspace', () => {
  test.each([
    ['../x', '../x'],
    ['/etc/hosts', '/etc/hosts'],
    ['..', '..'],
    ['a/../../x', '../x'],
    ['out', '../shared'],
    ['out/file', '../shared/file'],
    ['a/link', null],
    ['loop', null],
    ['sub/../x', null],
    ['..x', null],
  ])('%s leads out to %j', async (path, leadsTo) => {
    expect((await entriesOf(WORKSPACE)).leadsOutTo(path)).toBe(leadsTo);
  });

  test('is the file that the repository has there', async () => {
    const asked: string[] = [];
    const entries = await entriesOf(WORKSPACE, (path) => {
      asked.push(path);
      return { kind: 'file', objectId: 'f'.repeat(40) };
    });
    expect(entries.fileAnywhereAt('out/file')).toEqual({
      path: '../shared/file',
      mode: '100644',
      objectId: 'f'.repeat(40),
    });
    expect(entries.fileAnywhereAt('a/link')?.path).toBe('a/b/file');
    expect(entries.fileAnywhereAt('none')).toBeUndefined();
    expect(asked).toEqual(['../shared/file']);
  });

  test.each(['folder', 'missing', 'unknown'] as const)(
    'is no file if %s is all that is known',
    async (kind) => {
      const entries = await entriesOf(WORKSPACE, () => ({ kind }));
      expect(entries.fileAnywhereAt('../x')).toBeUndefined();
    },
  );
});

test('the entries below a folder are those in it, not those that begin with its name', async () => {
  const entries = await entriesOf(WORKSPACE);
  const below = (folder: string) => [...entries.below(workspacePath(folder))].map(({ path }) => path);
  expect(below('a')).toEqual(['a/BUILD', 'a/b/file', 'a/link']);
  expect(below('')).toHaveLength(9);
  expect(below('folder')).toEqual([]);
  expect(below('a.txt')).toEqual([]);
});

test('only its beginning tells whether a path by itself is outside', () => {
  expect(['/', '/x', '../x', '../../x'].filter(isOutside)).toHaveLength(4);
  expect(['', 'x', './x', '..x', '...', 'x/..', 'out'].filter(isOutside)).toEqual([]);
});
