import type { ByteStore, StoredBytes, StoreKey } from '../../src/adapters/byte-store.js';

/** Bytes in memory, the entry with the very key first, then the others of its group. */
export class MemoryBytes implements ByteStore {
  readonly kept = new Map<string, { readonly key: StoreKey; readonly bytes: Buffer }>();

  // eslint-disable-next-line @typescript-eslint/require-await -- other stores wait
  async *nearest({ group, name }: StoreKey): AsyncGenerator<StoredBytes> {
    const own = this.kept.get(`${group}-${name}`);
    const others = [...this.kept.values()].filter(({ key }) => key.group === group && key.name !== name);
    for (const entry of [...(own === undefined ? [] : [own]), ...others])
      yield { place: entry.key.name, bytes: entry.bytes, use: () => undefined };
  }

  keep(key: StoreKey, bytes: Buffer): Promise<void> {
    this.kept.set(`${key.group}-${key.name}`, { key, bytes });
    return Promise.resolve();
  }
}
