/** The key of stored bytes. Both parts consist of letters, digits and `-`. */
export interface StoreKey {
  /** An entry can be used in place of another one of its group. */
  readonly group: string;
  /** Identifies the entry in its group. */
  readonly name: string;
}

/** An entry of a store. */
export interface StoredBytes {
  /** The place in words, for a message: `the file /x/y`. */
  readonly place: string;
  readonly bytes: Buffer;
  /** Tells the store that the entry was useful. The store removes other entries first. */
  use(): void;
}

/** Keeps bytes between runs of this program. It may lose entries, and every operation may fail. */
export interface ByteStore {
  /**
   * The entry with this key, if it exists, then others of its group, the latest first, as far as the store can list
   * them.
   */
  nearest(key: StoreKey): AsyncIterable<StoredBytes>;
  /** Stores bytes under a key and replaces an existing entry. A failure is reported as a notice, not thrown. */
  keep(key: StoreKey, bytes: Buffer): Promise<void>;
}
