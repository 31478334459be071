import { createHash } from 'node:crypto';
import type { WorkspacePath } from '../../graph/label.js';
import { isFailed, type FailedRecord, type TriedRecord } from './externals-record.js';

/** Must be raised with every change of the stored form, of how states are computed, or of what counts as read. */
export const RECORD_SCHEMA = 3;

/** The states of 100,000 files take 15 MB. */
const LARGEST_FILE = 64 * 1024 * 1024;

const DIGEST_CHARACTERS = 64;

interface StoredRecord {
  readonly deciding: string;
  readonly reads: readonly (readonly [WorkspacePath, string])[];
}

/** Encodes a record as a file: a digest, and JSON. Equal records give equal bytes. */
export function encodeRecord(record: TriedRecord): Buffer {
  const stored: StoredRecord | FailedRecord = isFailed(record)
    ? record
    : { ...record, reads: [...record.reads].sort(([one], [other]) => (one < other ? -1 : 1)) };
  const content = JSON.stringify(stored);
  return Buffer.from(`${digestOf(content)}\n${content}`, 'utf8');
}

/** Decodes a record. The bytes may be anything. @returns null if they are no record, or damaged */
export function decodeRecord(bytes: Buffer): TriedRecord | null {
  if (bytes.length > LARGEST_FILE) return null;
  const text = bytes.toString('utf8');
  const content = text.slice(DIGEST_CHARACTERS + 1);
  if (text.slice(0, DIGEST_CHARACTERS) !== digestOf(content)) return null;
  // Only this program writes content that has its digest in front.
  const record = JSON.parse(content) as StoredRecord | FailedRecord;
  return 'why' in record ? record : { ...record, reads: new Map(record.reads) };
}

function digestOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
