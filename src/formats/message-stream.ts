import { QueryOutputError } from './query-proto.js';

/**
 * How Bazel separates messages: `streamed_proto` writes the length before each, `proto` wraps each as field 1 of one
 * outer message.
 */
export type Framing = 'streamed_proto' | 'proto';

/** Larger than any real target, so a greater length means that the data is damaged. */
const LARGEST_MESSAGE = 256 * 1024 * 1024;

const REPEATED_TARGET_TAG = 0x0a;

/** Splits a byte stream into messages while it arrives. */
export class MessageStream {
  private rest: Buffer = Buffer.alloc(0);
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private needed = 1;

  constructor(
    private readonly framing: Framing,
    private readonly onMessage: (message: Uint8Array) => void,
  ) {}

  /** @throws QueryOutputError if the bytes are not a stream of messages */
  push(chunk: Buffer): void {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    // The chunks of a large message are joined only once, not again for each chunk.
    if (this.rest.length + this.waitingBytes < this.needed) return;
    this.rest = Buffer.concat([this.rest, ...this.waiting]);
    this.waiting = [];
    this.waitingBytes = 0;
    let offset = 0;
    for (;;) {
      const message = this.next(offset);
      if (message === null) break;
      this.onMessage(this.rest.subarray(message.start, message.end));
      offset = message.end;
    }
    this.rest = this.rest.subarray(offset);
  }

  /** The bytes after the last complete message. */
  get unfinished(): Buffer {
    return Buffer.concat([this.rest, ...this.waiting]);
  }

  /** @throws QueryOutputError if the stream ended inside a message */
  end(): void {
    if (this.rest.length + this.waitingBytes > 0) {
      throw new QueryOutputError("Bazel's output ended in the middle of a target");
    }
  }

  /** The start and end of the message at an offset; null until all of it has arrived. */
  private next(offset: number): { start: number; end: number } | null {
    this.needed = 1;
    let position = offset;
    if (this.framing === 'proto' && position < this.rest.length) {
      if (this.rest[position] !== REPEATED_TARGET_TAG)
        throw new QueryOutputError("Bazel's output is not a list of targets");
      position++;
    }
    let length = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.rest[position++];
      if (byte === undefined) return null;
      length += (byte & 0x7f) * factor;
      if (length > LARGEST_MESSAGE)
        throw new QueryOutputError(`Bazel's output claims a target of ${length} bytes`);
      if (byte < 0x80) break;
    }
    const end = position + length;
    if (end > this.rest.length) {
      this.needed = end - offset;
      return null;
    }
    return { start: position, end };
  }
}
