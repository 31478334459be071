import { describe, expect, test } from '@jest/globals';
import { fileNameOf, folderOf, foldersAbove, selfAndFoldersAbove } from '../../src/graph/folders.js';

describe('the folders of a path', () => {
  test('are listed with the nearest first and the workspace last', () => {
    expect([...foldersAbove('a/b/c')]).toEqual(['a/b', 'a', '']);
    expect([...foldersAbove('c')]).toEqual(['']);
    expect([...foldersAbove('')]).toEqual([]);
  });

  test('can be listed with the path itself before them', () => {
    expect([...selfAndFoldersAbove('a/b')]).toEqual(['a/b', 'a', '']);
    expect([...selfAndFoldersAbove('')]).toEqual(['']);
  });

  test('are told apart from its last name', () => {
    expect([folderOf('a/b/c'), fileNameOf('a/b/c')]).toEqual(['a/b', 'c']);
    expect([folderOf('c'), fileNameOf('c')]).toEqual(['', 'c']);
  });
});
