import { tokensOf, type Token } from '../../formats/starlark-tokens.js';
import { UNKNOWN } from './open-texts.js';

/** A text that code contains or composes. Its unknown parts are `UNKNOWN`. */
export interface CodeText {
  readonly text: string;
  /** The first literal of the text as it is written, without quotes. */
  readonly literal: string;
  /** The keyword argument whose value it is: `path` in `path = "."`. */
  readonly keyword: string | null;
}

/**
 * The texts of a Starlark file, in their order, without docstrings. They are literals, texts that `+` joins (operands
 * that are not literals become unknown parts), and texts with placeholders for `%` and `format`.
 */
export function textsInCode(source: string): CodeText[] {
  const tokens = [...tokensOf(source)];
  const taken = new Set<number>();
  const texts: CodeText[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'string' || taken.has(index) || isDocstring(tokens, index)) return;
    const key = isOperatorToken(tokens[index - 1], '=') ? tokens[index - 2] : undefined;
    const keyword = key?.kind === 'name' ? key.text : null;
    const found = (text: string): number => texts.push({ text, literal: token.value, keyword });
    let text = isOperatorToken(tokens[index - 1], '+') ? UNKNOWN : '';
    let at = index;
    for (;;) {
      const part = partAt(tokens, at, taken);
      text += part.text;
      for (const other of part.others) found(other);
      at = part.next;
      if (!isOperatorToken(tokens[at], '+')) break;
      at += 1;
    }
    found(text);
  });
  return texts;
}

interface TextPart {
  readonly text: string;
  /** Literals that a method turns into something else, and words in them. Each counts as a separate text. */
  readonly others: readonly string[];
  /** The index of the first token after it. */
  readonly next: number;
}

/** One operand of a `+`: adjacent literals, or anything else. */
function partAt(tokens: readonly Token[], start: number, taken: Set<number>): TextPart {
  let text = '';
  let at = start;
  for (let token = tokens[at]; token?.kind === 'string'; token = tokens[at]) {
    text += withPlaceholders(token.value);
    taken.add(at);
    at += 1;
  }
  if (at === start) return { text: UNKNOWN, others: [], next: behindPrimary(tokens, start) };
  let others: readonly string[] = [];
  const method = isOperatorToken(tokens[at], '.') ? tokens[at + 1] : undefined;
  if (method !== undefined) {
    if (method.kind !== 'name' || method.text !== 'format') {
      const asPath = text.includes('.') ? [text.replaceAll('.', '/')] : [];
      others = [text, ...text.split(/[\s,;|]+/), ...asPath];
      text = UNKNOWN;
    }
    at = behindTrailers(tokens, at);
  }
  if (isOperatorToken(tokens[at], '%')) at = behindPrimary(tokens, at + 1);
  return { text, others, next: at };
}

/**
 * The index of the token after a name, a literal or brackets, with the calls, indices and attributes that follow it.
 */
function behindPrimary(tokens: readonly Token[], at: number): number {
  const token = tokens[at];
  if (token === undefined) return at;
  return behindTrailers(tokens, isOpening(token) ? behindBrackets(tokens, at) : at + 1);
}

function behindTrailers(tokens: readonly Token[], start: number): number {
  let at = start;
  for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
    if (isOperatorToken(token, '.')) at += 2;
    else if (isOperatorToken(token, '(') || isOperatorToken(token, '[')) at = behindBrackets(tokens, at);
    else break;
  }
  return at;
}

function behindBrackets(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (isOpening(token)) depth += 1;
    else if (token?.kind === 'operator' && ')]}'.includes(token.text)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

function isOpening(token: Token | undefined): boolean {
  return token?.kind === 'operator' && '([{'.includes(token.text);
}

function isOperatorToken(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}

function isDocstring(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]?.kind;
  const after = tokens[index + 1]?.kind;
  const starts = before === undefined || before === 'line end' || before === 'indentation';
  return starts && (after === undefined || after === 'line end');
}

/** Replaces the placeholders of `format`, of `%`, or of a template's substitutions with unknown parts. */
export function withPlaceholders(text: string): string {
  return text
    .replaceAll(UNKNOWN, '')
    .replace(/[%$]?\{[A-Za-z0-9_.:!]*\}/g, UNKNOWN)
    .replace(/%(?:\([^()]*\))?[sdiorxX]/g, UNKNOWN);
}
