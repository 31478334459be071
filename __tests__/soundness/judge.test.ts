import { describe, expect, test } from '@jest/globals';
import { missesOf, type Miss } from '../../soundness/judge.js';
import type { Observation, State } from '../../soundness/oracle.js';
import type { Plan } from '../../soundness/planner.js';

const BUILT: State = 'built';
const NO_PLAN: Plan = { test: [], affected: [], excluded: [], everything: undefined };

/** A run of two tests and a library in which nothing was run again. */
function observation(changes: Partial<Observation> = {}): Observation {
  return {
    loads: true,
    ran: new Set(),
    passed: new Set(['//a:t', '//b:t']),
    tests: new Set(['//a:t', '//b:t']),
    states: new Map([
      ['//a:t', BUILT],
      ['//b:t', BUILT],
      ['//a:lib', BUILT],
    ]),
    outputs: new Map([
      ['//a:t', 'one'],
      ['//b:t', 'one'],
      ['//a:lib', 'one'],
    ]),
    log: '',
    ...changes,
  };
}

function missed(head: Observation, plan: Partial<Plan> = {}, base = observation()): [string, Miss['from']][] {
  return missesOf(base, head, { plan: { ...NO_PLAN, ...plan } }).map(({ label, from }) => [label, from]);
}

describe('a test that ran again', () => {
  const head = observation({ ran: new Set(['//a:t']) });

  test('is a miss of a plan that does not test it', () => {
    expect(missed(head, { test: ['//b:t'] })).toEqual([['//a:t', 'test']]);
  });

  test('is a miss of a plan that only calls it affected', () => {
    expect(missed(head, { affected: ['//a:t'] })).toEqual([['//a:t', 'test']]);
  });

  test('is no miss of a plan that tests it and more', () => {
    expect(missed(head, { test: ['//a:t', '//b:t'] })).toEqual([]);
  });

  test('is no miss of a plan that leaves it out and says so', () => {
    expect(missed(head, { excluded: ['//a:t'] })).toEqual([]);
  });

  test('says nothing if it failed at the base: it would run again without any change', () => {
    expect(missed(head, {}, observation({ passed: new Set(['//b:t']) }))).toEqual([]);
  });

  test('counts if it could not be built at the base', () => {
    const states = new Map([...observation().states, ['//a:t', 'failed' as const]]);
    expect(missed(head, {}, observation({ passed: new Set(), states }))).toEqual([['//a:t', 'test']]);
  });
});

describe('a target that is no test', () => {
  const outputs = new Map([...observation().outputs, ['//a:lib', 'two']]);

  test('is a miss if its outputs changed and the plan does not call it affected', () => {
    expect(missed(observation({ outputs }))).toEqual([['//a:lib', 'affected']]);
    expect(missed(observation({ outputs }), { affected: ['//a:lib'] })).toEqual([]);
  });

  test('is a miss if it is new', () => {
    const states = new Map([...observation().states, ['//a:new', BUILT]]);
    expect(missed(observation({ states }))).toEqual([['//a:new', 'affected']]);
  });

  test('is a miss if it no longer builds', () => {
    const states = new Map([...observation().states, ['//a:lib', 'failed' as const]]);
    expect(missed(observation({ states }))).toEqual([['//a:lib', 'affected']]);
  });
});

test('a test that no longer builds is a miss of a plan that does not test it', () => {
  const states = new Map([...observation().states, ['//a:t', 'failed' as const]]);
  expect(missed(observation({ states }))).toEqual([['//a:t', 'test']]);
});

describe('a head that does not load', () => {
  const head = observation({ loads: false });

  test('is a miss of a plan of some targets', () => {
    expect(missed(head, { test: ['//a:t', '//b:t'] })).toEqual([['', 'plan']]);
  });

  test('is no miss of a plan that fails, or runs everything', () => {
    expect(missed(head, { everything: 'a reason' })).toEqual([]);
    expect(missesOf(observation(), head, { error: 'The head does not load.' })).toEqual([]);
  });
});

test('a plan that fails for a head that loads is a miss', () => {
  const misses = missesOf(observation(), observation(), { error: 'first line\nlast line\n' });
  expect(misses).toEqual([{ label: '', from: 'plan', why: 'The plan failed: last line' }]);
});
