/** What is known about the value of an expression without running its file. */
export type Constant =
  | { readonly kind: 'text'; readonly value: string }
  /** A value that is neither a text nor contains one: a number, `True`, `None`. */
  | { readonly kind: 'plain' }
  | { readonly kind: 'list'; readonly items: readonly Constant[] }
  /** A struct, or a dict whose keys are texts. */
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Constant> }
  /** One of several values. */
  | { readonly kind: 'either'; readonly options: readonly Constant[] };

/** More alternatives than this count as unknown. */
const MOST_OPTIONS = 200;

/** All texts that a value may be or contain; null if it is unknown. Numbers and the like are none. */
export function textsIn(value: Constant | null): readonly string[] | null {
  if (value === null) return null;
  switch (value.kind) {
    case 'text':
      return [value.value];
    case 'plain':
      return [];
    case 'list':
      return value.items.flatMap((item) => textsIn(item) ?? []);
    case 'record':
      return [...value.fields].flatMap(([key, field]) => [key, ...(textsIn(field) ?? [])]);
    case 'either':
      return value.options.flatMap((option) => textsIn(option) ?? []);
  }
}

/** The texts that a value may be; null if it is unknown, or may be something else than a text. */
export function textsOf(value: Constant | null): readonly string[] | null {
  if (value?.kind === 'text') return [value.value];
  if (value?.kind !== 'either') return null;
  const texts = value.options.map(textsOf);
  return areKnown(texts) ? texts.flat() : null;
}

export function areKnown<Value>(values: readonly (Value | null)[]): values is readonly Value[] {
  return values.every((value) => value !== null);
}

export function anyOf(texts: readonly string[]): Constant | null {
  return either(texts.map((value) => ({ kind: 'text', value })));
}

export function either(values: readonly (Constant | null)[]): Constant | null {
  if (!areKnown(values) || values.length > MOST_OPTIONS) return null;
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : { kind: 'either', options: values };
}

export function fieldOf(value: Constant | null, name: string): Constant | null {
  if (value?.kind === 'either') return either(value.options.map((option) => fieldOf(option, name)));
  return value?.kind === 'record' ? (value.fields.get(name) ?? null) : null;
}

/** A text made of other texts, for every combination of what these may be. */
function combined(
  parts: readonly (Constant | null)[],
  combine: (texts: readonly string[]) => string | null,
): Constant | null {
  let combinations: readonly (readonly string[])[] = [[]];
  for (const part of parts) {
    const texts = textsOf(part);
    if (texts === null || texts.length * combinations.length > MOST_OPTIONS) return null;
    combinations = combinations.flatMap((before) => texts.map((text) => [...before, text]));
  }
  const results = combinations.map(combine);
  return areKnown(results) ? anyOf(results) : null;
}

/** `template % value` and `template % (value, …)`, with `%s` only. */
export function formatted(template: Constant, value: Constant): Constant | null {
  const parts = value.kind === 'list' ? value.items : [value];
  return combined([template, ...parts], ([text = '', ...texts]) => {
    let used = 0;
    const result = text.replace(/%(.)/gs, (whole, letter: string) => {
      if (letter === '%') return '%';
      const next = letter === 's' ? texts[used++] : undefined;
      return next ?? whole;
    });
    return used === texts.length ? result : null;
  });
}

export interface GivenValue {
  readonly name: string | null;
  readonly value: Constant | null;
}

export function valueOfMethod(
  of: Constant | null,
  name: string,
  given: readonly GivenValue[],
): Constant | null {
  const values = given.map(({ value }) => value);
  switch (name) {
    case 'format':
      return combined([of, ...values], ([template = '', ...texts]) => filledIn(template, given, texts));
    case 'join': {
      const [list] = values;
      return list?.kind === 'list'
        ? combined([of, ...list.items], ([separator = '', ...texts]) => texts.join(separator))
        : null;
    }
    case 'replace':
      return combined([of, ...values], ([text = '', old, by]) =>
        old === undefined || by === undefined ? null : text.replaceAll(old, () => by),
      );
    case 'lower':
      return combined([of], ([text = '']) => text.toLowerCase());
    case 'upper':
      return combined([of], ([text = '']) => text.toUpperCase());
    default:
      return null;
  }
}

/** `'{} {0} {name}'.format(…)`; null if a placeholder has another form, or no value. */
function filledIn(template: string, given: readonly GivenValue[], texts: readonly string[]): string | null {
  let next = 0;
  const missing: string[] = [];
  const result = template.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, key: string | undefined) => {
    if (key === undefined) return whole.charAt(0);
    const at = key === '' ? next++ : given.findIndex(({ name }) => name === key);
    const text = texts[/^\d+$/.test(key) ? Number(key) : at];
    if (text === undefined) missing.push(whole);
    return text ?? '';
  });
  return missing.length === 0 ? result : null;
}

/** The texts one after the other. */
export function joined(parts: readonly Constant[]): Constant | null {
  return combined(parts, (texts) => texts.join(''));
}
