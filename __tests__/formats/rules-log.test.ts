import { describe, expect, test } from '@jest/globals';
import { parseRulesLog, RulesLogError } from '../../src/formats/rules-log.js';
import { loggedEvent } from '../support/rules-log.js';

describe('the log of repository rules', () => {
  test('has the steps in their order, and who did them', () => {
    const steps = parseRulesLog(
      Buffer.concat([
        loggedEvent('read', { 1: '/w/a.json' }),
        loggedEvent('os'),
        loggedEvent('patch', { 1: '/w/p' }),
      ]),
    );
    expect(steps.map(({ by, texts }) => [by, texts])).toEqual([
      ['repository @@made', ['/w/a.json']],
      ['repository @@made', []],
      ['repository @@made', ['/w/p']],
    ]);
  });

  test.each([
    ['symlink', { 1: '/w/from', 2: '/o/to' }, ['/w/from', '/o/to']],
    ['file', { 1: '/o/BUILD', 2: 'path = "/w/x"' }, ['/o/BUILD', 'path = "/w/x"']],
    ['execute', { 2: ['cat', '/w/x'] }, ['cat', '/w/x']],
  ] as const)('has all texts of a step: %s', (event, fields, texts) => {
    expect(parseRulesLog(loggedEvent(event, fields))[0]?.texts).toEqual(texts);
  });

  test('has the environment of a program apart from its arguments', () => {
    const [step] = parseRulesLog(loggedEvent('execute', { 2: ['env'] }, { HOME: '/root', WHERE: '/w/conf' }));
    expect(step?.texts).toEqual(['env']);
    expect(step?.environment).toEqual(
      new Map([
        ['HOME', '/root'],
        ['WHERE', '/w/conf'],
      ]),
    );
  });

  test('is empty if nothing was logged', () => {
    expect(parseRulesLog(Buffer.alloc(0))).toEqual([]);
  });

  test.each([
    ['a step of a kind that is not known', loggedEvent(99, { 1: '/w/a' })],
    ['an end in the middle of a step', loggedEvent('read', { 1: '/w/a' }).subarray(0, 9)],
    ['bytes that are no message', Buffer.of(3, 0xff, 0xff, 0xff)],
  ])('cannot be read with %s', (_, bytes) => {
    expect(() => parseRulesLog(bytes)).toThrow(RulesLogError);
  });
});
