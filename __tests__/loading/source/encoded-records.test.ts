import { expect, test } from '@jest/globals';
import { FolderStore } from '../../../src/adapters/disk/folder-store.js';
import type { ExternalsRecord } from '../../../src/loading/externals/externals-record.js';
import { EncodedRecords } from '../../../src/loading/source/encoded-records.js';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const notices: string[] = [];
const temporary = new TemporaryFolder();
const tell = (notice: string): void => {
  notices.push(notice);
};
const records = new EncodedRecords(new FolderStore(temporary.path, tell), tell);

function record(deciding: string): ExternalsRecord {
  return { deciding, reads: new Map() };
}

test('records are found again by their options, the latest first, and damaged ones are left out', async () => {
  expect(await records.latest('one')).toEqual([]);
  await records.keep('one', record('older'));
  for (const name of readdirSync(temporary.path)) utimesSync(temporary.join(name), 1, 1);
  await records.keep('one', record('newer'));
  await records.keep('other', record('of other options'));
  expect((await records.latest('one')).map(({ deciding }) => deciding)).toEqual(['newer', 'older']);
  expect(notices).toEqual([]);

  for (const name of readdirSync(temporary.path)) writeFileSync(temporary.join(name), 'damaged');
  expect(await records.latest('one')).toEqual([]);
  expect(notices).toEqual([expect.stringContaining('damaged'), expect.stringContaining('damaged')]);
  temporary.remove();
});
