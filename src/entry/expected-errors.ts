import { BazelError, BazelMissingError } from '../bazel/bazel-error.js';
import { QueryOutputError } from '../bazel/query-proto.js';
import { GitError } from '../git/repository.js';
import { ArtifactError } from '../github/artifact-error.js';
import { InputError } from '../inputs/input-error.js';
import { IncompleteAnswerError } from '../pipeline/accounting.js';
import { MatrixSizeError } from '../matrix/matrix.js';
import { NoWorkspaceError } from '../pipeline/site.js';
import { PlanFileError } from '../plan/plan-file.js';
import { DamagedSnapshotError } from '../snapshot/stored-values.js';
import { NeedsError } from '../results/needs.js';
import { machineError, MachineError } from './machine-error.js';

/** Whether a failure is the user's to mend and its message says how: its stack would only hide that. */
export function isExpected(error: unknown): boolean {
  return [
    ArtifactError,
    BazelError,
    BazelMissingError,
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

/** An error as it is told: one that is the machine's in a sentence that says what to do. */
export function told(error: unknown): unknown {
  return machineError(error) ?? error;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  const shown = told(error);
  return shown instanceof Error ? shown.message : String(shown);
}
