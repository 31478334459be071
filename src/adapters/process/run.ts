import { statSync } from 'node:fs';
import { getExecOutput } from '@actions/exec';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { childEnvironment, environmentWithoutAccess } from './environment.js';
import { startProgram, ToolMissingError } from './start.js';

/** A program to run, without a shell between. */
export interface Command {
  readonly tool: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Added to this process's own environment, as far as a program may have that. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it may have the tokens of this process's environment, as git's credential helpers need them. */
  readonly mayAuthenticate?: boolean;
  /** Written to standard input. */
  readonly input?: string;
  /** Milliseconds after which `stream` stops it, and takes it for one that failed. */
  readonly limitMs?: number;
}

/** How a program ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, where that is known. */
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Set while a git hook runs: they would bend every git call to the hook's repository, whatever the folder. */
const GIT_LOCATION =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|PREFIX|.*_PATHSPECS)$/;

function environmentOf(command: Command): Record<string, string> {
  const own = command.mayAuthenticate === true ? childEnvironment() : environmentWithoutAccess();
  const inherited = Object.entries(own).filter(([name]) => !GIT_LOCATION.test(name));
  return { ...Object.fromEntries(inherited), ...command.environment };
}

/**
 * Runs a program whose output is short text.
 *
 * @throws ToolMissingError if it cannot be started; a failing exit code is not an error
 */
export async function run(command: Command): Promise<Ended> {
  // Where a program cannot be spawned at once, the promise of @actions/exec never settles.
  if (statSync(command.folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new ToolMissingError(command.tool, new Error(`${command.folder} is not a folder`));
  }
  try {
    const { exitCode, stdout, stderr } = await getExecOutput(`"${command.tool}"`, [...command.args], {
      cwd: command.folder,
      env: environmentOf(command),
      silent: true,
      ignoreReturnCode: true,
      ...(command.input === undefined ? {} : { input: Buffer.from(command.input) }),
    });
    // @actions/exec hands on what Node says, which is not a number where a signal ended the program.
    return { exitCode, signal: null, stdout, stderr };
  } catch (error) {
    throw new ToolMissingError(command.tool, error);
  }
}

/**
 * Runs a program whose output is long or binary, and hands it over while it comes.
 *
 * `@actions/exec` does not help here: it also keeps the output as one growing line buffer, whose cost is quadratic
 * for output without line ends (`-z`, protobuf).
 *
 * @throws ToolMissingError if it cannot be started; whatever `onOutput` throws, after the program was stopped
 */
export function stream(command: Command, onOutput: (chunk: Buffer) => void): Promise<Omit<Ended, 'stdout'>> {
  return new Promise((resolve, reject) => {
    const child = startProgram(command.tool, () => spawnPiped(command));
    const stderr: Buffer[] = [];
    let failure: Error | undefined;
    const limit =
      command.limitMs === undefined
        ? undefined
        : setTimeout(() => {
            child.kill();
            // A program that it started may go on for a while, and keep these open.
            child.stdout.destroy();
            child.stderr.destroy();
            stderr.push(
              Buffer.from(`stopped, because it took longer than ${(command.limitMs ?? 0) / 1000} s`),
            );
            resolve({ exitCode: 1, signal: null, stderr: Buffer.concat(stderr).toString('utf8') });
          }, command.limitMs);
    child.stdout.on('data', (chunk: Buffer) => {
      if (failure !== undefined) return;
      try {
        onOutput(chunk);
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        child.kill();
      }
    });
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A program that ends before it has read its input is judged by its exit code, not by the broken pipe.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      clearTimeout(limit);
      reject(new ToolMissingError(command.tool, error));
    });
    child.on('close', (exitCode, signal) => {
      clearTimeout(limit);
      if (failure !== undefined) reject(failure);
      else resolve({ exitCode, signal, stderr: Buffer.concat(stderr).toString('utf8') });
    });
    child.stdin.end(command.input ?? '');
  });
}

function spawnPiped(command: Command): ChildProcessWithoutNullStreams {
  return spawn(command.tool, command.args, {
    cwd: command.folder,
    env: environmentOf(command),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
