import { describe, expect, test } from '@jest/globals';
import { Listing } from '../../src/formats/git-listing.js';
import type { RepositoryPath, TreeEntry } from '../../src/graph/tree.js';
import { repositoryPath } from '../support/builders.js';

function file(path: string, objectId = path): TreeEntry {
  return { path: repositoryPath(path), mode: '100644', objectId };
}

function paths(listing: Listing): RepositoryPath[] {
  return listing.entries.map((entry) => entry.path);
}

describe('Listing', () => {
  test('is sorted by code units, whatever order it is given in', () => {
    // Git sorts by bytes: the emoji stands last there, and before U+FFFD here.
    const listing = Listing.of(['a/b', 'a', '\uFFFD', '\u{1F600}', 'a.b', 'B'].map((path) => file(path)));
    expect(paths(listing)).toEqual(['B', 'a', 'a.b', 'a/b', '\u{1F600}', '\uFFFD']);
  });

  test('finds a file by its path, and no folder', () => {
    const listing = Listing.of([file('a/b', '1'), file('a/c', '2'), file('d', '3')]);
    expect(['a/b', 'a/c', 'd'].map((path) => listing.get(path)?.objectId)).toEqual(['1', '2', '3']);
    expect(['', 'a', 'a/', 'e', 'a/b/c'].map((path) => listing.get(path))).toEqual(Array(5).fill(undefined));
    expect(Listing.of([]).get('a')).toBeUndefined();
  });

  test('can be another one with some files gone, others new or replaced', () => {
    const listing = Listing.of([file('b'), file('d'), file('f'), file('h')]);
    const changed = listing.with(new Set([repositoryPath('d'), repositoryPath('x')]), [
      file('z'),
      file('f', 'new'),
      file('a'),
      file('e'),
    ]);
    expect(paths(changed)).toEqual(['a', 'b', 'e', 'f', 'h', 'z']);
    expect(changed.get('f')?.objectId).toBe('new');
    expect(paths(listing)).toEqual(['b', 'd', 'f', 'h']);
  });
});
