import { expect, test } from '@jest/globals';
import { readEvents } from '../../soundness/oracle.js';

function events(digest: string, cachedLocally: boolean): string[] {
  return [
    { id: { targetConfigured: { label: '@@//a:t' } }, configured: { targetKind: 'sh_test rule' } },
    { id: { targetConfigured: { label: '//a:lib' } }, configured: { targetKind: 'genrule rule' } },
    { id: { targetConfigured: { label: '//a:no' } }, aborted: { reason: 'ANALYSIS_FAILURE' } },
    { id: { targetCompleted: { label: '//a:skipped' } }, aborted: { reason: 'SKIPPED' } },
    {
      id: { namedSet: { id: '0' } },
      namedSetOfFiles: { files: [{ name: 'a/lib.txt', digest, length: '1' }] },
    },
    { id: { namedSet: { id: '1' } }, namedSetOfFiles: { fileSets: [{ id: '0' }] } },
    {
      id: { targetCompleted: { label: '//a:lib' } },
      completed: { success: true, outputGroup: [{ name: 'default', fileSets: [{ id: '1' }] }] },
    },
    { id: { targetCompleted: { label: '//a:t' } }, completed: { success: true } },
    { id: { testResult: { label: '//a:t' } }, testResult: { cachedLocally } },
    { id: { testSummary: { label: '//a:t' } }, testSummary: { overallStatus: 'PASSED' } },
  ].map((event) => JSON.stringify(event));
}

test('build events say which tests ran, which passed, and what became of each target', () => {
  const { ran, passed, tests, states } = readEvents(events('abc', false), true, '');
  expect([...ran]).toEqual(['//a:t']);
  expect([...passed]).toEqual(['//a:t']);
  expect([...tests]).toEqual(['//a:t']);
  expect(Object.fromEntries(states)).toEqual({
    '//a:no': 'failed',
    '//a:skipped': 'skipped',
    '//a:lib': 'built',
    '//a:t': 'built',
  });
});

test('a test whose result comes from an earlier run did not run', () => {
  expect(readEvents(events('abc', true), true, '').ran.size).toBe(0);
});

test('outputs are equal if the names and digests of all files are, also those of nested sets', () => {
  const outputOf = (digest: string): string | undefined =>
    readEvents(events(digest, true), true, '').outputs.get('//a:lib');
  expect(outputOf('abc')).toBe(outputOf('abc'));
  expect(outputOf('abc')).not.toBe(outputOf('abd'));
});
