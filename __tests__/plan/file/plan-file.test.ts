import { expect, test } from '@jest/globals';
import { planToJson } from '../../../src/plan/file/plan-file.js';
import {
  affectedTarget,
  change,
  commitId,
  label,
  labels,
  plan,
  repositoryPath,
} from '../../support/builders.js';

test('the plan file has all of the plan, in its documented form', () => {
  const made = plan({
    changes: [{ ...change('a/x.txt'), path: repositoryPath('a/x.txt') }],
    affected: [
      affectedTarget('//a:t', {
        kind: 'content',
        change: repositoryPath('a/x.txt'),
        path: labels('//a:t', '//a:x.txt'),
      }),
    ],
    always: [{ label: label('//a:e'), why: 'tag external: runs in every plan' }],
    test: labels('//a:t'),
    excluded: [{ label: label('//a:u'), why: 'tag no-ci' }],
    legs: [{ name: '//a:t', mode: 'test', targets: labels('//a:t'), runsOn: ['self-hosted'] }],
    timings: { steps: { changes: 5 }, graphs: { head: 'snapshot' } },
  });
  expect(JSON.parse(JSON.stringify(planToJson(made)))).toEqual({
    version: 1,
    base: { commit: commitId('a') },
    baseFrom: 'event',
    head: { commit: commitId('b'), workingTree: false },
    everything: null,
    nothingToDo: null,
    changes: [{ path: 'a/x.txt', status: 'modified' }],
    affected: [
      {
        label: '//a:t',
        type: 'rule',
        ruleClass: 'sh_test',
        tags: [],
        reason: { kind: 'content', change: 'a/x.txt', path: ['//a:t', '//a:x.txt'] },
      },
    ],
    always: [{ label: '//a:e', why: 'tag external: runs in every plan' }],
    test: ['//a:t'],
    build: [],
    release: [],
    excluded: [{ label: '//a:u', why: 'tag no-ci' }],
    problems: [],
    legs: [{ name: '//a:t', mode: 'test', targets: ['//a:t'], runsOn: ['self-hosted'] }],
    timings: { steps: { changes: 5 }, graphs: { head: 'snapshot' } },
  });
});

test('a plan without a base says so', () => {
  expect(planToJson(plan({ base: null, everything: { reason: 'new branch' } }))).toMatchObject({
    base: null,
    everything: { reason: 'new branch' },
  });
});
