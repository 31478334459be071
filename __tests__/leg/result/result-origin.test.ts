import { problemSentences } from '../../../src/verdict/problem.js';
import type { ReportedLeg } from '../../../src/verdict/reported-leg.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLabel } from '../../../src/graph/label.js';
import { legArtifact, parseLegArtifact } from '../../../src/plan/file/artifact-names.js';
import { verdictSummary } from '../../../src/verdict/verdict-summary.js';
import { formatLegResult, parseLegResult, type LegResult } from '../../../src/leg/result/leg-result.js';
import type { Outcome } from '../../../src/leg/result/outcome.js';
import { originProblem } from '../../../src/leg/result/result-origin.js';
import { judge } from '../../../src/verdict/verdict.js';
import { failed, legResult, needs, PASSED, plan } from './builders.js';

const PLAN_ARTIFACT = 'bazel-affected-plan-0123';
const PLANNED = plan('//a:a', '//b:b');

describe('the name of a result', () => {
  test.each(['test', 'build', 'release'] as const)('is read as it is written, for %s', (mode) => {
    const name = legArtifact(PLAN_ARTIFACT, mode, 12, 3);
    expect(parseLegArtifact(PLAN_ARTIFACT, name)).toEqual({ mode, index: 12, attempt: 3 });
    expect(parseLegArtifact(PLAN_ARTIFACT, `${name}-again`)).toEqual({ mode, index: 12, attempt: 3 });
  });

  test.each([
    'test-0',
    'test-0-0',
    'test-00-1',
    'test-0-1-more',
    'deploy-0-1',
    'test-0-1e15',
    'test-0-9999999',
  ])('is none: %s', (rest) => {
    expect(parseLegArtifact(PLAN_ARTIFACT, `bazel-affected-leg-0123-${rest}`)).toBeNull();
  });

  test('is none where it is of another plan', () => {
    expect(parseLegArtifact(PLAN_ARTIFACT, 'bazel-affected-leg-4567-test-0-1')).toBeNull();
  });
});

describe('a result', () => {
  const named = { mode: 'test', index: 0, attempt: 2 } as const;
  const of = (changes: Parameters<typeof legResult>[1]) => legResult({ '//a:a': PASSED }, changes);

  test('counts where its name says what it says', () => {
    expect(originProblem(of({ attempt: 2 }), named, PLANNED, 2)).toBeNull();
    // The leg was not run again in the third attempt.
    expect(originProblem(of({ attempt: 2 }), named, PLANNED, 3)).toBeNull();
    // What was never planned is stated elsewhere.
    expect(originProblem(of({ attempt: 2, name: '//x:x' }), { ...named, index: 7 }, PLANNED, 2)).toBeNull();
  });

  test.each<[string, LegResult, typeof named | null, number, string]>([
    ['has an odd name', of({ attempt: 2 }), null, 2, 'its name is not the name of a result artifact'],
    [
      'claims an attempt of far away',
      of({ attempt: 1e15 }),
      named,
      2,
      'it says that it is of attempt 1000000000000000, and its name says 2',
    ],
    [
      'claims an attempt that is still to come',
      of({ attempt: 2 }),
      named,
      1,
      'it says that it is of attempt 2, and this is attempt 1',
    ],
    [
      'claims another leg',
      of({ attempt: 2, name: '//b:b' }),
      named,
      2,
      'it says that it is of another leg than its name does',
    ],
    [
      'claims another mode',
      of({ attempt: 2, mode: 'release' }),
      named,
      2,
      'it says that it is of another leg than its name does',
    ],
  ])('does not count where it %s', (_, result, name, runAttempt, problem) => {
    expect(originProblem(result, name, PLANNED, runAttempt)).toBe(problem);
  });
});

function flaky(tail: string): Outcome {
  return { kind: 'flaky', durationMs: 1, attempts: 2, shards: 1, logs: [{ name: tail, uri: '', tail }] };
}

/** What the conclude action makes of the artifacts of a run. */
function reportsOf(artifacts: readonly (readonly [name: string, content: string])[]): ReportedLeg[] {
  return artifacts.map(([source, content]) => {
    try {
      const result = parseLegResult(content);
      const problem = originProblem(result, parseLegArtifact(PLAN_ARTIFACT, source), PLANNED, 2);
      return problem === null ? { source, result } : { source, error: problem };
    } catch (error) {
      return { source, error: (error as Error).message };
    }
  });
}

describe('whatever else a run stores', () => {
  const forged = fc.record({
    index: fc.nat(3),
    attempt: fc.constantFrom(1, 2, 3, 1e15),
    named: fc.constantFrom(1, 2, 3),
    again: fc.boolean(),
    label: fc.constantFrom('//a:a', '//b:b', '//c:c'),
    durationMs: fc.maxSafeNat(),
    startedAt: fc.constantFrom('2026-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '0000-01-01'),
    text: fc.constantFrom('', '`` ` '.repeat(200_000), '##[error]', '\u0000\ud800'),
  });
  const artifactOf = (each: typeof forged extends fc.Arbitrary<infer T> ? T : never): [string, string] => [
    legArtifact(PLAN_ARTIFACT, 'test', each.index, each.named) + (each.again ? '-again' : ''),
    formatLegResult(
      legResult(
        { [each.label]: flaky(each.text) },
        { ...each, message: each.text, bazel: { exitCode: 0, message: each.text } },
      ),
    ),
  ];

  test('a failure of the last attempt is never hidden, and the verdict always comes', () => {
    const real = legResult(
      { '//a:a': failed() },
      { name: '//a:a', attempt: 2, status: 'failed', bazel: { exitCode: 3, message: null } },
    );
    fc.assert(
      fc.property(fc.array(forged, { maxLength: 4 }), (others) => {
        const reports = reportsOf([
          [legArtifact(PLAN_ARTIFACT, 'test', 0, 2), formatLegResult(real)],
          ...others.map(artifactOf),
        ]);
        const verdict = judge(PLANNED, needs({ plan: 'success', test: 'success' }), reports);
        expect(verdict.conclusion).toBe('failure');
        expect(verdict.targets.find(({ label }) => label === parseLabel('//a:a'))?.standing).toBe('failed');
        expect(
          verdictSummary({ verdict, planned: PLANNED, jobUrls: new Map(), repositoryUrl: null }),
        ).toContain('## ❌');
      }),
      { numRuns: 60 },
    );
  });

  test('a file that says an attempt that was not is told, and the leg stands as its own file says', () => {
    const reports = reportsOf([
      [legArtifact(PLAN_ARTIFACT, 'test', 0, 1), formatLegResult(legResult({ '//a:a': PASSED }))],
      [legArtifact(PLAN_ARTIFACT, 'test', 1, 1), formatLegResult(legResult({ '//b:b': PASSED }))],
      [
        legArtifact(PLAN_ARTIFACT, 'test', 1, 3),
        formatLegResult(legResult({ '//b:b': PASSED }, { attempt: 3 })),
      ],
    ]);
    const verdict = judge(PLANNED, needs({ plan: 'success', test: 'success' }), reports);
    expect(problemSentences(verdict.problems)).toEqual([
      'The result file bazel-affected-leg-0123-test-1-3 cannot be read: it says that it is of attempt 3, and this is attempt 2.',
    ]);
    expect(verdict.targets.map(({ standing }) => standing)).toEqual(['passed', 'passed']);
  });
});
