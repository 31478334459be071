import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import {
  generatedFiles,
  PLAN_ACTION,
  RECORD_ACTION,
  RUN_ACTION,
  WORKFLOW,
} from '../../scripts/generated-files.mjs';
import { TemporaryFolder } from '../support/temporary-folder.js';

const ROOT = dirname(dirname(import.meta.dirname));

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The generated files that would differ from the committed ones, had a file this text. */
function differing(changed: string, edit: (text: string) => string): string[] {
  const edited = edit(read(changed));
  expect(edited).not.toBe(read(changed));
  const readEdited = (path: string) => (path === changed ? edited : read(path));
  return [...generatedFiles(readEdited)].flatMap(([path, text]) => (readEdited(path) === text ? [] : [path]));
}

interface Workflow {
  readonly on: { readonly workflow_call: { readonly inputs: Readonly<Record<string, unknown>> } };
}

test('the committed files are what their sources say', () => {
  for (const [path, text] of generatedFiles(read)) expect([path, read(path)]).toEqual([path, text]);
});

test('a change of an input of the plan changes both files that are made from it', () => {
  const made = differing('action.yml', (text) => text.replace('default: //...', 'default: //app/...'));
  expect(made).toEqual([PLAN_ACTION, WORKFLOW]);
});

test('a change of an input that all actions share changes all files', () => {
  const made = differing('action.yml', (text) => text.replace('default: bazel\n', 'default: bazelisk\n'));
  expect(made).toEqual([PLAN_ACTION, RUN_ACTION, RECORD_ACTION, WORKFLOW]);
});

test("a change of the legs' options changes the workflow", () => {
  const made = differing(RUN_ACTION, (text) =>
    text.replace('  test-flags:\n', '  test-flags:\n    required: false\n'),
  );
  expect(made).toEqual([WORKFLOW]);
});

test.each([
  ['the action of the plan', PLAN_ACTION, 'default: //...', PLAN_ACTION],
  ['the action of a leg', RUN_ACTION, 'default: bazel\n', RUN_ACTION],
  ['the action that records', RECORD_ACTION, 'default: bazel\n', RECORD_ACTION],
  ['the workflow', WORKFLOW, 'default: //...', WORKFLOW],
])('an edit of %s by hand is found', (_, path, text, found) => {
  expect(differing(path, (content) => content.replace(text, 'default: other\n'))).toEqual([found]);
});

test('what the workflow has beside the made inputs stays as it is', () => {
  const edited = read(WORKFLOW).replace('default: 360', 'default: 60');
  const text = generatedFiles((path) => (path === WORKFLOW ? edited : read(path))).get(WORKFLOW);
  expect(text).toBe(edited);
});

test('an input that the workflow fills in itself is not an input of the workflow', () => {
  const { inputs } = (parse(read(WORKFLOW)) as Workflow).on.workflow_call;
  expect(inputs).not.toHaveProperty('leg-options');
  expect(inputs).not.toHaveProperty('github-token');
});

test('a number of the workflow has a default that is a number', () => {
  const { inputs } = (parse(read(WORKFLOW)) as Workflow).on.workflow_call;
  expect(inputs['max-jobs']).toMatchObject({ type: 'number', default: 256 });
});

test('a workflow without the place for inputs is an error, not left alone', () => {
  const without = (path: string) => (path === WORKFLOW ? 'name: nothing\n' : read(path));
  expect(() => generatedFiles(without)).toThrow(`${WORKFLOW} lacks the comments`);
});

test('a run action without the place for inputs is an error, too', () => {
  const without = (path: string) =>
    read(path).replace('  # The inputs of this action alone', '  # Other inputs');
  expect(() => generatedFiles(without)).toThrow(`${RUN_ACTION} lacks the comments`);
});

test('an input written in a way that is not understood is an error, not left out', () => {
  const edited = (path: string) =>
    path === 'action.yml' ? read(path).replace('inputs:\n', 'inputs:\n  odd: { default: a }\n') : read(path);
  expect(() => generatedFiles(edited)).toThrow('An action has inputs that are not written');
});

test('the check fails where a file was edited by hand, names it, and passes once it is written again', () => {
  const temporary = new TemporaryFolder();
  const folder = temporary.path;
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(folder, 'scripts/generate.mjs'), ...args], { encoding: 'utf8' });
  try {
    for (const part of ['scripts', 'action.yml', RUN_ACTION, RECORD_ACTION, PLAN_ACTION, WORKFLOW])
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    expect(run('--check').status).toBe(0);

    writeFileSync(
      join(folder, PLAN_ACTION),
      read(PLAN_ACTION).replace('default: //...', 'default: //app/...'),
    );
    const { status, stderr } = run('--check');
    expect([status, stderr]).toEqual([1, expect.stringContaining(PLAN_ACTION)]);

    expect(run().status).toBe(0);
    expect(run('--check').status).toBe(0);
    expect(readFileSync(join(folder, PLAN_ACTION), 'utf8')).toBe(read(PLAN_ACTION));
  } finally {
    temporary.remove();
  }
});
