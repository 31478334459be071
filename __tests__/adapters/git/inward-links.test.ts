import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inwardText } from '../../../src/adapters/git/inward-links.js';
import { repositoryPath } from '../../support/builders.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;
let above: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  above = realpathSync(temporary.path);
  mkdirSync(join(above, 'code/ws/real'), { recursive: true });
});

afterEach(() => {
  temporary.remove();
});

function rewritten(link: string, text: string): string {
  return inwardText(join(above, 'code/ws'), repositoryPath(link), text);
}

describe('a symlink that leads back into the checkout', () => {
  test('by an absolute path leads there directly, whether or not the file exists', () => {
    expect(rewritten('a/b/link', join(above, 'code/ws/r/f.txt'))).toBe('../../r/f.txt');
    expect(rewritten('link', join(above, 'code/ws/r'))).toBe('r');
    expect(rewritten('link', join(above, 'code/ws'))).toBe('.');
    expect(rewritten('a/link', `${above}//code/./ws/r/../f`)).toBe('../r/../f');
  });

  test('by an absolute path through symlinks outside leads there directly', () => {
    symlinkSync('code', join(above, 'other'));
    symlinkSync('code/ws/real', join(above, 'inner'));
    expect(rewritten('a/link', join(above, 'other/ws/f'))).toBe('../f');
    expect(rewritten('a/link', join(above, 'inner/f'))).toBe('../real/f');
  });

  test("by the names of the checkout's folders leads there directly", () => {
    expect(rewritten('a/link', '../../ws/r/f.txt')).toBe('../r/f.txt');
    expect(rewritten('a/link', '../../../code/ws/r')).toBe('../r');
    expect(rewritten('link', '../ws')).toBe('.');
  });

  test('more than once leads there directly', () => {
    expect(rewritten('a/link', '../../ws/../ws/r/f.txt')).toBe('../r/f.txt');
    expect(rewritten('a/link', join(above, 'code/ws') + '/../ws/r')).toBe('../r');
    expect(rewritten('link', '../ws/../../code/ws/../ws/r')).toBe('r');
  });
});

test.each([
  ['a/link', '../r/f.txt'],
  ['a/link', '../../other/f.txt'],
  ['a/link', '../../wsx/f.txt'],
  ['a/link', '../../..'],
  ['link', '/etc/hostname'],
  ['link', '/no/such/folder'],
  ['link', 'x/../../ws/f'],
])('another symlink stays as it is: %s -> %s', (link, text) => {
  expect(rewritten(link, text)).toBe(text);
});
