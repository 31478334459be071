import type { RepositoryPath } from '../../graph/tree.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import type { ShownChange } from '../../graph/change.js';
import { folderOf } from '../../graph/folders.js';
import { isBuildFile } from '../../graph/package.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';

/**
 * Finds the changed path that best explains why targets of a package have another definition: its BUILD file, else a
 * .bzl file that it loads, else a path below it that was added or deleted or is of another type (globs match names).
 * The result is null if no path explains it. It only helps the reader; no decision depends on it.
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
