import type { TriedRecord } from '../../src/loading/externals/externals-record.js';
import type { RecordStore } from '../../src/loading/source/encoded-records.js';

/** Records of what external repositories read, in memory. */
export class MemoryRecords implements RecordStore {
  readonly isReadOnly = false;
  readonly kept: TriedRecord[] = [];

  latest(): Promise<TriedRecord[]> {
    return Promise.resolve([...this.kept].reverse());
  }

  keep(_options: string, record: TriedRecord): Promise<void> {
    this.kept.push(record);
    return Promise.resolve();
  }
}
