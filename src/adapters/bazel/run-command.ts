import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { childEnvironment, environmentWithoutAccess } from '../process/environment.js';
import { startProgram, ToolMissingError } from '../process/start.js';
import type { Interruption } from './interruption.js';
import { orStartError } from './start-error.js';

/** One call of Bazel. */
export interface BazelCommand {
  /** The path or name of the program. */
  readonly program: string;
  /** The folder to run in: the workspace. */
  readonly workspace: string;
  /** Startup options, command, options and targets. They are passed unchanged, without a shell. */
  readonly arguments: readonly string[];
  /** Whether it may find the job's access to GitHub and to other services in its variables. */
  readonly access: 'of the job' | 'none';
  /** Further variables. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How a call ended. */
export interface CommandEnd {
  /** Null if a signal killed the program. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Receives a command's output while it arrives. */
export type OutputListener = (chunk: Buffer, stream: 'stdout' | 'stderr') => void;

/**
 * Runs Bazel until it ends and passes its output on. Each signal that the interruption receives is sent to Bazel and to
 * all processes in its group, because a wrapper may run Bazel. If Bazel has not ended `graceMs` after the first signal,
 * it is killed.
 *
 * Bazel gets a process group of its own, so that a Ctrl-C in a terminal reaches it only once, from here. Bazel discards
 * its server on the third one.
 *
 * @throws BazelStartError if the program cannot be started
 */
export async function runCommand(
  command: BazelCommand,
  interruption: Interruption,
  graceMs: number,
  onOutput: OutputListener,
): Promise<CommandEnd> {
  return orStartError(runInGroup(command, interruption, graceMs, onOutput), command.workspace);
}

function runInGroup(
  command: BazelCommand,
  interruption: Interruption,
  graceMs: number,
  onOutput: OutputListener,
): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const child = startProgram(command.program, () => spawnInGroup(command));
    let killer: NodeJS.Timeout | undefined;
    const stopListening = interruption.listen((signal) => {
      sendSignal(child, signal);
      killer ??= setTimeout(() => {
        sendSignal(child, 'SIGKILL');
      }, graceMs);
    });
    const settle = () => {
      stopListening();
      clearTimeout(killer);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      onOutput(chunk, 'stdout');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      onOutput(chunk, 'stderr');
    });
    child.on('error', (error) => {
      settle();
      reject(new ToolMissingError(command.program, error));
    });
    child.on('exit', (exitCode, signal) => {
      settle();
      // Processes that Bazel left running may keep its pipes open, so we wait only briefly for the end of the output.
      const giveUp = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 2_000);
      child.on('close', () => {
        clearTimeout(giveUp);
        resolve({ exitCode, signal });
      });
    });
  });
}

function spawnInGroup(command: BazelCommand): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(command.program, command.arguments, {
    cwd: command.workspace,
    env: {
      ...(command.access === 'none' ? environmentWithoutAccess() : childEnvironment()),
      ...command.variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
}

function sendSignal(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // The process group has already ended, although Node has not reported it yet.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
