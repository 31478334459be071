import { statSync } from 'node:fs';
import { getExecOutput } from '@actions/exec';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { childEnvironment, environmentWithoutAccess } from './environment.js';
import { startProgram, ToolMissingError } from './start.js';

/** A program to run, without a shell. */
export interface Command {
  readonly tool: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Added to the environment that programs get from this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the program may get the tokens of this process's environment. Git's credential helpers need them. */
  readonly mayAuthenticate?: boolean;
  /** Text for its standard input. */
  readonly input?: string;
  /** A time limit in milliseconds: after it, `stream` stops the program and treats it as failed. */
  readonly limitMs?: number;
}

/** How a program ended. */
export interface Ended {
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, if known. */
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables that git sets while a hook runs. They would redirect every call of git to the hook's repository. */
const GIT_LOCATION =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|PREFIX|.*_PATHSPECS)$/;

function environmentOf(command: Command): Record<string, string> {
  const own = command.mayAuthenticate === true ? childEnvironment() : environmentWithoutAccess();
  const inherited = Object.entries(own).filter(([name]) => !GIT_LOCATION.test(name));
  return { ...Object.fromEntries(inherited), ...command.environment };
}

/**
 * Runs a program with short text output.
 *
 * @throws ToolMissingError if it cannot be started; a failing exit code is not an error
 */
export async function run(command: Command): Promise<Ended> {
  // If the program cannot be started because its folder is missing, the promise of @actions/exec never settles.
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
    // @actions/exec returns Node's exit code, which is not a number if a signal ended the program.
    return { exitCode, signal: null, stdout, stderr };
  } catch (error) {
    throw new ToolMissingError(command.tool, error);
  }
}

/**
 * Runs a program with long or binary output, and passes the output on while it arrives.
 *
 * `@actions/exec` is not suitable: it also keeps the output as one growing line, whose cost is quadratic if the output
 * has no line ends (`-z`, protobuf).
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
            // A process that the program started may still run and keep these pipes open.
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
    // A program may end before it has read all its input. Its exit code decides, not the broken pipe.
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
