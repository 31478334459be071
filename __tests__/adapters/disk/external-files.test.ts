import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  contentDigest,
  isAbsent,
  isThere,
  starlarkTexts,
  textIfReadable,
} from '../../../src/adapters/disk/external-files.js';
import { writeFiles, type Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

function write(files: Files): void {
  writeFiles(temporary.path, files);
}

function digestOf(files: Files, path = 'x'): string | null {
  const folder = temporary.newFolder();
  writeFiles(folder, files);
  return contentDigest(`${folder}/${path}`);
}

describe('the digest of a file', () => {
  test('depends on its content and whether it can be run, and not on its name', () => {
    expect(digestOf({ x: 'a' })).toBe(digestOf({ y: 'a' }, 'y'));
    expect(digestOf({ x: 'a' })).not.toBe(digestOf({ x: 'b' }));
    expect(digestOf({ x: 'a' })).not.toBe(digestOf({ x: { script: 'a' } }));
  });

  test('is that of the file to which a symlink leads', () => {
    expect(digestOf({ x: { link: 'y' }, y: 'a' })).toBe(digestOf({ x: 'a' }));
    expect(digestOf({ x: { link: 'y' }, y: { link: 'z' }, z: 'b' })).not.toBe(digestOf({ x: 'a' }));
  });

  test('is null if it is missing, or a symlink that leads nowhere', () => {
    expect(digestOf({})).toBeNull();
    expect(digestOf({ x: { link: 'y' } })).toBeNull();
  });
});

describe('a path below a folder is certainly absent', () => {
  beforeEach(() => {
    write({ 'r/a/x': '', 'r/lost': { link: 'nowhere' }, linked: { link: 'r' } });
  });

  test.each(['y', 'a/y', 'b/c/y'])('if nothing is there: %s', (path) => {
    expect(isAbsent(temporary.join('r'), path)).toBe(true);
    expect(isAbsent(temporary.join('linked'), path)).toBe(true);
  });

  test.each(['a/x', 'a', '', 'lost', 'lost/y'])(
    'and not if something is there, or a symlink on the way leads nowhere: %p',
    (path) => {
      expect(isAbsent(temporary.join('r'), path)).toBe(false);
    },
  );

  test('and not if the folder itself is missing, or a symlink that leads nowhere', () => {
    expect(isAbsent(temporary.join('missing'), 'x')).toBe(false);
    expect(isAbsent(temporary.join('r/lost'), 'x')).toBe(false);
  });
});

describe('the digest of a folder', () => {
  const folder = { 'x/a': '1', 'x/b/c': '2' };

  test.each<Files>([
    { 'x/a': '1', 'x/b/c': '3' },
    { 'x/a': '1', 'x/b/d': '2' },
    { 'x/a': '1', 'x/b/c': { script: '2' } },
    { 'x/a': '1', 'x/b': '2' },
    { 'x/a': '1', 'x/b/c': '2', 'x/e': '' },
    { 'x/a': '12', 'x/b/c': '' },
  ])('depends on all that is in it: %j', (other) => {
    expect(digestOf(other)).not.toBe(digestOf(folder));
    expect(digestOf(other)).toBe(digestOf(other));
  });

  test('follows symlinks to folders, and ends if one leads above itself', () => {
    expect(digestOf({ 'x/a': '1', 'x/b': { link: '../y' }, 'y/c': '2' })).toBe(digestOf(folder));
    expect(digestOf({ 'x/a': '1', 'x/b': { link: '.' } })).not.toBeNull();
  });

  test('is null if a part of it leads nowhere', () => {
    expect(digestOf({ 'x/a': { link: 'gone' } })).toBeNull();
  });
});

describe('the Starlark files below a folder', () => {
  test('are BUILD files and code, also in symlinked folders', () => {
    write({
      'x/BUILD': 'a',
      'x/b/BUILD.bazel': 'b',
      'x/b/c.bzl': 'c',
      'x/b/d.scl': 'd',
      'x/b/other.txt': 'no',
      'x/BUILD.md': 'no',
      'x/linked': { link: '../y' },
      'y/BUILD': 'e',
      'x/f.bzl': { link: '../y/BUILD' },
      'x/nowhere': { link: 'gone' },
    });
    expect([...starlarkTexts(temporary.join('x'))]).toEqual([
      ['BUILD', 'a'],
      ['b/BUILD.bazel', 'b'],
      ['b/c.bzl', 'c'],
      ['b/d.scl', 'd'],
      ['f.bzl', 'e'],
      ['linked/BUILD', 'e'],
    ]);
  });

  test('end if a symlink leads above itself, and are found if the folder is one', () => {
    write({ 'x/b/BUILD': 'a', 'x/b/up': { link: '..' }, link: { link: 'x' } });
    expect([...starlarkTexts(temporary.join('link'))]).toEqual([['b/BUILD', 'a']]);
  });

  test('cannot be listed if the folder is missing', () => {
    expect(() => [...starlarkTexts(temporary.join('gone'))]).toThrow();
  });
});

test('anything with a path is there, also a symlink that leads nowhere', () => {
  write({ x: { link: 'gone' }, y: 'text' });
  expect(['x', 'y', 'z'].map((path) => isThere(temporary.join(path)))).toEqual([true, true, false]);
  expect(['x', 'y', 'z'].map((path) => textIfReadable(temporary.join(path)))).toEqual([null, 'text', null]);
});
