import { join } from 'node:path';
import type { RepositoryPath } from '../../graph/tree.js';

/** A file path as Node accepts it. */
export type FilePath = string | Buffer;

/**
 * Names that are not UTF-8. Decoded as text they contain `\uFFFD`, and several different names can become equal. The
 * files are therefore accessed by the original bytes.
 */
export class OddNames {
  private readonly bytes = new Map<string, Map<string, Buffer>>();

  /** Decodes a name, and remembers its bytes if it is not UTF-8. */
  note(name: Buffer): string {
    const text = name.toString('utf8');
    if (text.includes('\uFFFD')) {
      const known = this.bytes.get(text) ?? new Map<string, Buffer>();
      this.bytes.set(text, known.set(name.toString('latin1'), name));
    }
    return text;
  }

  /**
   * The paths of the files with this name in a folder. There is more than one only if several names decode to the same
   * text.
   */
  filesAt(folder: string, path: RepositoryPath): readonly FilePath[] {
    const names = this.bytes.get(path);
    if (names === undefined) return [join(folder, path)];
    return [...names.values()].map((name) => Buffer.concat([Buffer.from(`${folder}/`), name]));
  }
}

/** Whether a decoded name may be that of several files. */
export function isOdd(name: string): boolean {
  return name.includes('\uFFFD');
}

/** The folder that holds a file. */
export function folderOfFile(file: FilePath): FilePath {
  return typeof file === 'string' ? join(file, '..') : file.subarray(0, file.lastIndexOf(SLASH));
}

const SLASH = 0x2f;
