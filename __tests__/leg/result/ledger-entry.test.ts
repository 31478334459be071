import { expect, test } from '@jest/globals';
import {
  formatLedgerEntry,
  LedgerEntryError,
  parseLedgerEntry,
} from '../../../src/leg/result/ledger-entry.js';
import { commitId, label } from '../../support/builders.js';

const ENTRY = {
  scope: {
    label: label('//svc:api'),
    workspace: '',
    ref: 'refs/heads/main',
    workflow: 'ci.yml',
    callers: 'ci / ',
  },
  digest: 'aa',
  commit: commitId('c'),
  run: 'https://example.com/runs/1',
  seen: { run: 7, attempt: 1 },
  time: '2026-11-30T12:00:00.000Z',
};

test('an entry is read as it was written, also without a digest and a commit', () => {
  expect(parseLedgerEntry(formatLedgerEntry(ENTRY))).toEqual(ENTRY);
  const begun = { ...ENTRY, digest: null, commit: null };
  expect(parseLedgerEntry(formatLedgerEntry(begun))).toEqual(begun);
});

test.each(['', '[]', '{"version": 2}', formatLedgerEntry({ ...ENTRY, time: 'soon' })])(
  'something else is no entry: %j',
  (content) => {
    expect(() => parseLedgerEntry(content)).toThrow(LedgerEntryError);
  },
);
