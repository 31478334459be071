import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { decodeSnapshot, encodeSnapshot } from './codec.js';
import type { Snapshot } from './snapshot.js';
import type { SnapshotKey, SnapshotStore } from './store.js';

/** How many snapshots of one workspace are kept: some branches back and forth. */
const MOST_SNAPSHOTS = 8;

const ENDING = '.snapshot';

/** Snapshots in a folder of this machine: one file each, written whole or not at all, the least recently used out first. */
export class FolderStore implements SnapshotStore {
  /**
   * @param folder made when needed; for one workspace alone
   * @param onNotice gets a sentence when something did not work that the plan can do without
   */
  constructor(
    private readonly folder: string,
    private readonly onNotice: (notice: string) => void,
  ) {}

  // eslint-disable-next-line @typescript-eslint/require-await -- other stores wait
  async nearest(key: SnapshotKey): Promise<Snapshot | null> {
    const own = fileName(key);
    const sameOptions = this.newestFirst().filter((name) =>
      name.startsWith(`${key.options.slice(0, OPTIONS_LENGTH)}-`),
    );
    for (const name of [own, ...sameOptions.filter((name) => name !== own)]) {
      const snapshot = this.read(name);
      if (snapshot !== null) return snapshot;
    }
    return null;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- other stores wait
  async keep(key: SnapshotKey, snapshot: Snapshot): Promise<void> {
    try {
      mkdirSync(this.folder, { recursive: true });
      const file = join(this.folder, fileName(key));
      const unfinished = `${file}.${process.pid}.tmp`;
      writeFileSync(unfinished, encodeSnapshot(snapshot));
      renameSync(unfinished, file);
      for (const name of this.newestFirst().slice(MOST_SNAPSHOTS))
        rmSync(join(this.folder, name), { force: true });
    } catch (error) {
      this.onNotice(`a snapshot could not be kept in ${this.folder}: ${String(error)}`);
    }
  }

  private read(name: string): Snapshot | null {
    const file = join(this.folder, name);
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
      const now = new Date();
      utimesSync(file, now, now);
    } catch {
      // Not there, or just thrown out by another plan.
      return null;
    }
    const decoded = decodeSnapshot(bytes);
    if (decoded.kind === 'snapshot') return decoded.snapshot;
    this.onNotice(`the snapshot ${file} is not used: ${decoded.why}`);
    return null;
  }

  private newestFirst(): string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => name.endsWith(ENDING))
        .map((name) => ({
          name,
          time: statSync(join(this.folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
        }))
        .sort((one, other) => other.time - one.time)
        .map(({ name }) => name);
    } catch {
      return [];
    }
  }
}

const OPTIONS_LENGTH = 16;

function fileName(key: SnapshotKey): string {
  return `${key.options.slice(0, OPTIONS_LENGTH)}-${key.fingerprint}${ENDING}`;
}

/** The folder below a user's cache folder in which the snapshots of one workspace are kept. */
export function workspaceFolderName(workspace: string): string {
  return createHash('sha256').update(workspace).digest('hex').slice(0, 16);
}
