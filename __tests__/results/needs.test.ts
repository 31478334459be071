import { describe, expect, test } from '@jest/globals';
import { NeedsError, parseNeeds } from '../../src/results/needs.js';
import { needs } from './builders.js';

describe("GitHub's needs", () => {
  test('are read with their results', () => {
    expect(
      parseNeeds('{"plan":{"result":"success","outputs":{"count":"1"}},"test":{"result":"skipped"}}'),
    ).toEqual(needs({ plan: 'success', test: 'skipped' }));
  });

  test.each(['', '[]', 'null', '{"plan":{}}', '{"plan":{"result":"fine"}}', '{"plan":null}'])(
    'are refused as %j',
    (json) => {
      expect(() => parseNeeds(json)).toThrow(NeedsError);
    },
  );
});
