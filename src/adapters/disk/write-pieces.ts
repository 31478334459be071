import { closeSync, openSync, writeSync } from 'node:fs';

/** Text is gathered up to about so many UTF-16 units before it is written. */
const BATCH = 1024 * 1024;

/** Writes a file of pieces of text, which together may be more than one text can hold. */
export function writePieces(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, 'w');
  try {
    let batch: string[] = [];
    let length = 0;
    const flush = (): void => {
      writeWhole(file, Buffer.from(batch.join('')));
      batch = [];
      length = 0;
    };
    for (const piece of pieces) {
      batch.push(piece);
      length += piece.length;
      if (length >= BATCH) flush();
    }
    flush();
  } finally {
    closeSync(file);
  }
}

/** One call may write less than it was given. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
