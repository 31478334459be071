import { describe, expect, test } from '@jest/globals';
import { planHeadline } from '../../../src/plan/report/plan-headline.js';
import { planFailure } from '../../../src/plan/report/plan-failure.js';
import { planSummary } from '../../../src/plan/report/plan-summary.js';
import {
  affectedTarget,
  change,
  label,
  labels,
  plan,
  planContext,
  repositoryPath,
} from '../../support/builders.js';
import { HOSTILE_NAMES } from '../../support/hostile.js';

const LEG = { name: '//a:t', mode: 'test', targets: labels('//a:t'), runsOn: 'x' } as const;

describe('headline', () => {
  test('counts what runs, and in how many jobs', () => {
    expect(
      planHeadline(plan({ test: labels('//a:t', '//b:t'), release: labels('//c:r'), legs: [LEG, LEG] })),
    ).toBe('2 tests, 1 release in 2 jobs');
    expect(planHeadline(plan({ build: labels('//a:t'), legs: [LEG] }))).toBe('1 build in 1 job');
  });

  test('tells nothing affected from nothing to run', () => {
    expect(planHeadline(plan())).toBe('nothing is affected');
    expect(planHeadline(plan({ affected: [affectedTarget('//a:lib')] }))).toBe('nothing to run');
  });
});

/** A plan in which a changed file reaches a test. */
function ordinary() {
  const path = labels('//b:t', '//a:lib', '//a:x.txt');
  return plan({
    changes: [{ ...change('a/x.txt'), path: repositoryPath('a/x.txt') }],
    affected: [
      affectedTarget('//b:t', { kind: 'content', change: repositoryPath('a/x.txt'), path }),
      affectedTarget('//c:t', { kind: 'new target', change: repositoryPath('c/BUILD') }),
      affectedTarget('//a:lib', { kind: 'content', change: repositoryPath('a/x.txt'), path: path.slice(1) }),
    ],
    test: labels('//b:t', '//c:t'),
    excluded: [{ label: label('//d:t'), why: 'tag no-ci' }],
    legs: [LEG, LEG],
    timings: { steps: { 'base graph': 1500, 'head graph': 500 }, graphs: {} },
  });
}

describe('planSummary', () => {
  test('says of a test that runs in every plan why it does', () => {
    const why = 'tag external: runs in every plan';
    const made = plan({ always: [{ label: label('//a:e'), why }], test: labels('//a:e'), legs: [LEG] });
    expect(planSummary(made, planContext())).toContain(
      '| <code>//a:e</code> | tag external: runs in every plan |',
    );
  });

  test('says of a plan without anything to plan for only that', () => {
    const reason = 'the branch <b>x</b> was deleted';
    const page = planSummary(plan({ base: null, nothingToDo: { reason } }), planContext());
    expect(page).toMatch(/^## Plan: nothing to do: the branch &#60;b&#62;x&#60;\/b&#62; was deleted\n/);
    expect(page).not.toContain('Affected');
  });

  test('says how many of how many, against what and why, and how long it took', () => {
    const summary = planSummary(ordinary(), planContext({ targetCount: 42, whyBase: 'the last green run' }));
    expect(summary).toContain('## Plan: 2 tests in 2 jobs');
    expect(summary).toContain('**3** of 42 targets');
    expect(summary).toMatch(/\| Base \| <code>a{12}<\/code>: the last green run \|/);
    expect(summary).toMatch(/\| Head \| <code>b{12}<\/code> \|/);
    expect(summary).toContain('| Changes | 1 file |');
    expect(summary).toContain('| Planned in | 2.0 s |');
  });

  test('names each target with the change behind it', () => {
    const summary = planSummary(ordinary(), planContext());
    expect(summary).toContain('### Tested: 2 targets');
    expect(summary).toContain(
      '| <code>//b:t</code> | <code>a/x.txt</code> content through <code>//a:x.txt</code> |',
    );
    expect(summary).toContain('<code>//b:t</code> → <code>//a:lib</code> → <code>//a:x.txt</code>');
  });

  test('groups the reasons by changed file, the one that reaches most first', () => {
    const summary = planSummary(ordinary(), planContext());
    const first = summary.indexOf('<summary><code>a/x.txt</code>: 2 targets');
    const second = summary.indexOf('<summary><code>c/BUILD</code>: 1 target<');
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first);
  });

  test('draws how changes reach what runs', () => {
    const summary = planSummary(ordinary(), planContext());
    expect(summary).toMatch(/```mermaid\ngraph LR\n/);
    expect(summary).toContain('[["//b∶t"]]');
    expect(summary).toContain('(["· a/x.txt"])');
  });

  test('names what is left out, by which rule', () => {
    const summary = planSummary(ordinary(), planContext({ ignored: [repositoryPath('docs/x.md')] }));
    expect(summary).toContain('| <code>//d:t</code> | tag no-ci |');
    expect(summary).toContain('Changes left out by the input ignore: 1 file');
    expect(summary).toContain('| <code>docs/x.md</code> |');
  });

  test('says only once why there is no base and everything is affected', () => {
    const reason = 'the commit that was green cannot be fetched: fatal: no such remote';
    const summary = planSummary(
      plan({ base: null, everything: { reason } }),
      planContext({ whyBase: reason }),
    );
    expect(summary.split(reason)).toHaveLength(2);
    expect(summary).toContain(`**everything**, because ${reason} |`);
    expect(summary).toContain('| Base | none |');
  });

  test('says why everything is affected, and what went otherwise than planned', () => {
    const summary = planSummary(
      plan({ base: null, everything: { reason: 'the branch is new' } }),
      planContext({ notices: ['the base cannot be loaded'] }),
    );
    expect(summary).toContain('**everything**, because the branch is new');
    expect(summary).toContain('| Changes | not compared |');
    expect(summary).toContain('> [!WARNING]\n> the base cannot be loaded');
    expect(planSummary(plan({ problems: ['1 release is withheld'] }), planContext())).toContain(
      '> [!CAUTION]\n> 1 release is withheld',
    );
    expect(summary).not.toContain('mermaid');
  });

  test('counts the rest where there are more rows than anybody reads, and stays within what GitHub takes', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `//some/package${index}:the_test_${index}`);
    const summary = planSummary(
      plan({
        affected: names.map((name) => affectedTarget(name, { change: repositoryPath('x') })),
        test: labels(...names),
        excluded: names.map((name) => ({ label: label(name), why: 'x'.repeat(3000) })),
      }),
      planContext(),
    );
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
    expect(summary).toContain('… and 4800 more, all in the plan file.');
    expect(summary).not.toContain('mermaid');
  });

  test.each(HOSTILE_NAMES)('shows %j as text wherever it stands', (name) => {
    const target = `//p:${name}`;
    const path = repositoryPath(name);
    const summary = planSummary(
      plan({
        affected: [
          affectedTarget(target, { change: path, path: labels(target, '//p:other') }, { ruleClass: name }),
        ],
        test: labels(target),
        excluded: [{ label: label(target), why: name }],
        timings: { steps: { [name]: 1 }, graphs: { [name]: name } },
      }),
      planContext({ whyBase: name, ignored: [path], notices: [name] }),
    );
    const everything = planSummary(plan({ everything: { reason: name } }), planContext());
    const withoutOurs = (summary + everything)
      .replace(/<\/?(details|summary|code|b)>/g, '')
      .replace(/^```(mermaid)?$/gm, '');
    expect(withoutOurs).not.toMatch(/<(script|img)|<\/(summary|details)|\$\{\{|`|\]\(http|!\[x\]/);
    expect(withoutOurs).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/);
    expect(withoutOurs).not.toMatch(/^(::error|## Forged)/m);
    // Every row of a table has the cells that its header has.
    const rows = summary.split('\n').filter((line) => line.startsWith('|'));
    for (const [index, row] of rows.entries()) {
      if (!row.startsWith('| ---')) continue;
      const cells = (line: string | undefined) => line?.split('|').length;
      for (let at = index + 1; rows[at] !== undefined && !(rows[at + 1] ?? '').startsWith('| ---'); at++) {
        expect(cells(rows[at])).toBe(cells(row));
      }
    }
    const drawing = /```mermaid\n([\s\S]*?)\n```/.exec(summary)?.[1] ?? '';
    expect(drawing).not.toBe('');
    for (const line of drawing.split('\n').slice(1)) {
      expect(line).toMatch(/^ {2}n\d+(\[\["[^"]*"\]\]|\["[^"]*"\]|\(\["[^"]*"\]\)| --> n\d+)$/);
    }
  });
});

describe('planFailure', () => {
  test("of options that Bazel does not take blames the options, and not the author's files", () => {
    const bazelOutput = 'Starting\nERROR: --nope :: Unrecognized option: --nope\n';
    const summary = planFailure({ kind: 'wrong options', bazelOutput });
    expect(summary).toMatch(/^## ❌ There is no plan: Bazel rejects its options\n/);
    expect(summary).toContain('startup-options');
    expect(summary).toContain('query-options');
    expect(summary).toContain('```text\nERROR: --nope :: Unrecognized option: --nope\n```');
    expect(summary).not.toContain('Mend what Bazel names here');
  });

  test('of a revision that does not load says what to mend', () => {
    const summary = planFailure({ kind: 'does not load', bazelOutput: 'ERROR: a/BUILD:1:1: no\n' });
    expect(summary).toContain('## ❌ There is no plan: Bazel cannot load this revision');
    expect(summary).toContain('Mend what Bazel names here');
  });
});
