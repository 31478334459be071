import type { Snapshot } from './snapshot.js';

/** A place where snapshots are kept from one plan to the next. It may lose any of them, and may fail. */
export interface SnapshotStore {
  /**
   * The snapshot with a fingerprint, else the latest one that was made with the same options, else null. What is kept
   * but cannot be read is passed over with a notice.
   */
  nearest(key: SnapshotKey): Promise<Snapshot | null>;
  /** Keeps a snapshot; that it could not is a notice, not an error. */
  keep(key: SnapshotKey, snapshot: Snapshot): Promise<void>;
}

/** What a snapshot is found by. Both parts are hexadecimal. */
export interface SnapshotKey {
  /** Digest of all that decides a graph beside the files: snapshots of other options are of no use. */
  readonly options: string;
  readonly fingerprint: string;
}

/** The same store, from which nothing is read. */
export function writeOnly(store: SnapshotStore): SnapshotStore {
  return { nearest: () => Promise.resolve(null), keep: (key, snapshot) => store.keep(key, snapshot) };
}

/** The same store, into which nothing is written. */
export function readOnly(store: SnapshotStore): SnapshotStore {
  return { nearest: (key) => store.nearest(key), keep: () => Promise.resolve() };
}
