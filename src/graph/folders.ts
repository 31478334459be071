import type { WorkspacePath } from './label.js';

/** The folder of a path; the workspace itself for a path at its top. */
export function folderOf(path: string): WorkspacePath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as WorkspacePath;
}

/** The last segment of a path. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders above a path, the nearest first, the workspace itself last. */
export function* foldersAbove(path: string): Generator<WorkspacePath> {
  for (let folder = path; folder !== '';) {
    folder = folderOf(folder);
    yield folder as WorkspacePath;
  }
}

/** A path, and then the folders above it. */
export function* selfAndFoldersAbove(path: string): Generator<WorkspacePath> {
  yield path as WorkspacePath;
  yield* foldersAbove(path);
}
