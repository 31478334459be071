import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ColumnError, ColumnReader, ColumnWriter } from '../../src/snapshot/columns.js';

test('columns come back as they were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' })),
      fc.array(fc.nat(2 ** 32 - 1)),
      (strings, numbers) => {
        const writer = new ColumnWriter();
        writer.strings(strings);
        writer.list(numbers, (value) => {
          writer.number(value);
        });
        const reader = new ColumnReader(writer.bytes());
        expect(reader.strings()).toEqual(strings);
        expect(reader.list(() => reader.number())).toEqual(numbers);
        reader.end();
      },
    ),
  );
});

test.each<[string, (reader: ColumnReader) => unknown]>([
  ['a list longer than the file', (reader) => reader.strings()],
  ['a word that is none', (reader) => reader.oneOf(['a', 'b'])],
  [
    'numbers that are left over',
    (reader) => {
      reader.end();
    },
  ],
])('%s is an error', (_what, read) => {
  const writer = new ColumnWriter();
  writer.number(1_000_000);
  expect(() => read(new ColumnReader(writer.bytes()))).toThrow(ColumnError);
});

test('bytes that are no columns are an error', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      try {
        const reader = new ColumnReader(Buffer.from(bytes));
        reader.strings();
      } catch (error) {
        expect(error).toBeInstanceOf(ColumnError);
      }
    }),
  );
});
