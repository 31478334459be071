import { isLink, type ShownChange } from '../../graph/change.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import { isBuildFile } from '../../graph/package.js';
import { significantCode } from '../../formats/starlark-tokens.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import { dirtyPackages, type Loading } from '../../loading/snapshot/dirty.js';
import type { LoadingReader } from '../../loading/source/loading-reader.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import type { Comparison } from '../comparison.js';

/**
 * The changed BUILD and .bzl files in which only comments, docstrings or formatting changed.
 *
 * @throws GitError
 */
export async function changesOfLayout({
  base,
  head,
  shown,
}: Pick<Comparison, 'base' | 'head' | 'shown'>): Promise<ReadonlySet<WorkspacePath>> {
  const edited = shown.filter(isEditOfCode).map((change) => change.path);
  if (edited.length === 0) return new Set();
  const [before, after] = [await base.files.texts(edited), await head.files.texts(edited)];
  return new Set(edited.filter((path) => isSameCode(before.get(path), after.get(path))));
}

function isEditOfCode(change: ShownChange): boolean {
  const isCode = isStarlark(change.path) || isBuildFile(change.path);
  return isCode && change.status === 'modified' && change.modeBefore === change.modeAfter && !isLink(change);
}

function isSameCode(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  // Different bytes that are not valid UTF-8 give the same text.
  if (before.includes('\uFFFD') || after.includes('\uFFFD')) return false;
  return significantCode(before) === significantCode(after);
}

/**
 * The packages that both revisions define in the same way, although .bzl files that they load changed: these changed
 * only in their layout. Bazel's digests of a Starlark rule cover the bytes of all .bzl files behind it, so they differ
 * between the two revisions even if a comment is all that changed.
 *
 * @param layout the files of `changesOfLayout`
 * @param packagesBefore the packages of the base
 * @returns an empty set if no .bzl file changed only in its layout, or if this cannot be known
 * @throws GitError
 */
export async function packagesOfSameCode(
  { base, head }: Pick<Comparison, 'base' | 'head'>,
  layout: ReadonlySet<WorkspacePath>,
  packagesBefore: ReadonlySet<PackagePath>,
  reader: LoadingReader,
): Promise<ReadonlySet<PackagePath>> {
  const starlark = [...layout].filter(isStarlark);
  if (starlark.length === 0) return new Set();
  const before = await reader.loadingOf(base.files);
  const after = await reader.loadingOf(head.files);
  const buildFiles = [...layout].filter(isBuildFile);
  const unchanged = (await canReadLineNumbers(buildFiles, after, head.files)) ? new Set(starlark) : layout;
  // If the loading inputs of both revisions differ only in layout, both revisions have the same targets.
  const dirty = dirtyPackages(before, packagesBefore, withTextsOf(before, unchanged, after));
  if (dirty.kind === 'full') return new Set();
  const different = new Set([...dirty.queried, ...dirty.removed]);
  return new Set([...packagesBefore].filter((path) => !different.has(path)));
}

/**
 * Whether code may read line numbers of the BUILD files: the rules that `native.existing_rules()` returns have an
 * attribute `generator_location`.
 */
async function canReadLineNumbers(
  buildFiles: readonly WorkspacePath[],
  { inputs }: Loading,
  files: RevisionFiles,
): Promise<boolean> {
  if (buildFiles.length === 0) return false;
  const texts = await files.texts([...inputs.starlark.keys(), ...buildFiles]);
  return [...texts.values()].some((text) => /\bexisting_rules?\b/.test(text));
}

/** The loading inputs of a revision as if some files had the texts that they have in another one. */
function withTextsOf(before: Loading, paths: ReadonlySet<WorkspacePath>, after: Loading): Loading {
  const replaced = (
    old: ReadonlyMap<WorkspacePath, string>,
    files: ReadonlyMap<WorkspacePath, string>,
  ): ReadonlyMap<WorkspacePath, string> =>
    new Map([...files].map(([path, id]) => [path, paths.has(path) ? (old.get(path) ?? id) : id]));
  const { buildFiles, starlark, everywhere } = before.inputs;
  return {
    inputs: {
      ...after.inputs,
      buildFiles: replaced(buildFiles, after.inputs.buildFiles),
      starlark: replaced(starlark, after.inputs.starlark),
      everywhere: replaced(everywhere, after.inputs.everywhere),
    },
    statements: new Map([...before.statements, ...after.statements]),
  };
}
