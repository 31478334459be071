import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  type Stats,
} from 'node:fs';
import { folderOfFile, type FilePath } from './odd-names.js';

/**
 * Makes one path the same as another: a file with its mode, a symlink, or nothing. If the source is a folder, the
 * destination is only removed.
 */
export function copyPath(from: FilePath, to: FilePath): void {
  rmSync(to, { recursive: true, force: true });
  const file = statOf(from);
  if (file === null || file.isDirectory()) return;
  mkdirSync(folderOfFile(to), { recursive: true });
  if (file.isSymbolicLink()) symlinkSync(readlinkSync(from, 'buffer'), to);
  else {
    copyFileSync(from, to);
    chmodSync(to, file.mode);
  }
}

/** Null if the path does not exist, also if a folder in it has become a file. */
function statOf(path: FilePath): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
