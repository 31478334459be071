import { describe, expect, test } from '@jest/globals';
import { loggedReads, type KnownFiles } from '../../../src/loading/externals/logged-reads.js';

const PATHS = ['conf/a.json', 'conf/deep/b.txt', 'MODULE.bazel', 'x y/c.txt'];

const FILES: KnownFiles = {
  kindOf: (path) => {
    if (PATHS.includes(path)) return 'file';
    return path === '' || PATHS.some((each) => each.startsWith(`${path}/`)) ? 'folder' : 'missing';
  },
};

function reads(texts: readonly string[], environment: Record<string, string> = {}): string[] {
  const step = { by: 'repository @@made', texts, environment: new Map(Object.entries(environment)) };
  return [...loggedReads([step], ['/home/me/shop'], FILES, { PWD: '/home/me/shop', HOME: '/home/me' })];
}

describe('what a step of a repository rule reads', () => {
  test.each([
    ['/home/me/shop/conf/a.json', 'conf/a.json'],
    ['/home/me/shop/conf', 'conf'],
    ['/home/me/shop/conf/', 'conf'],
    ['/home/me/shop/conf//deep/./b.txt', 'conf/deep/b.txt'],
    ['/home/me/shop', ''],
    ['/home/me/shop/x y/c.txt', 'x y/c.txt'],
    ['--input=/home/me/shop/conf/a.json', 'conf/a.json'],
    ['cat /home/me/shop/conf/a.json | wc', 'conf/a.json'],
    ['cd /home/me/shop && ls', ''],
    ['/home/me/shop/conf/a.json:/usr/share', 'conf/a.json'],
    ['cat /home/me/shop/conf/*.json', 'conf'],
    ['/home/me/shop/conf/$NAME/b.txt', 'conf'],
    ['/home/me/shop/conf/../MODULE.bazel', ''],
    ['path = "/home/me/shop/conf/deep"', 'conf/deep'],
    ['@@//conf:a.json', 'conf/a.json'],
    ['@//:MODULE.bazel', 'MODULE.bazel'],
    ['//conf:deep/b.txt', 'conf/deep/b.txt'],
  ])('is the path in its text: %s', (text, path) => {
    expect(reads([text])).toEqual([path]);
  });

  test.each([
    '/home/me/shop2/conf/a.json',
    '/home/me/shop.old/conf/a.json',
    'conf/a.json',
    '/usr/bin/cat',
    '/home/me/shop/conf/not-there.json',
    '@@other~//conf:a.json',
    '@@//conf:not-there.json',
    '/home/me/shop/node_modules/not-there/index.js',
  ])('is nothing of the workspace: %s', (text) => {
    expect(reads([text])).toEqual([]);
  });

  test('is in all texts, and several times in one', () => {
    expect(reads(['x', '/home/me/shop/conf/a.json /home/me/shop/MODULE.bazel'])).toEqual([
      'conf/a.json',
      'MODULE.bazel',
    ]);
  });

  test('is also in the environment of a program, but not in what every program inherits', () => {
    expect(reads([], { WHERE: '/home/me/shop/conf' })).toEqual(['conf']);
    expect(reads([], { PWD: '/home/me/shop' })).toEqual([]);
    expect(reads([], { PWD: '/home/me/shop/conf' })).toEqual(['conf']);
  });
});
