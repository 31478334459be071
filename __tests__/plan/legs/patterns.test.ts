import { describe, expect, test } from '@jest/globals';
import { exclusionBy, matchingNothing, parsePattern, PatternError } from '../../../src/plan/legs/patterns.js';
import { graph, label, rule } from '../../support/builders.js';

const ALL = ['//:top', '//a:a', '//a:b', '//a/c:d', '//ab:x'];

function matching(pattern: string): string[] {
  const { matches } = parsePattern(pattern);
  return [...ALL, '@other//a:b'].filter((text) => matches(label(text)));
}

describe('a target pattern', () => {
  test.each([
    ['//...', ALL],
    ['//...:all', ALL],
    ['@//...', ALL],
    ['@@//...', ALL],
    ['//a/...', ['//a:a', '//a:b', '//a/c:d']],
    ['//a/...:*', ['//a:a', '//a:b', '//a/c:d']],
    ['//a', ['//a:a']],
    ['//a:b', ['//a:b']],
    ['//a:all', ['//a:a', '//a:b']],
    ['//a:*', ['//a:a', '//a:b']],
    ['//a:all-targets', ['//a:a', '//a:b']],
    ['//:all', ['//:top']],
    ['//:top', ['//:top']],
    ['//nowhere/...', []],
  ])('%s matches what it matches on the command line', (pattern, expected) => {
    expect(matching(pattern)).toEqual(expected);
  });

  test.each([
    ['//...', true],
    ['//a/...', true],
    ['//a/c:all', true],
    ['//a:b', true],
    ['//a', true],
    ['//a:gone', false],
    ['//a/c', false],
    ['//nowhere/...', false],
    ['//nowhere:all', false],
    ['-//nowhere/...', true],
  ])('%s is known to match something or nothing in a graph', (pattern, matchesSome) => {
    const made = graph(...ALL.map((name) => rule(name)));
    expect(matchingNothing([parsePattern(pattern)], made)).toHaveLength(matchesSome ? 0 : 1);
  });

  test('is negative with a minus', () => {
    expect(parsePattern('-//a/...')).toMatchObject({ negative: true, text: '-//a/...' });
    expect(matching('-//a:b')).toEqual(['//a:b']);
  });

  test.each(['', 'a:b', 'a/...', '@repo//a:b', '@@repo//...', '-', '--//a', '/a', '${{ x }}'])(
    'is not %j',
    (text) => {
      expect(() => parsePattern(text)).toThrow(PatternError);
    },
  );
});

describe('several patterns', () => {
  const exclusion = (text: string, ...patterns: readonly string[]) =>
    exclusionBy(patterns.map(parsePattern), label(text));

  test('leave a decision to the last that matches', () => {
    expect(exclusion('//a:b', '//...', '-//a/...')).toBe('-//a/...');
    expect(exclusion('//a:b', '//...', '-//a/...', '//a:b')).toBeNull();
    expect(exclusion('//ab:x', '//...', '-//a/...')).toBeNull();
  });

  test('leave out what none matches', () => {
    expect(exclusion('//ab:x', '//a/...')).toBe('');
  });

  test('are taken from all targets where all are negative', () => {
    expect(exclusion('//ab:x', '-//a/...')).toBeNull();
    expect(exclusion('//a:b', '-//a/...')).toBe('-//a/...');
  });
});
