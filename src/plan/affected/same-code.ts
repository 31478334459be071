import { isLink, type ShownChange } from '../../graph/change.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import { isBuildFile } from '../../graph/package.js';
import { significantCode } from '../../formats/starlark-tokens.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import { dirtyPackages, type Loading } from '../../loading/snapshot/dirty.js';
import type { LoadingReader } from '../../loading/source/loading-reader.js';
import type { Comparison } from '../comparison.js';

/**
 * The changed .bzl files in which only comments, docstrings or formatting changed. If there are any, such BUILD files are
 * in the result, too. They say nothing without one: Bazel's digests do not cover the layout of BUILD files.
 *
 * @throws GitError
 */
export async function changesOfLayout({
  base,
  head,
  shown,
}: Pick<Comparison, 'base' | 'head' | 'shown'>): Promise<ReadonlySet<WorkspacePath>> {
  const edited = shown.filter(isEditOfCode).map((change) => change.path);
  const ofLayout = async (paths: readonly WorkspacePath[]): Promise<WorkspacePath[]> => {
    if (paths.length === 0) return [];
    const [before, after] = [await base.files.texts(paths), await head.files.texts(paths)];
    return paths.filter((path) => isSameCode(before.get(path), after.get(path)));
  };
  const starlark = await ofLayout(edited.filter(isStarlark));
  return new Set(starlark.length === 0 ? [] : [...starlark, ...(await ofLayout(edited.filter(isBuildFile)))]);
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
  const texts = await head.files.texts([...after.inputs.starlark.keys(), ...after.inputs.buildFiles.keys()]);
  const code = [...texts.values()].join('\n');
  if (READS_ERRORS.test(code)) return new Set();
  const unchanged = canReadLineNumbers(code, after) ? new Set(starlark) : layout;
  // If the loading inputs of both revisions differ only in layout, both revisions have the same targets.
  const dirty = dirtyPackages(before, packagesBefore, withTextsOf(before, unchanged, after));
  if (dirty.kind === 'full') return new Set();
  const different = new Set([...dirty.queried, ...dirty.removed]);
  return new Set([...packagesBefore].filter((path) => !different.has(path)));
}

/** Tests of the analysis can read error messages, which contain the line numbers of .bzl files. */
const READS_ERRORS = /\b(AnalysisFailureInfo|allow_analysis_failures|expect_failure)\b/;

/**
 * Whether code may read line numbers of the BUILD files: the rules that `native.existing_rules()` returns have an
 * attribute `generator_location`. The code of other repositories is unknown.
 */
function canReadLineNumbers(code: string, { inputs, statements }: Loading): boolean {
  const loadsOthers = [...statements.values()]
    .flat()
    .some((label) => label.startsWith('@') && inputs.main.label(label) === null);
  return loadsOthers || /\bexisting_rules?\b/.test(code);
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
