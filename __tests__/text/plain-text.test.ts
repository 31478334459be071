import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clip, plainLine, plainText, tail } from '../../src/text/plain-text.js';

test('plain text keeps its lines and tabs and loses colours and control characters', () => {
  expect(plainText('\u001b[1ma\u001b[0m\r\nb\tc\u0000\rd')).toBe('a\nb\tc\nd');
});

test('a plain line is one line', () => {
  expect(plainLine(' a\n\n\tb ')).toBe('a b');
});

describe('tail', () => {
  test('keeps a short text as it is', () => {
    expect(tail('a\nb\n', 10, 100)).toBe('a\nb');
  });

  test('keeps the last lines and says how many it left out', () => {
    expect(tail('a\nb\nc\nd', 2, 100)).toBe('… 2 earlier lines left out\nc\nd');
    expect(tail('aaaa\nbbbb\ncccc', 10, 10)).toBe('… 1 earlier line left out\nbbbb\ncccc');
  });

  test('cuts one endless line at its beginning', () => {
    expect(tail('x'.repeat(50) + 'end', 10, 10)).toBe('… the beginning of this line left out\nxxxxxxxend');
  });

  test('is never longer than its limit and the note', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (s, bytes) => {
          const kept = tail(s, 5, bytes).split('\n');
          const body = kept[0]?.startsWith('… ') === true ? kept.slice(1) : kept;
          expect(Buffer.byteLength(body.join('\n'))).toBeLessThanOrEqual(bytes);
        },
      ),
    );
  });
});

test('clip marks what it cut', () => {
  expect(clip('abc', 3)).toBe('abc');
  expect(clip('abcd', 3)).toBe('ab…');
});
