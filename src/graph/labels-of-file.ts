import { foldersAbove } from './folders.js';
import { makeLabel, type Label, type WorkspacePath } from './label.js';

/** The labels that a file of the main repository can have: each folder above it may be its package. */
export function* labelsOfFile(path: WorkspacePath): Generator<Label> {
  for (const folder of foldersAbove(path))
    yield makeLabel(folder, folder === '' ? path : path.slice(folder.length + 1));
}
