import type { ByteStore } from '../adapters/byte-store.js';
import { readOnly, type SnapshotStore } from '../loading/snapshot/store.js';
import { EncodedRecords, type RecordStore } from '../loading/source/encoded-records.js';
import { EncodedSnapshots } from '../loading/source/encoded-snapshots.js';

/** Where what plans find out is kept for later ones. */
export interface PlanStores {
  readonly snapshots: SnapshotStore;
  readonly records: RecordStore;
  /** For what Bazel answers about external repositories; null if nothing of that is kept. */
  readonly answers: ByteStore | null;
}

/** @param onNotice gets a sentence for each entry that is not used */
export function storesIn(
  snapshots: ByteStore,
  records: ByteStore,
  answers: ByteStore | null,
  onNotice: (notice: string) => void,
): PlanStores {
  return {
    snapshots: new EncodedSnapshots(snapshots, onNotice),
    records: new EncodedRecords(records, onNotice),
    answers,
  };
}

/** A view of the stores that writes nothing and only reads. */
export function readOnlyStores({ snapshots, records, answers }: PlanStores): PlanStores {
  return {
    snapshots: readOnly(snapshots),
    records: {
      isReadOnly: true,
      latest: (options) => records.latest(options),
      keep: () => Promise.resolve(),
    },
    answers:
      answers === null ? null : { nearest: (key) => answers.nearest(key), keep: () => Promise.resolve() },
  };
}
