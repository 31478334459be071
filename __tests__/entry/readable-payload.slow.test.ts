import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { commitId } from '../support/builders.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { start } from '../support/program.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

test.each(['', '{', 'nonsense'])(
  'a payload that is not JSON (%j) is an error in one sentence',
  async (payload) => {
    writeFileSync(temporary.join('event.json'), payload);
    const { code, stdout, stderr } = await start('plan', [], temporary.path, {
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: temporary.join('event.json'),
      GITHUB_SHA: commitId('a'),
    }).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::error::input event payload \(GITHUB_EVENT_PATH\): names no readable JSON file: /m,
    );
    expect(stdout + stderr).not.toMatch(/^ +at /m);
  },
);

test.each(['run', 'conclude', 'cli'] as const)('%s does without a payload', async (program) => {
  writeFileSync(temporary.join('event.json'), '{');
  const { stdout, stderr } = await start(program, ['--version'], temporary.path, {
    GITHUB_EVENT_PATH: temporary.join('event.json'),
  }).ended;
  expect(stdout + stderr).not.toMatch(/SyntaxError|^ +at /m);
});
