import type { WorkspacePath } from './label.js';

/*
 * The files that Bazel, or a convention of its users, knows by a fixed path in the workspace. What their content means
 * for a plan is in src/loading/inputs/file-roles.ts.
 */

/** Defines the main module and its dependencies. */
export const MODULE_FILE = 'MODULE.bazel' as WorkspacePath;
export const LOCK_FILE = 'MODULE.bazel.lock' as WorkspacePath;
/** Define external repositories as Bazel did before it had modules. Bazel reads the first that exists. */
export const WORKSPACE_FILES: readonly WorkspacePath[] = ['WORKSPACE.bazel', 'WORKSPACE'] as WorkspacePath[];
/** With modules, Bazel reads it instead of the files above. It marks no repository. */
export const WORKSPACE_FILE_BESIDE_MODULES = 'WORKSPACE.bzlmod' as WorkspacePath;
/** Sets defaults for every package. */
export const REPO_FILE = 'REPO.bazel' as WorkspacePath;
/** Names folders that Bazel ignores. */
export const IGNORE_FILE = '.bazelignore' as WorkspacePath;
/** Names the version of Bazel. */
export const VERSION_FILE = '.bazelversion' as WorkspacePath;
/** Can name the version of Bazel, and where it is downloaded from. */
export const BAZELISK_FILE = '.bazeliskrc' as WorkspacePath;
/** The rc file that Bazel reads without being told, in the workspace and in the folder of the user. */
export const ROOT_RC_FILE = '.bazelrc' as WorkspacePath;
/** Sets options for platforms, and platforms for options. */
export const PLATFORM_MAPPINGS = 'platform_mappings' as WorkspacePath;
/** By convention, the rc file of one developer: .bazelrc imports it, and git ignores it. */
export const USER_RC_FILE = 'user.bazelrc' as WorkspacePath;
/** Every BUILD file loads this file, if its folder belongs to a package. */
export const PRELUDE = 'tools/build_rules/prelude_bazel' as WorkspacePath;
/** If this program exists, Bazel's launchers run it instead of Bazel. */
export const BAZEL_WRAPPER = 'tools/bazel' as WorkspacePath;
/**
 * From Bazel 9 on, the nearest file with this name in a package at or above a target's own sets options for builds of
 * the target. It can load other files, or name another project file as its `actual`. One build cannot have targets of
 * two projects. See https://github.com/bazelbuild/bazel/issues/24839 and
 * https://github.com/bazelbuild/examples/tree/main/configurations/auto_configured_builds
 */
export const PROJECT_FILE = 'PROJECT.scl';
