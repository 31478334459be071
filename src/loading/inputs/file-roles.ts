import { fileNameOf, folderOf } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import { isBuildFile } from '../../graph/package.js';
import { isRepositoryMarker, REPOSITORY_MARKERS } from '../../graph/repository-markers.js';
import { isDependencyManifest } from './dependency-manifests.js';

/** What a file is to Bazel's loading phase, judged by its path alone. */
export type FileRole =
  /** Defines a package. */
  | 'build'
  /** Is loaded by those that name it. */
  | 'starlark'
  /** Reaches every package, or nobody can tell which. */
  | 'everywhere'
  | 'other';

/** Names the folders that Bazel does not look into. */
export const IGNORE_FILE = '.bazelignore' as WorkspacePath;
/** Gives every package its defaults. */
export const REPO_FILE = 'REPO.bazel' as WorkspacePath;
/** Names the version of Bazel. */
export const VERSION_FILE = '.bazelversion' as WorkspacePath;
/** Can name the version of Bazel, and where it comes from. */
export const BAZELISK_FILE = '.bazeliskrc' as WorkspacePath;
export const LOCK_FILE = 'MODULE.bazel.lock' as WorkspacePath;
/** The rc file that Bazel reads by itself. */
export const ROOT_RC_FILE = '.bazelrc' as WorkspacePath;
/** The rc file of one developer, by convention: imported by .bazelrc, ignored by git. */
export const USER_RC_FILE = 'user.bazelrc' as WorkspacePath;
/** Loaded by every BUILD file, if its folder belongs to a package. */
export const PRELUDE = 'tools/build_rules/prelude_bazel' as WorkspacePath;
/** Bazel's launchers run this program in place of Bazel, if it is there. */
export const BAZEL_WRAPPER = 'tools/bazel' as WorkspacePath;

/** Files at a fixed place whose content reaches every package. */
export const FIXED_EVERYWHERE: readonly WorkspacePath[] = [PRELUDE, BAZEL_WRAPPER];

/**
 * Files at a fixed place that Bazel reads for every package, if they are there. Left out are the rc files that others
 * import, and MODULE.bazel.lock, which `--lockfile_mode` rules.
 */
export const GLOBAL_FILES: readonly string[] = [
  ...REPOSITORY_MARKERS,
  'WORKSPACE.bzlmod',
  IGNORE_FILE,
  ROOT_RC_FILE,
  VERSION_FILE,
  BAZELISK_FILE,
  ...FIXED_EVERYWHERE,
];

/** Names that give a file in any folder a meaning for every package. */
const EVERYWHERE_NAMES = new Set([
  LOCK_FILE,
  'WORKSPACE.bzlmod',
  'VENDOR.bazel',
  IGNORE_FILE,
  VERSION_FILE,
  BAZELISK_FILE,
  // Says how git writes the other files into a working tree.
  '.gitattributes',
  'DONT_FOLLOW_SYMLINKS_WHEN_TRAVERSING_THIS_DIRECTORY_VIA_A_RECURSIVE_TARGET_PATTERN',
]);

/** What a file is to Bazel's loading phase, judged by its path alone. */
export function roleOf(path: string): FileRole {
  if (isBuildFile(path)) return 'build';
  if (isStarlark(path)) return 'starlark';
  const reachesAll =
    EVERYWHERE_NAMES.has(fileNameOf(path)) ||
    isRepositoryMarker(path) ||
    isBzlmodFile(path) ||
    isRcFile(path) ||
    isDependencyManifest(path) ||
    path === PRELUDE ||
    isNamedLikeWrapper(path);
  return reachesAll ? 'everywhere' : 'other';
}

/** Whether a `load` can name the file. */
export function isStarlark(path: string): boolean {
  return path.endsWith('.bzl') || path.endsWith('.scl');
}

/** Whether this is a file of the main repository in MODULE.bazel's language. */
export function isBzlmodFile(path: string): boolean {
  return path === 'MODULE.bazel' || path.endsWith('.MODULE.bazel');
}

/** Whether this is one of the main repository's WORKSPACE files. */
export function isWorkspaceFile(path: string): boolean {
  return path === 'WORKSPACE' || path === 'WORKSPACE.bazel' || path === 'WORKSPACE.bzlmod';
}

/** Whether this file says what the external repositories of the main one are. */
export function isModuleFile(path: string): boolean {
  return isBzlmodFile(path) || isWorkspaceFile(path);
}

/** Whether this is an rc file by its name; rc files of other names are imported by these, or named by options. */
export function isRcFile(path: string): boolean {
  return path.endsWith('bazelrc') || path === 'tools/bazel.rc';
}

/** Whether Bazel's launchers may run this file in place of Bazel, on one system or another. */
export function isBazelWrapper(path: string): boolean {
  return /^tools\/bazel(\.[^/]*)?$/.test(path);
}

/** Whether this is a wrapper of Bazel, or a file beside one that is named like it: a wrapper may read that. */
function isNamedLikeWrapper(path: string): boolean {
  return path.startsWith(BAZEL_WRAPPER);
}

/** The folders below the workspace's root that are repositories of their own, in the order of the paths. */
export function nestedRepositoriesAmong(paths: Iterable<string>): Set<WorkspacePath> {
  const folders = new Set<WorkspacePath>();
  for (const path of paths) if (isRepositoryMarker(path)) folders.add(folderOf(path));
  folders.delete('' as WorkspacePath);
  return folders;
}
