import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph } from '../../../src/graph/graph.js';
import { EncodedSnapshots } from '../../../src/loading/source/encoded-snapshots.js';
import { encodeSnapshot, SNAPSHOT_SCHEMA } from '../../../src/loading/snapshot/codec.js';
import { FolderStore } from '../../../src/adapters/disk/folder-store.js';
import type { Snapshot } from '../../../src/loading/snapshot/snapshot.js';
import type { SnapshotKey } from '../../../src/loading/snapshot/store.js';
import { loadingOf } from '../../support/random-edits/loading.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const OPTIONS = 'a'.repeat(64);
const OTHER_OPTIONS = 'b'.repeat(64);

let temporary: TemporaryFolder;
let room: string;
let folder: string;
let notices: string[];
let store: EncodedSnapshots;

beforeEach(() => {
  temporary = new TemporaryFolder();
  room = temporary.path;
  folder = join(room, 'cache', 'deep');
  notices = [];
  const tell = (notice: string): void => {
    notices.push(notice);
  };
  store = new EncodedSnapshots(new FolderStore(folder, tell), tell);
});

afterEach(() => {
  temporary.remove();
});

function key(fingerprint: string, options = OPTIONS): SnapshotKey {
  return { options, fingerprint };
}

async function snapshotOf(fingerprint: string): Promise<Snapshot> {
  const loading = await loadingOf(MemoryWorkspace.of({ 'MODULE.bazel': '', 'a/BUILD': fingerprint }));
  return { fingerprint, bazelVersion: 'bazel 7.7.1', ...loading, graph: Graph.of([]) };
}

/** Keeps snapshots, the first one longest ago. */
async function keep(fingerprints: readonly string[], options = OPTIONS): Promise<void> {
  for (const [index, fingerprint] of fingerprints.entries()) {
    await store.keep(key(fingerprint, options), await snapshotOf(fingerprint));
    const time = new Date(Date.now() - (fingerprints.length - index) * 60_000);
    utimesSync(fileOf(fingerprint), time, time);
  }
}

function fileOf(fingerprint: string): string {
  const name = readdirSync(folder).find((each) => each.endsWith(`-${fingerprint}.snapshot`));
  if (name === undefined) throw new Error(`there is no file of ${fingerprint}`);
  return join(folder, name);
}

async function nearest(fingerprint: string, options = OPTIONS): Promise<string | undefined> {
  return (await store.nearest(key(fingerprint, options)))?.fingerprint;
}

describe('the nearest snapshot', () => {
  test('is none in a folder that does not exist, without a notice', async () => {
    expect(await nearest('1')).toBeUndefined();
    expect(notices).toEqual([]);
  });

  test('is the one with the fingerprint, however old', async () => {
    await keep(['1', '2', '3']);
    expect(await nearest('1')).toBe('1');
  });

  test('else is the latest one', async () => {
    await keep(['1', '2', '3']);
    expect(await nearest('4')).toBe('3');
  });

  test('is never one of other options', async () => {
    await keep(['1'], OTHER_OPTIONS);
    expect(await nearest('1')).toBeUndefined();
    expect(await nearest('2')).toBeUndefined();
    expect(notices).toEqual([]);
  });
});

describe('a file that cannot be used is passed over, with a notice:', () => {
  test.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['empty', () => Buffer.alloc(0), 'not a snapshot'],
    ['foreign', () => Buffer.from('PK\x03\x04'.repeat(50)), 'not a snapshot'],
    ['cut', (bytes) => bytes.subarray(0, -5), ''],
    [
      'damaged',
      (bytes) => Buffer.concat([bytes.subarray(0, 30), Buffer.from([1]), bytes.subarray(31)]),
      'damaged',
    ],
    [
      'of a newer schema',
      (bytes) => Buffer.concat([bytes.subarray(0, 24), Buffer.from([99]), bytes.subarray(25)]),
      'schema 99',
    ],
  ])('%s', async (_, damage, why) => {
    await keep(['1', '2']);
    const file = fileOf('2');
    writeFileSync(file, damage(readFileSync(file)));
    expect(await nearest('2')).toBe('1');
    expect(notices).toEqual([expect.stringMatching(`^the snapshot .*-2\\.snapshot is not used: .*${why}`)]);
  });

  test('and is replaced by the next plan that has the same fingerprint', async () => {
    await keep(['1']);
    writeFileSync(fileOf('1'), 'nonsense');
    await keep(['1']);
    expect(await nearest('1')).toBe('1');
    expect(notices).toEqual([]);
  });

  test('a folder of such a name', async () => {
    await keep(['1']);
    rmSync(fileOf('1'));
    mkdirSync(join(folder, `${SNAPSHOT_SCHEMA}-${OPTIONS}-1.snapshot`));
    expect(await nearest('1')).toBeUndefined();
  });
});

describe('keeping', () => {
  test('leaves the snapshot and nothing else', async () => {
    await keep(['1']);
    expect(readdirSync(folder)).toEqual([`${SNAPSHOT_SCHEMA}-${OPTIONS}-1.snapshot`]);
  });

  test('leaves the old file whole where writing breaks off, and never reads what was left', async () => {
    await keep(['1']);
    const whole = readFileSync(fileOf('1'));
    // What a process that was killed leaves behind.
    writeFileSync(`${fileOf('1')}.12345.tmp`, whole.subarray(0, 20));
    expect(await nearest('1')).toBe('1');
    expect(await nearest('2')).toBe('1');
    expect(notices).toEqual([]);
  });

  test('removes what killed plans left an hour ago, and not what another plan is writing', async () => {
    await keep(['1']);
    const [abandoned, current] = [`${fileOf('1')}.1.tmp`, `${fileOf('1')}.2.tmp`];
    writeFileSync(abandoned, '');
    writeFileSync(current, '');
    const long = new Date(Date.now() - 2 * 3600_000);
    utimesSync(abandoned, long, long);
    await keep(['2']);
    expect(existsSync(abandoned)).toBe(false);
    expect(existsSync(current)).toBe(true);
  });

  test('throws out the least recently used beyond eight', async () => {
    await keep(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(await nearest('1')).toBe('1');
    await store.keep(key('9'), await snapshotOf('9'));
    const kept = readdirSync(folder).map((name) => name.replace(/^.*-|\.snapshot$/g, ''));
    expect(kept.sort()).toEqual(['1', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('does not count an unreadable file as used', async () => {
    await keep(['1', '2', '3', '4', '5', '6', '7', '8']);
    writeFileSync(fileOf('1'), 'nonsense');
    const long = new Date(Date.now() - 3600_000);
    utimesSync(fileOf('1'), long, long);
    await nearest('1');
    await store.keep(key('9'), await snapshotOf('9'));
    expect(readdirSync(folder).some((name) => name.endsWith('-1.snapshot'))).toBe(false);
  });

  test('gives a notice where a file stands in the place of the folder, and throws nothing', async () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, 'in the way');
    expect(await nearest('1')).toBeUndefined();
    await store.keep(key('1'), await snapshotOf('1'));
    expect(notices).toEqual([expect.stringContaining(`could not be stored in ${folder}: `)]);
    expect(readFileSync(folder, 'utf8')).toBe('in the way');
  });

  test('gives a notice and leaves nothing unfinished where a folder stands in the place of the file', async () => {
    const name = `${SNAPSHOT_SCHEMA}-${OPTIONS}-1.snapshot`;
    mkdirSync(join(folder, name, 'deeper'), { recursive: true });
    await store.keep(key('1'), await snapshotOf('1'));
    expect(notices).toEqual([expect.stringContaining('could not be stored')]);
    expect(readdirSync(folder)).toEqual([name]);
  });
});

test('what is kept is what the codec writes', async () => {
  await keep(['1']);
  expect(readFileSync(fileOf('1')).equals(encodeSnapshot(await snapshotOf('1')))).toBe(true);
});
