import { describe, expect, test } from '@jest/globals';
import { labelsOfEvent, labelsOfPattern } from '../../../src/leg/result/labels-of-event.js';

const twice = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

describe('the labels that an event may be about', () => {
  test.each(['//a:b', '//a:ü', '//日本:語', '@@rules_shell+//shell:x', '@@rules_shell~//shell:x'])(
    'hold %s, however often Bazel encoded it',
    (label) => {
      expect(labelsOfEvent(label)).toEqual([label]);
      expect(labelsOfEvent(twice(label))).toContain(label);
    },
  );

  test('are one label in every form that Bazel gives those of the main repository', () => {
    for (const written of ['//a:a', '//a', '@//a:a', '@@//a', '@@//a:a'])
      expect(labelsOfEvent(written)).toEqual(['//a:a']);
  });

  test('are none where the text is no label, or a pattern has more than one', () => {
    expect(labelsOfEvent('')).toEqual([]);
    expect(labelsOfPattern(['//a:a', '//b:b'])).toEqual([]);
  });
});
