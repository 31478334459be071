import type { ByteStore } from '../adapters/byte-store.js';
import { readOnly, type SnapshotStore } from '../loading/snapshot/store.js';
import { EncodedRecords, type RecordStore } from '../loading/source/encoded-records.js';
import { EncodedSnapshots } from '../loading/source/encoded-snapshots.js';

/** Where what plans find out is kept for later ones. */
export interface PlanStores {
  readonly snapshots: SnapshotStore;
  readonly records: RecordStore;
}

/** @param onNotice gets a sentence for each entry that is not used */
export function storesIn(
  snapshots: ByteStore,
  records: ByteStore,
  onNotice: (notice: string) => void,
): PlanStores {
  return {
    snapshots: new EncodedSnapshots(snapshots, onNotice),
    records: new EncodedRecords(records, onNotice),
  };
}

/** A view of the stores that writes nothing and only reads. */
export function readOnlyStores({ snapshots, records }: PlanStores): PlanStores {
  return {
    snapshots: readOnly(snapshots),
    records: {
      isReadOnly: true,
      latest: (options) => records.latest(options),
      keep: () => Promise.resolve(),
    },
  };
}
