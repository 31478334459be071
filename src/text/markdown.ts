import { plainLine, plainText } from './plain-text.js';

/** The limit for a step summary, in bytes of UTF-8. GitHub drops a longer summary completely. */
export const SUMMARY_BYTES = 1024 * 1024;

/**
 * Untrusted text on one line, safe in a paragraph, a table cell, a heading and inside HTML tags. Every character with a
 * meaning in Markdown or HTML becomes a character reference, which both display as the character.
 */
export function text(untrusted: string): string {
  return plainLine(untrusted)
    .replace(/[&<>"'|`*_[\]\\~$#{}!@^]/g, reference)
    .replace(/:(?=\/\/\w)|(?<=\bwww)\./gi, reference)
    .replace(/^[-+=]/, reference)
    .replace(/^(\d+)([.)])/, (_, digits: string, mark: string) => digits + reference(mark));
}

/** Untrusted text as inline code, safe wherever {@link text} is. */
export function code(untrusted: string): string {
  return `<code>${text(untrusted)}</code>`;
}

/**
 * Untrusted text of several lines as a code block. The text cannot end the block, because the fence is longer than any
 * run of backticks in it. The caller must put an empty line before and after it.
 *
 * @param language the language for highlighting; letters, digits, `+` and `-`
 */
export function fence(untrusted: string, language = 'text'): string {
  const body = plainText(untrusted).replace(/\n+$/, '');
  // Spreading the runs into Math.max would overflow the stack for a long text.
  const longestRun = (body.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
  const mark = '`'.repeat(Math.max(3, longestRun + 1));
  return `${mark}${language.replace(/[^\w+-]/g, '')}\n${body}\n${mark}`;
}

/** A table. The cells must be Markdown already: made with {@link text}, {@link code} or {@link link}. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A list. The items must be Markdown already, on one line each. Items beyond `most` are only counted. */
export function bulletList(items: readonly string[], most: number): string {
  const more = items.length > most ? [`… and ${items.length - most} more`] : [];
  return [...items.slice(0, most), ...more].map((item) => `- ${item}`).join('\n');
}

/** A section that the reader opens with a click. */
export interface Block {
  /** One line of HTML, made with {@link text} or {@link code}, because GitHub does not read Markdown here. */
  readonly summary: string;
  /** Markdown. */
  readonly body: string;
}

/** A section that the reader opens with a click: its visible line, and its content as Markdown. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Sections of which the first is open, because it is often the only one, or all that a reader needs. */
export function firstOpen(blocks: readonly Block[]): string[] {
  return blocks.map(({ summary, body }, at) =>
    at === 0 ? details(summary, body).replace('<details>', '<details open>') : details(summary, body),
  );
}

/** A link with untrusted text to an untrusted address. If the address is not http(s), only the text is shown. */
export function link(words: string, address: string | null): string {
  const url = address === null ? null : URL.parse(address);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return text(words);
  const href = url.href.replace(
    /[()<>|\\`*_[\]~$"']/g,
    (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `[${text(words)}](${href})`;
}

/**
 * Untrusted text as a name in a mermaid diagram: on one line, without the characters and leading words that have a
 * meaning in mermaid's grammar (`:` becomes the similar character `∶`).
 */
export function mermaidText(untrusted: string): string {
  const name = plainLine(untrusted)
    .replace(/:/g, '∶')
    .replace(/[^\p{L}\p{N} ./@+~∶_-]+/gu, ' ')
    .replace(/--+/g, '-')
    .replace(/ +/g, ' ')
    .trim();
  return /^[/@∶\p{N}]/u.test(name) && !/^\d{4}-\d/.test(name) ? name : `· ${name}`.trimEnd();
}

/**
 * Joins blocks of Markdown, most important first, into a summary of at most `maxBytes` bytes of UTF-8. A block that
 * does not fit is left out completely, so that no fence or table is cut. A last line tells how many were left out.
 */
export function boundedSummary(parts: readonly string[], maxBytes: number = SUMMARY_BYTES): string {
  const note = (left: number) =>
    `_${left} of ${parts.length} sections left out: this summary may hold ${maxBytes} bytes at most._`;
  const reserve = Buffer.byteLength(note(parts.length)) + 1;
  const sizes = parts.map((part) => Buffer.byteLength(part) + 2);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const room = total <= maxBytes ? maxBytes : maxBytes - reserve;
  let used = 0;
  const kept = parts.filter((_, at) => {
    const size = sizes[at] ?? 0;
    if (used + size > room) return false;
    used += size;
    return true;
  });
  if (kept.length < parts.length) kept.push(note(parts.length - kept.length));
  return kept.length === 0 ? '' : `${kept.join('\n\n')}\n`;
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
