import { createHash } from 'node:crypto';
import type { ByteStore } from '../../adapters/byte-store.js';
import type { TriedRecord } from '../externals/externals-record.js';
import { decodeRecord, encodeRecord, RECORD_SCHEMA } from '../externals/record-codec.js';

/** Stores records of what external repositories read from one plan to the next. It may lose entries, and it may fail. */
export interface RecordStore {
  /** Whether it keeps nothing, so that it is not worth making a record. */
  readonly isReadOnly: boolean;
  /**
   * The records that were made with some options, the latest first, as far as the store can list them.
   *
   * @param options a digest of everything that decides a graph besides the files
   */
  latest(options: string): Promise<TriedRecord[]>;
  /** Stores a record. A failure is a notice, not an error. */
  keep(options: string, record: TriedRecord): Promise<void>;
}

/** Keeps records in a store of bytes. */
export class EncodedRecords implements RecordStore {
  readonly isReadOnly = false;

  /** @param onNotice gets a sentence for each entry that is not used */
  constructor(
    private readonly store: ByteStore,
    private readonly onNotice: (notice: string) => void,
  ) {}

  async latest(options: string): Promise<TriedRecord[]> {
    const records: TriedRecord[] = [];
    for await (const { bytes, place } of this.store.nearest({ group: groupOf(options), name: 'latest' })) {
      const record = decodeRecord(bytes);
      if (record === null) this.onNotice(`${place} is not used: it is damaged`);
      else records.push(record);
    }
    return records;
  }

  async keep(options: string, record: TriedRecord): Promise<void> {
    const bytes = encodeRecord(record);
    // Entries of a cache cannot be replaced, and the latest one counts, so the same record may have to be stored again.
    const name = `${Date.now().toString(36)}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
    await this.store.keep({ group: groupOf(options), name }, bytes);
  }
}

/** The group separates records that cannot be read (another schema) or compared (other options). */
function groupOf(options: string): string {
  return `externals-${RECORD_SCHEMA}-${options}`;
}
