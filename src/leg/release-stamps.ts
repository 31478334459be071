import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError } from '../adapters/git/git.js';
import { Repository } from '../adapters/git/repository.js';
import type { CommitId } from '../graph/tree.js';
import { rcTextsInCheckout } from '../loading/source/checkout.js';
import type { LegContext } from './leg-context.js';

/** The commit in a checkout. */
export interface CheckedOut {
  /** Null if git does not know one. */
  readonly commit: CommitId | null;
  /** Whether files differ from the commit, or may. */
  readonly isDirty: boolean;
}

/** What is checked out where a release runs. */
export async function checkedOutIn(workspace: string): Promise<CheckedOut> {
  try {
    const repository = await Repository.open(workspace);
    const commit = await repository.head();
    return { commit, isDirty: await repository.workingTree.differsFrom(commit) };
  } catch (error) {
    if (error instanceof GitError) return { commit: null, isDirty: true };
    throw error;
  }
}

/**
 * The options with which a release is built: stamped, with the status of this project if nobody sets another status command. What is
 * stamped stays out of a shared cache, because no other build has the same stamps.
 */
export async function stampingOptions(context: LegContext, checkedOut: CheckedOut): Promise<string[]> {
  const options = ['--stamp', '--noremote_upload_local_results'];
  if (hasStatusCommand(context)) return options;
  const command = join(context.folder, 'status.sh');
  await writeFile(command, statusProgram(statusLines(context.status, checkedOut)), { mode: 0o755 });
  return [...options, `--workspace_status_command=${command}`];
}

/**
 * The status in lines. Keys that begin like this change what is stamped with them: see
 * https://bazel.build/docs/user-manual#workspace-status
 */
function statusLines(more: LegContext['status'], { commit, isDirty }: CheckedOut): string[] {
  const status = {
    STABLE_GIT_COMMIT: commit ?? 'unknown',
    STABLE_GIT_DIRTY: isDirty ? 'yes' : 'no',
    ...more,
  };
  return Object.entries(status).map(([key, value]) => `${key} ${value}`);
}

/** A status with the same keys that is the same in every run, also on another machine and for another user. */
export function constantStatusLines(more: LegContext['status']): string[] {
  const none = Object.fromEntries(Object.keys(more).map((key) => [key, 'none']));
  const status = { BUILD_HOST: 'none', BUILD_USER: 'none', ...none };
  return statusLines(status, { commit: '0'.repeat(40) as CommitId, isDirty: false });
}

/** The text of a program that prints a status. */
export function statusProgram(lines: readonly string[]): string {
  return `#!/bin/sh\ncat <<'END_OF_STATUS'\n${lines.join('\n')}\nEND_OF_STATUS\n`;
}

/** Whether an option, or a line of an rc file, names a status command, also one that is not in force. */
function hasStatusCommand({ bazel, workspace }: LegContext): boolean {
  const texts = [...bazel.flags, ...rcTextsInCheckout(bazel.startupOptions, workspace)];
  return texts.some((text) => text.includes('workspace_status_command'));
}
