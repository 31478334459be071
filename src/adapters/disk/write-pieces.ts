import { closeSync, openSync, writeSync } from 'node:fs';

/** Text is collected until it has about this many UTF-16 units, and then written. */
const BATCH = 1024 * 1024;

/** Writes a file from pieces of text. Together they may be longer than one JavaScript string can be. */
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

/** A single call of `writeSync` may write less than it was given. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
