import { MODULE_FILE, REPO_FILE, WORKSPACE_FILES } from './bazel-files.js';
import { fileNameOf } from './folders.js';

/** The files that mark the root folder of a Bazel repository, the main one or a nested one. One of them is enough. */
export const REPOSITORY_MARKERS: readonly string[] = [MODULE_FILE, REPO_FILE, ...WORKSPACE_FILES];

/** Whether the file marks the root folder of a Bazel repository, the main one or a nested one. */
export function isRepositoryMarker(path: string): boolean {
  return REPOSITORY_MARKERS.includes(fileNameOf(path));
}
