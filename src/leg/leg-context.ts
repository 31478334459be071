import type { Interruption } from '../adapters/bazel/interruption.js';
import { runCommand, type BazelCommand, type OutputListener } from '../adapters/bazel/run-command.js';
import { BazelStartError } from '../adapters/bazel/start-error.js';
import type { Leg } from '../plan/legs/leg.js';
import type { ReleaseLedger } from './release-ledger.js';
import type { BazelEnd } from './result/leg-status.js';

/** How Bazel is called for a leg. */
export interface BazelSetup {
  /** The path or name of the program. */
  readonly program: string;
  readonly startupOptions: readonly string[];
  /** The options of the leg's commands, in order: first those for all modes, then those of the mode. */
  readonly flags: readonly string[];
}

/** What all calls of one leg have in common. */
export interface LegContext {
  readonly leg: Leg;
  /** The root of the Bazel workspace. */
  readonly workspace: string;
  readonly bazel: BazelSetup;
  /** Whether Bazel, and what it runs, gets the job's access to GitHub and to other services. */
  readonly access: BazelCommand['access'];
  /** Further variables for Bazel and the programs that it runs. */
  readonly variables: Readonly<Record<string, string>>;
  /** Further keys of the status with which releases are stamped, with their values of one line. */
  readonly status: Readonly<Record<string, string>>;
  /** What was released last; null if that is kept nowhere, so that every release of the leg is made. */
  readonly ledger: ReleaseLedger | null;
  /** A folder for files that are needed until the leg ends. */
  readonly folder: string;
  readonly interruption: Interruption;
  /** Replaces the secrets in a text that will be stored. */
  readonly conceal: (text: string) => string;
  /** How long Bazel may take to end after a signal, in milliseconds. */
  readonly graceMs: number;
}

/** Calls Bazel. The arguments follow the startup options. If Bazel cannot be started, that is returned, not thrown. */
export async function callBazel(
  context: LegContext,
  commandLine: readonly string[],
  onOutput: OutputListener,
): Promise<BazelEnd> {
  const { bazel, workspace, interruption, graceMs, access, variables } = context;
  if (interruption.received !== null) {
    return {
      kind: 'not started',
      message: `Bazel was not started, because the leg received ${interruption.received}.`,
    };
  }
  const command = {
    program: bazel.program,
    workspace,
    arguments: [...bazel.startupOptions, ...commandLine],
    access,
    variables,
  };
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
