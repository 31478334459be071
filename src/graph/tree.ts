/** A path in the git repository, separated by `/`. The repository's root folder is `''`. */
export type RepositoryPath = string & { readonly __brand: 'RepositoryPath' };

/** A commit's id: hexadecimal, not abbreviated. */
export type CommitId = string & { readonly __brand: 'CommitId' };

/** Whether a text is an unabbreviated commit id, SHA-1 or SHA-256. */
export function isCommitId(text: string): text is CommitId {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

export const SYMLINK_MODE = '120000';
export const SUBMODULE_MODE = '160000';

/** One file of a revision as git lists it. */
export interface TreeEntry<Path extends string = RepositoryPath> {
  readonly path: Path;
  /** Git's notation: `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
  readonly mode: string;
  /** The id of the content; for a submodule, that of its commit. */
  readonly objectId: string;
}
