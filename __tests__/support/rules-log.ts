import protobuf from 'protobufjs';

/** Field numbers of the events of Bazel's log of repository rules. */
const EVENTS = { execute: 3, file: 6, os: 7, symlink: 8, template: 9, read: 12, patch: 14 } as const;

/** One event of the log. @param fields the texts of its fields, by their numbers; a list for a repeated field */
export function loggedEvent(
  event: keyof typeof EVENTS | number,
  fields: Readonly<Record<number, string | readonly string[]>> = {},
  environment: Readonly<Record<string, string>> = {},
): Buffer {
  const content = protobuf.Writer.create();
  for (const [number, value] of Object.entries(fields))
    for (const text of typeof value === 'string' ? [value] : value)
      content.uint32((Number(number) << 3) | 2).string(text);
  for (const [name, value] of Object.entries(environment)) {
    const entry = protobuf.Writer.create().uint32(0x0a).string(name).uint32(0x12).string(value);
    content.uint32((4 << 3) | 2).bytes(entry.finish());
  }
  const number = typeof event === 'number' ? event : EVENTS[event];
  const message = protobuf.Writer.create();
  message.uint32(0x0a).string('/w/ext/e.bzl:1:1').uint32(0x12).string('repository @@made');
  message.uint32((number << 3) | 2).bytes(content.finish());
  const bytes = message.finish();
  return Buffer.concat([protobuf.Writer.create().uint32(bytes.length).finish(), bytes]);
}
