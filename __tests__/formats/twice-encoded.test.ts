import { expect, test } from '@jest/globals';
import { decodedOnce } from '../../src/formats/twice-encoded.js';

const twice = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

test.each(['//grüße:öl', '//日本:語', '//:😀'])('%s is read where it was encoded twice', (label) => {
  expect(decodedOnce(twice(label))).toBe(label);
});

test.each(['', '//a:b', '//grüße:öl', '//日本:語', '//:Ã', 'ÿþ'])('%p stays what it is', (text) => {
  expect(decodedOnce(text)).toBe(text);
});
