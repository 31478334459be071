import type { Repositories } from '../adapters/git/repositories.js';
import { isCommitId, type CommitId } from '../graph/tree.js';
import { InputError } from '../text/input-error.js';

/**
 * The commit of a revision that the user named. It is looked up in this clone first, then as a commit id, then as a
 * branch or tag of the remote.
 *
 * @throws InputError if none of them has it
 */
export async function namedCommit(
  input: 'base' | 'head',
  revision: string,
  { user, scratch }: Repositories,
): Promise<CommitId> {
  const known = (await user.resolve(revision)) ?? (await user.resolve(`origin/${revision}`));
  if (known !== null) return known;
  if (isCommitId(revision)) return revision;
  const remote = await scratch.remote.resolve(revision);
  if (remote !== null) return remote;
  throw new InputError(input, revision, {
    problem:
      'was not found: neither this clone nor its remote has such a commit, branch or tag; check the spelling, or fetch it ' +
      'first (`git fetch`); ' +
      'a short commit id works only if this clone has the commit',
  });
}
