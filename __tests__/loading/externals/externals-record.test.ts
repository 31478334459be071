import { describe, expect, test } from '@jest/globals';
import type { WorkspacePath } from '../../../src/graph/label.js';
import { holdsFor, isRead, leadsOut, recordOf } from '../../../src/loading/externals/externals-record.js';
import { RevisionEntries } from '../../../src/loading/inputs/revision-entries.js';
import { supplyTexts } from '../../../src/loading/inputs/texts.js';
import { workspacePath } from '../../support/builders.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';

const START = MemoryWorkspace.of({ 'conf/a.json': '{}', 'conf/deep/b.txt': 'b', 'src/c.cc': '' }).withLink(
  'link',
  'conf/deep',
);

async function entriesOf(workspace: MemoryWorkspace): Promise<RevisionEntries> {
  return supplyTexts(
    RevisionEntries.of(workspace.listing(), () => ({ kind: 'unknown' })),
    workspace.read,
  );
}

/** Whether a record of some reads, made of the start, holds for another revision. */
async function holds(reads: readonly string[], workspace: MemoryWorkspace): Promise<boolean> {
  const record = recordOf('same', reads.map(workspacePath), await entriesOf(START));
  return holdsFor(record, 'same', await entriesOf(workspace));
}

describe('a record of what external repositories read', () => {
  test.each<[string, MemoryWorkspace]>([
    ['nothing changed', START],
    ['another file changed', START.withFiles({ 'src/c.cc': 'int x;' })],
    ['a file was added elsewhere', START.withFiles({ 'src/d.cc': '' })],
  ])('holds where %s', async (_, workspace) => {
    expect(await holds(['conf/a.json', 'conf/deep', 'link/b.txt'], workspace)).toBe(true);
  });

  test.each<[string, MemoryWorkspace]>([
    ['a file', START.withFiles({ 'conf/a.json': '{"x": 1}' })],
    ['a file below a folder', START.withFiles({ 'conf/deep/b.txt': 'c' })],
    ['the files of a folder', START.withFiles({ 'conf/deep/new.txt': '' })],
  ])('does not hold where %s changed that was read', async (_, workspace) => {
    expect(await holds(['conf/a.json', 'conf/deep'], workspace)).toBe(false);
  });

  test('follows symlinks, and does not hold where one leads elsewhere', async () => {
    expect(await holds(['link/b.txt'], START.withFiles({ 'conf/deep/b.txt': 'c' }))).toBe(false);
    expect(await holds(['link/b.txt'], START.withLink('link', 'src'))).toBe(false);
  });

  test('follows the symlinks below a folder that was read', async () => {
    const start = START.withLink('conf/deep/more', '../../src/c.cc');
    const record = recordOf('same', [workspacePath('conf/deep')], await entriesOf(start));
    const changed = await entriesOf(start.withFiles({ 'src/c.cc': 'int x;' }));
    expect(holdsFor(record, 'same', changed)).toBe(false);
  });

  test.each([
    ['out', true],
    ['conf/out/file', true],
    ['conf', true],
    ['conf/deep', false],
    ['link', false],
  ])('knows whether a path leads out of the workspace, or one below it: %s', async (path, expected) => {
    const workspace = START.withLink('out', '../elsewhere').withLink('conf/out', '/etc');
    expect(leadsOut(workspacePath(path), await entriesOf(workspace))).toBe(expected);
  });

  test('with the whole workspace holds only where nothing changed', async () => {
    expect(await holds([''], START)).toBe(true);
    expect(await holds([''], START.withFiles({ 'src/c.cc': 'int x;' }))).toBe(false);
  });

  test('does not hold where something else decides what is read', async () => {
    const entries = await entriesOf(START);
    expect(holdsFor(recordOf('one', [], entries), 'other', entries)).toBe(false);
  });

  test('knows the paths that were read, and all below a folder', async () => {
    const record = recordOf('', ['conf/deep', 'src/c.cc'].map(workspacePath), await entriesOf(START));
    const isReadAt = (path: string): boolean => isRead(path as WorkspacePath, record);
    expect(['conf/deep/b.txt', 'src/c.cc', 'conf/a.json', 'src'].map(isReadAt)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
