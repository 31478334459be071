import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const MAGIC_AND_SCHEMA = 28;
const HEADER = MAGIC_AND_SCHEMA + 32;

/** A snapshot's file with other lines and the right digest: what no plan writes, and no accident makes. */
export function crafted(file: Buffer, edit: (lines: readonly string[]) => readonly string[]): Buffer {
  const lines = zstdDecompressSync(file.subarray(HEADER)).toString('utf8').trimEnd().split('\n');
  return craftedOf(
    file,
    Buffer.from(
      edit(lines)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  );
}

/** A snapshot's file with another content and the right digest. */
export function craftedOf(file: Buffer, content: Buffer): Buffer {
  const compressed = zstdCompressSync(content);
  const digest = createHash('sha256').update(compressed).digest();
  return Buffer.concat([file.subarray(0, MAGIC_AND_SCHEMA), digest, compressed]);
}
