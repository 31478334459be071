/**
 * Finds a Bazel for the tests and the demo, on a developer's machine as on a fresh one.
 *
 *   node scripts/find-bazel.mjs      prints the path; says on stderr what it tries
 *
 * In this order: `BAZEL` in the environment; `bazel` or `bazelisk` on the PATH; Bazelisk from npm, which downloads
 * Bazel; Debian's own packages, for machines that reach a Debian mirror and no downloads; an error that says what to do.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandsOnPath } from './commands.mjs';

const repository = path.dirname(import.meta.dirname);
const version = readFileSync(path.join(repository, '.bazelversion'), 'utf8').trim();

/** No Bazel could be found; the message says what was tried and what to do. */
export class BazelNotFoundError extends Error {}

/**
 * @param {NodeJS.ProcessEnv} [environment] where `BAZEL` and `PATH` are read
 * @returns {string} the absolute path of a Bazel that starts: this was tried
 * @throws {BazelNotFoundError}
 */
export function findBazel(environment = process.env) {
  if (environment['BAZEL']) return named(environment['BAZEL'], environment);
  return (
    onPath(environment) ??
    fromNpm(environment) ??
    fromDebian(environment) ??
    giveUp('There is no Bazel here, and none could be installed (see above).')
  );
}

/**
 * A Bazel that the user asked for by name: it or none.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} environment
 */
function named(name, environment) {
  const command = name.includes(path.sep)
    ? path.resolve(name)
    : (commandsOnPath(name, environment)[0] ?? name);
  return starts(command, environment)
    ? command
    : giveUp(`BAZEL is set to ${name}, which does not start (see above).`);
}

/** @param {NodeJS.ProcessEnv} environment */
function onPath(environment) {
  return ['bazel', 'bazelisk']
    .flatMap((name) => commandsOnPath(name, environment))
    .map(pinned)
    .find((command) => starts(command, environment));
}

/** @param {NodeJS.ProcessEnv} environment */
function fromNpm(environment) {
  say(`No Bazel on the PATH. Trying Bazelisk from npm, which downloads Bazel ${version}.`);
  try {
    const bazelisk = pinned(createRequire(import.meta.url)('@bazel/bazelisk').getNativeBinary());
    return starts(bazelisk, environment) ? bazelisk : undefined;
  } catch (error) {
    say(`Bazelisk from npm cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** @param {NodeJS.ProcessEnv} environment */
function fromDebian(environment) {
  say("Trying Debian's own packages.");
  const script = path.join(import.meta.dirname, 'install-bazel-debian.sh');
  const { status, stdout } = spawnSync(script, {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * @param {string} problem
 * @returns {never}
 */
function giveUp(problem) {
  throw new BazelNotFoundError(
    `${problem} Install Bazelisk (https://github.com/bazelbuild/bazelisk) or Bazel ${version}, ` +
      'and have it on the PATH or set BAZEL to its path.',
  );
}

/**
 * Bazelisk takes the newest Bazel where the workspace names no version, as in the tests' temporary workspaces.
 * So a Bazelisk is returned as a script that names the version.
 * @param {string} command
 */
function pinned(command) {
  if (!path.basename(realpathSync(command)).includes('bazelisk')) return command;
  const key = createHash('sha256').update(command).digest('hex').slice(0, 12);
  const launcher = path.join(repository, 'node_modules', '.cache', 'bazel-affected', key, 'bazel');
  const unfinished = `${launcher}.${process.pid}`;
  mkdirSync(path.dirname(launcher), { recursive: true });
  writeFileSync(
    unfinished,
    `#!/bin/sh
export USE_BAZEL_VERSION="\${USE_BAZEL_VERSION:-${version}}"
exec '${command.replaceAll("'", String.raw`'\''`)}' "$@"
`,
    { mode: 0o755 },
  );
  renameSync(unfinished, launcher); // tests in parallel may all be here
  return launcher;
}

/**
 * Whether the command is a Bazel that starts here; shows what it says where it does not.
 * @param {string} command
 * @param {NodeJS.ProcessEnv} environment
 */
function starts(command, environment) {
  const run = spawnSync(command, ['--version'], { cwd: repository, env: environment, encoding: 'utf8' });
  if (run.status === 0 && /^bazel /m.test(run.stdout)) return true;
  say(`${command} does not start: ${(run.error?.message ?? run.stderr + run.stdout).trim()}`);
  return false;
}

/** @param {string} message */
function say(message) {
  process.stderr.write(`find-bazel: ${message}\n`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(findBazel());
  } catch (error) {
    if (!(error instanceof BazelNotFoundError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
