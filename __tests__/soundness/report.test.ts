import { expect, test } from '@jest/globals';
import type { Judged } from '../../soundness/chain.js';
import type { Miss } from '../../soundness/judge.js';
import { isOfExternals, summaryOf } from '../../soundness/report.js';

const MISS: Miss = { label: '//a:t', from: 'test', why: 'The test ran again.' };

function judged(edit: number, kinds: readonly string[], changes: Partial<Judged> = {}): Judged {
  return {
    place: { seed: 1, workspace: 1, edit, takenBack: [] },
    kinds,
    loads: true,
    takenBack: false,
    ran: ['//a:t'],
    changed: 0,
    tests: 2,
    plan: { plan: { test: ['//a:t', '//b:t'], affected: [], excluded: [], everything: undefined } },
    planWithoutSnapshots: undefined,
    misses: [],
    unconfirmed: [],
    base: {},
    head: {},
    log: '',
    seconds: { oracle: 1, plans: 1 },
    ...changes,
  };
}

test('an edit is one of externals if all that it changes is', () => {
  expect(isOfExternals({ kinds: ['externals: lock, comment', 'externals: list, format'] })).toBe(true);
  expect(isOfExternals({ kinds: ['externals: lock, comment', 'modify: source'] })).toBe(false);
});

test('the summary counts edits of externals, those that made a test run again, and misses', () => {
  const text = summaryOf([
    judged(1, ['externals: lock, comment'], { ran: [] }),
    judged(2, ['externals: lock, comment', 'externals: list, format']),
    judged(3, ['externals: lock, comment'], { misses: [MISS] }),
    judged(4, ['modify: source']),
  ]);
  expect(text).toContain('3 edits changed only what externals read: 2 made a test run again, 1 with misses.');
});

test('the summary has the precision and the misses of single edits by kind', () => {
  const text = summaryOf([
    judged(1, ['externals: lock, comment'], { misses: [MISS] }),
    judged(2, ['externals: lock, comment']),
    judged(3, ['modify: source']),
  ]);
  expect(text).toContain('| externals: lock, comment | 2 | 1 | 0 | 0 | 4 | 2 | 2.00 |');
  expect(text).toContain('| all single edits of externals | 2 | 1 | 0 | 0 | 4 | 2 | 2.00 |');
  expect(text).toContain('| all single edits | 3 | 1 | 0 | 0 | 6 | 3 | 2.00 |');
});

test('the summary ends with the replay of each miss', () => {
  const text = summaryOf([
    judged(3, ['modify: source', 'rc: comment'], {
      misses: [MISS],
      place: { seed: 1, workspace: 2, edit: 3, takenBack: [2] },
    }),
  ]);
  expect(text.split('\n').at(-1)).toBe('  --replay 1/2/3~2  modify: source + rc: comment');
});
