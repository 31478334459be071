import { plainText } from './plain-text.js';

/** Fewer characters than these are a word of their own, like `true`, or a part that gives nothing away. */
export const SHORTEST_SECRET = 6;

/** Whether a text is long enough to be hidden wherever it is seen. */
export function isSecret(text: string): boolean {
  return text.trim().length >= SHORTEST_SECRET;
}

/**
 * Every text that gives a secret away: itself, its lines, and each of them as programs write it down. A secret that is
 * base64, as a key file is that has to be one line, is decoded by whoever uses it, and `\n` in one becomes a line end.
 */
export function formsOf(secret: string): string[] {
  const forms = piecesOf(secret).flatMap((piece) => [
    piece,
    ...encodings(piece),
    ...wrapped(piece),
    ...wrapped(base64(piece)),
  ]);
  return [...new Set(forms)].filter(isSecret);
}

/** The same before anything is written down otherwise, and in base64: what is left once escapes are taken out of a text. */
export function plainFormsOf(secret: string): string[] {
  return [
    ...new Set(piecesOf(secret).flatMap((piece) => [piece, ...base64Forms(piece.toWellFormed())])),
  ].filter(isSecret);
}

/** A secret, what is in it where it is base64 or JSON, and the lines of each. */
function piecesOf(secret: string): string[] {
  const inside = [secret, ...decoded(secret)].flatMap((text) => [text, ...secretValues(text)]);
  const plain = inside.flatMap((text) => [text, ...unescaped(text)]);
  const pieces = plain.flatMap((text) => [text, text.trim(), plainText(text), ...text.split(/\r\n|\r|\n/)]);
  return [...new Set(pieces)].filter(isSecret);
}

/** The texts in JSON that are secrets by their names, or by their many lines, as in the key file of a service. */
function secretValues(text: string): string[] {
  if (!/^\s*[{[]/.test(text)) return [];
  const found: string[] = [];
  try {
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value === 'string' && (SECRET_NAME.test(name) || value.includes('\n'))) found.push(value);
      return value;
    });
  } catch {
    return [];
  }
  return found;
}

const SECRET_NAME = /key|secret|token|passw|credential/i;

/** The lines that a long word is printed in where something stands before each. */
function wrapped(word: string): string[] {
  if (/\s/.test(word)) return [];
  return USUAL_WIDTHS.filter((width) => word.length > width).flatMap((width) =>
    Array.from({ length: Math.ceil(word.length / width) }, (_, at) =>
      word.slice(at * width, (at + 1) * width),
    ),
  );
}

/** Of PEM files, and of MIME and `base64`. */
const USUAL_WIDTHS = [64, 76];

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function decoded(secret: string): string[] {
  const text = secret.trim();
  if (!/^[\w+/-]{8,}={0,2}$/.test(text)) return [];
  const bytes = Buffer.from(text, 'base64');
  const inner = bytes.toString('utf8');
  return inner.includes('\uFFFD') || /[\0-\x08\x0e-\x1f]/.test(inner) ? [] : [inner];
}

function unescaped(secret: string): string[] {
  return secret.includes(String.raw`\n`)
    ? [secret.replaceAll(String.raw`\r`, '').replaceAll(String.raw`\n`, '\n')]
    : [];
}

function encodings(text: string): string[] {
  const wellFormed = text.toWellFormed();
  const withLineEnds = [
    ...new Set([wellFormed, wellFormed.replace(/\r\n|\r|\n/g, '\n'), wellFormed.replace(/\r?\n/g, '\r\n')]),
  ];
  return withLineEnds.flatMap((variant) => [
    ...base64Forms(variant),
    ...urlForms(variant),
    ...jsonForms(variant),
    ...shellForms(variant),
    markupForm(variant),
  ]);
}

/** By itself, and as it shows in the base64 of a longer text, wherever in it the secret begins; both alphabets. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const inside = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Characters that hold bits of the neighbours are not known.
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const whole = base64(text);
  const forms = [whole, whole.replace(/=+$/, ''), ...inside];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

function urlForms(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*~]/g, percent);
  // Curl's keeps `~`, Python's `/`.
  const curl = component.replace(/[!'()*]/g, percent);
  const forms = [
    component,
    strict,
    strict.replaceAll('%20', '+'),
    curl,
    curl.replaceAll('%2F', '/'),
    encodeURI(text),
  ];
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))];
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** In a string of JSON; with `/` escaped, in ASCII alone, and in a string that is JSON itself. */
function jsonForms(text: string): string[] {
  const inString = (inner: string): string => JSON.stringify(inner).slice(1, -1);
  const once = inString(text);
  const ascii = once.replace(
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  // Go's.
  const html = once.replace(/[<>&]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`);
  return [once, once.replaceAll('/', String.raw`\/`), ascii, html, inString(once)];
}

/** As `set -x` and `printf %q` write it. */
function shellForms(text: string): string[] {
  return [
    text.replaceAll("'", String.raw`'\''`),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[^\w@%+=:,./\n-]/g, String.raw`\$&`),
    text.replace(/["$\\`]/g, String.raw`\$&`),
  ];
}

function markupForm(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text.replace(/[&<>"]/g, (character) => `&${names[character] ?? ''};`);
}
