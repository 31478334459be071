/** A short run of the harness as `npm run soundness` starts it. It uses the bundle in dist/. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findBazel } from '../support/find-bazel.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const ROOT = dirname(dirname(import.meta.dirname));
const LIMIT_MS = 5 * 60_000;

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

function soundness(...options: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const program = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    './__tests__/support/typescript-files.mjs',
    'soundness/main.ts',
  ];
  return spawnSync(process.execPath, [...program, ...options], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, BAZEL: findBazel() },
  });
}

test(
  'no plan of a dozen edits misses what Bazel runs again',
  () => {
    const { status, stdout, stderr } = soundness('--seed=1', '--edits=12', '--no-snapshots=12');
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stderr: '' });
    expect(stdout).toContain('12 edits over 1 workspaces');
    expect(stdout).toContain('Misses: 0 edits.');
  },
  LIMIT_MS,
);

describe('a plan without targets', () => {
  const EMPTY = JSON.stringify({ test: [], affected: [], excluded: [], everything: null });

  test(
    'is a miss, with what makes it again, and becomes a case',
    () => {
      writeFileSync(temporary.join('plan.mjs'), `console.log(${JSON.stringify(EMPTY)});\n`);
      const cases = temporary.join('cases');
      const replay = REPLAY_OF_A_CHANGE;
      const { status, stdout } = soundness(
        `--replay=${replay}`,
        `--cli=${temporary.join('plan.mjs')}`,
        `--write-cases=${cases}`,
      );
      expect(stdout).toMatch(new RegExp(`^MISS  ${replay} `, 'm'));
      expect(stdout).toMatch(/ is missing in test: The test ran again\./);
      expect(status).toBe(1);
      const [file = ''] = readdirSync(cases);
      const [written] = JSON.parse(readFileSync(join(cases, file), 'utf8')) as { test_has: string[] }[];
      expect(written?.test_has.length).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

/** An edit after which a test runs again. */
const REPLAY_OF_A_CHANGE = '1/1/2';
