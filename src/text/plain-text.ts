import { stripVTControlCharacters } from 'node:util';
import { plural } from './plural.js';

/**
 * Invisible characters that can hide or reorder text: control characters, bidirectional overrides, byte-order marks.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A text of several lines in readable form: without ANSI sequences and control characters, with `\n` as line ends. Tabs
 * stay.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(INVISIBLE, '')
    .toWellFormed();
}

/** The same on one line: each run of line ends and tabs becomes one space. */
export function plainLine(text: string): string {
  return plainText(text)
    .replace(/[\n\t]+/g, ' ')
    .trim();
}

/** Lines for a terminal. Each stays a single line and keeps its indentation. */
export function plainLines(lines: readonly string[]): string {
  return lines.map((line) => ' '.repeat(line.search(/[^ ]|$/)) + plainLine(line)).join('\n');
}

/**
 * The end of a text: at most `maxLines` lines and `maxBytes` bytes of UTF-8. It begins at the start of a line if there
 * is one near enough. If something is left out, a first line says so.
 */
export function tail(text: string, maxLines: number, maxBytes: number): string {
  const lines = text.trimEnd().split('\n');
  const kept: string[] = [];
  let bytes = 0;
  for (let at = lines.length - 1; at >= 0 && kept.length < maxLines; at--) {
    const line = lines[at] ?? '';
    const size = Buffer.byteLength(line) + 1;
    if (bytes + size > maxBytes) {
      if (kept.length === 0) kept.unshift(lastBytes(line, maxBytes));
      break;
    }
    bytes += size;
    kept.unshift(line);
  }
  const missing = lines.length - kept.length;
  const cutLine = missing === 0 && kept[0] !== lines[0];
  if (missing > 0) kept.unshift(`… ${plural(missing, 'earlier line')} left out`);
  else if (cutLine) kept.unshift('… the beginning of this line left out');
  return kept.join('\n');
}

/** The beginning of a text: at most `maxLength` UTF-16 units, with an ellipsis if something is left out. */
export function clip(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, Math.max(0, maxLength - 1)).toWellFormed()}…`;
}

function lastBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  let start = Math.max(0, bytes.length - maxBytes);
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.subarray(start).toString('utf8');
}
