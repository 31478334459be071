import { describe, expect, test } from '@jest/globals';
import { resolveLink, throughSymlinks, type NamedChange } from '../../src/affected/symlinks.js';
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
  type Links = Readonly<Record<string, string>>;

  function follow(changed: readonly string[], links: Links): ReturnType<typeof throughSymlinks> {
    const symlinks = Object.entries(links).map(([link, leadsTo]) => ({
      path: path(link),
      leadsTo: path(leadsTo),
    }));
    return throughSymlinks(
      changed.map((one) => ({ ...change(one), path: path(one) })),
      symlinks,
    );
  }

  function namesOf(changed: readonly string[], links: Links): readonly NamedChange[] {
    const followed = follow(changed, links);
    if (followed.kind !== 'followed') throw new Error('too many names');
    return followed.changes;
  }

  /** The paths at which a change of a path is seen. */
  function seen(changed: string, links: Links): string[] {
    const named = namesOf([changed], links);
    for (const { origin } of named) expect(origin).toBe(changed);
    return named.map((one) => one.path);
  }

  /** So many links in one folder to another. */
  function linksTo(count: number, leadsTo: string, folder: string): Links {
    return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${folder}/to${at}`, leadsTo]));
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

  test('follows a chain as long as a system does', () => {
    const chain = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`l${at + 1}`, `l${at}`]));
    expect(seen('l0', chain)).toHaveLength(41);
  });

  test('comes to an end in circles of links', () => {
    const circle = { b: 'a', c: 'b', 'a/up': 'c', 'a/self': 'a', whole: '' };
    expect(seen('a/x', circle).length).toBeLessThan(1000);
    expect(seen('a/x', { b: 'c', c: 'b' })).toEqual(['a/x']);
  });

  test('gives up where links show a change at more paths than anybody could look at', () => {
    const circle = { ...linksTo(10, 'b', 'a'), ...linksTo(10, 'a', 'b') };
    expect(follow(['c/y', 'a/x'], circle)).toEqual({ kind: 'too many names', change: 'a/x' });
    const levels = Array.from({ length: 20 }, (_, at) => linksTo(2, `d${at}`, `d${at + 1}`));
    expect(follow(['d0/x'], Object.assign({}, ...levels) as Links)).toEqual({
      kind: 'too many names',
      change: 'd0/x',
    });
  });

  test('gives up on no change that is large by itself', () => {
    const files = Array.from({ length: 150_000 }, (_, at) => `a/${at}`);
    expect(namesOf(files, { 'b/link': 'a/7' })).toHaveLength(150_001);
  });

  test('leaves out names that no system can open', () => {
    const long = 'x'.repeat(250);
    const deep = Array.from({ length: 16 }, () => long).join('/');
    expect(seen(`a/${deep}`, { [`${long}/link`]: 'a' })).toEqual([`a/${deep}`]);
  });

  test('keeps the change itself where a link leads to the place of another change', () => {
    const named = namesOf(['a/file', 'link'], { link: 'a/file' });
    expect(named.map((one) => [one.path, one.origin])).toEqual([
      ['a/file', 'a/file'],
      ['link', 'link'],
    ]);
  });
});
