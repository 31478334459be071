import type { Snapshot } from './snapshot.js';

/** Stores snapshots from one plan to the next. It may lose entries, and it may fail. */
export interface SnapshotStore {
  /**
   * Returns the snapshot with the fingerprint, else the latest one that was made with the same options, else null. An
   * entry that cannot be read is skipped with a notice.
   */
  nearest(key: SnapshotKey): Promise<Snapshot | null>;
  /** Stores a snapshot. A failure is a notice, not an error. */
  keep(key: SnapshotKey, snapshot: Snapshot): Promise<void>;
}

/** The key by which a snapshot is found. Both parts are hexadecimal. */
export interface SnapshotKey {
  /** A digest of everything that decides a graph besides the files. Snapshots with other options cannot be compared. */
  readonly options: string;
  readonly fingerprint: string;
}

/** A view of the store that finds nothing and only writes. */
export function writeOnly(store: SnapshotStore): SnapshotStore {
  return { nearest: () => Promise.resolve(null), keep: (key, snapshot) => store.keep(key, snapshot) };
}

/** A view of the store that writes nothing and only reads. */
export function readOnly(store: SnapshotStore): SnapshotStore {
  return { nearest: (key) => store.nearest(key), keep: () => Promise.resolve() };
}
