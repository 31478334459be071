import { expect, test } from '@jest/globals';
import { listingText, reached, type Listing } from '../../../soundness/externals/listing.js';

const LOCK: Listing = {
  format: 'lines',
  entries: [
    { name: 'a', version: '1', needs: ['b'] },
    { name: 'b', version: '2', needs: ['c'] },
    { name: 'c', version: '3', needs: [] },
    { name: 'd', version: '4', needs: ['a'] },
  ],
  comment: 0,
  space: 0,
};

test('packages are reached through others, and not backwards', () => {
  expect([...reached(LOCK, ['b'])]).toEqual(['b', 'c']);
});

test('a lock of lines has a package in each', () => {
  expect(listingText({ ...LOCK, comment: 7 })).toBe('# Comment 7\na==1 b\nb==2 c\nc==3\nd==4 a\n');
});

test('a lock in JSON has the same packages, in any format', () => {
  const texts = [0, 2].map((space) => listingText({ ...LOCK, format: 'json', space }));
  expect(texts[0]).not.toBe(texts[1]);
  expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([0, 2].map(() => expect.anything()));
  expect(JSON.parse(texts[0] ?? '')).toEqual(JSON.parse(texts[1] ?? ''));
  expect(JSON.parse(texts[0] ?? '')).toMatchObject({ packages: { a: { version: '1', deps: ['b'] } } });
});

test('a list of files has their names only', () => {
  const entries = [{ name: 'one.txt', version: undefined, needs: [] }];
  expect(listingText({ ...LOCK, entries })).toBe('one.txt\n');
  expect(listingText({ ...LOCK, entries, format: 'json' })).toBe('{"files":["one.txt"]}\n');
});
