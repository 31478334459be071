import type { Interruption } from '../adapters/bazel/interruption.js';
import { runCommand, type OutputListener } from '../adapters/bazel/run-command.js';
import { BazelStartError } from '../adapters/bazel/start-error.js';
import type { Leg } from '../plan/legs/leg.js';
import type { BazelEnd } from './result/leg-status.js';

/** How Bazel is called for a leg. */
export interface BazelSetup {
  /** Path or name of the program. */
  readonly program: string;
  readonly startupOptions: readonly string[];
  /** Options of the leg's commands, in order: those for all modes first, then those of the mode. */
  readonly flags: readonly string[];
}

/** What the calls of one leg share. */
export interface LegContext {
  readonly leg: Leg;
  /** The root of the Bazel workspace. */
  readonly workspace: string;
  readonly bazel: BazelSetup;
  /** A folder for files that live as long as the leg. */
  readonly folder: string;
  readonly interruption: Interruption;
  /** Hides secrets in a text that is kept. */
  readonly conceal: (text: string) => string;
  /** How long Bazel may take to end after a signal, in milliseconds. */
  readonly graceMs: number;
}

/** Calls Bazel with arguments that follow the startup options; a Bazel that cannot be started is an end like others. */
export async function callBazel(
  context: LegContext,
  commandLine: readonly string[],
  onOutput: OutputListener,
): Promise<BazelEnd> {
  const { bazel, workspace, interruption, graceMs } = context;
  if (interruption.received !== null) {
    return {
      kind: 'not started',
      message: `Bazel was not started, because the leg received ${interruption.received}.`,
    };
  }
  const command = { program: bazel.program, workspace, arguments: [...bazel.startupOptions, ...commandLine] };
  try {
    const { exitCode, signal } = await runCommand(command, interruption, graceMs, onOutput);
    return exitCode === null
      ? { kind: 'killed', signal: signal ?? 'a signal' }
      : { kind: 'exited', exitCode };
  } catch (error) {
    if (error instanceof BazelStartError) return { kind: 'not started', message: error.message };
    throw error;
  }
}
