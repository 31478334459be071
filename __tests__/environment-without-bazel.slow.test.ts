import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeFiles } from './support/files.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const ROOT = dirname(import.meta.dirname);

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

/** Runs a test file in the environment. @param body of its one test, which sees `spawnSync` */
function runTest(body: string): { readonly passed: boolean; readonly said: string } {
  const config = {
    rootDir: temporary.path,
    testEnvironment: join(ROOT, '__tests__/support/environment-without-bazel.js'),
    transform: {},
  };
  writeFiles(temporary.path, {
    'one.test.js': `const { spawnSync } = require('node:child_process');\ntest('one', () => {${body}});\n`,
  });
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const { status, stderr } = spawnSync(process.execPath, [jest, '--config', JSON.stringify(config)], {
    cwd: temporary.path,
    encoding: 'utf8',
  });
  return { passed: status === 0, said: stderr };
}

test.each(["'bazel'", "'bazelisk'", 'process.env.BAZEL'])(
  'a test file that starts %s fails, though its test passes',
  (command) => {
    const { passed, said } = runTest(
      `expect(spawnSync(${command}, ['info'], { env: process.env }).status).toBe(1);`,
    );
    expect(passed).toBe(false);
    expect(said).toMatch(
      /one\.test\.js is not named \.bazel\.test\.ts, but starts Bazel:\n.*\/bazel(isk)? info/,
    );
  },
);

test('a program that is started without an environment of its own finds no other Bazel', () => {
  expect(runTest("spawnSync('sh', ['-c', 'bazel build']);").said).toContain('/bazel build');
});

test('a test file that starts no Bazel passes', () => {
  expect(runTest("expect(spawnSync('true').status).toBe(0);")).toMatchObject({ passed: true });
});
