import { describe, expect, test } from '@jest/globals';
import { resolveLink, throughSymlinks } from '../../src/affected/symlinks.js';
import { change, repositoryPath as path } from '../support/builders.js';

describe('resolveLink', () => {
  test.each([
    ['a/link', 'file', 'a/file'],
    ['a/link', './b//c/', 'a/b/c'],
    ['a/b/link', '../../x', 'x'],
    ['link', '.', ''],
    ['a/link', '..', ''],
  ])('leads from %s with %j to %j', (link, text, target) => {
    expect(resolveLink(path(link), text)).toBe(target);
  });

  test.each([
    ['link', '..'],
    ['a/link', '../../x'],
    ['a/link', '/etc/passwd'],
  ])('leaves the repository from %s with %j', (link, text) => {
    expect(resolveLink(path(link), text)).toBeNull();
  });
});

describe('throughSymlinks', () => {
  /** The paths at which a change of a path is seen. */
  function seen(changed: string, links: Readonly<Record<string, string>>): string[] {
    const symlinks = Object.entries(links).map(([link, leadsTo]) => ({
      path: path(link),
      leadsTo: path(leadsTo),
    }));
    const named = throughSymlinks([{ ...change(changed), path: path(changed) }], symlinks);
    for (const { origin } of named) expect(origin).toBe(changed);
    return named.map((one) => one.path);
  }

  test('shows a file under the name of a link to it', () => {
    expect(seen('a/file', { 'b/link': 'a/file', 'b/other': 'a/file2' })).toEqual(['a/file', 'b/link']);
  });

  test('shows what lies in a folder under the name of a link to the folder', () => {
    expect(seen('a/sub/file', { link: 'a' })).toEqual(['a/sub/file', 'link/sub/file']);
    expect(seen('ab/file', { link: 'a' })).toEqual(['ab/file']);
  });

  test('follows links to links', () => {
    expect(seen('real/x', { second: 'first', first: 'real', 'z/third': 'second/x' })).toEqual([
      'real/x',
      'first/x',
      'second/x',
      'z/third',
    ]);
  });

  test('comes to an end in circles of links', () => {
    expect(seen('a/x', { b: 'a', c: 'b', 'a/up': 'c', 'a/self': 'a', whole: '' }).length).toBeLessThan(100);
    expect(seen('a/x', { b: 'c', c: 'b' })).toEqual(['a/x']);
  });

  test('keeps the change itself where a link leads to the place of another change', () => {
    const both = ['a/file', 'link'].map((one) => ({ ...change(one), path: path(one) }));
    const named = throughSymlinks(both, [{ path: path('link'), leadsTo: path('a/file') }]);
    expect(named.map((one) => [one.path, one.origin])).toEqual([
      ['a/file', 'a/file'],
      ['link', 'link'],
    ]);
  });
});
