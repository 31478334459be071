import { plainText } from './plain-text.js';

/** A shorter text is an ordinary word like `true`, or a part of a secret that reveals nothing. */
export const SHORTEST_SECRET = 6;

/** Whether a text is long enough to be hidden everywhere. */
export function isSecret(text: string): boolean {
  return text.trim().length >= SHORTEST_SECRET;
}

/**
 * Every text that reveals a secret: the secret, its lines, and all encodings of these that programs use. A secret may
 * itself be base64, for example a key file that had to fit on one line. The program that uses it decodes it, and
 * replaces `\n` by line ends, so these forms are included.
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

/** The same without the encodings, except base64. These are the forms in a text whose escapes were resolved. */
export function plainFormsOf(secret: string): string[] {
  return [
    ...new Set(piecesOf(secret).flatMap((piece) => [piece, ...base64Forms(piece.toWellFormed())])),
  ].filter(isSecret);
}

/** A secret, its decoded content if it is base64 or JSON, and the lines of all of these. */
function piecesOf(secret: string): string[] {
  const inside = [secret, ...decoded(secret)].flatMap((text) => [text, ...secretValues(text)]);
  const plain = inside.flatMap((text) => [text, ...unescaped(text)]);
  const pieces = plain.flatMap((text) => [text, text.trim(), plainText(text), ...text.split(/\r\n|\r|\n/)]);
  return [...new Set(pieces)].filter(isSecret);
}

/**
 * The texts in JSON that are secret because of their names or because they have several lines, as in a service's key
 * file or in the configuration of Docker.
 */
function secretValues(text: string): string[] {
  if (!/^\s*[{[]/.test(text)) return [];
  const found: string[] = [];
  try {
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value === 'string' && (SECRET_NAME.test(name) || value.includes('\n')))
        found.push(value, ...passwordOf(value));
      return value;
    });
  } catch {
    return [];
  }
  return found;
}

const SECRET_NAME = /key|secret|token|passw|credential|^_?auth(orization)?$/i;

/** The password in `user:password` in base64, as in the `auth` of a registry in Docker's configuration. */
function passwordOf(value: string): string[] {
  return decoded(value).flatMap((text) => /^[^:\s]+:(.+)$/s.exec(text)?.[1] ?? []);
}

/** The lines of a long word that is printed in lines with a prefix. */
function wrapped(word: string): string[] {
  if (/\s/.test(word)) return [];
  return USUAL_WIDTHS.filter((width) => word.length > width).flatMap((width) =>
    Array.from({ length: Math.ceil(word.length / width) }, (_, at) =>
      word.slice(at * width, (at + 1) * width),
    ),
  );
}

/** The line lengths of PEM files, and of MIME and the program `base64`. */
const USUAL_WIDTHS = [64, 76];

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function decoded(secret: string): string[] {
  // `base64` wraps its lines.
  const text = secret.trim().replace(/[\r\n]+/g, '');
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

/** A text's own base64, and its base64 as part of a longer text, for each possible offset; in both alphabets. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const inside = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // The characters at the edges also depend on the neighbouring bytes, which are unknown.
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const whole = base64(text);
  const forms = [whole, whole.replace(/=+$/, ''), ...inside];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

function urlForms(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*~]/g, percent);
  // Curl keeps `~`, and Python keeps `/`.
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

/** The text in a JSON string: as usual, with `/` escaped, in ASCII only, and in a string inside another JSON string. */
function jsonForms(text: string): string[] {
  const inString = (inner: string): string => JSON.stringify(inner).slice(1, -1);
  const once = inString(text);
  const ascii = once.replace(
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  // Go's form.
  const html = once.replace(/[<>&]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`);
  return [once, once.replaceAll('/', String.raw`\/`), ascii, html, inString(once)];
}

/** The text as `set -x` and `printf %q` write it. */
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
