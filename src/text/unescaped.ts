/** A text without its escapes and white space, as UTF-8 bytes, with the original position of each byte. */
export interface Unescaped {
  /** One character per byte. */
  readonly bytes: string;
  /** For each byte, where its original notation begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Resolves the escapes that programs use when they embed a text in another: `%2F`, `\u002f`, `\x2f`, `\/`, `\n`,
 * `&lt;`, `&#47;` and `&#x2F;` become their characters, in every spelling and mixture.
 *
 * @param encode converts what is not an escape to bytes; in a text that was resolved once, these are bytes already
 */
export function unescape(text: string, encode: (written: string) => string = utf8): Unescaped {
  let bytes = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: written, index } of text.matchAll(PIECE)) {
    for (const byte of bytesOf(written, encode)) {
      bytes += byte;
      starts.push(index);
      ends.push(index + written.length);
    }
  }
  return { bytes, starts, ends };
}

/** The UTF-8 bytes of a text, one character per byte. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const PIECE =
  /%[0-9a-f]{2}|(?:\\u[0-9a-f]{4})+|\\x[0-9a-f]{2}|\\[^]|&#x[0-9a-f]{1,6};|&#\d{1,7};|&(?:lt|gt|amp|quot|apos);|[^\s…\\]/giu;

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** White space is removed, escaped or not, because programs wrap lines in different ways. */
function bytesOf(written: string, encode: (written: string) => string): string {
  return encoded(written, encode).replace(/[ \n\r\t]/g, '');
}

function encoded(written: string, encode: (written: string) => string): string {
  if (/^%[0-9a-f]{2}$/i.test(written)) return String.fromCharCode(parseInt(written.slice(1), 16));
  const character = characterOf(written);
  return character === written ? encode(written) : utf8(character);
}

function characterOf(written: string): string {
  if (/^\\[ux]/i.test(written) && written.length > 2)
    return [...written.matchAll(/[0-9a-f]{2,4}/gi)]
      .map(([code]) => String.fromCharCode(parseInt(code, 16)))
      .join('');
  if (written.startsWith('&#')) return fromCode(written.slice(2, -1));
  if (written.startsWith('&') && written.endsWith(';'))
    return NAMED[written.slice(1, -1).toLowerCase()] ?? written;
  if (!written.startsWith('\\')) return written;
  return /^\\[nrtbf]$/.test(written) ? '' : written.slice(1);
}

function fromCode(text: string): string {
  const code = /^x/i.test(text) ? parseInt(text.slice(1), 16) : Number(text);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
