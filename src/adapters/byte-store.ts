/** What bytes are kept under. Both parts are letters, digits and `-`. */
export interface StoreKey {
  /** Entries of one group can stand in for each other. */
  readonly group: string;
  /** Of the entry in its group. */
  readonly name: string;
}

/** An entry of a store. */
export interface StoredBytes {
  /** For a notice: `the file /x/y`. */
  readonly place: string;
  readonly bytes: Buffer;
  /** Tells the store that the entry was of use: the others go first. */
  use(): void;
}

/** A place where bytes are kept from one run of the program to the next. It may lose any of them, and may fail. */
export interface ByteStore {
  /** The entry of a key, if it is there, then others of its group, the latest first, as far as the store gives any. */
  nearest(key: StoreKey): AsyncIterable<StoredBytes>;
  /** Keeps bytes under a key, in place of what is there; that it could not is a notice, not an error. */
  keep(key: StoreKey, bytes: Buffer): Promise<void>;
}
