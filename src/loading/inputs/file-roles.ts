import {
  BAZEL_WRAPPER,
  BAZELISK_FILE,
  IGNORE_FILE,
  LOCK_FILE,
  MODULE_FILE,
  PRELUDE,
  ROOT_RC_FILE,
  VERSION_FILE,
  WORKSPACE_FILE_BESIDE_MODULES,
  WORKSPACE_FILES,
} from '../../graph/bazel-files.js';
import { fileNameOf } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import { BUILD_FILES } from '../../graph/package.js';
import { REPOSITORY_MARKERS } from '../../graph/repository-markers.js';
import { isManifestName } from './dependency-manifests.js';

/** What a file is to Bazel's loading phase, judged by its path alone. */
export type FileRole =
  /** Defines a package. */
  | 'build'
  /** Affects the files that load it. */
  | 'starlark'
  /** Affects every package, or it is unknown which packages it affects. */
  | 'everywhere'
  | 'other';

/** Files with a fixed path whose content affects every package. */
export const FIXED_EVERYWHERE: readonly WorkspacePath[] = [PRELUDE, BAZEL_WRAPPER];

/**
 * Files with a fixed path that Bazel reads for every package, if they exist. Two kinds are left out: rc files that
 * others import, and MODULE.bazel.lock, because `--lockfile_mode` decides whether Bazel reads it.
 */
export const GLOBAL_FILES: readonly string[] = [
  ...REPOSITORY_MARKERS,
  WORKSPACE_FILE_BESIDE_MODULES,
  IGNORE_FILE,
  ROOT_RC_FILE,
  VERSION_FILE,
  BAZELISK_FILE,
  ...FIXED_EVERYWHERE,
];

/** Names of files that affect every package, whatever folder they are in. */
const EVERYWHERE_NAMES: ReadonlySet<string> = new Set([
  LOCK_FILE,
  WORKSPACE_FILE_BESIDE_MODULES,
  'VENDOR.bazel',
  IGNORE_FILE,
  VERSION_FILE,
  BAZELISK_FILE,
  // Decides how git converts the other files that it writes into a working tree.
  '.gitattributes',
  'DONT_FOLLOW_SYMLINKS_WHEN_TRAVERSING_THIS_DIRECTORY_VIA_A_RECURSIVE_TARGET_PATTERN',
]);

/**
 * What a file is to Bazel's loading phase, judged by its path alone.
 *
 * @param name the last segment of the path. Every path of a revision comes here, so it is not taken apart repeatedly.
 */
export function roleOf(path: string, name = fileNameOf(path)): FileRole {
  if (BUILD_FILES.includes(name)) return 'build';
  if (isStarlark(name)) return 'starlark';
  const reachesAll =
    EVERYWHERE_NAMES.has(name) ||
    REPOSITORY_MARKERS.includes(name) ||
    isBzlmodFile(path) ||
    isRcFile(path) ||
    isManifestName(name) ||
    path === PRELUDE ||
    isNamedLikeWrapper(path);
  return reachesAll ? 'everywhere' : 'other';
}

/** Whether a `load` can name the file. */
export function isStarlark(path: string): boolean {
  return path.endsWith('.bzl') || path.endsWith('.scl');
}

/**
 * Whether Bazel reads a file with this name as Starlark, wherever it lies. A BUILD file without an ending is left out:
 * other programs have files of that name, too.
 */
export function isWrittenInStarlark(path: string): boolean {
  return isStarlark(path) || isWorkspaceFile(path) || path.endsWith('.bazel') || path.endsWith('.bzlmod');
}

/** Whether this is a file of the main repository in the language of MODULE.bazel. */
export function isBzlmodFile(path: string): boolean {
  return path === MODULE_FILE || path.endsWith('.MODULE.bazel');
}

/** Whether Bazel reads the file only to make external repositories. */
export function isForExternals(path: string): boolean {
  const name = fileNameOf(path);
  return isBzlmodFile(path) || path === LOCK_FILE || (isManifestName(name) && name !== TOOL_VERSIONS);
}

/** Tools such as asdf choose the version of Bazel by it. */
const TOOL_VERSIONS = '.tool-versions';

/** Whether this is one of the main repository's WORKSPACE files. */
export function isWorkspaceFile(path: string): boolean {
  return [...WORKSPACE_FILES, WORKSPACE_FILE_BESIDE_MODULES].some((name) => name === path);
}

/** Whether this file defines the external repositories of the main one. */
export function isModuleFile(path: string): boolean {
  return isBzlmodFile(path) || isWorkspaceFile(path);
}

/**
 * Whether this is an rc file by its name. Rc files with other names are found because these files import them or
 * options name them.
 */
export function isRcFile(path: string): boolean {
  return path.endsWith('bazelrc') || path === 'tools/bazel.rc';
}

/** Whether Bazel's launchers may run this file instead of Bazel, on any operating system. */
export function isBazelWrapper(path: string): boolean {
  return isNamedLikeWrapper(path) && /^tools\/bazel(\.[^/]*)?$/.test(path);
}

/** Whether this is a wrapper of Bazel, or a file with a similar name beside one: a wrapper may read such a file. */
function isNamedLikeWrapper(path: string): boolean {
  return path.startsWith(BAZEL_WRAPPER);
}
