import { formsOf, isSecret, plainFormsOf, SHORTEST_SECRET } from './secret-forms.js';
import { unescape, utf8 } from './unescaped.js';

const STARS = '***';

/** Hides secrets in texts, regardless of how programs encode them and what white space they insert. */
export class Concealer {
  /** The forms of the secrets, without white space. */
  private readonly forms: readonly string[];
  /** The forms that are searched for after escapes are resolved: without white space, as UTF-8 bytes. */
  private readonly plainForms: readonly string[];

  /** @param secrets those that are too short to be secret are ignored */
  constructor(secrets: readonly string[]) {
    const squeezed = new Set(secrets.flatMap(formsOf).map((form) => squeeze(form).text));
    this.forms = [...squeezed].filter(isSecret);
    const plain = secrets.flatMap(plainFormsOf).map((form) => utf8(squeeze(form).text));
    this.plainForms = [...new Set(plain)].filter(isSecret);
  }

  /**
   * Replaces each secret in the text with asterisks. If the text begins or ends inside a secret, because it was cut out
   * of a longer one, that part is hidden too.
   */
  conceal(text: string): string {
    if (this.forms.length === 0) return text;
    const squeezed = squeeze(text);
    const ranges = this.forms.flatMap((form) => [
      ...whole(form, squeezed.text),
      ...atEdges(form, squeezed.text),
    ]);
    return withStars(text, [
      ...ranges.map(([start, end]): Range => [
        squeezed.places[start] ?? 0,
        (squeezed.places[end - 1] ?? 0) + 1,
      ]),
      ...this.escaped(text),
    ]);
  }

  /** The ranges of secrets that the text contains in escaped form, in up to two nested layers of escapes. */
  private *escaped(text: string): Generator<Range> {
    if (!/[%\\&]/.test(text)) return;
    const once = unescape(text);
    const twice = unescape(once.bytes, (byte) => byte);
    for (const form of this.plainForms) {
      for (const [start, end] of [...whole(form, once.bytes), ...atEdges(form, once.bytes)])
        yield [once.starts[start] ?? 0, once.ends[end - 1] ?? 0];
      for (const [start, end] of [...whole(form, twice.bytes), ...atEdges(form, twice.bytes)])
        yield [once.starts[twice.starts[start] ?? 0] ?? 0, once.ends[(twice.ends[end - 1] ?? 1) - 1] ?? 0];
    }
  }
}

/** The end is exclusive. */
type Range = readonly [start: number, end: number];

/**
 * A text without white space, and the position that each of its characters had. The ellipsis that marks a cut counts as
 * white space.
 */
function squeeze(text: string): { readonly text: string; readonly places: readonly number[] } {
  const places: number[] = [];
  let kept = '';
  for (const { 0: run, index } of text.matchAll(/[^\s…]+/g)) {
    kept += run;
    for (let at = 0; at < run.length; at++) places.push(index + at);
  }
  return { text: kept, places };
}

function* whole(form: string, text: string): Generator<Range> {
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) yield [at, at + form.length];
}

function* atEdges(form: string, text: string): Generator<Range> {
  if (text.length < SHORTEST_SECRET) return;
  if (form.includes(text)) {
    yield [0, text.length];
    return;
  }
  const most = Math.min(form.length, text.length) - 1;
  if (form.includes(text.slice(0, SHORTEST_SECRET))) {
    for (let length = most; length >= SHORTEST_SECRET; length--) {
      if (!text.startsWith(form.slice(-length))) continue;
      yield [0, length];
      break;
    }
  }
  if (form.includes(text.slice(-SHORTEST_SECRET))) {
    for (let length = most; length >= SHORTEST_SECRET; length--) {
      if (!text.endsWith(form.slice(0, length))) continue;
      yield [text.length - length, text.length];
      break;
    }
  }
}

function withStars(text: string, ranges: readonly Range[]): string {
  let shown = '';
  let at = 0;
  let open: [number, number] | null = null;
  for (const [start, end] of [...ranges].sort(([one], [other]) => one - other)) {
    if (open !== null && start < open[1]) {
      open[1] = Math.max(open[1], end);
      continue;
    }
    if (open !== null) {
      shown += text.slice(at, open[0]) + STARS;
      at = open[1];
    }
    open = [start, end];
  }
  if (open === null) return text;
  return shown + text.slice(at, open[0]) + STARS + text.slice(open[1]);
}
