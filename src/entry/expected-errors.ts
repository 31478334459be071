import { BazelError, BazelMissingError } from '../bazel/bazel.js';
import { GitError } from '../git/repository.js';
import { InputError } from '../inputs/input-error.js';
import { NoWorkspaceError } from '../pipeline/site.js';

/** Whether a failure is the user's to mend and its message says how: its stack would only hide that. */
export function isExpected(error: unknown): boolean {
  return [BazelError, BazelMissingError, GitError, InputError, NoWorkspaceError].some(
    (type) => error instanceof type,
  );
}
