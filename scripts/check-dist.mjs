/**
 * Fails if dist/ is not what the sources build, and names the files that differ; fails too if it is too large.
 *
 *   node scripts/check-dist.mjs
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sizeProblem } from './dist-size.mjs';

const repository = path.dirname(import.meta.dirname);
const rebuilt = mkdtempSync(path.join(tmpdir(), 'dist-'));
try {
  run(
    process.execPath,
    [path.join(import.meta.dirname, 'build.mjs'), rebuilt],
    'The rebuild failed (see above).',
  );
  run(
    'diff',
    ['--recursive', '--brief', 'dist', rebuilt],
    'dist/ is not what the sources build: run `npm run bundle`.',
  );
  const problem = sizeProblem(rebuilt);
  if (problem !== null) fail(`dist/ is too large: ${problem}.`);
} finally {
  rmSync(rebuilt, { recursive: true });
}

/**
 * @param {string} command
 * @param {string[]} arguments_
 * @param {string} problem what its failure means
 */
function run(command, arguments_, problem) {
  const { status, error } = spawnSync(command, arguments_, { cwd: repository, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) fail(problem);
}

/** @param {string} problem */
function fail(problem) {
  console.error(`check-dist: ${problem}`);
  process.exitCode = 1;
}
