import { BUILD_FILES } from '../../graph/package.js';
import { fileNameOf, selfAndFoldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { OpenTexts } from './open-texts.js';

/** Code of the workspace itself that runs for external repositories and can read any of its files, or name it. */
export interface OwnCode {
  /** One of the files with such code. */
  readonly path: WorkspacePath;
  /** The names of the files for which it can look. */
  readonly names: OpenTexts;
  /** Whether it can list folders, and so find any file. */
  readonly lists: boolean;
  /** The folders in which, and below which, it can look for files with other names, too; of the root, only the files count. */
  readonly folders: ReadonlySet<WorkspacePath>;
  /** Whether it can give the root of the workspace to a program, or show it in a repository. */
  readonly givesRoot: boolean;
}

/** Whether code can notice that a file appears or vanishes that it has not read. */
export function mayFind(path: WorkspacePath, { names, lists, folders }: OwnCode): boolean {
  if (lists) return true;
  const name = fileNameOf(path);
  // Repository rules write BUILD files of their own and rarely look for those of the workspace.
  if (!BUILD_FILES.includes(name) && names.has(name)) return true;
  const isInRoot = !path.includes('/');
  return [...selfAndFoldersAbove(path)].some((each) => (each !== '' || isInRoot) && folders.has(each));
}

export function joinedCode(one: OwnCode | null, other: OwnCode | null): OwnCode | null {
  if (one === null || other === null) return one ?? other;
  return {
    path: other.path,
    names: one.names.with(other.names),
    lists: one.lists || other.lists,
    folders: new Set([...one.folders, ...other.folders]),
    givesRoot: one.givesRoot || other.givesRoot,
  };
}
