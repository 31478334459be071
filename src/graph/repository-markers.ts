import { fileNameOf } from './folders.js';

/** The files of which one makes its folder the top of a Bazel repository, the main one or a nested one. */
export const REPOSITORY_MARKERS: readonly string[] = [
  'MODULE.bazel',
  'REPO.bazel',
  'WORKSPACE.bazel',
  'WORKSPACE',
];

/** Whether the file makes its folder the top of a Bazel repository, the main one or a nested one. */
export function isRepositoryMarker(path: string): boolean {
  return REPOSITORY_MARKERS.includes(fileNameOf(path));
}
