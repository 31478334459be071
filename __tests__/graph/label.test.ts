import { describe, expect, test } from '@jest/globals';
import {
  isBound,
  isMainRepository,
  LabelError,
  makeLabel,
  nameOf,
  packageOf,
  parseLabel,
  pathOf,
} from '../../src/graph/label.js';
import { label } from '../support/builders.js';

describe('parseLabel', () => {
  test.each(['//a:b', '@//a:b', '@@//a:b'])('reads %s as a label of the main repository', (text) => {
    expect(parseLabel(text)).toBe('//a:b');
  });

  test('names the target of a label without a colon after the last folder', () => {
    expect(parseLabel('//a/b')).toBe('//a/b:b');
    expect(parseLabel('@@//a')).toBe('//a:a');
    expect(parseLabel('@repo//x/y')).toBe('@repo//x/y:y');
  });

  test('keeps the name of another repository as Bazel prints it', () => {
    expect(parseLabel('@@rules~override//a:b')).toBe('@@rules~override//a:b');
    expect(parseLabel('@rules+//a:b')).toBe('@rules+//a:b');
  });

  test('keeps every character of a name', () => {
    for (const name of ['with space', 'a+b=c@d', 'ü/ñ.txt', "it's", 'a"b', '${{ x }}', 'x//y']) {
      expect(parseLabel(`@@//p:${name}`)).toBe(`//p:${name}`);
    }
  });

  test('refuses a text without //', () => {
    for (const text of ['', 'a:b', ':b', '@repo', '/a:b']) expect(() => parseLabel(text)).toThrow(LabelError);
  });
});

describe('the parts of a label', () => {
  test('are its package and its name', () => {
    expect(packageOf(label('//a/b:c/d.txt'))).toBe('a/b');
    expect(nameOf(label('//a/b:c/d.txt'))).toBe('c/d.txt');
    expect(packageOf(label('//:x'))).toBe('');
  });

  test('keep a colon and slashes inside the name in the name', () => {
    expect(nameOf(label('//a:b:c'))).toBe('b:c');
    expect(packageOf(label('//a:b//c'))).toBe('a');
  });

  test('make the path of a source file', () => {
    expect(pathOf(label('//a/b:c/d.txt'))).toBe('a/b/c/d.txt');
    expect(pathOf(label('//:README.md'))).toBe('README.md');
  });

  test('make a label again', () => {
    expect(makeLabel('a/b', 'c')).toBe('//a/b:c');
    expect(makeLabel('', 'c')).toBe('//:c');
  });
});

test('only labels without a repository name belong to the main repository', () => {
  expect(isMainRepository(label('@@//a:b'))).toBe(true);
  expect(isMainRepository(label('@repo//a:b'))).toBe(false);
  expect(isMainRepository(label('@@repo+//a:b'))).toBe(false);
});

test('only labels that `bind` defines are bound', () => {
  expect(
    ['//external:x/y', '//external/x:y', '//a/external:x', '@external//:x'].map(label).map(isBound),
  ).toEqual([true, false, false, false]);
});
