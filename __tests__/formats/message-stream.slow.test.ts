import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MessageStream, type Framing } from '../../src/formats/message-stream.js';
import { QueryOutputError } from '../../src/formats/query-proto.js';

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function framed(framing: Framing, messages: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    messages.map((message) =>
      Buffer.concat([
        Buffer.from([...(framing === 'proto' ? [0x0a] : []), ...varint(message.length)]),
        message,
      ]),
    ),
  );
}

/** What comes out of a stream that is pushed in pieces. */
function read(framing: Framing, ...pieces: readonly Buffer[]): Buffer[] {
  const messages: Buffer[] = [];
  const stream = new MessageStream(framing, (message) => messages.push(Buffer.from(message)));
  for (const piece of pieces) stream.push(piece);
  stream.end();
  return messages;
}

describe.each<Framing>(['streamed_proto', 'proto'])('%s', (framing) => {
  test('comes out as it went in, wherever the stream is cut', () => {
    const messages = fc.array(
      fc.oneof(fc.uint8Array({ maxLength: 10 }), fc.uint8Array({ minLength: 120, maxLength: 300 })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(messages, fc.array(fc.nat()), (sent, cuts) => {
        const bytes = framed(framing, sent);
        const offsets = [
          0,
          ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
          bytes.length,
        ];
        const pieces = offsets.slice(1).map((end, index) => bytes.subarray(offsets[index], end));
        expect(read(framing, ...pieces)).toEqual(sent.map((message) => Buffer.from(message)));
      }),
    );
  });

  test('carries messages larger than many chunks', () => {
    const large = Buffer.alloc(300_000, 7);
    const bytes = framed(framing, [large, Buffer.from([1])]);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, index) =>
      bytes.subarray(index * 4096, (index + 1) * 4096),
    );
    expect(read(framing, ...pieces)).toEqual([large, Buffer.from([1])]);
  });

  test('is an error where it ends inside a message', () => {
    const bytes = framed(framing, [Buffer.alloc(5)]);
    for (let length = 1; length < bytes.length; length++) {
      expect(() => read(framing, bytes.subarray(0, length))).toThrow(QueryOutputError);
    }
  });

  test('is an error where a message claims to be impossibly long', () => {
    const start = framing === 'proto' ? [0x0a] : [];
    expect(() => read(framing, Buffer.from([...start, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]))).toThrow(
      /claims a target of/,
    );
  });
});

test('proto is an error where something else than a target comes', () => {
  expect(() => read('proto', Buffer.from('Loading: 0 packages loaded'))).toThrow(/is not a list of targets/);
});
