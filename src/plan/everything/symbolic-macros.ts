import { StarlarkSyntaxError, statementsOf } from '../../formats/starlark-parser.js';
import { expressionsIn, partsOfStatement, type Statement } from '../../formats/starlark-syntax.js';
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
  const code = await head.files.texts(head.files.listing.entries.map(({ path }) => path).filter(isStarlark));
  // A function that makes macros may be called in any file.
  const hasMakers = [...code.values()].some((text) =>
    usesOfMacro(text).some((use) => use.inFunction !== null),
  );
  const defining = hasMakers
    ? changed
    : texts.flatMap(([path, text]) => (usesOfMacro(text).length > 0 ? [path] : []));
  if (defining.length === 0) return new Set();
  return (await reader.closureOf(head.files)).packagesLoading(defining);
}

/** The statements of a file that use Bazel's function `macro`. */
function usesOfMacro(text: string): readonly Pick<Statement, 'inFunction'>[] {
  if (!/\bmacro\b/.test(text)) return [];
  try {
    return statementsOf(text).filter((statement) =>
      partsOfStatement(statement)
        .flatMap((part) => [...expressionsIn(part)])
        .some((part) => part.kind === 'name' && part.name === 'macro'),
    );
  } catch (error) {
    if (error instanceof StarlarkSyntaxError) return [{ inFunction: text }];
    throw error;
  }
}
