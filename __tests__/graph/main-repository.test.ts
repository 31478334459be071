import { describe, expect, test } from '@jest/globals';
import { MainRepository } from '../../src/graph/main-repository.js';

const MAIN = MainRepository.named('own', 'mine');

describe('the main repository', () => {
  test('is called by its names, by none at all and by __main__', () => {
    expect(['own', 'mine', '', '__main__', 'other'].map((name) => MAIN.isCalled(name))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test('can get further names, by which it is told from the same one before', () => {
    const renamed = MAIN.alsoCalled('ours');
    expect(renamed.names).toEqual(['', '__main__', 'mine', 'ours', 'own']);
    expect(renamed.hasNamesOf(MainRepository.named('ours', 'mine', 'own'))).toBe(true);
    expect([renamed.hasNamesOf(MAIN), MAIN.hasNamesOf(renamed)]).toEqual([false, false]);
    expect(MAIN.hasNamesOf(MainRepository.named('own', 'other'))).toBe(false);
  });

  test.each([
    ['//a:b', '//a:b'],
    ['//a', '//a:a'],
    ['@//a:b', '//a:b'],
    ['@@own//a:b', '//a:b'],
    ['@mine', '//:mine'],
    ['@other//a:b', null],
    ['@other', null],
    ['a:b', null],
    [':b', null],
  ])('has for %s the label %s', (text, label) => {
    expect(MAIN.label(text)).toBe(label);
  });
});
