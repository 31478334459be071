import { expect, test } from '@jest/globals';
import { quotedInQuery } from '../../src/formats/query-words.js';

test('a word of a query stands in the quotes that it does not hold', () => {
  expect(quotedInQuery('//a:b c')).toBe('"//a:b c"');
  expect(quotedInQuery("//a:it's")).toBe('"//a:it\'s"');
  expect(quotedInQuery('//a:"b"')).toBe('\'//a:"b"\'');
});

test('a word with both kinds of quotes cannot be written in a query', () => {
  expect(quotedInQuery('//a:"it\'s"')).toBeNull();
});
