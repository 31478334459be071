import { describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../../src/graph/label.js';
import type { Leg } from '../../../src/plan/legs/leg.js';
import { notReleasedResult } from '../../../src/leg/result/not-released.js';

const LEG: Leg = {
  name: '//a:release',
  mode: 'release',
  targets: [parseLabel('//a:release')],
  runsOn: 'ubuntu-latest',
};

describe('a leg that did not release', () => {
  test('passes where a newer commit was released in its place', () => {
    expect(
      notReleasedResult(LEG, 1, new Date(), { kind: 'superseded', why: 'run 8 has released it' }),
    ).toMatchObject({
      status: 'succeeded',
      targets: [{ outcome: { kind: 'superseded', message: 'Not released: run 8 has released it.' } }],
    });
  });

  test('has failed where it was blocked', () => {
    expect(notReleasedResult(LEG, 1, new Date(), { kind: 'blocked', why: 'run 8 began it' })).toMatchObject({
      status: 'failed',
      message: 'Not released: run 8 began it.',
      targets: [{ outcome: { kind: 'no status' } }],
    });
  });
});
