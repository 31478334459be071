import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { PLAN_INPUTS } from '../src/inputs/plan-inputs.js';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description?: string; readonly default?: unknown }>>;
  readonly outputs: Readonly<Record<string, { readonly description?: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const ROOT = dirname(import.meta.dirname);

function read(path: string): Action {
  return parse(readFileSync(join(ROOT, path), 'utf8')) as Action;
}

const action = read('action.yml');

test('action.yml and plan/action.yml are the same but for the way to the program', () => {
  const { runs, ...rest } = action;
  const { runs: planRuns, ...planRest } = read('plan/action.yml');
  expect(planRest).toEqual(rest);
  expect(runs).toEqual({ using: 'node24', main: 'dist/plan/index.js' });
  expect(planRuns).toEqual({ using: 'node24', main: '../dist/plan/index.js' });
  expect(existsSync(join(ROOT, runs.main))).toBe(true);
  expect(existsSync(join(ROOT, 'plan', planRuns.main))).toBe(true);
});

test('the inputs and their defaults are those of the program', () => {
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
  // The program itself has no token; the runner fills in the job's own.
  expect(Object.fromEntries(defaults)).toEqual({ ...PLAN_INPUTS, 'github-token': '${{ github.token }}' });
});

describe('every input and output', () => {
  test.each(Object.entries({ ...action.inputs, ...action.outputs }))(
    '%s is described in a sentence',
    (_, { description }) => {
      expect(description).toMatch(/^[A-Z].{10,}\.$/s);
    },
  );

  test('is named in words with hyphens', () => {
    for (const name of Object.keys({ ...action.inputs, ...action.outputs }))
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
