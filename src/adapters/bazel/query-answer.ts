import { createReadStream, existsSync } from 'node:fs';
import type { Target } from '../../graph/target.js';
import { readBuildEvents } from '../../formats/build-events.js';
import { MessageStream, type Framing } from '../../formats/message-stream.js';
import { decodeTarget, QueryOutputError } from '../../formats/query-proto.js';

/** The targets that a query prints, decoded while the output arrives. */
export class QueryAnswer {
  readonly targets: Target[] = [];
  private readonly messages: MessageStream;
  private isFirst = true;

  constructor(framing: Framing) {
    this.messages = new MessageStream(framing, (message) => {
      const target = decodeTarget(message);
      if (target !== null) this.targets.push(target);
    });
  }

  /** @throws QueryOutputError if the bytes are not targets */
  push(chunk: Buffer): void {
    if (this.isFirst) {
      this.isFirst = false;
      const foreign = textAtStart(chunk);
      if (foreign !== null) throw new QueryOutputError(foreignTextMessage(foreign));
    }
    this.messages.push(chunk);
  }

  /** @throws QueryOutputError if the answer is truncated */
  end(): void {
    const foreign = textAtStart(this.messages.unfinished);
    if (foreign !== null) throw new QueryOutputError(foreignTextMessage(foreign));
    this.messages.end();
  }

  /** Reads a file that Bazel has written. @throws QueryOutputError if it is missing, has no targets, or is truncated */
  async readFile(file: string): Promise<void> {
    if (!existsSync(file))
      throw new QueryOutputError(`Bazel wrote no answer to ${file}, although --output_file was set`);
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>)
      this.push(chunk);
    this.end();
  }
}

const CHUNK = 1024 * 1024;

/**
 * The text that a wrapper around Bazel printed instead of targets. An encoded target does not begin with printable
 * characters.
 */
function textAtStart(bytes: Buffer): string | null {
  return /^[\t\x20-\x7e]{4,200}/.exec(bytes.subarray(0, 200).toString('latin1'))?.[0] ?? null;
}

function foreignTextMessage(text: string): string {
  return (
    `Bazel's output holds ${JSON.stringify(text)} in the place of targets: something that stands between this program ` +
    'and Bazel (a wrapper, tools/bazel) prints to standard output. Let it print to standard error'
  );
}

/**
 * Bazel's own exit code, which a wrapper cannot change.
 *
 * @param eventFile the file that `--build_event_json_file` named
 * @returns null if Bazel did not finish; undefined if Bazel wrote no such file, for example because a wrapper named
 * another
 */
export async function finishedExitCode(eventFile: string): Promise<number | null | undefined> {
  if (!existsSync(eventFile)) return undefined;
  try {
    for await (const event of readBuildEvents(createReadStream(eventFile) as AsyncIterable<Buffer>)) {
      if (event.kind === 'buildFinished' && event.finished.exitCode !== null) {
        return event.finished.exitCode.code;
      }
    }
    return null;
  } catch {
    // The file is damaged, so Bazel did not finish.
    return null;
  }
}
