import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as cache from '@actions/cache';
import type { ByteStore, StoreKey, StoredBytes } from '../byte-store.js';

/** Milliseconds. Waiting longer for the cache costs more time than a snapshot saves. */
const PATIENCE_MS = 60_000;

/**
 * GitHub identifies an entry's files by the paths as given, so this text must be the same on every runner. An entry is
 * one file. Jobs on one machine may share the folder. A file contains everything that identifies it except its
 * group, so the group is part of the path.
 */
function cachedPath(key: StoreKey): string {
  return `~/.cache/bazel-affected/actions/${key.group}/snapshot`;
}

/**
 * Stores snapshots and the like in GitHub's cache. GitHub ensures that a pull request reads only its own entries and those of its
 * base branch and the default branch, and writes only its own.
 */
export class CacheStore implements ByteStore {
  /** False after one request without an answer: further requests would only cost the same time again. */
  private hasAnswered = true;
  /** The names for which an entry was found. A new snapshot with one of these names replaces that entry. */
  private readonly found = new Set<string>();

  /**
   * @param onNotice gets a sentence if something failed that the plan can do without
   * @param patience how long to wait for one answer, in milliseconds
   */
  constructor(
    private readonly onNotice: (notice: string) => void,
    private readonly patience = PATIENCE_MS,
  ) {}

  async *nearest(key: StoreKey): AsyncGenerator<StoredBytes> {
    const entry = await this.restored(key);
    if (entry !== null) yield { ...entry, use: () => undefined };
  }

  async keep(key: StoreKey, bytes: Buffer): Promise<void> {
    if (!this.hasAnswered) return;
    try {
      const file = fileOf(key);
      mkdirSync(dirname(file), { recursive: true });
      const unfinished = `${file}.${process.pid}.tmp`;
      writeFileSync(unfinished, bytes);
      renameSync(unfinished, file);
      // The library reports errors of the service to the log itself.
      await this.answer(cache.saveCache([cachedPath(key)], this.newKeyOf(key, bytes)));
    } catch (error) {
      this.onNotice(`an entry could not be stored in GitHub's cache: ${errorText(error)}`);
    }
  }

  private async restored(key: StoreKey): Promise<{ place: string; bytes: Buffer } | null> {
    if (!this.hasAnswered) return null;
    const own = ownPrefixOf(key);
    try {
      const file = fileOf(key);
      rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      const found = await this.answer(cache.restoreCache([cachedPath(key)], own, [own, prefixOf(key)]));
      if (found === undefined) return null;
      if (found.startsWith(own)) this.found.add(key.name);
      return { place: `the cache entry ${found}`, bytes: readFileSync(file) };
    } catch (error) {
      this.onNotice(`no entry could be read from GitHub's cache: ${errorText(error)}`);
      return null;
    }
  }

  /**
   * Entries are immutable, so each content gets a key of its own, and GitHub returns the newest entry of a name. A
   * content that replaces a bad entry may itself have been stored earlier. The time stamp makes its key new, so that it
   * is the newest.
   */
  private newKeyOf(key: StoreKey, bytes: Buffer): string {
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const again = this.found.has(key.name) ? `-${Date.now().toString(36)}` : '';
    return `${ownPrefixOf(key)}${digest}${again}`;
  }

  private async answer<T>(request: Promise<T>): Promise<T> {
    const { promise: impatience, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.hasAnswered = false;
      reject(new Error(`it did not answer within ${this.patience / 1000} s, and is not asked again`));
    }, this.patience);
    // After the time limit, a rejection of this promise is of no interest and must not count as unhandled.
    request.catch(() => undefined);
    try {
      return await Promise.race([request, impatience]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Whether this runner can use the cache. */
export function hasCache(): boolean {
  return cache.isFeatureAvailable();
}

function fileOf(key: StoreKey): string {
  return join(homedir(), cachedPath(key).slice(2));
}

function prefixOf(key: StoreKey): string {
  return `bazel-affected-${key.group}-`;
}

/** The common prefix of the keys of all snapshots with one name. */
function ownPrefixOf(key: StoreKey): string {
  return `${prefixOf(key)}${key.name}-`;
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
