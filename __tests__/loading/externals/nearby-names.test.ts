import { describe, expect, test } from '@jest/globals';
import { NearbyNames } from '../../../src/loading/externals/nearby-names.js';
import { UNKNOWN } from '../../../src/loading/externals/named-paths.js';

/** Which of some paths beside a file code may name with these texts. */
function named(texts: readonly string[], ...paths: readonly string[]): string[] {
  const names = new NearbyNames(texts);
  return paths.filter((path) => names.has(path));
}

describe('names beside a file', () => {
  test('are those of files and folders, with all that is in them', () => {
    expect(named(['b.txt', 'src'], 'b.txt', 'src', 'src/deep/c.txt', 'c.txt', 'src2', 'my/b.txt')).toEqual([
      'b.txt',
      'src',
      'src/deep/c.txt',
    ]);
  });

  test('are the folders on the way, because a folder may be a symlink', () => {
    expect(named(['conf/deep/a.txt'], 'conf', 'conf/deep', 'conf/deep/a.txt', 'conf/other')).toEqual([
      'conf',
      'conf/deep',
      'conf/deep/a.txt',
    ]);
  });

  test.each(['.lock', '_deps.txt', '-lock.json'])('may end with %s, put behind another name', (ending) => {
    const paths = [`a${ending}`, `deep/b${ending}`, `a${ending}.old`];
    expect(named([ending], ...paths)).toEqual(paths.slice(0, 2));
  });

  test('are no endings if they begin like names', () => {
    expect(named(['lock'], 'yarn.lock', 'a-lock', 'lock')).toEqual(['lock']);
  });

  test('may have unknown parts: in one folder at the start, and of any depth behind it', () => {
    expect(named([`${UNKNOWN}.toml`], 'a.toml', 'deep/a.toml', 'a.json')).toEqual(['a.toml']);
    expect(named([`src/${UNKNOWN}.toml`], 'src/a.toml', 'src/deep/a.toml', 'a.toml')).toEqual([
      'src/a.toml',
      'src/deep/a.toml',
    ]);
  });

  test('are none without texts', () => {
    expect(named([], 'a.txt', 'a')).toEqual([]);
  });
});
