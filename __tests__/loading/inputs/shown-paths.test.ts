import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/graph/change.js';
import { symlinksAmong, throughSymlinks, type NamedChange } from '../../../src/loading/inputs/shown-paths.js';
import type { RepositoryPath } from '../../../src/graph/tree.js';
import { change, repositoryPath as path } from '../../support/builders.js';

describe('symlinksAmong', () => {
  function among(texts: Readonly<Record<string, string>>): string[] {
    const byPath = new Map(Object.entries(texts).map(([link, text]) => [path(link), text]));
    return symlinksAmong(byPath).map((link) => `${link.path} -> ${link.leadsTo}`);
  }

  test('leaves out links that leave the repository', () => {
    expect(among({ 'a/in': '../x', out: '../x', absolute: '/x' })).toEqual(['a/in -> x']);
  });

  test('names the end of a way through a link to a folder above itself', () => {
    expect(among({ 'a/l': '../self/x', self: '.' })).toEqual(['a/l -> self/x', 'a/l -> x', 'self -> ']);
    expect(among({ 'a/l': 'b/up/x', 'a/b/up': '..' })).toEqual([
      'a/l -> a/b/up/x',
      'a/l -> a/x',
      'a/b/up -> a',
    ]);
  });

  test('goes up from where a folder really is, and names the folder that it goes up from', () => {
    expect(among({ l: 'cur/../x', cur: 'deep/v1' })).toEqual([
      'l -> x',
      'l -> cur',
      'l -> deep/x',
      'cur -> deep/v1',
    ]);
  });
});

describe('throughSymlinks', () => {
  type Links = Readonly<Record<string, string>>;

  function follow(
    changed: readonly Change<RepositoryPath>[],
    links: Links,
  ): ReturnType<typeof throughSymlinks> {
    const symlinks = Object.entries(links).map(([link, leadsTo]) => ({
      path: path(link),
      leadsTo: path(leadsTo),
    }));
    return throughSymlinks(changed, symlinks);
  }

  function files(changed: readonly string[]): Change<RepositoryPath>[] {
    return changed.map((one) => ({ ...change(one), path: path(one) }));
  }

  function namesOf(changed: readonly string[], links: Links): readonly NamedChange[] {
    const followed = follow(files(changed), links);
    if (followed.kind !== 'followed') throw new Error('too many names');
    return followed.changes;
  }

  /** The paths at which a change of a path is shown. */
  function shownPaths(changed: string, links: Links): string[] {
    const named = namesOf([changed], links);
    for (const { origin } of named) expect(origin).toBe(changed);
    return named.map((one) => one.path);
  }

  /** So many links in one folder to another. */
  function linksTo(count: number, leadsTo: string, folder: string): Links {
    return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${folder}/to${at}`, leadsTo]));
  }

  test('shows a file under the name of a link to it', () => {
    expect(shownPaths('a/file', { 'b/link': 'a/file', 'b/other': 'a/file2' })).toEqual(['a/file', 'b/link']);
  });

  test('shows what lies in a folder under the name of a link to the folder', () => {
    expect(shownPaths('a/sub/file', { link: 'a' })).toEqual(['a/sub/file', 'link/sub/file']);
    expect(shownPaths('ab/file', { link: 'a' })).toEqual(['ab/file']);
  });

  test('follows links to links', () => {
    expect(shownPaths('real/x', { second: 'first', first: 'real', 'z/third': 'second/x' })).toEqual([
      'real/x',
      'first/x',
      'second/x',
      'z/third',
    ]);
  });

  test('follows a chain as long as a system does', () => {
    const chain = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`l${at + 1}`, `l${at}`]));
    expect(shownPaths('l0', chain)).toHaveLength(41);
  });

  test('comes to an end in circles of links', () => {
    const circle = { b: 'a', c: 'b', 'a/up': 'c', 'a/self': 'a', whole: '' };
    expect(shownPaths('a/x', circle).length).toBeLessThan(1000);
    expect(shownPaths('a/x', { b: 'c', c: 'b' })).toEqual(['a/x']);
  });

  test('gives up where links show a change at more paths than anybody could look at', () => {
    const circle = { ...linksTo(10, 'b', 'a'), ...linksTo(10, 'a', 'b') };
    expect(follow(files(['c/y', 'a/x']), circle)).toEqual({ kind: 'too many names', change: 'a/x' });
    const levels = Array.from({ length: 20 }, (_, at) => linksTo(2, `d${at}`, `d${at + 1}`));
    expect(follow(files(['d0/x']), Object.assign({}, ...levels) as Links)).toEqual({
      kind: 'too many names',
      change: 'd0/x',
    });
  });

  test('gives up on no change that is large by itself', () => {
    const many = Array.from({ length: 150_000 }, (_, at) => `a/${at}`);
    expect(namesOf(many, { 'b/link': 'a/7' })).toHaveLength(150_001);
  });

  test('leaves out names that no system can open', () => {
    const long = 'x'.repeat(250);
    const deep = Array.from({ length: 16 }, () => long).join('/');
    expect(shownPaths(`a/${deep}`, { [`${long}/link`]: 'a' })).toEqual([`a/${deep}`]);
  });

  describe('through a changed symlink or submodule', () => {
    const linkChanges = {
      symlink: { modeBefore: '120000', modeAfter: '120000' },
      'new symlink': { modeBefore: '000000', modeAfter: '120000' },
      'deleted symlink': { modeBefore: '120000', modeAfter: '000000' },
      submodule: { modeBefore: '160000', modeAfter: '160000' },
    };

    function shownOf(linkChange: Pick<NamedChange, 'modeBefore' | 'modeAfter'>, links: Links): NamedChange[] {
      const followed = follow([{ ...change('cur'), ...linkChange, path: path('cur') }], links);
      if (followed.kind !== 'followed') throw new Error('too many names');
      return [...followed.changes];
    }

    test.each(Object.entries(linkChanges))(
      'shows the change of a %s at the links that lead behind it',
      (_, linkChange) => {
        const links = { 'a/l.txt': 'cur/f.txt', 'a/d': 'cur/sub/deep', 'a/not': 'current/f', cur: 'v2' };
        expect(
          shownOf(linkChange, links).map((one) => [one.path, one.origin, one.modeBefore, one.modeAfter]),
        ).toEqual(
          ['cur', 'a/l.txt', 'a/d'].map((at) => [at, 'cur', linkChange.modeBefore, linkChange.modeAfter]),
        );
      },
    );

    test('goes on from there: what lies behind such a link may be another thing, too', () => {
      const links = { one: 'cur/x', two: 'one/y', three: 'two', four: 'over/cur/x', over: '.' };
      expect(shownOf(linkChanges.symlink, links).map((one) => one.path)).toEqual([
        'cur',
        'one',
        'two',
        'three',
      ]);
    });

    test('counts more than the change of a file at the same place', () => {
      const file = { ...change('cur/f', 'deleted'), path: path('cur/f') };
      const linkChange = { ...change('cur', 'added'), ...linkChanges['new symlink'], path: path('cur') };
      const followed = follow([file, linkChange], { cur: 'v2', l: 'cur/f', m: 'l/y' });
      if (followed.kind !== 'followed') throw new Error('too many names');
      expect(followed.changes.map((one) => [one.path, one.origin])).toEqual([
        ['cur/f', 'cur/f'],
        ['cur', 'cur'],
        ['l', 'cur'],
        ['m', 'cur'],
      ]);
    });

    test('shows nothing at them where what changed is a file', () => {
      expect(shownPaths('cur', { 'a/l.txt': 'cur/f.txt' })).toEqual(['cur']);
    });
  });

  test('keeps the change itself where a link leads to the place of another change', () => {
    const named = namesOf(['a/file', 'link'], { link: 'a/file' });
    expect(named.map((one) => [one.path, one.origin])).toEqual([
      ['a/file', 'a/file'],
      ['link', 'link'],
    ]);
  });
});
