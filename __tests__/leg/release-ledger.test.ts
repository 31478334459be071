import { beforeEach, describe, expect, test } from '@jest/globals';
import { ReleaseLedger, type LedgerPlace } from '../../src/leg/release-ledger.js';
import type { Attempt } from '../../src/leg/result/ledger-entry.js';
import { commitId, label } from '../support/builders.js';
import { MemoryBytes } from '../support/memory-bytes.js';

const API = label('//svc:api');
const COMMIT = commitId('c');

let bytes: MemoryBytes;
let notices: string[];
let asked: Attempt[];
let isLast: boolean;

beforeEach(() => {
  bytes = new MemoryBytes();
  notices = [];
  asked = [];
  isLast = true;
});

/** The ledger in another run. */
function ledger(place: Partial<LedgerPlace> = {}): ReleaseLedger {
  return new ReleaseLedger(
    bytes,
    {
      workspace: 'shop',
      ref: 'refs/heads/main',
      workflow: 'org/repo/.github/workflows/ci.yml',
      callers: 'ci / ',
      run: 'https://example.com/runs/1',
      attempt: { run: 7, attempt: 1 },
      isPush: true,
      isForced: false,
      ...place,
    },
    {
      mayLeaveOut: (attempt) => {
        asked.push(attempt);
        return Promise.resolve(isLast);
      },
      tell: (notice) => notices.push(notice),
    },
  );
}

async function release(digest: string, place: Partial<LedgerPlace> = {}): Promise<void> {
  const here = ledger(place);
  await here.lastOf(API);
  await here.begin(API, COMMIT);
  await here.end(API, digest, COMMIT);
}

test('what was released last is known in the next run', async () => {
  expect(await ledger().lastOf(API)).toBeNull();
  await release('aa');
  expect(await ledger().lastOf(API)).toMatchObject({
    digest: 'aa',
    commit: COMMIT,
    run: 'https://example.com/runs/1',
  });
  await release('bb');
  expect((await ledger().lastOf(API))?.digest).toBe('bb');
});

test.each<[string, Partial<LedgerPlace>]>([
  ['branch', { ref: 'refs/heads/next' }],
  ['workspace', { workspace: '' }],
  ['workflow', { workflow: 'org/repo/.github/workflows/staging.yml' }],
  ['calling job', { callers: 'staging / ' }],
])('a release of another %s is another one', async (_what, place) => {
  await release('aa');
  expect(await ledger(place).lastOf(API)).toBeNull();
  expect(await ledger().lastOf(label('//svc:web'))).toBeNull();
});

test('a release that began and did not end leaves nothing that a later run could take for the last one', async () => {
  await release('aa');
  const here = ledger();
  await here.lastOf(API);
  await here.begin(API, COMMIT);
  expect(await ledger().lastOf(API)).toBeNull();
});

describe('a run that is no push', () => {
  const byHand = { isPush: false };

  test('leaves nothing out, and what it released is not the last content of the branch', async () => {
    await release('aa');
    expect(await ledger(byHand).lastOf(API)).toBeNull();
    await release('bb', byHand);
    expect(await ledger().lastOf(API)).toBeNull();
  });
});

test('what is forced leaves nothing out, and counts as the last release', async () => {
  await release('aa');
  expect(await ledger({ isForced: true }).lastOf(API)).toBeNull();
  await release('bb', { isForced: true });
  expect((await ledger().lastOf(API))?.digest).toBe('bb');
});

test.each(['', '{}', '{"version": 2}', '{"version": 1, "scope": {"label": 7}}'])(
  'an entry that cannot be read is none, which is said, and is replaced: %j',
  async (content) => {
    await release('aa');
    for (const { key } of [...bytes.kept.values()]) await bytes.keep(key, Buffer.from(content));
    expect(await ledger().lastOf(API)).toBeNull();
    expect(notices[0]).toContain('cannot be read, so //svc:api is released again');
    await release('bb');
    expect((await ledger().lastOf(API))?.digest).toBe('bb');
  },
);

describe('a release of the same content', () => {
  test('is left out if nothing else was released since, and counts as seen from then on', async () => {
    await release('aa');
    const attempt = { run: 9, attempt: 2 };
    const last = await ledger({ attempt }).lastOf(API);
    if (last === null) throw new Error('nothing is known');
    expect(await ledger({ attempt }).leavesOut(last)).toBe(true);
    expect(asked).toEqual([{ run: 7, attempt: 1 }]);
    expect(await ledger().lastOf(API)).toEqual({ ...last, seen: attempt });
  });

  test('is made if something else may have been released since, or the plan is not precise', async () => {
    await release('aa');
    isLast = false;
    const last = await ledger().lastOf(API);
    if (last === null) throw new Error('nothing is known');
    expect(await ledger().leavesOut(last)).toBe(false);
  });
});
