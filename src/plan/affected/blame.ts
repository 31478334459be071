import type { RepositoryPath } from '../../graph/tree.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import type { ShownChange } from '../../graph/change.js';
import { folderOf } from '../../graph/folders.js';
import { isBuildFile } from '../../graph/package.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';

/**
 * The changed path that explains best why targets of a package are defined otherwise, or null: its BUILD file, a .bzl
 * file that it loads, else a file that came or went below it (a glob sees names). A help for the reader, nothing else
 * rests on it.
 *
 * @param packagesLoading the packages that load a .bzl file, directly or through others
 */
export function blameOf(
  changes: readonly ShownChange[],
  packagesLoading: (file: WorkspacePath) => ReadonlySet<PackagePath>,
): (packagePath: PackagePath) => RepositoryPath | null {
  const code = changes
    .filter((change) => isStarlark(change.path))
    .map((change) => ({ change, loaders: packagesLoading(change.path) }));
  const moved = changes.filter((change) => change.status !== 'modified');
  const buildFiles = new Map(
    changes.filter((change) => isBuildFile(change.path)).map((change) => [folderOf(change.path), change]),
  );
  const known = new Map<PackagePath, RepositoryPath | null>();
  const find = (packagePath: PackagePath): ShownChange | undefined =>
    buildFiles.get(packagePath) ??
    code.find(({ loaders }) => loaders.has(packagePath))?.change ??
    moved.find((change) => packagePath === '' || change.path.startsWith(`${packagePath}/`));
  return (packagePath) => {
    const found = known.has(packagePath) ? known.get(packagePath) : find(packagePath)?.origin;
    known.set(packagePath, found ?? null);
    return found ?? null;
  };
}
