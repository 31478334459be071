import { WITHHELD } from '../../src/verdict/withheld-releases.js';
import { expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import { jobUrls } from '../../src/verdict/job-urls.js';
import { verdictText } from '../../src/verdict/verdict-text.js';
import { notReleasedResult } from '../../src/leg/result/not-released.js';
import { formatLegResult, parseLegResult } from '../../src/leg/result/leg-result.js';
import { judge } from '../../src/verdict/verdict.js';
import { failed, legResult, needs, PASSED, plan } from '../leg/result/builders.js';

const DONE = needs({ plan: 'success' });

test('the verdict for a terminal names each target, what failed with its log, and ends with the verdict', () => {
  const planned = plan('//a:good', '//a:bad');
  const verdict = judge(planned, DONE, [
    { source: 'one', result: legResult({ '//a:good': PASSED }) },
    {
      source: 'two',
      result: legResult(
        { '//a:bad': failed('expected 1\n  got \u001b[31m2') },
        { status: 'failed', message: 'm.' },
      ),
    },
  ]);
  expect(verdictText(verdict, planned)).toBe(
    [
      '✅ test //a:good: passed, 1.5 s',
      '❌ test //a:bad: failed, 2.5 s',
      '    test.log file:///x/test.log',
      '    | expected 1',
      '    |   got 2',
      '',
      '- The leg //a:bad failed: m.',
      '❌ 1 of 2 targets failed.',
    ].join('\n'),
  );
});

test('the verdict for a terminal names withheld releases last', () => {
  const planned = {
    ...plan(),
    legs: [...plan('//r:r').legs.map((leg) => ({ ...leg, mode: 'release' as const })), ...plan('//a:a').legs],
  };
  const jobs = needs({ plan: 'success', test: 'success', release: 'skipped' });
  const result = legResult(
    { '//a:a': failed() },
    { status: 'failed', bazel: { exitCode: 3, message: null } },
  );
  const lines = verdictText(judge(planned, jobs, [{ source: 'x', result }]), planned).split('\n');
  expect(lines[0]).toBe('❌ test //a:a: failed, 2.5 s');
  expect(lines.slice(-3)).toEqual([
    '⏸️ release //r:r: withheld',
    WITHHELD,
    '❌ 1 of 1 targets failed; 1 release was withheld.',
  ]);
});

test('the verdict of an empty plan is one line', () => {
  expect(verdictText(judge(plan(), DONE, []), plan())).toBe('✅ Nothing to do: no target is affected.');
});

test('a leg is linked to the job of its name, in a called workflow or not, and to none where two fit', () => {
  const legs = [
    { name: '//a:a', mode: 'test' },
    { name: '//a:b', mode: 'test' },
    { name: '//a:c', mode: 'release' },
    { name: '//a:d', mode: 'test' },
  ] as const;
  const job = (name: string): { name: string; url: string } => ({ name, url: `https://x/${name}` });
  const jobs = ['bazel / test //a:a', '//a:b', 'one / release //a:c', 'two / release //a:c', 'test //x//a:d'];
  expect([...jobUrls(legs, jobs.map(job))]).toEqual([
    ['//a:a', 'https://x/bazel / test //a:a'],
    ['//a:b', 'https://x///a:b'],
  ]);
});

test('a superseded release passed, and a withheld one did not', () => {
  const label = parseLabel('//a:release');
  const leg = { name: label, mode: 'release', targets: [label], runsOn: 'x' } as const;
  const planned = { legs: [leg], emptyReason: null, everythingReason: null, problems: [] };
  const conclusion = (kind: 'superseded' | 'blocked'): string => {
    const result = parseLegResult(
      formatLegResult(notReleasedResult(leg, 1, new Date(), { kind, why: 'the reason' })),
    );
    expect(result.message).toBe('Not released: the reason.');
    return judge(planned, DONE, [{ source: 'x', result }]).conclusion;
  };
  expect(conclusion('superseded')).toBe('success');
  expect(conclusion('blocked')).toBe('failure');
});
