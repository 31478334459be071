import { Listing } from '../../formats/git-listing.js';
import type { CommitId, RepositoryPath, TreeEntry } from '../../graph/tree.js';
import { differencesBetween } from './differences.js';
import type { Git } from './git.js';
import { isOdd } from './odd-names.js';

/** All files of a commit. @throws GitError */
export async function listTree(git: Git, commit: CommitId): Promise<Listing> {
  const entries = await git.fields(['ls-tree', '-r', '-z', '--full-tree', commit]);
  return Listing.of(entries.map(readEntry));
}

/** Reads `<mode> <type> <id>\t<path>`. */
function readEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  return {
    path: line.slice(tab + 1) as RepositoryPath,
    mode: line.slice(0, line.indexOf(' ')),
    objectId: line.slice(line.lastIndexOf(' ', tab) + 1, tab),
  };
}

/**
 * All files of a commit, derived from those of another commit, so that git reads only the differences.
 *
 * @returns null if names that are not UTF-8 differ, because several of them can become the same text
 * @throws GitError
 */
export async function deriveTree(
  git: Git,
  from: { readonly commit: CommitId; readonly files: Listing },
  commit: CommitId,
): Promise<Listing | null> {
  const differences = await differencesBetween(git, from.commit, commit);
  if (differences.some(({ change }) => isOdd(change.path))) return null;
  const gone = differences.filter(({ change }) => change.status === 'deleted');
  const there = differences.filter(({ change }) => change.status !== 'deleted');
  return from.files.with(
    new Set(gone.map(({ change }) => change.path)),
    there.map(({ change, idAfter }) => ({ path: change.path, mode: change.modeAfter, objectId: idAfter })),
  );
}
