/** Says that bytes are not what a {@link ColumnWriter} writes. */
export class ColumnError extends Error {
  override name = 'ColumnError';
}

/**
 * Writes strings and numbers as columns: each string once, in one large text; everything else as 32-bit numbers.
 * A file of many small strings is read several times faster from this than from JSON.
 */
export class ColumnWriter {
  private readonly indexOf = new Map<string, number>();
  private readonly numbers: number[] = [];

  /** @param value from 0 to 2^32 - 1 */
  number(value: number): void {
    this.numbers.push(value);
  }

  string(value: string): void {
    let index = this.indexOf.get(value);
    if (index === undefined) {
      index = this.indexOf.size;
      this.indexOf.set(value, index);
    }
    this.numbers.push(index);
  }

  list<Item>(items: readonly Item[], write: (item: Item) => void): void {
    this.number(items.length);
    items.forEach(write);
  }

  strings(items: readonly string[]): void {
    this.list(items, (item) => {
      this.string(item);
    });
  }

  /** Three counts, the lengths of the strings (in UTF-16 units), the numbers, and the strings as UTF-8. */
  bytes(): Buffer {
    const texts = [...this.indexOf.keys()];
    const text = Buffer.from(texts.join(''), 'utf8');
    const lengths = texts.map((each) => each.length);
    const head = Uint32Array.from([lengths.length, this.numbers.length, text.length]);
    const columns = [head, Uint32Array.from(lengths), Uint32Array.from(this.numbers)];
    return Buffer.concat([...columns.map((column) => new Uint8Array(column.buffer)), text]);
  }
}

/** Reads what a {@link ColumnWriter} wrote, in the same order. All methods throw ColumnError on anything else. */
export class ColumnReader {
  private readonly table: readonly string[];
  private readonly numbers: Uint32Array;
  private position = 0;

  constructor(bytes: Buffer) {
    // A copy of its own, since a typed array has to start at a multiple of four bytes.
    const whole = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(Uint8Array.from(bytes).buffer);
    const head = words(whole, 0, 3);
    const [stringCount = 0, numberCount = 0, textBytes = 0] = head;
    const textStart = 4 * (3 + stringCount + numberCount);
    if (textStart + textBytes !== whole.length)
      throw new ColumnError('the counts do not add up to the length');
    const lengths = words(whole, 3, stringCount);
    this.numbers = words(whole, 3 + stringCount, numberCount);
    this.table = cut(whole.toString('utf8', textStart), lengths);
  }

  number(): number {
    const value = this.numbers[this.position];
    if (value === undefined) throw new ColumnError('the numbers end too early');
    this.position += 1;
    return value;
  }

  string(): string {
    const value = this.table[this.number()];
    if (value === undefined) throw new ColumnError('a number stands for no string');
    return value;
  }

  /** A number that stands for one of several words. */
  oneOf<Word>(words: readonly Word[]): Word {
    const index = this.number();
    if (index >= words.length) throw new ColumnError(`${index} stands for none of ${words.length} words`);
    return words[index] as Word;
  }

  list<Item>(read: () => Item): Item[] {
    const length = this.number();
    // Every item takes at least one number: a length beyond them is a lie that must not cost memory.
    if (length > this.numbers.length - this.position) throw new ColumnError('a list is longer than the file');
    const items: Item[] = [];
    for (let index = 0; index < length; index += 1) items.push(read());
    return items;
  }

  strings(): string[] {
    return this.list(() => this.string());
  }

  end(): void {
    if (this.position !== this.numbers.length) throw new ColumnError('there are more numbers than expected');
  }
}

function words(bytes: Buffer, start: number, count: number): Uint32Array {
  if (4 * (start + count) > bytes.length) throw new ColumnError('the file ends too early');
  return new Uint32Array(bytes.buffer, bytes.byteOffset + 4 * start, count);
}

function cut(text: string, lengths: Uint32Array): string[] {
  const table: string[] = [];
  let start = 0;
  for (const length of lengths) {
    table.push(text.slice(start, start + length));
    start += length;
  }
  if (start !== text.length) throw new ColumnError('the strings do not add up to the text');
  return table;
}
