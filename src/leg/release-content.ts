import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runfilesDigest } from '../adapters/disk/runfiles-digest.js';
import { textIfReadable } from '../adapters/disk/external-files.js';
import { createHash } from 'node:crypto';
import type { OutputListener } from '../adapters/bazel/run-command.js';
import { parseRunScript } from '../formats/run-script.js';
import type { Label } from '../graph/label.js';
import { ONLY_BUILD } from './build-leg.js';
import { callBazel, type LegContext } from './leg-context.js';
import { constantStatusLines, statusProgram } from './release-stamps.js';

/** What a release would publish, as far as Bazel knows. */
export type ReleaseContent =
  | { readonly kind: 'known'; readonly digest: string }
  /** Building the release for real tells more. */
  | { readonly kind: 'not built' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Builds a release without running it, and computes a digest of all that it consists of: its program, its runfiles, its
 * arguments and its variables. What is stamped is stamped with a status that is the same in every run.
 *
 * @param at a number for the names of temporary files
 */
export async function contentOf(
  context: LegContext,
  label: Label,
  at: number,
  onOutput: OutputListener,
): Promise<ReleaseContent> {
  const scriptFile = join(context.folder, `run-${at}.sh`);
  const status = await constantStatus(context);
  const variables = { ...context.variables, ...status.variables };
  const { flags } = context.bazel;
  const options = [
    ...ONLY_BUILD,
    `--workspace_status_command=${status.command}`,
    `--script_path=${scriptFile}`,
  ];
  const end = await callBazel(
    { ...context, variables },
    ['run', '--stamp', ...flags, ...options, '--', label],
    onOutput,
  );
  if (end.kind !== 'exited' || end.exitCode !== 0) return { kind: 'not built' };
  const script = parseRunScript(textIfReadable(scriptFile) ?? '', context.workspace);
  if (script === null) return unknown('the script of bazel run has an unknown form');
  try {
    const files = await runfilesDigest(script.program, script.runfiles);
    return {
      kind: 'known',
      digest: createHash('sha256').update(`${files}\n${script.text}`).digest('hex'),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return unknown(error.message);
  }
}

function unknown(why: string): ReleaseContent {
  return { kind: 'unknown', why };
}

/**
 * What makes stamps the same in every run. Bazel takes the host and the user from the command, and the time from the
 * variable.
 */
async function constantStatus({ folder, status }: LegContext): Promise<{
  readonly command: string;
  readonly variables: Readonly<Record<string, string>>;
}> {
  const command = join(folder, 'constant-status.sh');
  await writeFile(command, statusProgram(constantStatusLines(status)), { mode: 0o755 });
  return { command, variables: { SOURCE_DATE_EPOCH: '0' } };
}
