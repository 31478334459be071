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

/** How many snapshots of one workspace are kept: some branches back and forth. */
const MOST_SNAPSHOTS = 8;

const ENDING = '.snapshot';
const UNFINISHED = '.tmp';

/** Milliseconds: no plan takes so long to write one file, so its writer is gone. */
const ABANDONED_AFTER = 60 * 60 * 1000;

/** Snapshots in a folder of this machine: one file each, written whole or not at all, the least recently used out first. */
export class FolderStore implements ByteStore {
  /**
   * @param folder made when needed; for one workspace alone
   * @param onNotice gets a sentence when something did not work that the plan can do without
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

  /** Removes snapshots beyond the bound, and what plans that were killed left unfinished. */
  private throwOut(): void {
    const abandoned = this.files(UNFINISHED).filter(({ time }) => time < Date.now() - ABANDONED_AFTER);
    for (const name of [...this.newestFirst().slice(MOST_SNAPSHOTS), ...abandoned.map((file) => file.name)])
      remove(join(this.folder, name));
  }

  /** The files with an ending, each with when it was last used, in milliseconds since 1970. */
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

/** Removes what is there, if it can be: the bound is kept by the next plan otherwise. */
function remove(file: string): void {
  try {
    rmSync(file, { recursive: true, force: true });
  } catch {
    // Of another user, or in no folder at all.
  }
}

/** Says that a file was used: the others go first. */
function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Just thrown out by another plan, or of another user: it was read all the same.
  }
}

/** What a file holds; null if it is not there. */
function read(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    // Not there, or just thrown out by another plan.
    return null;
  }
}

function fileName({ group, name }: StoreKey): string {
  return `${group}-${name}${ENDING}`;
}

/** The folder below a user's cache folder in which the snapshots of one workspace are kept. */
export function workspaceFolderName(workspace: string): string {
  return createHash('sha256').update(workspace).digest('hex').slice(0, 16);
}
