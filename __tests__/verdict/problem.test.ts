import { expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import { problemSentences } from '../../src/verdict/problem.js';

test('legs with the same problem share one sentence, at the place of the first', () => {
  expect(
    problemSentences([
      { kind: 'leg failed', leg: 'a', message: 'No disk.' },
      { kind: 'leg failed', leg: 'b', message: 'No network.' },
      { kind: 'leg failed', leg: 'c', message: 'No disk.' },
      { kind: 'leg interrupted', leg: 'd', message: 'No disk.' },
    ]),
  ).toEqual(['2 legs failed: No disk.', 'The leg b failed: No network.', 'The leg d did not end: No disk.']);
});

test('problems that are not of legs each keep their sentence', () => {
  expect(
    problemSentences([
      { kind: 'plan problem', sentence: 'Something.' },
      { kind: 'plan problem', sentence: 'Something.' },
      { kind: 'target', label: parseLabel('//a:a'), outcome: 'failed', detail: null },
    ]),
  ).toEqual(['Something.', 'Something.', '//a:a failed.']);
});

test('a release that failed says how its program ended', () => {
  const message = 'It was built, but its program ended with exit code 7.';
  expect(
    problemSentences([
      { kind: 'target', label: parseLabel('//r:r'), outcome: 'failed to release', detail: message },
    ]),
  ).toEqual([`//r:r failed to release. ${message}`]);
});
