import { decodeSnapshot, encodeSnapshot } from '../../src/loading/snapshot/codec.js';
import { crafted } from './crafted-snapshot.js';
import type { Snapshot } from '../../src/loading/snapshot/snapshot.js';
import type { SnapshotKey, SnapshotStore } from '../../src/loading/snapshot/store.js';

const LINES_BEFORE_PACKAGES = 4;

/** Snapshots in memory, as the bytes that a file would hold. */
export class MemoryStore implements SnapshotStore {
  private constructor(
    private readonly kept: Map<string, { readonly key: SnapshotKey; readonly bytes: Buffer }>,
  ) {}

  static empty(): MemoryStore {
    return new MemoryStore(new Map());
  }

  copy(): MemoryStore {
    return new MemoryStore(new Map(this.kept));
  }

  get fingerprints(): string[] {
    return [...this.kept.keys()];
  }

  /** The fingerprint that was kept last. */
  get last(): string | undefined {
    return this.fingerprints.at(-1);
  }

  /** The same snapshots, each with packages that hold nonsense. */
  withDamagedPackages(): MemoryStore {
    return this.withLines((line, at) => (at < LINES_BEFORE_PACKAGES ? line : '[7]'));
  }

  /** The same snapshots, each with other lines. */
  withLines(change: (line: string, at: number) => string): MemoryStore {
    const changed = [...this.kept].map(
      ([fingerprint, { key, bytes }]) =>
        [fingerprint, { key, bytes: crafted(bytes, (lines) => lines.map(change)) }] as const,
    );
    return new MemoryStore(new Map(changed));
  }

  with(other: MemoryStore): MemoryStore {
    return new MemoryStore(new Map([...this.kept, ...other.kept]));
  }

  /** The targets of a snapshot, each as text. */
  targetsOf(fingerprint: string): string[] {
    const decoded = decodeSnapshot(this.kept.get(fingerprint)?.bytes ?? Buffer.alloc(0));
    if (decoded.kind === 'unreadable') return [];
    return [...decoded.snapshot.graph.targets()].map((target) =>
      JSON.stringify(target, Object.keys(target).sort()),
    );
  }

  nearest(key: SnapshotKey): Promise<Snapshot | null> {
    const sameOptions = [...this.kept.values()].filter((entry) => entry.key.options === key.options);
    const entry = this.kept.get(key.fingerprint) ?? sameOptions.at(-1);
    if (entry === undefined) return Promise.resolve(null);
    const decoded = decodeSnapshot(entry.bytes);
    if (decoded.kind === 'unreadable') throw new Error(`a snapshot of our own is unreadable: ${decoded.why}`);
    return Promise.resolve(decoded.snapshot);
  }

  keep(key: SnapshotKey, snapshot: Snapshot): Promise<void> {
    this.kept.delete(key.fingerprint);
    this.kept.set(key.fingerprint, { key, bytes: encodeSnapshot(snapshot) });
    return Promise.resolve();
  }
}
