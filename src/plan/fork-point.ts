import type { Repository } from '../adapters/git/repository.js';
import type { CommitId } from '../graph/tree.js';
import { InputError } from '../text/input-error.js';
import type { Base } from './base.js';

/**
 * The base of a developer's work: the commit where it left the default branch of the remote.
 *
 * @throws InputError if this clone does not know the default branch
 */
export async function forkPoint(head: CommitId, repository: Repository): Promise<Base> {
  const branch = await repository.remoteDefaultBranch();
  if (branch === null) {
    throw new InputError('base', '', {
      problem:
        'is needed, because this clone does not know the default branch of a remote: name a revision to compare with, ' +
        'such as main, or run `git remote set-head origin --auto`',
    });
  }
  const tip = await repository.resolve(branch);
  const fork = tip === null ? null : await repository.mergeBase(head, tip);
  if (fork !== null) return { kind: 'commit', commit: fork, why: `where the work left ${branch}` };
  const why = `no common ancestor with ${branch} in this clone`;
  return (await repository.isShallow())
    ? { kind: 'unknown', why: `${why} (git fetch --unshallow brings it)` }
    : { kind: 'none', why };
}
