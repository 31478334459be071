import { isDependencyManifest } from './dependency-manifests.js';
import type { WorkspacePath } from '../../graph/label.js';
import { BUILD_FILES } from '../../graph/package.js';
import { fileNameOf } from '../../graph/folders.js';

/** What a file is to Bazel's loading phase, judged by its path alone. */
export type FileRole =
  /** Defines a package. */
  | 'build'
  /** Is loaded by those that name it. */
  | 'starlark'
  /** Reaches every package, or nobody can tell which. */
  | 'everywhere'
  | 'other';

/** Files that mark a folder as the top of a repository of its own. */
const BOUNDARIES = new Set(['MODULE.bazel', 'REPO.bazel', 'WORKSPACE', 'WORKSPACE.bazel']);

const EVERYWHERE_NAMES = new Set([
  ...BOUNDARIES,
  'MODULE.bazel.lock',
  'WORKSPACE.bzlmod',
  'VENDOR.bazel',
  '.bazelignore',
  '.bazelversion',
  '.bazeliskrc',
  '.bazelrc',
  // Says how git writes the other files into a working tree.
  '.gitattributes',
  'DONT_FOLLOW_SYMLINKS_WHEN_TRAVERSING_THIS_DIRECTORY_VIA_A_RECURSIVE_TARGET_PATTERN',
]);

const EVERYWHERE_PATTERNS: readonly RegExp[] = [/\.MODULE\.bazel$/, /\.bazelrc$/];

/** Loaded by every BUILD file, if its folder belongs to a package. */
export const PRELUDE = 'tools/build_rules/prelude_bazel' as WorkspacePath;

/** Files at a fixed place whose content reaches every package. */
export const FIXED_EVERYWHERE: readonly string[] = [PRELUDE, 'tools/bazel'];

/**
 * Files at a fixed place that Bazel reads for every package, if they are there. Left out are the rc files that others
 * import, and MODULE.bazel.lock, which `--lockfile_mode` rules.
 */
export const GLOBAL_FILES: readonly string[] = [
  ...BOUNDARIES,
  'WORKSPACE.bzlmod',
  '.bazelignore',
  '.bazelrc',
  '.bazelversion',
  '.bazeliskrc',
  ...FIXED_EVERYWHERE,
];

/** What a file is to Bazel's loading phase, judged by its path alone. */
export function roleOf(path: string): FileRole {
  const name = fileNameOf(path);
  if (BUILD_FILES.includes(name)) return 'build';
  if (name.endsWith('.bzl') || name.endsWith('.scl')) return 'starlark';
  if (EVERYWHERE_NAMES.has(name) || EVERYWHERE_PATTERNS.some((pattern) => pattern.test(name)))
    return 'everywhere';
  if (isDependencyManifest(path)) return 'everywhere';
  if (path === PRELUDE || path.startsWith('tools/bazel')) return 'everywhere';
  return 'other';
}

/** Whether the file makes its folder the top of a repository, the main one or a nested one. */
export function isRepositoryBoundary(path: string): boolean {
  return BOUNDARIES.has(fileNameOf(path));
}

/** Whether this is a file of the main repository in MODULE.bazel's language. */
export function isModuleFile(path: string): boolean {
  return path === 'MODULE.bazel' || path.endsWith('.MODULE.bazel');
}

/** Whether this is one of the main repository's WORKSPACE files. */
export function isWorkspaceFile(path: string): boolean {
  return path === 'WORKSPACE' || path === 'WORKSPACE.bazel' || path === 'WORKSPACE.bzlmod';
}

/** Whether this is an rc file by its name (others are imported by these). */
export function isRcFile(path: string): boolean {
  return path.endsWith('.bazelrc');
}
