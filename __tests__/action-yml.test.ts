import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { LEG_INPUTS, parseLegInputs } from '../src/leg/leg-inputs.js';
import { PLAN_INPUTS } from '../src/plan/plan-inputs.js';

interface Input {
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: boolean;
}

interface Action {
  readonly inputs: Readonly<Record<string, Input>>;
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

describe('run/action.yml', () => {
  const run = read('run/action.yml');

  test('has the inputs of the program', () => {
    expect(Object.keys(run.inputs).sort()).toEqual([...LEG_INPUTS].sort());
  });

  test('has the defaults of the program', () => {
    const leg = '{"name":"//a:t","mode":"test","runs-on":"u","index":0,"targets":["//a:t"]}';
    const written = parseLegInputs((name) => (name === 'leg' ? leg : ''));
    const byAction = parseLegInputs((name) => (name === 'leg' ? leg : String(run.inputs[name]?.default)));
    // The program itself has no token; the runner fills in the job's own.
    const token = '${{ github.token }}';
    expect(byAction).toEqual({ ...written, githubToken: token, secrets: [token] });
  });

  test('requires what the program cannot do without, and has a default for each other input', () => {
    for (const [name, input] of Object.entries(run.inputs)) {
      expect([name, input.required ?? false]).toEqual([name, name === 'leg']);
      expect([name, input.default === undefined]).toEqual([name, name === 'leg']);
    }
  });
});

/** The inputs and outputs that the program of an action names in its source. */
function namedIn(source: string, call: 'getInput' | 'setOutput'): string[] {
  const text = readFileSync(join(ROOT, source), 'utf8');
  return [
    ...new Set([...text.matchAll(new RegExp(`\\b${call}\\('([^']+)'`, 'g'))].map(([, name = '']) => name)),
  ].sort();
}

describe('conclude/action.yml', () => {
  const conclude = read('conclude/action.yml');

  test('has the inputs that the program reads', () => {
    const named = namedIn('src/entry/conclude-action.ts', 'getInput');
    expect(named).not.toEqual([]);
    expect(Object.keys(conclude.inputs).sort()).toEqual(named);
  });

  test('requires all of them but the token, which the runner fills in', () => {
    for (const [name, input] of Object.entries(conclude.inputs)) {
      const isToken = name === 'github-token';
      expect([name, input.required ?? false]).toEqual([name, !isToken]);
      expect([name, input.default]).toEqual([name, isToken ? '${{ github.token }}' : undefined]);
    }
  });
});

describe('record/action.yml', () => {
  const { inputs, runs } = read('record/action.yml');

  test('has inputs of the plan with their defaults, and requires the commit', () => {
    const { commit, ...ofPlan } = inputs;
    expect(commit).toMatchObject({ required: true });
    for (const [name, { default: value }] of Object.entries(ofPlan))
      expect([name, value]).toEqual([name, action.inputs[name]?.default]);
  });

  test('has all inputs that decide which records and snapshots belong to a revision', () => {
    const deciding = ['workspace', 'bazel', 'startup-options', 'query-options', 'leg-options'];
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(deciding));
  });

  test('leads to its program', () => {
    expect(runs).toEqual({ using: 'node24', main: '../dist/record/index.js' });
    expect(existsSync(join(ROOT, 'record', runs.main))).toBe(true);
  });
});

test.each([
  ['run/action.yml', 'src/entry/run-action.ts', 'run'],
  ['conclude/action.yml', 'src/entry/conclude-action.ts', 'conclude'],
])('%s has the outputs that its program sets, and leads to it', (path, source, folder) => {
  const { outputs, runs } = read(path);
  expect(Object.keys(outputs).sort()).toEqual(namedIn(source, 'setOutput'));
  expect(runs.main).toBe(`../dist/${folder}/index.js`);
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
