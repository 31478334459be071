import { describe, expect, test } from '@jest/globals';
import type { ExternalsRecord } from '../../../src/loading/externals/externals-record.js';
import { decodeRecord, encodeRecord } from '../../../src/loading/externals/record-codec.js';
import { workspacePath } from '../../support/builders.js';

function record(...paths: readonly string[]): ExternalsRecord {
  return {
    deciding: 'digest',
    reads: new Map(paths.map((path) => [workspacePath(path), `state of ${path}`])),
  };
}

describe('a stored record', () => {
  test('is read as it was written', () => {
    const written = record('conf/a.json', '', 'ü/\u0000');
    expect(decodeRecord(encodeRecord(written))).toEqual(written);
  });

  test.each([null, 'all'] as const)('can say that nothing could be found out: %s', (reads) => {
    const failed = { deciding: 'digest', reads, why: 'they read the whole workspace' };
    expect(decodeRecord(encodeRecord(failed))).toEqual(failed);
  });

  test('has the same bytes whatever the order of its paths', () => {
    expect(encodeRecord(record('a', 'b'))).toEqual(encodeRecord(record('b', 'a')));
  });

  test.each([0, 10, 64, 70, -2])('is not used if a byte of it changed: %d', (at) => {
    const bytes = encodeRecord(record('conf/a.json'));
    const position = at < 0 ? bytes.length + at : at;
    bytes[position] = (bytes[position] ?? 0) ^ 1;
    // The line end behind the digest says nothing.
    expect(decodeRecord(bytes)).toEqual(at === 64 ? record('conf/a.json') : null);
  });

  test.each(['', 'text', '{}'])('is not used if it is something else: %j', (text) => {
    expect(decodeRecord(Buffer.from(text))).toBeNull();
  });
});
