import { WITHHELD } from '../../src/verdict/withheld-releases.js';
import type { PlannedLegs } from '../../src/plan/file/planned-legs.js';
import { describe, expect, test } from '@jest/globals';
import { formatDuration } from '../../src/leg/report/outcome-words.js';
import { verdictSummary } from '../../src/verdict/verdict-summary.js';
import type { LegResult } from '../../src/leg/result/leg-result.js';
import type { Outcome } from '../../src/leg/result/outcome.js';
import { judge, NO_PLAN } from '../../src/verdict/verdict.js';
import { parseLabel } from '../../src/graph/label.js';
import { failed, legResult, needs, PASSED, plan, target } from '../leg/result/builders.js';

const FINE = needs({ plan: 'success', test: 'success' });

function page(
  planned: PlannedLegs,
  results: readonly LegResult[],
  jobUrls: Readonly<Record<string, string>> = {},
) {
  const reports = results.map((result, at) => ({ source: `result-${at}.json`, result }));
  return verdictSummary({
    verdict: judge(planned, FINE, reports),
    planned,
    jobUrls: new Map(Object.entries(jobUrls)),
    repositoryUrl: null,
  });
}

describe('the page of the verdict', () => {
  test('of a successful run shows totals, times, the slowest targets, a diagram and links to the jobs', () => {
    const summary = page(
      plan('//a:a', '//b:b'),
      [
        legResult({ '//a:a': PASSED }),
        legResult(
          { '//b:b': { ...PASSED, durationMs: 9000 } as typeof PASSED },
          { startedAt: '2026-01-01T00:00:30.000Z' },
        ),
      ],
      { '//a:a': 'https://example.com/job/1' },
    );
    expect(summary).toContain('## ✅ All 2 targets passed.');
    expect(summary).toContain('| ✅ passed | 2 |');
    expect(summary).toContain('2 legs took 1 min 30 s from first to last, and 2 min one after the other.');
    expect(summary).toMatch(/Slowest targets[^]*\/\/b:b[^]*9\.0 s[^]*\/\/a:a/);
    expect(summary).toContain('```mermaid\ngantt\n  dateFormat x\n  axisFormat %H:%M:%S\n  section test\n');
    expect(summary).toContain(`  //a∶a :done, ${Date.UTC(2026, 0)}, ${Date.UTC(2026, 0) + 60_000}\n`);
    expect(summary).toContain(
      '| [//a:a](https://example.com/job/1) | test | ✅ succeeded | 1 of 1 | 1 min |',
    );
  });

  test('of a failed run has the failed targets with their logs before everything else', () => {
    const summary = page(plan('//a:a', '//b:b'), [
      legResult({ '//a:a': PASSED }),
      legResult(
        { '//b:b': failed() },
        { status: 'failed', message: 'One failed.', bazel: { exitCode: 3, message: null } },
      ),
    ]);
    expect(summary).toContain('## ❌ 1 of 2 targets failed.');
    expect(summary).toContain('**Problems**\n\n- //b:b failed.\n\n');
    expect(summary.indexOf('expected 1, got 2')).toBeLessThan(summary.indexOf('Slowest targets'));
    expect(summary).toContain(':crit,');
  });

  test('of a failed run opens the first failed target, with the way to its job and the command to see it again', () => {
    const timedOut: Outcome = { kind: 'timed out', durationMs: 1, attempts: 1, shards: 1, logs: [] };
    const notBuilt: Outcome = { kind: 'failed to build', message: 'no such file', logs: [] };
    const summary = page(
      plan('//a:a', '//b:b$(x)', '//c:c'),
      [
        legResult({ '//a:a': failed() }, { status: 'failed' }),
        legResult({ '//b:b$(x)': timedOut }, { status: 'failed' }),
        legResult({ '//c:c': notBuilt }, { status: 'failed' }),
      ],
      { '//a:a': 'https://example.com/job/1' },
    );
    expect(summary).toContain(
      '### Failed targets\n\n<details open>\n<summary>❌ <code>//a:a</code> failed</summary>\n\n' +
        'On your machine: <code>bazel test //a:a</code> ([log of the job](https://example.com/job/1))\n\n',
    );
    expect(summary.match(/<details open>/g)).toHaveLength(1);
    expect(summary).toContain('<code>bazel test &#39;//b:b&#36;(x)&#39;</code>\n');
    expect(summary).toContain('<code>bazel build //c:c</code>\n');
  });

  test('names targets without a result in a list, and what Bazel said to several legs once', () => {
    const lost: Outcome = { kind: 'no status', message: 'Bazel reported nothing about this target.' };
    const wrong = (label: string) =>
      legResult(
        { [label]: lost },
        { status: 'failed', message: 'A wrong option.', bazel: { exitCode: 2, message: 'ERROR: --nope' } },
      );
    const summary = page(plan('//a:a', '//b:b', '//c:c'), [wrong('//a:a'), wrong('//b:b')], {
      '//c:c': 'https://example.com/job/3',
    });
    expect(summary).toContain(
      '### Targets without a result\n\n' +
        '- <code>//a:a</code>: Bazel reported nothing about this target.\n' +
        '- <code>//b:b</code>: Bazel reported nothing about this target.\n' +
        '- <code>//c:c</code>: Its leg reported no result. ([log of the job](https://example.com/job/3))\n\n' +
        '<details open>\n<summary>What Bazel said in //a:a and 1 more</summary>\n\n```text\nERROR: --nope\n```',
    );
    expect(summary.match(/--nope/g)).toHaveLength(1);
    expect(summary).not.toContain('Failed targets');
  });

  test('names flaky tests, with the log of the attempt that failed behind a click', () => {
    const flaky: Outcome = { ...failed('timed out once'), kind: 'flaky', attempts: 2 } as Outcome;
    expect(page(plan('//a:a'), [legResult({ '//a:a': flaky })])).toContain(
      '### Flaky tests\n\nThey failed and then passed, so they count as passed.\n\n' +
        '<details>\n<summary>⚠️ <code>//a:a</code> flaky (2 attempts)</summary>\n\n' +
        'On your machine: <code>bazel test --runs&#95;per&#95;test=20 //a:a</code>\n\ntest.log:\n\n```text\ntimed out once\n```',
    );
  });

  test('of a run whose release was held back by its own test says so, also in the table of legs', () => {
    const message = 'Not released, because 1 own test did not pass: //a:t. The next green run releases it.';
    const legs = [
      { name: '//r:one', mode: 'release' as const, targets: [parseLabel('//r:one')] },
      ...plan('//a:t').legs,
    ];
    const planned: PlannedLegs = { ...plan(), legs };
    const withheld = legResult(
      { '//r:one': { kind: 'withheld', message } },
      {
        mode: 'release',
        status: 'failed',
        ownTests: [target('//a:t', failed())],
        bazel: { exitCode: 3, message: null },
      },
    );
    const red = legResult({ '//a:t': failed() }, { status: 'failed', bazel: { exitCode: 3, message: null } });
    const verdict = judge(planned, needs({ plan: 'success', test: 'failure', release: 'failure' }), [
      { source: 'one', result: withheld },
      { source: 'two', result: red },
    ]);
    const summary = verdictSummary({ verdict, planned, jobUrls: new Map(), repositoryUrl: null });
    expect(summary).toContain(`### Withheld\n\n${message}\n\n- <code>//r:one</code>`);
    expect(summary).toContain('| //r:one | release | ⏸️ withheld | 0 of 1 | 1 min |');
  });

  test('of a failed run that withheld releases names these last, as no failures', () => {
    const planned: PlannedLegs = {
      ...plan(),
      legs: [
        ...plan('//r:one', '//r:two').legs.map((leg) => ({ ...leg, mode: 'release' as const })),
        ...plan('//a:a').legs,
      ],
    };
    const reports = [
      { source: 'a', result: legResult({ '//a:a': failed() }, { status: 'failed', message: 'm' }) },
    ];
    const jobs = needs({ plan: 'success', test: 'failure', release: 'skipped' });
    const verdict = judge(planned, jobs, reports);
    const summary = verdictSummary({ verdict, planned, jobUrls: new Map(), repositoryUrl: null });
    expect(summary).toContain('## ❌ 1 of 1 targets failed; 2 releases were withheld.');
    const section = `### Withheld\n\n${WITHHELD}\n\n- <code>//r:one</code>\n- <code>//r:two</code>\n`;
    expect(summary).toContain(section);
    expect(summary.indexOf('expected 1, got 2')).toBeLessThan(summary.indexOf(section));
    expect(summary).toContain('| ⏸️ withheld | 2 |');
    expect(summary).toContain('| //r:one | release | ⏸️ withheld | 0 of 1 | – |');
    expect(summary).not.toMatch(/❔|did not report a result/);
  });

  test('of an empty plan says why there is nothing to do', () => {
    expect(page(plan(), [])).toBe('## ✅ Nothing to do: no target is affected.\n');
  });

  test('says why everything is affected', () => {
    const planned = { ...plan('//a:a'), everythingReason: 'no base `x`' };
    expect(page(planned, [legResult({ '//a:a': PASSED })])).toContain(
      'Everything is affected: no base &#96;x&#96;',
    );
  });

  test('of a run without a plan says so', () => {
    const verdict = judge(NO_PLAN, needs({ plan: 'failure' }), []);
    expect(verdictSummary({ verdict, planned: null, jobUrls: new Map(), repositoryUrl: null })).toContain(
      'The job plan failed: see its log',
    );
  });

  test('leaves out a diagram that is too large to read', () => {
    const labels = Array.from({ length: 31 }, (_, at) => `//a:t${at}`);
    const summary = page(
      plan(...labels),
      labels.map((label) => legResult({ [label]: PASSED })),
    );
    expect(summary).not.toContain('mermaid');
    expect(summary).toContain('<summary>All 31 legs</summary>');
  });

  test('is broken by no label, log or address', () => {
    const evil = '//a:`|</details>\n```\n${{ x }}\u001b[31m';
    const summary = page(plan(evil, '//b:b'), [legResult({ [evil]: failed('```\n</details>') })], {
      [evil]: 'javascript:alert(1)',
    });
    const outsideOfFences = summary.replace(/^(`{3,})text\n[^]*?\n\1$/gm, '');
    expect(outsideOfFences).not.toContain('`');
    expect(outsideOfFences.match(/<\/details>/g)?.length).toBe(
      outsideOfFences.match(/<details( open)?>/g)?.length,
    );
    expect(summary).not.toContain('javascript');
    expect(summary).not.toContain('\u001b');
    for (const row of summary.split('\n').filter((line) => line.startsWith('| ') && line.includes('test'))) {
      expect(row.match(/\|/g)).toHaveLength(6);
    }
  });

  test('of 20,000 failed targets stays under the limit of a summary', () => {
    const labels = Array.from({ length: 20_000 }, (_, at) => `//a:t${at}`);
    const planned: PlannedLegs = {
      ...plan(),
      legs: [{ name: 'all', mode: 'test', targets: plan(...labels).legs.flatMap(({ targets }) => targets) }],
    };
    const outcomes = Object.fromEntries(labels.map((label) => [label, failed('x'.repeat(500))]));
    const summary = page(planned, [legResult(outcomes, { name: 'all', status: 'failed' })]);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
    expect(summary).toContain('20000 of 20000 targets failed');
    expect(summary).toContain('… and 19951 more');
    expect(summary).toMatch(/\d+ of \d+ sections left out/);
  });
});

test('durations read as a person says them', () => {
  expect([null, 0, 440, 9_949, 9_960, 59_600, 185_000, 3_600_000, 7_620_000].map(formatDuration)).toEqual([
    '–',
    '0.0 s',
    '0.4 s',
    '9.9 s',
    '10 s',
    '1 min',
    '3 min 5 s',
    '1 h',
    '2 h 7 min',
  ]);
});
