import { describe, expect, test } from '@jest/globals';
import type { LegResult, TargetResult } from '../../src/leg/result/leg-result.js';
import type { Outcome } from '../../src/leg/result/outcome.js';
import type { Mode } from '../../src/plan/legs/leg.js';
import { isFailed, judgeLeg, type LegJudgement } from '../../src/verdict/judged-leg.js';
import { BUILT, failed, legResult, PASSED } from '../leg/result/builders.js';
import { labels } from '../support/builders.js';

const NO_STATUS: Outcome = { kind: 'no status', message: 'Bazel reported nothing about this target.' };
const FAILED = { status: 'failed', message: 'It broke.' } as const;
const TESTS_FAILED = { exitCode: 3, message: null };
const CRASHED = { exitCode: 37, message: null };

/** The judgement on a leg named bin. */
function judged(
  targets: readonly string[],
  results: readonly LegResult[],
  mode: Mode = 'test',
): LegJudgement {
  return judgeLeg(
    { name: 'bin', mode, targets: labels(...targets) },
    results.map((result, at) => ({ source: `result-${at}.json`, result })),
  );
}

function result(targets: Readonly<Record<string, Outcome>>, changes: Partial<LegResult> = {}): LegResult {
  return legResult(targets, { name: 'bin', ...changes });
}

describe('a leg', () => {
  test('whose targets all passed has no problem and no note', () => {
    const report = result({ '//:a': PASSED, '//:b': PASSED });
    expect(judged(['//:b', '//:a'], [report])).toEqual({
      leg: { name: 'bin', mode: 'test', result: report },
      targets: ['//:b', '//:a'].map((label) => ({
        label,
        mode: 'test',
        leg: 'bin',
        outcome: PASSED,
        location: null,
        standing: 'passed',
      })),
      targetProblems: [],
      withheldProblems: [],
      legProblems: [],
      notes: [],
    });
  });

  test('without a report has no result, and all its targets failed', () => {
    const judgement = judged(['//:a', '//:b'], []);
    expect(judgement).toMatchObject({
      leg: { result: null },
      targetProblems: [],
      legProblems: [],
      notes: [],
    });
    expect(judgement.targets.map((target) => [isFailed(target), target.outcome])).toEqual(
      Array(2).fill([true, { kind: 'no status', message: 'Its leg reported no result.' }]),
    );
  });

  test('that failed is shown by that report, in either order', () => {
    const [passed, broken] = [result({ '//:a': PASSED }), result({ '//:a': PASSED }, FAILED)];
    expect(judged(['//:a'], [passed, broken]).leg.result).toBe(broken);
    expect(judged(['//:a'], [broken, passed]).leg.result).toBe(broken);
  });

  test.each([0, 1, 3, 37])(
    'that failed though its targets passed is a problem, with exit code %i',
    (exitCode) => {
      const report = result({ '//:a': PASSED }, { ...FAILED, bazel: { exitCode, message: null } });
      expect(judged(['//:a'], [report])).toMatchObject({
        targetProblems: [],
        legProblems: [{ kind: 'leg failed', leg: 'bin', message: 'It broke.' }],
      });
    },
  );

  test('that was interrupted is a problem, even if a failed target could explain it', () => {
    const stopped = result(
      { '//:a': failed() },
      { status: 'interrupted', message: 'Stopped by SIGTERM.', bazel: TESTS_FAILED },
    );
    expect(judged(['//:a'], [stopped])).toMatchObject({
      targetProblems: [{ kind: 'target', label: '//:a' }],
      legProblems: [{ kind: 'leg interrupted', leg: 'bin', message: 'Stopped by SIGTERM.' }],
    });
  });

  test('has nothing to add to its failed targets, if they explain the exit code', () => {
    const problemsOf = (exitCode: number | null, mode: Mode = 'test') =>
      judged(
        ['//:a'],
        [
          legResult(
            { '//:a': failed() },
            { name: 'bin', mode, ...FAILED, bazel: { exitCode, message: null } },
          ),
        ],
        mode,
      ).legProblems;
    expect(problemsOf(3)).toEqual([]);
    expect(problemsOf(1, 'build')).toEqual([]);
    expect(problemsOf(37)).toMatchObject([{ kind: 'leg failed' }]);
    expect(problemsOf(null)).toMatchObject([{ kind: 'leg failed' }]);
    // A release ends with the exit code of its program.
    expect(problemsOf(37, 'release')).toEqual([]);
  });
});

describe('a target', () => {
  test.each([
    ['test', PASSED, 'passed'],
    ['test', BUILT, 'failed'],
    ['build', BUILT, 'passed'],
    ['build', PASSED, 'failed'],
    ['release', BUILT, 'failed'],
    ['test', { kind: 'incompatible', message: '' }, 'passed'],
  ] as const)('of a %s leg that reports %j has %s', (mode, outcome, standing) => {
    const judgement = judged(['//:a'], [legResult({ '//:a': outcome }, { name: 'bin', mode })], mode);
    expect(judgement.targets).toMatchObject([{ standing }]);
    expect(judgement.targetProblems).toHaveLength(standing === 'passed' ? 0 : 1);
  });

  test('that the report lacks has failed, and is a problem though the leg succeeded', () => {
    const judgement = judged(['//:a', '//:b'], [result({ '//:a': PASSED })]);
    expect(judgement.targets[1]).toMatchObject({
      standing: 'failed',
      outcome: { kind: 'no status', message: 'Its leg reported no result for this target.' },
    });
    expect(judgement.targetProblems).toEqual([{ kind: 'target missing', leg: 'bin', label: '//:b' }]);
  });

  test('that has no status is explained by its failed leg, and by nothing if the leg succeeded', () => {
    const crashed = judged(
      ['//:a', '//:b'],
      [result({ '//:a': failed(), '//:b': NO_STATUS }, { ...FAILED, bazel: CRASHED })],
    );
    expect(crashed.targetProblems).toMatchObject([{ label: '//:a' }]);
    expect(crashed.legProblems).toMatchObject([{ kind: 'leg failed' }]);
    const succeeded = judged(['//:b'], [result({ '//:b': NO_STATUS })]);
    expect(succeeded).toMatchObject({
      targetProblems: [{ kind: 'target', label: '//:b', outcome: 'no status', detail: null }],
      legProblems: [],
    });
  });

  test('without a status leaves its leg a problem, though another target explains the exit code', () => {
    const report = result({ '//:a': failed(), '//:b': NO_STATUS }, { ...FAILED, bazel: TESTS_FAILED });
    expect(judged(['//:a', '//:b'], [report]).legProblems).toMatchObject([{ kind: 'leg failed' }]);
  });

  test('whose release failed says why', () => {
    const outcome: Outcome = {
      kind: 'failed to release',
      durationMs: 1,
      message: 'Exit code 9.',
      logs: [],
      published: [],
    };
    const report = legResult({ '//:a': outcome }, { name: 'bin', mode: 'release' });
    expect(judged(['//:a'], [report], 'release').targetProblems).toEqual([
      { kind: 'target', label: '//:a', outcome: 'failed to release', detail: 'Exit code 9.' },
    ]);
  });

  test('has the first location that a report gives', () => {
    const at = (line: number): TargetResult['location'] => ({ file: 'BUILD', line });
    const located = (location: TargetResult['location']): LegResult => ({
      ...result({}),
      targets: result({ '//:a': PASSED }).targets.map((target) => ({ ...target, location })),
    });
    const { targets } = judged(['//:a'], [located(null), located(at(2)), located(at(3))]);
    expect(targets).toMatchObject([{ location: at(2) }]);
  });
});

describe('several results', () => {
  test('of which one did not pass count as that one, although another outcome is worse', () => {
    const flaky: Outcome = { kind: 'flaky', durationMs: 1, attempts: 2, shards: 1, logs: [] };
    const reports = [BUILT, flaky].map((outcome) => ({
      source: 'x',
      result: legResult({ '//:a': outcome }, { name: 'bin' }),
    }));
    const { targets } = judgeLeg({ name: 'bin', mode: 'test', targets: labels('//:a') }, reports);
    expect(targets).toMatchObject([{ standing: 'failed', outcome: { kind: 'built' } }]);
  });

  test.each([
    ['the failure last', [PASSED, failed()]],
    ['the failure first', [failed(), PASSED]],
  ])('of one target count as the worst of them: %s', (_, outcomes) => {
    const judgement = judged(
      ['//:a'],
      outcomes.map((outcome) => result({ '//:a': outcome })),
    );
    expect(judgement.targets).toMatchObject([{ standing: 'failed', outcome: { kind: 'failed' } }]);
    expect(judgement.targetProblems).toHaveLength(1);
    expect(judgement.notes).toEqual(['The leg bin reported 2 times: the worst result counts.']);
  });

  test('of one target in one report are noted, and a result that was not planned is ignored', () => {
    const twice = {
      ...result({}),
      targets: [PASSED, failed()].flatMap((one) => result({ '//:a': one }).targets),
    };
    expect(judged(['//:a'], [twice])).toMatchObject({
      targets: [{ standing: 'failed' }],
      notes: ['//:a has 2 results in bin: the worst counts.'],
    });
    expect(judged(['//:a'], [result({ '//:a': PASSED, '//:x': failed() })])).toMatchObject({
      targets: [{ label: '//:a', standing: 'passed' }],
      targetProblems: [],
      notes: ['bin reported //:x, which is not in its plan: the result is ignored.'],
    });
  });
});
