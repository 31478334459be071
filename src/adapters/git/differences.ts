import type { Change, ChangeStatus } from '../../graph/change.js';
import type { CommitId, RepositoryPath } from '../../graph/tree.js';
import type { Git } from './git.js';

/**
 * A change with the object ids of its contents. An id is all zeros if git would have to read the file to compute it.
 */
export interface Difference {
  readonly change: Change<RepositoryPath>;
  readonly idBefore: string;
  readonly idAfter: string;
}

/** What differs between two commits, or between one commit and the working tree. @throws GitError */
export async function differencesBetween(
  git: Git,
  ...revisions: readonly [CommitId, CommitId?]
): Promise<Difference[]> {
  const fields = await git.fields([
    'diff',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--no-ext-diff',
    '--ignore-submodules=none',
    ...revisions.filter((revision) => revision !== undefined),
    '--',
  ]);
  const differences: Difference[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2)
    differences.push(readDifference(fields[index] ?? '', fields[index + 1] as RepositoryPath));
  return differences;
}

/** Reads `:<mode before> <mode after> <id before> <id after> <letter>`, which precedes the path. */
function readDifference(header: string, path: RepositoryPath): Difference {
  const [before = '', modeAfter = '', idBefore = '', idAfter = '', letter = ''] = header.split(' ');
  const change = { path, status: changeStatus(letter), modeBefore: before.slice(1), modeAfter };
  return { change, idBefore, idAfter };
}

function changeStatus(letter: string): ChangeStatus {
  switch (letter) {
    case 'A':
      return 'added';
    case 'D':
      return 'deleted';
    case 'T':
      return 'type changed';
    default:
      // M, or U (unmerged: the working tree has a conflict).
      return 'modified';
  }
}
