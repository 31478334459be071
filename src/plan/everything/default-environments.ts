import { isLink } from '../../graph/change.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import { isBuildFile } from '../../graph/package.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import { LoadClosure } from '../../loading/inputs/load-closure.js';
import { folderOf } from '../../graph/folders.js';
import { namesDefaultEnvironments } from './environments.js';
import type { Comparison } from '../comparison.js';
import type { LoadingReader } from '../../loading/source/loading-reader.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';

/**
 * The packages whose default environments may have changed (`package(default_restricted_to = …)`). They need this
 * search because Bazel does not include these defaults in the digest of a rule. A package is in the result if its BUILD
 * file, or a .bzl file that it loads, names such defaults, and if one of these files changed.
 *
 * @throws GitError
 */
export async function packagesOfOtherEnvironments(
  { base, head, shown }: Pick<Comparison, 'base' | 'head' | 'shown'>,
  reader: LoadingReader,
): Promise<ReadonlySet<PackagePath>> {
  const paths = shown.map((change) => change.path);
  const changed: ChangedCode = {
    buildFiles: paths.filter(isBuildFile),
    starlark: paths.filter(isStarlark),
    links: shown.filter(isLink).map((change) => change.path),
  };
  if (Object.values(changed).every((list: readonly WorkspacePath[]) => list.length === 0)) return new Set();
  const before = await packagesNamingDefaults(base.files, changed, reader);
  const after = await packagesNamingDefaults(head.files, changed, reader);
  return new Set([...before, ...after]);
}

interface ChangedCode {
  readonly buildFiles: readonly WorkspacePath[];
  readonly starlark: readonly WorkspacePath[];
  /** Symlinks and submodules. If one changed, any file below it may differ. */
  readonly links: readonly WorkspacePath[];
}

/** The packages of one revision that load or contain changed code and that name default environments. */
async function packagesNamingDefaults(
  files: RevisionFiles,
  { buildFiles, starlark, links }: ChangedCode,
  reader: LoadingReader,
): Promise<ReadonlySet<PackagePath>> {
  const { inputs, statements } = await reader.loadingOf(files);
  const isBehindLink = (path: WorkspacePath): boolean =>
    links.some((link) => path === link || path.startsWith(`${link}/`));
  const all = [...inputs.buildFiles.keys()];
  const touched = new Set(buildFiles.map(folderOf));
  if (links.length > 0) all.filter(isBehindLink).forEach((path) => touched.add(folderOf(path)));
  const code =
    links.length > 0 ? [...starlark, ...[...inputs.starlark.keys()].filter(isBehindLink)] : starlark;
  if (code.length > 0) {
    const closure = new LoadClosure(inputs, statements);
    for (const path of closure.packagesLoading(code)) touched.add(path);
  }
  const roots = all.filter((path) => touched.has(folderOf(path)));
  const closure = new LoadClosure(inputs, statements, roots);
  const loaded = [...inputs.starlark.keys()].filter((path) => closure.isLoaded(path));
  const naming = await filesNamingDefaults([...roots, ...loaded], files);
  return new Set([
    ...naming.filter(isBuildFile).map(folderOf),
    ...closure.packagesLoading(naming.filter(isStarlark)),
  ]);
}

/** Limits how many texts are in memory at once: a change can reach tens of thousands of packages. */
const READ_AT_ONCE = 1000;

async function filesNamingDefaults(
  paths: readonly WorkspacePath[],
  files: RevisionFiles,
): Promise<WorkspacePath[]> {
  const naming: WorkspacePath[] = [];
  for (let at = 0; at < paths.length; at += READ_AT_ONCE) {
    for (const [path, text] of await files.texts(paths.slice(at, at + READ_AT_ONCE)))
      if (namesDefaultEnvironments(text)) naming.push(path);
  }
  return naming;
}
