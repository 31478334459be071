import { clip, plainText } from '../text/plain-text.js';

/** A build event as it stands in the stream: one JSON object a line, described by Bazel's build_event_stream.proto. */
export type BuildEvent = Readonly<Record<string, unknown>>;

/** Says that a build event file is damaged before its last line. */
export class BuildEventError extends Error {
  override name = 'BuildEventError';
}

/**
 * Reads the file that `--build_event_json_file` writes.
 *
 * A last line that is cut off (Bazel or the machine died) is left out; everything before it counts.
 *
 * @param chunks the file's bytes or text, cut anywhere
 * @throws BuildEventError if a line other than the last is no JSON object
 */
export async function* readBuildEvents(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<BuildEvent> {
  let number = 0;
  for await (const { line, ended } of linesOf(chunks)) {
    number++;
    if (line.trim() === '') continue;
    const event = parseObject(line);
    if (event !== null) yield event;
    else if (ended) {
      throw new BuildEventError(
        `the build event file is damaged in line ${number}: no JSON object: ${clip(plainText(line), 80)}`,
      );
    }
  }
}

async function* linesOf(
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

function parseObject(line: string): BuildEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(
  object: Readonly<Record<string, unknown>>,
  key: string,
): Readonly<Record<string, unknown>> {
  const value = object[key];
  return isObject(value) ? value : {};
}

export function listAt(
  object: Readonly<Record<string, unknown>>,
  key: string,
): Readonly<Record<string, unknown>>[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textAt(object: Readonly<Record<string, unknown>>, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

/** A number, or an int64, which JSON writes as a string. */
export function numberAt(object: Readonly<Record<string, unknown>>, key: string): number | null {
  const value = object[key];
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A protobuf duration (`"0.053s"`), or the older field of the same name in milliseconds. */
export function durationAt(object: Readonly<Record<string, unknown>>, key: string): number | null {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(textAt(object, key))?.[1];
  return seconds === undefined ? numberAt(object, `${key}Millis`) : Math.round(Number(seconds) * 1000);
}
