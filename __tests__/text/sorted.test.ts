import { expect, test } from '@jest/globals';
import { lowerBound, sortedBy } from '../../src/text/sorted.js';

const itself = (text: string): string => text;

test('a text stands where the first one that is not before it stands', () => {
  const texts = ['b', 'd', 'd', 'f'];
  expect(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((text) => lowerBound(texts, text, itself))).toEqual([
    0, 0, 1, 1, 3, 3, 4,
  ]);
  expect(lowerBound([], 'a', itself)).toBe(0);
});

test('items are sorted by code units, and left as they are where they are sorted', () => {
  expect(sortedBy(['b', '\uFFFD', '\u{1F600}', 'B', 'a'], itself)).toEqual([
    'B',
    'a',
    'b',
    '\u{1F600}',
    '\uFFFD',
  ]);
  const sorted = ['a', 'a', 'b'];
  expect(sortedBy(sorted, itself)).toBe(sorted);
});
