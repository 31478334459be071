import { describe, expect, test } from '@jest/globals';
import { NeedsError, parseNeeds } from '../../src/verdict/needs.js';
import { needs } from '../leg/result/builders.js';

describe("GitHub's needs", () => {
  test('are read with their results', () => {
    expect(
      parseNeeds('{"plan":{"result":"success","outputs":{"count":"1"}},"test":{"result":"skipped"}}'),
    ).toEqual(needs({ plan: 'success', test: 'skipped' }));
  });

  test('are read from the results alone, as the workflow passes them', () => {
    expect(
      parseNeeds(
        '{"plan":{"result":"success"}, "test":{"result":"failure"}, "build":{"result":"cancelled"}}',
      ),
    ).toEqual(needs({ plan: 'success', test: 'failure', build: 'cancelled' }));
  });

  test('that name a job which is not waited for say what to do: GitHub gives no result of it', () => {
    expect(() => parseNeeds('{"plan":{"result":"success"},"release":{"result":""}}')).toThrow(
      'the job "release" has no result: name it in the `needs` of the job that concludes',
    );
  });

  test.each(['', '[]', 'null', '{"plan":{}}', '{"plan":{"result":"fine"}}', '{"plan":null}'])(
    'are refused as %j',
    (json) => {
      expect(() => parseNeeds(json)).toThrow(NeedsError);
    },
  );
});
