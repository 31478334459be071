import type { ReportedLeg } from '../../src/verdict/reported-leg.js';
import { WITHHELD } from '../../src/verdict/withheld-releases.js';
import type { PlannedLegs } from '../../src/plan/file/planned-legs.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLabel } from '../../src/graph/label.js';
import type { LegResult, TargetResult } from '../../src/leg/result/leg-result.js';
import type { Outcome } from '../../src/leg/result/outcome.js';
import { needsOfResults } from '../../src/verdict/needs.js';
import { problemSentences } from '../../src/verdict/problem.js';
import { judge, type Verdict } from '../../src/verdict/verdict.js';
import { BUILT, failed, legResult, needs, PASSED, plan, target } from '../leg/result/builders.js';

const JOB_RESULTS = ['success', 'failure', 'cancelled', 'skipped'] as const;

const FINE = needs({ plan: 'success', test: 'success', build: 'skipped', release: 'skipped' });

function reports(...results: readonly LegResult[]): ReportedLeg[] {
  return results.map((result, at) => ({ source: `result-${at}.json`, result }));
}

/** The verdict, its problems as sentences. */
function judged(...args: Parameters<typeof judge>): Omit<Verdict, 'problems'> & { problems: string[] } {
  const verdict = judge(...args);
  return { ...verdict, problems: problemSentences(verdict.problems) };
}

describe('a run succeeds', () => {
  test('if every planned target passed', () => {
    const flaky: Outcome = { kind: 'flaky', durationMs: 1, attempts: 2, shards: 1, logs: [] };
    const verdict = judged(
      plan('//a:a', '//b:b'),
      FINE,
      reports(legResult({ '//a:a': PASSED }), legResult({ '//b:b': flaky })),
    );
    expect(verdict).toMatchObject({
      conclusion: 'success',
      headline: 'All 2 targets passed.',
      problems: [],
    });
  });

  test('if nothing was planned, and says why', () => {
    const verdict = judged(plan(), needs({ plan: 'success', test: 'skipped' }), []);
    expect(verdict).toMatchObject({
      conclusion: 'success',
      headline: 'Nothing to do: no target is affected.',
      problems: [],
    });
  });

  test('if Bazel skipped a target that the platform cannot build', () => {
    const skipped = legResult({ '//a:a': { kind: 'incompatible', message: 'skipped' } });
    expect(judged(plan('//a:a'), FINE, reports(skipped)).conclusion).toBe('success');
  });
});

describe('a run fails and says so', () => {
  test('if its plan has a problem, though every target passed', () => {
    const planned = { ...plan('//a:a'), problems: ['1 release is withheld: GitHub does not answer.'] };
    expect(judged(planned, FINE, reports(legResult({ '//a:a': PASSED })))).toMatchObject({
      conclusion: 'failure',
      headline: 'The target passed, but the run has other problems.',
      problems: ['1 release is withheld: GitHub does not answer.'],
    });
    expect(judged({ ...plan(), problems: ['a problem'] }, FINE, []).conclusion).toBe('failure');
  });

  test('if a leg did not report a result', () => {
    const verdict = judged(plan('//a:a', '//b:b'), FINE, reports(legResult({ '//a:a': PASSED })));
    expect(verdict).toMatchObject({
      conclusion: 'failure',
      headline: '1 of 2 targets failed.',
      problems: [expect.stringContaining('The leg //b:b did not report a result')],
    });
    expect(verdict.targets[1]).toMatchObject({ standing: 'failed', outcome: { kind: 'no status' } });
  });

  test('if a leg was cancelled', () => {
    const cancelled = legResult(
      { '//a:a': { kind: 'no status', message: 'interrupted' } },
      { status: 'interrupted', message: 'Stopped by SIGTERM.' },
    );
    const verdict = judged(plan('//a:a'), needs({ plan: 'success', test: 'cancelled' }), reports(cancelled));
    expect(verdict.problems).toEqual([
      'The job test was cancelled or ran out of time.',
      'The leg //a:a did not end: Stopped by SIGTERM.',
    ]);
  });

  test('if a leg was cancelled before it could report', () => {
    const verdict = judged(plan('//a:a'), needs({ plan: 'success', test: 'cancelled' }), []);
    expect(verdict.conclusion).toBe('failure');
    expect(verdict.problems).toHaveLength(2);
  });

  test('if a result file is truncated', () => {
    const verdict = judged(plan('//a:a'), FINE, [{ source: 'result-a.json', error: 'it is not JSON' }]);
    expect(verdict.problems).toEqual([
      'The result file result-a.json cannot be read: it is not JSON.',
      expect.stringContaining('The leg //a:a did not report a result'),
    ]);
  });

  test('if a leg lost one of its targets, though the leg says that it succeeded', () => {
    const planned: PlannedLegs = {
      ...plan(),
      legs: [{ name: 'bin', mode: 'test', targets: [parseLabel('//a:a'), parseLabel('//b:b')] }],
    };
    const verdict = judged(planned, FINE, reports(legResult({ '//a:a': PASSED }, { name: 'bin' })));
    expect(verdict.problems).toEqual(['The leg bin reported no result for //b:b.']);
  });

  test('if a target failed, naming it: its leg and its job have nothing to add', () => {
    const result = legResult(
      { '//a:a': failed() },
      { status: 'failed', message: 'One test failed.', bazel: { exitCode: 3, message: null } },
    );
    const verdict = judged(plan('//a:a'), needs({ plan: 'success', test: 'failure' }), reports(result));
    expect(verdict.problems).toEqual(['//a:a failed.']);
  });

  test('if a target failed, and says what else its leg has to say', () => {
    const result = legResult(
      { '//a:a': failed(), '//b:b': { kind: 'no status', message: '' } },
      {
        name: 'bin',
        status: 'failed',
        message: 'Bazel crashed.',
        bazel: { exitCode: 37, message: null },
      },
    );
    const planned = {
      ...plan(),
      legs: [{ name: 'bin', mode: 'test', targets: [parseLabel('//a:a'), parseLabel('//b:b')] }],
    } as const;
    const verdict = judged(planned, needs({ plan: 'success', test: 'failure' }), reports(result));
    expect(verdict.problems).toEqual(['//a:a failed.', 'The leg bin failed: Bazel crashed.']);
  });

  test('if many legs fail in one way, in one line', () => {
    const broken = (label: string) =>
      legResult(
        { [label]: { kind: 'no status', message: '' } },
        { status: 'failed', message: 'A wrong option.', bazel: { exitCode: 2, message: 'ERROR: --nope' } },
      );
    const verdict = judged(
      plan('//a:a', '//b:b'),
      needs({ plan: 'success', test: 'failure' }),
      reports(broken('//a:a'), broken('//b:b')),
    );
    expect(verdict.problems).toEqual(['2 legs failed: A wrong option.']);
  });

  test('if all is cancelled, the cause first and the legs in one line', () => {
    const verdict = judged(
      plan('//a:a', '//b:b', '//c:c'),
      needs({ plan: 'success', test: 'cancelled', build: 'skipped', release: 'skipped' }),
      [],
    );
    expect(verdict.problems).toEqual([
      'The job test was cancelled or ran out of time.',
      '3 legs did not report a result: it was not started, was cancelled, or its result file was lost.',
    ]);
  });

  test('if no job runs a mode, which is all that needs can tell', () => {
    const built = { ...plan('//a:a', '//b:b') };
    const legs = built.legs.map((leg) => ({ ...leg, mode: 'build' as const }));
    const verdict = judged({ ...built, legs }, needs({ plan: 'success', test: 'success' }), []);
    expect(verdict.problems).toEqual([
      '2 legs did not report a result: the input needs has no job named build. A job has to run the legs of this mode, and the verdict has to wait for it.',
    ]);
    const elsewhere = judged(
      { ...built, legs },
      needs({ plan: 'success', compile: 'success' }),
      reports(legResult({ '//a:a': BUILT }, { mode: 'build' })),
    );
    expect(elsewhere.problems).toEqual([
      'The leg //b:b did not report a result: it was not started, was cancelled, or its result file was lost.',
    ]);
  });

  test('if a leg says that it succeeded and its target did not', () => {
    expect(judged(plan('//a:a'), FINE, reports(legResult({ '//a:a': failed() }))).problems).toEqual([
      '//a:a failed.',
    ]);
  });

  test('if a target has two results in one leg and one of them is bad', () => {
    const result = legResult({ '//a:a': PASSED });
    const twice = { ...result, targets: [...result.targets, ...legResult({ '//a:a': failed() }).targets] };
    const verdict = judged(plan('//a:a'), FINE, reports(twice));
    expect(verdict.conclusion).toBe('failure');
    expect(verdict.targets).toMatchObject([{ standing: 'failed', outcome: { kind: 'failed' } }]);
    expect(verdict.notes).toEqual(['//a:a has 2 results in //a:a: the worst counts.']);
  });

  test('if a leg reported twice and one of its results is bad, in either order', () => {
    const both = reports(
      legResult({ '//a:a': PASSED }),
      legResult({ '//a:a': failed() }, { status: 'failed' }),
    );
    for (const order of [both, both.toReversed()]) {
      const verdict = judged(plan('//a:a'), FINE, order);
      expect(verdict.conclusion).toBe('failure');
      expect(verdict.notes).toEqual(['The leg //a:a reported 2 times: the worst result counts.']);
    }
  });

  test('if the target was only built where it had to be tested', () => {
    expect(judged(plan('//a:a'), FINE, reports(legResult({ '//a:a': BUILT }))).problems).toEqual([
      '//a:a was only built.',
    ]);
  });

  test('if the result comes from a leg of another mode', () => {
    const verdict = judged(plan('//a:a'), FINE, reports(legResult({ '//a:a': BUILT }, { mode: 'build' })));
    expect(verdict.problems).toEqual([expect.stringContaining('did not report a result')]);
    expect(verdict.notes).toEqual([expect.stringContaining('not planned (build: //a:a)')]);
  });

  test('if the result of a planned target comes only from a leg that it was not planned in', () => {
    const verdict = judged(
      plan('//a:a', '//b:b'),
      FINE,
      reports(legResult({ '//a:a': PASSED, '//b:b': PASSED }, { name: '//a:a' })),
    );
    expect(verdict.conclusion).toBe('failure');
    expect(verdict.notes).toEqual(['//a:a reported //b:b, which is not in its plan: the result is ignored.']);
  });

  test('if a job failed though all its legs reported that their targets passed', () => {
    const verdict = judged(
      plan('//a:a'),
      needs({ plan: 'success', test: 'failure' }),
      reports(legResult({ '//a:a': PASSED })),
    );
    expect(verdict).toMatchObject({ conclusion: 'failure', problems: ['The job test failed.'] });
  });

  test.each(['failure', 'cancelled', 'skipped'] as const)(
    'if the job of the plan ended with %s',
    (result) => {
      expect(judged(plan(), needs({ plan: result }), [])).toMatchObject({
        conclusion: 'failure',
        headline: 'There is no plan.',
        problems: [expect.stringContaining('The job plan')],
      });
    },
  );

  test('if it does not wait for the plan', () => {
    expect(judged(plan(), needs({}), []).problems).toEqual([expect.stringContaining('Add it to the needs')]);
  });

  test('if the plan cannot be read', () => {
    const verdict = judged({ unreadable: 'The artifact p cannot be read.' }, FINE, []);
    expect(verdict).toMatchObject({
      conclusion: 'failure',
      headline: 'The plan cannot be read.',
      problems: ['The artifact p cannot be read. It is unknown what had to run.'],
    });
  });
});

test('a result for a target that was not planned is stated and changes nothing', () => {
  const good = judged(
    plan('//a:a'),
    FINE,
    reports(legResult({ '//a:a': PASSED }), legResult({ '//x:x': PASSED })),
  );
  expect(good.conclusion).toBe('success');
  expect(good.notes).toEqual([
    'result-1.json holds the results of a leg that was not planned (test: //x:x): they do not count.',
  ]);
  const bad = judged(plan('//a:a'), FINE, reports(legResult({ '//x:x': PASSED })));
  expect(bad.conclusion).toBe('failure');
});

test('a leg that was run again counts with its last attempt, and the first one is stated', () => {
  const verdict = judged(
    plan('//a:a'),
    FINE,
    reports(
      legResult({ '//a:a': PASSED }, { attempt: 2 }),
      legResult({ '//a:a': failed() }, { attempt: 1, status: 'failed' }),
    ),
  );
  expect(verdict.conclusion).toBe('success');
  expect(verdict.notes).toEqual([expect.stringContaining('attempt 1 and was run again')]);
});

test('whatever reports get lost or come in, a planned target that did not pass fails the run', () => {
  const labels = ['//a:a', '//b:b', '//c:c'];
  const anyReport = fc.record({
    label: fc.constantFrom(...labels, '//x:x'),
    outcome: fc.constantFrom<Outcome>(PASSED, failed(), BUILT, { kind: 'no status', message: '' }),
    status: fc.constantFrom('succeeded', 'failed', 'interrupted'),
    exitCode: fc.constantFrom(0, 1, 2, 3, null),
  });
  fc.assert(
    fc.property(
      fc.array(anyReport, { maxLength: 8 }),
      fc.array(fc.constantFrom('//r:r'), { maxLength: 1 }),
      fc.dictionary(fc.constantFrom('test', 'build', 'release'), fc.constantFrom(...JOB_RESULTS)),
      (seen, releases, jobs) => {
        const verdict = judged(
          { ...plan(...labels), legs: [...releaseLegs(...releases), ...plan(...labels).legs] },
          needs({ ...jobs, plan: 'success' }),
          reports(
            ...seen.map(({ label, outcome, status, exitCode }) =>
              legResult({ [label]: outcome }, { status, bazel: { exitCode, message: null } }),
            ),
          ),
        );
        const allGood =
          releases.length === 0 &&
          labels.every((label) => {
            const own = seen.filter((one) => one.label === label);
            return (
              own.length > 0 &&
              own.every(({ outcome, status }) => outcome.kind === 'passed' && status === 'succeeded')
            );
          });
        const isJobBad = Object.values(jobs).some((job) => job === 'failure' || job === 'cancelled');
        expect(verdict.conclusion).toBe(allGood && !isJobBad ? 'success' : 'failure');
        expect(verdict.problems.length === 0).toBe(verdict.conclusion === 'success');
      },
    ),
  );
});

describe('a release that was planned and not begun', () => {
  const planned: PlannedLegs = {
    ...plan(),
    legs: [...releaseLegs('//r:one', '//r:two'), ...plan('//a:a', '//b:b').legs],
  };
  const broken = legResult(
    { '//a:a': failed() },
    { status: 'failed', message: 'm', bazel: { exitCode: 3, message: null } },
  );
  const good = legResult({ '//b:b': PASSED });

  test('was withheld where a test failed, and does not count', () => {
    const verdict = judged(
      planned,
      needs({ plan: 'success', test: 'failure', build: 'skipped', release: 'skipped' }),
      reports(broken, good),
    );
    expect(verdict).toMatchObject({
      conclusion: 'failure',
      headline: '1 of 2 targets failed; 2 releases were withheld.',
      problems: ['//a:a failed.'],
    });
    expect(verdict.targets.map(({ standing }) => standing)).toEqual([
      'withheld',
      'withheld',
      'failed',
      'passed',
    ]);
    expect(verdict.targets[0]?.outcome).toEqual({ kind: 'withheld', message: WITHHELD });
  });

  test('was withheld where the job of the tests failed, whatever they reported', () => {
    const fine = [legResult({ '//a:a': PASSED }), good];
    expect(
      judged(planned, needs({ plan: 'success', test: 'failure', release: 'skipped' }), reports(...fine)),
    ).toMatchObject({
      conclusion: 'failure',
      headline: 'All 2 targets passed, but the run has other problems; 2 releases were withheld.',
      problems: ['The job test failed.'],
    });
  });

  test('is a failure where all else passed, or its job was not skipped', () => {
    const fine = [legResult({ '//a:a': PASSED }), good];
    expect(
      judged(planned, needs({ plan: 'success', test: 'success', release: 'skipped' }), reports(...fine)),
    ).toMatchObject({
      conclusion: 'failure',
      headline: '2 of 4 targets failed.',
      problems: ['2 legs did not report a result: the job release was skipped.'],
    });
    expect(
      judged(planned, needs({ plan: 'success', test: 'failure', release: 'failure' }), reports(broken, good)),
    ).toMatchObject({ headline: '3 of 4 targets failed.' });
  });
});

describe('releases that wait for all tests, in a job of their own beside the others', () => {
  const [early, late] = releaseLegs('//r:one', '//r:two');
  const planned: PlannedLegs = {
    ...plan(),
    legs: [
      ...(early === undefined ? [] : [early]),
      ...(late === undefined ? [] : [{ ...late, waitsForTests: true } as const]),
      ...plan('//a:a').legs,
    ],
  };
  const released = (label: string): LegResult =>
    legResult({ [label]: { kind: 'released', durationMs: 1, published: [] } }, { mode: 'release' });
  const red = legResult({ '//a:a': failed() }, { status: 'failed', bazel: { exitCode: 3, message: null } });
  const jobs = { plan: 'success', test: 'failure', build: 'skipped' } as const;

  test('are withheld where a test failed, and those that do not wait are not', () => {
    const verdict = judged(
      planned,
      needs({ ...jobs, release: 'success', 'late-release': 'skipped' }),
      reports(released('//r:one'), red),
    );
    expect(verdict).toMatchObject({
      headline: '1 of 2 targets failed; 1 release was withheld.',
      problems: ['//a:a failed.'],
    });
    expect(verdict.targets.map(({ standing }) => standing)).toEqual(['passed', 'withheld', 'failed']);
  });

  test('fail like others', () => {
    const unreleased = legResult(
      { '//r:two': { kind: 'failed to release', durationMs: 1, message: 'no', logs: [], published: [] } },
      { mode: 'release', status: 'failed', message: 'm', bazel: { exitCode: 7, message: null } },
    );
    const verdict = judged(
      planned,
      needs({ ...jobs, test: 'success', release: 'success', 'late-release': 'failure' }),
      reports(released('//r:one'), unreleased, legResult({ '//a:a': PASSED })),
    );
    expect(verdict.problems).toEqual(['//r:two failed to release. no']);
  });

  test('on a machine without jobs have the result that their legs had', () => {
    const legs = planned.legs.map((leg) => ({ ...leg, runsOn: 'x' }));
    const ofAll = [legResult({ '//a:a': PASSED }), released('//r:one'), released('//r:two')];
    expect(Object.fromEntries(needsOfResults(ofAll, legs))).toEqual({
      plan: 'success',
      test: 'success',
      build: 'skipped',
      release: 'success',
      'late-release': 'success',
    });
    expect(needsOfResults(ofAll.slice(0, 2), legs).get('late-release')).toBe('skipped');
    expect(needsOfResults(ofAll, legs.slice(0, 1)).has('late-release')).toBe(false);
  });
});

describe('a release whose own tests did not pass in its leg', () => {
  const planned: PlannedLegs = {
    ...plan(),
    legs: [...releaseLegs('//r:one', '//r:two'), ...plan('//a:a', '//b:b').legs],
  };
  const NEEDS = needs({ plan: 'success', test: 'success', build: 'skipped', release: 'failure' });
  const released = legResult(
    { '//r:two': { kind: 'released', durationMs: 1, published: [] } },
    { mode: 'release', ownTests: [target('//b:b', PASSED)] },
  );
  const withheld = (...ownTests: readonly TargetResult[]): LegResult =>
    legResult(
      { '//r:one': { kind: 'withheld', message: 'Not released, because 1 own test did not pass: //a:a.' } },
      { mode: 'release', status: 'failed', message: 'm', ownTests, bazel: { exitCode: 3, message: null } },
    );

  test('is withheld, and the test that failed is the problem, not the release', () => {
    const verdict = judged(
      planned,
      needs({ plan: 'success', test: 'failure', release: 'failure' }),
      reports(
        withheld(target('//a:a', failed())),
        released,
        legResult({ '//a:a': failed() }, { status: 'failed', bazel: { exitCode: 3, message: null } }),
        legResult({ '//b:b': PASSED }),
      ),
    );
    expect(verdict).toMatchObject({
      conclusion: 'failure',
      headline: '1 of 3 targets failed; 1 release was withheld.',
      problems: ['//a:a failed.'],
    });
    expect(verdict.targets.map(({ standing }) => standing)).toEqual([
      'withheld',
      'passed',
      'failed',
      'passed',
    ]);
  });

  test('is the problem where the test passed in its own leg, so that the run is not green', () => {
    const fine = [legResult({ '//a:a': PASSED }), legResult({ '//b:b': PASSED })];
    const verdict = judged(planned, NEEDS, reports(withheld(target('//a:a', failed())), released, ...fine));
    expect(verdict).toMatchObject({
      conclusion: 'failure',
      headline: 'All 3 targets passed, but the run has other problems; 1 release was withheld.',
    });
    expect(verdict.problems).toEqual([
      expect.stringMatching(/^\/\/r:one was not released: in its own job, \/\/a:a did not pass/),
    ]);
  });

  test('is the problem where the leg has no result of its tests', () => {
    const fine = [legResult({ '//a:a': PASSED }), legResult({ '//b:b': PASSED })];
    const verdict = judged(planned, NEEDS, reports(withheld(), released, ...fine));
    expect(verdict.problems).toEqual(['//r:one: Not released, because 1 own test did not pass: //a:a.']);
  });
});

function releaseLegs(...labels: readonly string[]): PlannedLegs['legs'] {
  return plan(...labels).legs.map((leg) => ({ ...leg, mode: 'release' }));
}
