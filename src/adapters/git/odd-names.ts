import { join } from 'node:path';
import type { RepositoryPath } from '../../graph/tree.js';

/** What Node takes for the path of a file. */
export type FilePath = string | Buffer;

/**
 * Names that are not UTF-8. As text they hold `\uFFFD` and several can look like one; the files are found by the bytes.
 */
export class OddNames {
  private readonly bytes = new Map<string, Map<string, Buffer>>();

  /** The name as text. */
  note(name: Buffer): string {
    const text = name.toString('utf8');
    if (text.includes('\uFFFD')) {
      const known = this.bytes.get(text) ?? new Map<string, Buffer>();
      this.bytes.set(text, known.set(name.toString('latin1'), name));
    }
    return text;
  }

  /** Where the files of that name are in a folder: more than one only where names look alike. */
  filesAt(folder: string, path: RepositoryPath): readonly FilePath[] {
    const names = this.bytes.get(path);
    if (names === undefined) return [join(folder, path)];
    return [...names.values()].map((name) => Buffer.concat([Buffer.from(`${folder}/`), name]));
  }
}

/** Whether a name, as text, may stand for others. */
export function isOdd(name: string): boolean {
  return name.includes('\uFFFD');
}

/** The folder that holds a file. */
export function folderOfFile(file: FilePath): FilePath {
  return typeof file === 'string' ? join(file, '..') : file.subarray(0, file.lastIndexOf(SLASH));
}

const SLASH = 0x2f;
