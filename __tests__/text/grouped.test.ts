import { expect, test } from '@jest/globals';
import { addToGroup } from '../../src/text/grouped.js';

test('values are listed by their keys, in the order in which they come', () => {
  const groups = new Map<string, number[]>();
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const)
    addToGroup(groups, key, value);
  expect([...groups]).toEqual([
    ['a', [1, 3]],
    ['b', [2]],
  ]);
});
