import { createReadStream, existsSync } from 'node:fs';
import type { Target } from '../../graph/target.js';
import { readBuildEvents } from '../../formats/build-events.js';
import { MessageStream, type Framing } from '../../formats/message-stream.js';
import { decodeTarget, QueryOutputError } from '../../formats/query-proto.js';

/** The targets that a query prints, taken in while they come. */
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

  /** @throws QueryOutputError if the answer is cut */
  end(): void {
    const foreign = textAtStart(this.messages.unfinished);
    if (foreign !== null) throw new QueryOutputError(foreignTextMessage(foreign));
    this.messages.end();
  }

  /** Takes in a file that Bazel has written. @throws QueryOutputError if it is missing, holds no targets, or is cut */
  async readFile(file: string): Promise<void> {
    if (!existsSync(file))
      throw new QueryOutputError(`Bazel wrote no answer to ${file}, although --output_file was set`);
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>)
      this.push(chunk);
    this.end();
  }
}

const CHUNK = 1024 * 1024;

/** What a wrapper around Bazel printed in the place of targets: those begin with other bytes than letters. */
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
 * The exit code of a call in the words of Bazel itself, which no wrapper can lose.
 *
 * @param eventFile what `--build_event_json_file` named
 * @returns null where Bazel did not finish; undefined where it wrote no such file: a wrapper may have named another one
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
    // Damaged: Bazel did not come to its end.
    return null;
  }
}
