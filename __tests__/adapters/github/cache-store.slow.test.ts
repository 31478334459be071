import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FakeCacheService } from './support/fake-cache-service.js';
import { SNAPSHOT_SCHEMA } from '../../../src/loading/snapshot/codec.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const HOOKS = join(import.meta.dirname, '../../support/typescript-files.mjs');
const SCRIPT = join(import.meta.dirname, 'support/use-cache.ts');

let temporary: TemporaryFolder;
let room: string;
let service: FakeCacheService;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  room = temporary.path;
  for (const folder of ['home', 'home/work', 'temp']) mkdirSync(join(room, folder));
  service = await FakeCacheService.start();
});

afterEach(async () => {
  await service.stop();
  temporary.remove();
});

interface Used {
  /** What the store gave, and the notices, in order. */
  readonly said: readonly string[];
  /** What came on standard output: the log of a job. */
  readonly log: string;
  /** What GitHub would read as the step's outputs. */
  readonly outputs: string;
}

/** Takes steps with a store on a runner of its own: `keep F`, `nearest F`, `plant F`, each with options at will. */
async function use(steps: readonly string[], { patience = 20_000, home = 'home' } = {}): Promise<Used> {
  const results = join(room, 'results');
  const outputs = join(room, 'outputs');
  for (const file of [results, outputs]) rmSync(file, { force: true });
  mkdirSync(join(room, home, 'work'), { recursive: true });
  const child = spawn(
    process.execPath,
    ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', `--import=${HOOKS}`, SCRIPT]
      .concat(results, String(patience))
      .concat(steps),
    {
      env: {
        PATH: process.env.PATH,
        HOME: join(room, home),
        GITHUB_WORKSPACE: join(room, home, 'work'),
        GITHUB_OUTPUT: outputs,
        RUNNER_TEMP: join(room, 'temp'),
        ACTIONS_CACHE_SERVICE_V2: 'true',
        ACTIONS_RESULTS_URL: service.url,
        ACTIONS_RUNTIME_TOKEN: 'token',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let log = '';
  let failure = '';
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (failure += chunk.toString()));
  // A request that hangs keeps this process; the steps are done nevertheless.
  const done = setInterval(() => {
    const said = existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n') : [];
    if (said.filter((line) => !line.startsWith('notice: ')).length === steps.length)
      setTimeout(() => child.kill(), 200);
  }, 50);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(done);
  expect(failure).toBe('');
  return {
    said: existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n') : [],
    log,
    outputs: existsSync(outputs) ? readFileSync(outputs, 'utf8') : '',
  };
}

describe('the nearest snapshot', () => {
  test('is the one with the fingerprint, on another runner as well', async () => {
    await use(['keep 1', 'keep 2']);
    expect((await use(['nearest 1'], { home: 'elsewhere' })).said).toEqual(['found 1']);
  });

  test('is the newest of those with the fingerprint: it takes the place of a wrong one', async () => {
    await use(['keep 1 o wrong', 'keep 1 o right', 'keep 2']);
    expect((await use(['nearest 1'])).said).toEqual(['found 1 right']);
    // What is there already is not stored again, unless it has to take the place of a newer one.
    const stored = service.entries.length;
    await use(['keep 1 o right']);
    expect(service.entries).toHaveLength(stored);
    await use(['keep 1 o newer', 'nearest 1', 'keep 1 o right']);
    expect((await use(['nearest 1'])).said).toEqual(['found 1 right']);
  });

  test('is not another one whose fingerprint begins like it', async () => {
    await use(['keep 1', 'keep 11']);
    expect((await use(['nearest 1'])).said).toEqual(['found 1']);
  });

  test('else is the latest one with the same options', async () => {
    await use(['keep 1', 'keep 2', 'keep 3 other']);
    expect((await use(['nearest 4'])).said).toEqual(['found 2']);
  });

  test('else is none, without a notice', async () => {
    await use(['keep 3 other']);
    expect((await use(['nearest 3'])).said).toEqual(['found nothing']);
  });
});

describe('a plan goes on, and the log says why, where', () => {
  test('the service has an error', async () => {
    const error = { status: 400, message: 'malformed' };
    service.behaviour = { GetCacheEntryDownloadURL: error, CreateCacheEntry: error };
    const { said, log } = await use(['nearest 1', 'keep 1', 'nearest 1']);
    expect(said).toEqual(['found nothing', 'kept 1', 'found nothing']);
    expect(log).toMatch(/^::warning::Failed to restore: .*malformed/m);
    expect(log).toMatch(/Failed to save: /);
  });

  test('the service answers 500 again and again, longer than a plan has patience', async () => {
    service.behaviour = { GetCacheEntryDownloadURL: { status: 500, message: 'broken' } };
    const { said } = await use(['nearest 1', 'keep 1', 'nearest 1'], { patience: 1000 });
    expect(said).toEqual([
      expect.stringMatching(
        /^notice: no entry could be read from GitHub's cache: it did not answer within 1 s/,
      ),
      'found nothing',
      'kept 1',
      'found nothing',
    ]);
    // It is asked once.
    expect(service.requests).toEqual(['GetCacheEntryDownloadURL']);
  });

  test.each(['GetCacheEntryDownloadURL', 'GET'])('%s never answers', async (method) => {
    await use(['keep 1']);
    service.behaviour = { [method]: 'hang' };
    const { said } = await use(['nearest 1', 'nearest 1'], { patience: 700 });
    expect(said).toEqual([
      expect.stringContaining('did not answer within 0.7 s'),
      'found nothing',
      'found nothing',
    ]);
  });

  test.each(['CreateCacheEntry', 'PUT', 'FinalizeCacheEntryUpload'])('%s never answers', async (method) => {
    service.behaviour = { [method]: 'hang' };
    const { said } = await use(['keep 1', 'keep 2'], { patience: 700 });
    expect(said).toEqual([
      expect.stringMatching(
        /^notice: an entry could not be stored in GitHub's cache: it did not answer within 0\.7 s/,
      ),
      'kept 1',
      'kept 2',
    ]);
  });

  test('the entry is no archive', async () => {
    await use(['keep 1']);
    for (const entry of service.entries) entry.bytes = Buffer.from('nonsense');
    const { said, log } = await use(['nearest 1']);
    expect(said).toEqual(['found nothing']);
    expect(log).toMatch(/^::warning::Failed to restore: .*tar/m);
  });

  test.each([
    ['no snapshot', Buffer.from('nonsense'), 'it is not a snapshot'],
    [
      'a snapshot of a newer schema',
      Buffer.concat([Buffer.from('bazel-affected snapshot\0'), Buffer.from([99, 0, 0, 0]), Buffer.alloc(64)]),
      `it has schema 99, and this version reads ${SNAPSHOT_SCHEMA}`,
    ],
  ])('the entry is %s', async (_, bytes, why) => {
    await use([`plant 1 o ${bytes.toString('base64')}`]);
    expect((await use(['nearest 1'])).said).toEqual([
      `notice: the cache entry bazel-affected-${SNAPSHOT_SCHEMA}-o-1-planted is not used: ${why}`,
      'found nothing',
    ]);
  });
});

test('an entry that another job writes at the same moment is left to it', async () => {
  service.reserve(`bazel-affected-${SNAPSHOT_SCHEMA}-o-1`);
  const { said, log } = await use(['keep 1']);
  expect(said).toEqual(['kept 1']);
  expect(log).not.toMatch(/^::(error|warning)::/m);
});

test('what the cache tells the log never becomes an output', async () => {
  const { log, outputs } = await use(['keep 1', 'nearest 1', 'nearest 2', 'keep 1']);
  expect(outputs).toBe('');
  expect(log).not.toMatch(/^::(?!debug|warning|error|notice|add-mask)/m);
});
