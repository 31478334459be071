import { expect, test } from '@jest/globals';
import { plural } from '../../src/text/plural.js';

test.each([
  [0, 'target', '0 targets'],
  [1, 'target', '1 target'],
  [2, 'changed file', '2 changed files'],
])('%d and %j are %j', (count, noun, text) => {
  expect(plural(count, noun)).toBe(text);
});
