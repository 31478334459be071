import { describe, expect, test } from '@jest/globals';
import { planOutputOf } from '../../src/entry/cli-output.js';

describe('how a plan is printed', () => {
  test('is text on standard output, unless options say otherwise', () => {
    expect(planOutputOf({})).toEqual({ format: 'text', only: null, file: null });
    expect(planOutputOf({ json: true })).toEqual({ format: 'json', only: null, file: null });
    expect(planOutputOf({ json: true, output: 'json' }).format).toBe('json');
    expect(planOutputOf({ output: 'label', only: 'test', outputFile: 'tests.txt' })).toEqual({
      format: 'label',
      only: 'test',
      file: 'tests.txt',
    });
  });

  test.each([
    [{ output: 'yaml' }, 'output', 'allowed: text, json, label, label0, matrix, github'],
    [{ json: true, output: 'label' } as const, 'output', 'cannot be combined with --json'],
    [{ output: 'label', only: 'tests' }, 'only', 'allowed: test, build, release'],
    [{ only: 'test' }, 'only', 'counts only with --output label, label0, matrix'],
    [{ output: 'github', only: 'test' }, 'only', 'counts only with'],
  ])('is refused for %j', (options, input, words) => {
    expect(() => planOutputOf(options)).toThrow(
      expect.objectContaining({ input, message: expect.stringContaining(words) as unknown as string }),
    );
  });
});
