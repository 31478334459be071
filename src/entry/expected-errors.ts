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
    NeedsError,
    NoWorkspaceError,
    PlanFileError,
    QueryOutputError,
  ].some((type) => error instanceof type);
}
