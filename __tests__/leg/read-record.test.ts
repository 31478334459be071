import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readRecord } from '../../src/leg/read-record.js';
import type { BuildRecord } from '../../src/leg/result/build-record.js';
import { label } from '../support/builders.js';
import { writeFiles } from '../support/files.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const LOADED = line({ id: { targetConfigured: { label: '//:a' } }, configured: { targetKind: 'rule' } });
const BUILT = built('//:a');
const DAMAGE = 'not JSON\n';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

function line(event: object): string {
  return `${JSON.stringify(event)}\n`;
}

function built(target: string): string {
  return line({ id: { targetCompleted: { label: target } }, completed: { success: true } });
}

function recordOf(content: string): Promise<BuildRecord> {
  writeFiles(temporary.path, { 'events.jsonl': content });
  return readRecord(temporary.join('events.jsonl'));
}

function kindOf(record: BuildRecord, target: string): string {
  return record.outcomeOf(label(target), 'build').kind;
}

test('a call that wrote no file has no events', async () => {
  const record = await readRecord(temporary.join('missing', 'events.jsonl'));
  expect(record.isEmpty).toBe(true);
  expect(kindOf(record, '//:a')).toBe('no status');
});

test.each(['', '\n'])('an empty file has no events: %j', async (content) => {
  expect((await recordOf(content)).isEmpty).toBe(true);
});

test('all events of a whole file count, in their order', async () => {
  const failed = line({ id: { targetCompleted: { label: '//:b' } }, completed: {} });
  const record = await recordOf(`${LOADED}${BUILT}${failed}`);
  expect(record.isEmpty).toBe(false);
  expect(kindOf(record, '//:a')).toBe('built');
  expect(kindOf(record, '//:b')).toBe('failed to build');
});

test('the events before a damaged line count, and those after it do not', async () => {
  const record = await recordOf(`${BUILT}${DAMAGE}${built('//:b')}`);
  expect(kindOf(record, '//:a')).toBe('built');
  expect(kindOf(record, '//:b')).toBe('no status');
  expect((await recordOf(`${DAMAGE}${BUILT}`)).isEmpty).toBe(true);
});

test('a last line that is cut off is lost, and only that one', async () => {
  const record = await recordOf(`${BUILT}${built('//:b').slice(0, -10)}`);
  expect(kindOf(record, '//:a')).toBe('built');
  expect(kindOf(record, '//:b')).toBe('no status');
});

test('characters and lines that the parts of a long file cut through are read whole', async () => {
  const names = Array.from({ length: 3000 }, (_, at) => `//:ü-${'é'.repeat(at % 7)}-${at}`);
  const record = await recordOf(names.map(built).join(''));
  expect(names.filter((name) => kindOf(record, name) !== 'built')).toEqual([]);
});

test('another failure than damage is thrown', async () => {
  await expect(readRecord(temporary.path)).rejects.toMatchObject({ code: 'EISDIR' });
});
