import { clip, plainText } from '../text/plain-text.js';
import type { BuildEvent } from './build-event-messages.js';
import { parseBuildEvent } from './parse-build-event.js';

/** A build event file is damaged before its last line. */
export class BuildEventError extends Error {
  override name = 'BuildEventError';
}

/**
 * Reads the file that `--build_event_json_file` writes: one JSON object per line. Events of other kinds are skipped,
 * including those that newer versions of Bazel add.
 *
 * A truncated last line is skipped too, because Bazel or the machine may have died while writing it. All lines before
 * it count.
 *
 * @param chunks the file's bytes or text, split at any position
 * @throws BuildEventError if a line other than the last is not a JSON object
 */
export async function* readBuildEvents(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<BuildEvent> {
  let number = 0;
  for await (const { line, ended } of linesOfStream(chunks)) {
    number++;
    if (line.trim() === '') continue;
    const event = parseBuildEvent(line);
    if (event === 'not an object') {
      if (!ended) continue;
      throw new BuildEventError(
        `the build event file is damaged in line ${number}: not a JSON object: ${clip(plainText(line), 80)}`,
      );
    }
    if (event !== null) yield event;
  }
}

async function* linesOfStream(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<{ line: string; ended: boolean }> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const lines = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    for (const line of lines.slice(0, -1)) {
      yield { line: rest.join('') + line, ended: true };
      rest = [];
    }
    rest.push(lines.at(-1) ?? '');
  }
  yield { line: rest.join('') + decoder.decode(), ended: false };
}
