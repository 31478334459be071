import { expect, test } from '@jest/globals';
import { parseLabel } from '../../../src/graph/label.js';
import { matricesOf } from '../../../src/plan/legs/matrix.js';
import { labelLines, outputLines, planOutputs } from '../../../src/plan/report/plan-outputs.js';
import { commitId } from '../../support/builders.js';

const LABELS = ['//a:test', '//b:test'].map((label) => parseLabel(label));

test('the outputs of a plan have a matrix and a count for each mode', () => {
  const legs = LABELS.map((label) => ({
    name: label,
    mode: 'test' as const,
    targets: [label],
    runsOn: 'x',
  }));
  const outputs = planOutputs(
    {
      base: null,
      head: { commit: commitId('b'), workingTree: false },
      everything: { reason: 'why' },
      problems: ['one', 'two'],
    },
    { mode: 'build' },
    matricesOf(legs),
  );
  expect(outputs).toMatchObject({
    count: 2,
    'test-count': 2,
    'release-count': 0,
    'release-matrix': { include: [] },
    base: '',
    head: commitId('b'),
    mode: 'build',
    everything: 'why',
    problems: 'one\ntwo',
  });
});

test('outputs are lines of the file that GITHUB_OUTPUT names, whatever is in them', () => {
  const value = 'one\nhead=0\ntwo';
  const lines = [...outputLines({ count: 2, matrix: { include: [] }, problems: value, head: 'abc' })].join(
    '',
  );
  const [, end] = /^problems<<(.+)$/m.exec(lines) ?? [];
  expect(lines).toBe(`count=2\nmatrix={"include":[]}\nproblems<<${end}\n${value}\n${end}\nhead=abc\n`);
  expect(value).not.toContain(end);
});

test('labels stand on lines of their own, or before NULs', () => {
  expect([...labelLines(LABELS)].join('')).toBe('//a:test\n//b:test\n');
  expect([...labelLines(LABELS, '\0')].join('')).toBe('//a:test\0//b:test\0');
  expect([...labelLines([])]).toEqual([]);
});
