/** A path inside the git repository, `/`-separated; the repository's own folder is `''`. */
export type RepositoryPath = string & { readonly __brand: 'RepositoryPath' };

/** A commit's id: hexadecimal, whole. */
export type CommitId = string & { readonly __brand: 'CommitId' };

/** Whether a text is the whole id of a commit, by SHA-1 or by SHA-256. */
export function isCommitId(text: string): text is CommitId {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

export const SYMLINK_MODE = '120000';
export const SUBMODULE_MODE = '160000';

/** One file of a revision as git lists it. */
export interface TreeEntry<Path extends string = RepositoryPath> {
  readonly path: Path;
  /** As git writes it: `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
  readonly mode: string;
  /** The content's id; for a submodule its commit. */
  readonly objectId: string;
}
