import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import type { LoadingReader } from '../../loading/source/loading-reader.js';
import type { Comparison } from '../comparison.js';

/**
 * The packages of the head that load a changed .bzl file which defines symbolic macros (Bazel 8). Bazel checks the
 * visibility of what such a macro uses at the package of the macro's .bzl file. So a macro that moves to another file can
 * make targets fail to build, and no digest of a target shows it. See https://bazel.build/extending/macros#visibility
 *
 * @param layout the files that changed only in their layout
 * @throws GitError
 */
export async function packagesOfChangedMacros(
  { base, head, shown }: Pick<Comparison, 'base' | 'head' | 'shown'>,
  layout: ReadonlySet<WorkspacePath>,
  reader: LoadingReader,
): Promise<ReadonlySet<PackagePath>> {
  const changed = shown.map((change) => change.path).filter((path) => isStarlark(path) && !layout.has(path));
  if (changed.length === 0) return new Set();
  const texts = [...(await base.files.texts(changed)), ...(await head.files.texts(changed))];
  const defining = texts.flatMap(([path, text]) => (/(?<!def )\bmacro\s*\(/.test(text) ? [path] : []));
  if (defining.length === 0) return new Set();
  return (await reader.closureOf(head.files)).packagesLoading(defining);
}
