import { isAbsoluteLabel, printedEnds, printedLabel, type Ends } from './printed-labels.js';
import type { Argument, Expression } from './starlark-syntax.js';
import { textsOf, type Constant } from './starlark-values.js';

/** A text that code puts together: all of it, or how it begins and ends if something in between is unknown. */
export type OpenText = { readonly kind: 'whole'; readonly text: string } | ({ readonly kind: 'ends' } & Ends);

/** More alternatives than this count as unknown. */
const MOST_TEXTS = 200;

/**
 * The texts that an expression may be, if it puts them together by `+`, `%` or `format` and at least one part is constant.
 *
 * @param valueOf the value of an expression that is known; null for others
 * @returns null if nothing is known
 */
export function openTextsOf(
  expression: Expression,
  valueOf: (expression: Expression) => Constant | null,
): readonly OpenText[] | null {
  const texts = textsOf(valueOf(expression));
  if (texts !== null) return texts.map((text) => ({ kind: 'whole', text }));
  if (expression.kind === 'conditional') {
    const then = openTextsOf(expression.then, valueOf);
    const otherwise = openTextsOf(expression.otherwise, valueOf);
    return then === null || otherwise === null ? null : [...then, ...otherwise];
  }
  if (expression.kind === 'call') return ofCall(expression.callee, expression.arguments, valueOf);
  if (expression.kind !== 'binary') return null;
  if (expression.operator === '+') return added(expression.left, expression.right, valueOf);
  if (expression.operator === '%') return filled(expression.left, PLACEHOLDERS_OF_PERCENT, valueOf);
  return null;
}

/** The first and the last of them bound the part of a template that may become anything. An escape counts, too. */
const PLACEHOLDERS_OF_PERCENT = /%[^]/g;
const PLACEHOLDERS_OF_FORMAT = /[{}]/g;

function ofCall(
  callee: Expression,
  given: readonly Argument[],
  valueOf: (expression: Expression) => Constant | null,
): readonly OpenText[] | null {
  if (callee.kind === 'attribute' && callee.name === 'format')
    return filled(callee.of, PLACEHOLDERS_OF_FORMAT, valueOf);
  const [only, ...others] = given;
  if (callee.kind !== 'name' || only?.name !== null || others.length > 0) return null;
  if (callee.name === 'str') return openTextsOf(only.value, valueOf);
  return callee.name === 'Label' ? (openTextsOf(only.value, valueOf)?.map(labelOf) ?? null) : null;
}

/** What `Label` makes of a text. A relative label may be one of any package. */
function labelOf(text: OpenText): OpenText {
  if (text.kind === 'whole')
    return isAbsoluteLabel(text.text) ? { kind: 'whole', text: printedLabel(text.text) } : ANYTHING;
  return /^(@[^/]*)?\/\//.test(text.start) ? { kind: 'ends', ...printedEnds(text) } : ANYTHING;
}

function filled(
  template: Expression,
  placeholder: RegExp,
  valueOf: (expression: Expression) => Constant | null,
): readonly OpenText[] | null {
  const templates = textsOf(valueOf(template));
  if (templates === null) return null;
  return templates.map((text) => {
    const found = [...text.matchAll(placeholder)];
    const first = found.at(0);
    const last = found.at(-1);
    if (first === undefined || last === undefined || text.includes('%(')) return ANYTHING;
    return { kind: 'ends', start: text.slice(0, first.index), end: text.slice(last.index + last[0].length) };
  });
}

function added(
  left: Expression,
  right: Expression,
  valueOf: (expression: Expression) => Constant | null,
): readonly OpenText[] | null {
  // What a known text is added to is a text, too.
  const before = openTextsOf(left, valueOf) ?? [ANYTHING];
  const behind = openTextsOf(right, valueOf) ?? [ANYTHING];
  if (before.length * behind.length > MOST_TEXTS) return null;
  return before.flatMap((one) => behind.map((other) => concatenated(one, other)));
}

const ANYTHING: OpenText = { kind: 'ends', start: '', end: '' };

function concatenated(one: OpenText, other: OpenText): OpenText {
  if (one.kind === 'whole' && other.kind === 'whole') return { kind: 'whole', text: one.text + other.text };
  return {
    kind: 'ends',
    start: one.kind === 'whole' ? one.text + (other.kind === 'whole' ? other.text : other.start) : one.start,
    end: other.kind === 'whole' ? (one.kind === 'whole' ? one.text : one.end) + other.text : other.end,
  };
}
