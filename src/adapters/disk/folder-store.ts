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
import type { ByteStore, StoreKey, StoredBytes } from '../byte-store.js';

/** How many snapshots of one workspace are kept: enough to switch between a few branches. */
const MOST_SNAPSHOTS = 8;

const ENDING = '.snapshot';
const UNFINISHED = '.tmp';

/** Milliseconds. No plan takes this long to write one file, so the process that began it is gone. */
const ABANDONED_AFTER = 60 * 60 * 1000;

/**
 * Stores snapshots in a folder on this machine, one file each. A file is written completely or not at all. The least
 * recently used ones are removed first.
 */
export class FolderStore implements ByteStore {
  /**
   * @param folder created when needed; only for one workspace
   * @param onNotice gets a sentence if something failed that the plan can do without
   */
  constructor(
    private readonly folder: string,
    private readonly onNotice: (notice: string) => void,
  ) {}

  // eslint-disable-next-line @typescript-eslint/require-await -- other stores wait
  async *nearest(key: StoreKey): AsyncGenerator<StoredBytes> {
    const own = fileName(key);
    const others = this.newestFirst().filter((name) => name.startsWith(`${key.group}-`) && name !== own);
    for (const name of [own, ...others]) {
      const file = join(this.folder, name);
      const bytes = read(file);
      if (bytes !== null) {
        yield {
          place: `the snapshot ${file}`,
          bytes,
          use: () => {
            touch(file);
          },
        };
      }
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- other stores wait
  async keep(key: StoreKey, bytes: Buffer): Promise<void> {
    const file = join(this.folder, fileName(key));
    const unfinished = `${file}.${process.pid}${UNFINISHED}`;
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(unfinished, bytes);
      renameSync(unfinished, file);
      this.throwOut();
    } catch (error) {
      remove(unfinished);
      this.onNotice(`a snapshot could not be stored in ${this.folder}: ${String(error)}`);
    }
  }

  private newestFirst(): string[] {
    return this.files(ENDING)
      .sort((one, other) => other.time - one.time)
      .map(({ name }) => name);
  }

  /** Removes snapshots over the limit, and unfinished files of plans that were killed. */
  private throwOut(): void {
    const abandoned = this.files(UNFINISHED).filter(({ time }) => time < Date.now() - ABANDONED_AFTER);
    for (const name of [...this.newestFirst().slice(MOST_SNAPSHOTS), ...abandoned.map((file) => file.name)])
      remove(join(this.folder, name));
  }

  /** The files with an ending, and when each was last used, in milliseconds since 1970. */
  private files(ending: string): { readonly name: string; readonly time: number }[] {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch {
      return [];
    }
    return names
      .filter((name) => name.endsWith(ending))
      .map((name) => ({
        name,
        time: statSync(join(this.folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      }));
  }
}

/** Removes a file if possible. If it fails, the next plan tries again to keep within the limit. */
function remove(file: string): void {
  try {
    rmSync(file, { recursive: true, force: true });
  } catch {
    // The file belongs to another user, or the folder does not exist.
  }
}

/** Marks a file as used, so that others are removed first. */
function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Another plan has just removed the file, or it belongs to another user. Its content has been read, so this does
    // not matter.
  }
}

/** The content of a file; null if it does not exist. */
function read(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    // The file does not exist, or another plan has just removed it.
    return null;
  }
}

function fileName({ group, name }: StoreKey): string {
  return `${group}-${name}${ENDING}`;
}

/** The name of the folder for one workspace's snapshots, inside the user's cache folder. */
export function workspaceFolderName(workspace: string): string {
  return createHash('sha256').update(workspace).digest('hex').slice(0, 16);
}
