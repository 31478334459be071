import { writeOnly, type SnapshotStore } from '../loading/snapshot/store.js';
import { DamagedSnapshotError } from '../loading/snapshot/stored-values.js';

/**
 * Makes something from snapshots. If one turns out to be damaged, it is made again without reading any, and a new snapshot
 * replaces that one.
 *
 * @returns also what is damaged; null if nothing is
 */
export async function unlessDamaged<T>(
  store: SnapshotStore,
  make: (snapshots: SnapshotStore) => Promise<T>,
): Promise<{ readonly made: T; readonly damage: string | null }> {
  try {
    return { made: await make(store), damage: null };
  } catch (error) {
    if (!(error instanceof DamagedSnapshotError)) throw error;
    return { made: await make(writeOnly(store)), damage: error.message };
  }
}
