import { expect, test } from '@jest/globals';
import { hasPassed, OUTCOME_KINDS, worst, type Outcome } from '../../../src/leg/result/outcome.js';
import { BUILT, failed, PASSED } from './builders.js';

test('the worst of several outcomes is the same in any order', () => {
  const lost: Outcome = { kind: 'no status', message: '' };
  expect(worst([PASSED, failed(), lost]).kind).toBe('failed');
  expect(worst([lost, PASSED]).kind).toBe('no status');
});

test('which outcomes pass depends on the mode', () => {
  expect(hasPassed('test', PASSED)).toBe(true);
  expect(hasPassed('test', BUILT)).toBe(false);
  expect(hasPassed('release', BUILT)).toBe(false);
  expect(hasPassed('build', BUILT)).toBe(true);
});

test('an outcome that says that something went wrong passes in no mode', () => {
  const firstBad = OUTCOME_KINDS.indexOf('no status');
  for (const kind of OUTCOME_KINDS.slice(firstBad)) {
    for (const mode of ['test', 'build', 'release'] as const) {
      expect(hasPassed(mode, { kind } as Outcome)).toBe(false);
    }
  }
});
