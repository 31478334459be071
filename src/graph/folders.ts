import type { WorkspacePath } from './label.js';

/** The folder of a path; the workspace itself for a top-level path. */
export function folderOf(path: string): WorkspacePath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as WorkspacePath;
}

/** The last segment of a path. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders above a path, from the nearest to the workspace itself. */
export function* foldersAbove(path: string): Generator<WorkspacePath> {
  for (let folder = path; folder !== '';) {
    folder = folderOf(folder);
    yield folder as WorkspacePath;
  }
}

/** A path, followed by the folders above it. */
export function* selfAndFoldersAbove(path: string): Generator<WorkspacePath> {
  yield path as WorkspacePath;
  yield* foldersAbove(path);
}
