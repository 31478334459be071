import type { RepositoryPath } from '../git/tree.js';
import type { PackagePath, WorkspacePath } from '../graph/label.js';
import type { SeenChange } from './change.js';

/**
 * The changed path that explains best why targets of a package are defined otherwise, or null: its BUILD file, a .bzl
 * file that it loads, else a file that came or went below it (a glob sees names). A help for the reader, nothing else
 * rests on it.
 *
 * @param loadedBy the .bzl files that a package loads, transitively
 */
export function blameOf(
  changes: readonly SeenChange[],
  loadedBy: (packagePath: PackagePath) => ReadonlySet<WorkspacePath>,
): (packagePath: PackagePath) => RepositoryPath | null {
  const code = changes.filter((change) => /\.(bzl|scl)$/.test(change.path));
  const moved = changes.filter((change) => change.status !== 'modified');
  const buildFiles = new Map(
    changes
      .filter((change) => /(^|\/)BUILD(\.bazel)?$/.test(change.path))
      .map((change) => [change.path.replace(/\/?BUILD(\.bazel)?$/, ''), change]),
  );
  const known = new Map<PackagePath, RepositoryPath | null>();
  const find = (packagePath: PackagePath): SeenChange | undefined =>
    buildFiles.get(packagePath) ??
    (code.length === 0 ? undefined : code.find((change) => loadedBy(packagePath).has(change.path))) ??
    moved.find((change) => packagePath === '' || change.path.startsWith(`${packagePath}/`));
  return (packagePath) => {
    const found = known.has(packagePath) ? known.get(packagePath) : find(packagePath)?.origin;
    known.set(packagePath, found ?? null);
    return found ?? null;
  };
}
