import { describe, expect, test } from '@jest/globals';
import { printedEnds, printedLabel, withoutDot } from '../../src/formats/printed-labels.js';

describe('a label as Bazel prints it', () => {
  test.each([
    ['//x:d', '//x:d'],
    ['//x/y', '//x/y:y'],
    ['@other//x', '@other//x:x'],
    ['@other', '@other//:other'],
    ['@@other+', '@@other+//:other+'],
    ['//x:a/.', '//x:a'],
    ['//x:.', '//x:.'],
  ])('%s is %s', (text, printed) => {
    expect(printedLabel(text)).toBe(printed);
  });
});

describe('how a label begins and ends as Bazel prints it', () => {
  test.each([
    ['as it is written if its name is', '//x/', ':d', '//x/', ':d'],
    ['without its end if that may belong to a package', '//x/', '/d', '//x/', ''],
    ['without a `/.` of which the last part is unknown', '//x:a/', '', '//x:a', ''],
    ['without a `/.` at its start', '//x:a/.', '', '//x:a', ''],
    ['without a `/.` at its end', '//x:a', '/.', '//x:a', ''],
    ['with a `/` in its package', '//x/', ':d.', '//x/', ''],
  ])('%s', (_, start, end, printedStart, printedEnd) => {
    expect(printedEnds({ start, end })).toEqual({ start: printedStart, end: printedEnd });
  });
});

test('only a `/.` at the end of a label is left out', () => {
  expect(['a/.', ':a/.', 'a.', 'a/./b'].map(withoutDot)).toEqual(['a', ':a', 'a.', 'a/./b']);
});
