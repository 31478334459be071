/** Keeps the end of a byte stream, and needs at most about twice `maxBytes` of memory. */
export class RollingOutput {
  private chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly maxBytes: number) {}

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size > 2 * this.maxBytes) {
      this.chunks = [this.end()];
      this.size = this.chunks[0]?.length ?? 0;
    }
  }

  /** The last `maxBytes` bytes as text. A character that is cut at the beginning becomes `�`. */
  text(): string {
    return this.end().toString('utf8');
  }

  private end(): Buffer {
    return Buffer.concat(this.chunks).subarray(-this.maxBytes);
  }
}
