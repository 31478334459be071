import { QueryOutputError } from './query-proto.js';

/** How Bazel frames its messages: `streamed_proto` a length before each, `proto` field 1 of one outer message. */
export type Framing = 'streamed_proto' | 'proto';

/** More than any target ever needed; a length beyond it is damaged. */
const LARGEST_MESSAGE = 256 * 1024 * 1024;

const REPEATED_TARGET_TAG = 0x0a;

/** Cuts a byte stream into its messages while it comes. */
export class MessageStream {
  private rest: Buffer = Buffer.alloc(0);
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private needed = 1;

  constructor(
    private readonly framing: Framing,
    private readonly onMessage: (message: Uint8Array) => void,
  ) {}

  /** @throws QueryOutputError if the bytes are not such a stream */
  push(chunk: Buffer): void {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    // A message larger than a chunk is joined once, not once for each chunk.
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

  /** What came after the last whole message. */
  get unfinished(): Buffer {
    return Buffer.concat([this.rest, ...this.waiting]);
  }

  /** @throws QueryOutputError if the stream ended inside a message */
  end(): void {
    if (this.rest.length + this.waitingBytes > 0) {
      throw new QueryOutputError("Bazel's output ended in the middle of a target");
    }
  }

  /** Where the message at an offset starts and ends, or null while it is not whole. */
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
