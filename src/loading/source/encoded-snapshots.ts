import type { ByteStore, StoreKey } from '../../adapters/byte-store.js';
import { decodeSnapshot, encodeSnapshot, SNAPSHOT_SCHEMA } from '../snapshot/codec.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SnapshotKey, SnapshotStore } from '../snapshot/store.js';

/** Keeps snapshots in a store of bytes. */
export class EncodedSnapshots implements SnapshotStore {
  /** @param onNotice gets a sentence for each entry that is not used */
  constructor(
    private readonly store: ByteStore,
    private readonly onNotice: (notice: string) => void,
  ) {}

  async nearest(key: SnapshotKey): Promise<Snapshot | null> {
    for await (const entry of this.store.nearest(storeKey(key))) {
      const decoded = decodeSnapshot(entry.bytes);
      if (decoded.kind === 'snapshot') {
        entry.use();
        return decoded.snapshot;
      }
      this.onNotice(`${entry.place} is not used: ${decoded.why}`);
    }
    return null;
  }

  async keep(key: SnapshotKey, snapshot: Snapshot): Promise<void> {
    await this.store.keep(storeKey(key), encodeSnapshot(snapshot));
  }
}

/** The group separates snapshots that cannot be read (another schema) or compared (other options). */
function storeKey({ options, fingerprint }: SnapshotKey): StoreKey {
  return { group: `${SNAPSHOT_SCHEMA}-${options}`, name: fingerprint };
}
