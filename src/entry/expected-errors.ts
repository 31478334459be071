import { BazelError } from '../adapters/bazel/bazel-error.js';
import { BazelStartError } from '../adapters/bazel/start-error.js';
import { BazelVersionError } from '../adapters/bazel/version-error.js';
import { QueryOutputError } from '../formats/query-proto.js';
import { GitError } from '../adapters/git/git.js';
import { ArtifactError } from '../adapters/github/artifact-error.js';
import { InputError } from '../text/input-error.js';
import { IncompleteAnswerError } from '../loading/source/accounting.js';
import { MatrixSizeError } from '../plan/legs/matrix.js';
import { NoWorkspaceError } from '../loading/source/site.js';
import { PlanFileError } from '../plan/file/plan-file.js';
import { DamagedSnapshotError } from '../loading/snapshot/stored-values.js';
import { NeedsError } from '../verdict/needs.js';
import { machineError, MachineError } from './machine-error.js';

/** Whether the user can fix an error and its message says how. The stack is not shown for these. */
export function isExpected(error: unknown): boolean {
  return [
    ArtifactError,
    BazelError,
    BazelStartError,
    BazelVersionError,
    DamagedSnapshotError,
    GitError,
    IncompleteAnswerError,
    InputError,
    MatrixSizeError,
    MachineError,
    NeedsError,
    NoWorkspaceError,
    PlanFileError,
    QueryOutputError,
  ].some((type) => error instanceof type);
}

/** The error to show. An error of the machine is replaced by one whose message says what to do. */
export function shownError(error: unknown): unknown {
  return machineError(error) ?? error;
}

/** The message to show for an error. */
export function errorMessage(error: unknown): string {
  const shown = shownError(error);
  return shown instanceof Error ? shown.message : String(shown);
}
