import { describe, expect, test } from '@jest/globals';
import { planText } from '../../../src/plan/report/plan-text.js';
import { affectedTarget, label, labels, plan, planContext, repositoryPath } from '../../support/builders.js';
import { HOSTILE_NAMES } from '../../support/hostile.js';

describe('planText', () => {
  test('says what is affected, against what, and lists what runs and what does not', () => {
    const made = plan({
      affected: [affectedTarget('//a:t'), affectedTarget('//a:r')],
      test: labels('//a:t'),
      build: labels('//a:r'),
      excluded: [{ label: label('//a:u'), why: 'tag manual' }],
      legs: [{ name: '//a:t', mode: 'test', targets: labels('//a:t'), runsOn: 'x' }],
    });
    expect(planText(made, planContext())).toBe(
      [
        '2 of 10 targets are affected: 1 test, 1 build in 1 job',
        '  aaaaaaaaaaaa → bbbbbbbbbbbb (the input base), 0 changed files',
        '',
        'test:',
        '  //a:t',
        '',
        'build:',
        '  //a:r',
        '',
        'left out:',
        '  //a:u (tag manual)',
      ].join('\n'),
    );
  });

  test('names 10,000 targets of a list, and counts the others', () => {
    const many = Array.from({ length: 200_000 }, (_, at) => label(`//a:t${at}`));
    const lines = planText(plan({ test: many }), planContext()).split('\n');
    expect(lines.filter((line) => line.startsWith('  //a:t'))).toHaveLength(10_000);
    expect(lines.at(-1)).toBe('  … and 190000 more, all in the plan file');
  });

  test('says why everything is affected, and what went otherwise than planned', () => {
    const text = planText(
      plan({ base: null, everything: { reason: 'no base' }, head: { ...plan().head, workingTree: true } }),
      planContext({ notices: ['something'], ignored: [repositoryPath('docs/x.md')] }),
    );
    expect(planText(plan({ problems: ['1 release is withheld'] }), planContext())).toContain(
      '  problem: 1 release is withheld',
    );
    expect(text).toContain('  ignored: docs/x.md');
    const ignored = Array.from({ length: 12 }, (_, index) => repositoryPath(`docs/${index}.md`));
    const long = planText(plan(), planContext({ ignored }));
    expect(long).toContain('  ignored: docs/9.md\n  ignored: 2 more');
    expect(long).not.toContain('docs/10.md');
    expect(text).toContain('  nothing → the working tree (the input base)');
    expect(text).toContain('  everything is affected: no base');
    expect(text).toContain('  note: something');
  });

  test('says of a test that runs in every plan why it does', () => {
    const why = 'tag external: runs in every plan';
    const made = plan({ always: [{ label: label('//a:e'), why }], test: labels('//a:e', '//a:t') });
    expect(planText(made, planContext())).toContain(
      'test:\n  //a:e (tag external: runs in every plan)\n  //a:t',
    );
  });

  test('says of a plan without anything to plan for only that', () => {
    const reason = 'the branch \u0007topic was deleted';
    expect(planText(plan({ nothingToDo: { reason } }), planContext())).toBe(
      'nothing to do: the branch topic was deleted',
    );
  });

  test('says only once why there is no base and everything is affected', () => {
    const reason = 'the branch is new';
    const text = planText(plan({ base: null, everything: { reason } }), planContext({ whyBase: reason }));
    expect(text.split(reason)).toHaveLength(2);
    expect(text).toContain('  everything is affected: the branch is new');
  });

  test.each(HOSTILE_NAMES)('keeps %j on its line and the terminal its colours', (name) => {
    const made = plan({
      test: labels(`//p:${name}`),
      excluded: [{ label: label(`//q:${name}`), why: name }],
    });
    const text = planText({ ...made, problems: [name] }, planContext({ whyBase: name, notices: [name] }));
    expect(text.split('\n')).toHaveLength(10);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/);
  });
});
