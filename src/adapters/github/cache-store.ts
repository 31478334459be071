import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as cache from '@actions/cache';
import type { ByteStore, StoreKey, StoredBytes } from '../byte-store.js';

/** Milliseconds: a cache that takes longer than this costs more than it saves. */
const PATIENCE_MS = 60_000;

/**
 * GitHub's cache names an entry's files by the paths as given, so this has to be the same text on every runner.
 * An entry holds one snapshot. Jobs of one machine may share the folder: what a snapshot is stands inside it, all but
 * its group, and that stands here.
 */
function cachedPath(key: StoreKey): string {
  return `~/.cache/bazel-affected/actions/${key.group}/snapshot`;
}

/**
 * Snapshots in GitHub's cache. A pull request reads its own entries and those of its base branch and the default
 * branch, and writes only its own: GitHub sees to that.
 */
export class CacheStore implements ByteStore {
  /** A cache that did not answer is not asked again: each time would cost as much. */
  private hasAnswered = true;
  /** The names that an entry was found with: another snapshot with one of them takes its place. */
  private readonly found = new Set<string>();

  /**
   * @param onNotice gets a sentence when something did not work that the plan can do without
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
      // What goes wrong at the service, this library tells the log itself.
      await this.answer(cache.saveCache([cachedPath(key)], this.newKeyOf(key, bytes)));
    } catch (error) {
      this.onNotice(`a snapshot could not be stored in GitHub's cache: ${errorText(error)}`);
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
      return { place: `the cached snapshot ${found}`, bytes: readFileSync(file) };
    } catch (error) {
      this.onNotice(`no snapshot could be read from GitHub's cache: ${errorText(error)}`);
      return null;
    }
  }

  /**
   * An entry is never changed, so each content has a key of its own: of those with one name GitHub gives the newest.
   * What takes the place of another one may have been there before that, and has to be newer all the same.
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
    // Nobody listens any more once patience is lost.
    request.catch(() => undefined);
    try {
      return await Promise.race([request, impatience]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Whether this runner has a cache at all. */
export function hasCache(): boolean {
  return cache.isFeatureAvailable();
}

function fileOf(key: StoreKey): string {
  return join(homedir(), cachedPath(key).slice(2));
}

function prefixOf(key: StoreKey): string {
  return `bazel-affected-${key.group}-`;
}

/** What the keys of all snapshots with one name begin with. */
function ownPrefixOf(key: StoreKey): string {
  return `${prefixOf(key)}${key.name}-`;
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
