import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as cache from '@actions/cache';
import { decodeSnapshot, encodeSnapshot, SNAPSHOT_SCHEMA } from '../snapshot/codec.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SnapshotKey, SnapshotStore } from '../snapshot/store.js';

/** A cache that takes longer than this costs more than it saves. */
const PATIENCE_MS = 60_000;

/**
 * GitHub's cache names an entry's files by the paths as given, so this has to be the same text on every runner.
 * One file: an entry holds one snapshot, and what a snapshot is stands inside it.
 */
const CACHED_PATH = '~/.cache/bazel-affected/actions/snapshot';

/**
 * Snapshots in GitHub's cache. A pull request reads its own entries and those of its base branch and the default
 * branch, and writes only its own: GitHub sees to that.
 */
export class CacheStore implements SnapshotStore {
  private readonly file = join(homedir(), CACHED_PATH.slice(2));

  /** @param onNotice gets a sentence when something did not work that the plan can do without */
  constructor(private readonly onNotice: (notice: string) => void) {}

  async nearest(key: SnapshotKey): Promise<Snapshot | null> {
    try {
      rmSync(this.file, { force: true });
      mkdirSync(dirname(this.file), { recursive: true });
      const found = await withPatience(cache.restoreCache([CACHED_PATH], keyOf(key), [prefixOf(key)]));
      if (found === undefined) return null;
      const decoded = decodeSnapshot(readFileSync(this.file));
      if (decoded.kind === 'snapshot') return decoded.snapshot;
      this.onNotice(`the cached snapshot ${found} is not used: ${decoded.why}`);
    } catch (error) {
      this.onNotice(`no snapshot could be read from GitHub's cache: ${messageOf(error)}`);
    }
    return null;
  }

  async keep(key: SnapshotKey, snapshot: Snapshot): Promise<void> {
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      const unfinished = `${this.file}.${process.pid}.tmp`;
      writeFileSync(unfinished, encodeSnapshot(snapshot));
      renameSync(unfinished, this.file);
      await withPatience(cache.saveCache([CACHED_PATH], keyOf(key)));
    } catch (error) {
      // Another plan of the same revision was faster: an entry is written once, and both are equal.
      if (error instanceof cache.ReserveCacheError) return;
      this.onNotice(`a snapshot could not be kept in GitHub's cache: ${messageOf(error)}`);
    }
  }
}

/** Whether this runner has a cache at all. */
export function hasCache(): boolean {
  return cache.isFeatureAvailable();
}

function prefixOf(key: SnapshotKey): string {
  return `bazel-affected-${SNAPSHOT_SCHEMA}-${key.options}-`;
}

function keyOf(key: SnapshotKey): string {
  return `${prefixOf(key)}${key.fingerprint}`;
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  const { promise: impatience, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`GitHub's cache took longer than ${PATIENCE_MS / 1000} s`));
  }, PATIENCE_MS);
  try {
    return await Promise.race([work, impatience]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
