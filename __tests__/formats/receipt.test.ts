import { describe, expect, test } from '@jest/globals';
import { parseReceipt, ReceiptError } from '../../src/formats/receipt.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function receipt(parts: object = {}): string {
  const subjects = [{ name: 'registry/api', digest: DIGEST, kind: 'oci' }];
  return JSON.stringify({ version: 1, outcome: 'released', subjects, ...parts });
}

describe('a receipt', () => {
  test('says what was published, and how the release ended', () => {
    expect(parseReceipt(receipt())).toEqual({
      outcome: 'released',
      published: [{ name: 'registry/api', digest: DIGEST, kind: 'oci' }],
    });
  });

  test.each<[string, string]>([
    ['another version', receipt({ version: 2 })],
    ['no outcome', receipt({ outcome: 'perhaps' })],
    ['no list', receipt({ subjects: 'all' })],
    ['no digest', receipt({ subjects: [{ name: 'x', digest: 'latest', kind: 'oci' }] })],
    ['a cut-off file', receipt().slice(0, -2)],
    ['nothing', ''],
  ])('is refused: %s', (_what, content) => {
    expect(() => parseReceipt(content)).toThrow(ReceiptError);
  });

  test('is read only as far as somebody may read it', () => {
    const subjects = Array.from({ length: 1000 }, () => ({
      name: 'x'.repeat(10_000),
      digest: DIGEST,
      kind: 'file',
    }));
    expect(JSON.stringify(parseReceipt(receipt({ subjects }))).length).toBeLessThan(100_000);
  });
});
