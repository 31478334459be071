import { describe, expect, test } from '@jest/globals';
import { explanation } from '../../../src/plan/report/explanation.js';
import {
  affectedTarget,
  change,
  generated,
  graph,
  label,
  labels,
  environmentGroup,
  packageGroup,
  plan,
  repositoryPath,
  rule,
} from '../../support/builders.js';
import { HOSTILE_NAMES } from '../../support/hostile.js';

const GRAPH = graph(
  rule('//a:lib'),
  rule('//b:t'),
  generated('//a:out', '//a:lib'),
  packageGroup('//a:group'),
  environmentGroup('//a:env'),
);

describe('explanation', () => {
  const affected = affectedTarget('//b:t', {
    kind: 'content',
    change: repositoryPath('a/x.txt'),
    path: labels('//b:t', '//a:lib', '//a:x.txt'),
  });

  test('goes from the change to the target, and tells the job', () => {
    const made = plan({
      affected: [affected],
      test: labels('//b:t'),
      legs: [{ name: 'the job', mode: 'test', targets: labels('//b:t'), runsOn: 'x' }],
    });
    expect(explanation(label('//b:t'), made, GRAPH, 0)).toBe(
      [
        '//b:t is affected.',
        '  a/x.txt changed',
        '  //a:x.txt (content)',
        '  ← //a:lib',
        '  ← //b:t',
        'CI runs it: test, in the job "the job".',
      ].join('\n'),
    );
  });

  test('tells by which rule an affected target is left out', () => {
    const made = plan({ affected: [affected], excluded: [{ label: label('//b:t'), why: 'tag no-ci' }] });
    expect(explanation(label('//b:t'), made, GRAPH, 0)).toContain('CI leaves it out: tag no-ci.');
  });

  test('tells why a target runs that is not affected, and by which rule it does not', () => {
    const why = 'tag external: runs in every plan';
    const made = plan({
      always: [{ label: label('//b:t'), why }],
      test: labels('//b:t'),
      legs: [{ name: 'the job', mode: 'test', targets: labels('//b:t'), runsOn: 'x' }],
    });
    expect(explanation(label('//b:t'), made, GRAPH, 0).split('\n').slice(1)).toEqual([
      'It runs all the same (tag external: runs in every plan).',
      'CI runs it: test, in the job "the job".',
    ]);
    const excluded = plan({ excluded: [{ label: label('//b:t'), why: 'tag no-ci' }] });
    expect(explanation(label('//b:t'), excluded, GRAPH, 0)).toContain('CI leaves it out: tag no-ci.');
  });

  test('tells that an affected library is not run itself', () => {
    const made = plan({ affected: [affectedTarget('//a:lib')] });
    expect(explanation(label('//a:lib'), made, GRAPH, 0)).toContain('neither a test nor a release');
  });

  test('tells why everything is affected', () => {
    const made = plan({
      everything: { reason: 'no base' },
      affected: [affectedTarget('//b:t', { kind: 'everything' })],
    });
    expect(explanation(label('//b:t'), made, GRAPH, 0)).toContain('  Everything is: no base');
  });

  test('tells why a target is not affected', () => {
    const made = plan({ changes: [{ ...change('x'), path: repositoryPath('x') }] });
    expect(explanation(label('//b:t'), made, GRAPH, 0)).toMatch(
      /^\/\/b:t is not affected: of 1 changed file none is/,
    );
    expect(explanation(label('//a:out'), made, GRAPH, 0)).toContain('ask for the rule that makes it');
    expect(explanation(label('//a:group'), made, GRAPH, 0)).toContain('It is a package group.');
    expect(explanation(label('//a:env'), made, GRAPH, 0)).toContain('It is an environment group.');
  });

  test('tells that ignored files were not looked at', () => {
    const changes = ['x', 'y', 'z'].map((path) => ({ ...change(path), path: repositoryPath(path) }));
    const text = explanation(label('//b:t'), plan({ changes }), GRAPH, 1);
    expect(text).toContain('of 2 changed files none is among its inputs');
    expect(text).toContain('The option --ignore took out 1 changed file.');
  });

  test.each(HOSTILE_NAMES)('keeps %j on its line', (name) => {
    const target = `//p:${name}`;
    const made = plan({
      affected: [affectedTarget(target, { change: repositoryPath(name), path: labels(target, '//p:x') })],
    });
    const text = explanation(label(target), made, graph(rule(target)), 0);
    expect(text.split('\n')).toHaveLength(5);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/);
  });
});
