import { tokensOf, type Token } from '../../formats/starlark-tokens.js';
import { UNKNOWN } from './named-paths.js';

/** A text that code writes down, or puts together of parts; what is not known of it is `UNKNOWN`. */
export interface CodeText {
  readonly text: string;
  /** The first literal as it is written, without its quotes. */
  readonly literal: string;
  /** The keyword that it is the value of: `path` in `path = "."`. */
  readonly keyword: string | null;
}

/**
 * The texts of a Starlark file, in their order, without docstrings: literals, those that `+` joins (with what is no
 * literal as an unknown part), and those with placeholders for `%` and `format`.
 */
export function textsOf(source: string): CodeText[] {
  const tokens = [...tokensOf(source)];
  const taken = new Set<number>();
  const texts: CodeText[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'string' || taken.has(index) || isDocstring(tokens, index)) return;
    const key = isOperator(tokens[index - 1], '=') ? tokens[index - 2] : undefined;
    const keyword = key?.kind === 'name' ? key.text : null;
    const found = (text: string): number => texts.push({ text, literal: token.value, keyword });
    let text = isOperator(tokens[index - 1], '+') ? UNKNOWN : '';
    let at = index;
    for (;;) {
      const part = partAt(tokens, at, taken);
      text += part.text;
      for (const other of part.others) found(other);
      at = part.next;
      if (!isOperator(tokens[at], '+')) break;
      at += 1;
    }
    found(text);
  });
  return texts;
}

interface Part {
  readonly text: string;
  /** Texts of their own: literals that a method makes something else of. */
  readonly others: readonly string[];
  /** The place of the first token behind it. */
  readonly next: number;
}

/** One operand of a `+`: literals side by side, or anything else. */
function partAt(tokens: readonly Token[], start: number, taken: Set<number>): Part {
  let text = '';
  let at = start;
  for (let token = tokens[at]; token?.kind === 'string'; token = tokens[at]) {
    text += withPlaceholders(token.value);
    taken.add(at);
    at += 1;
  }
  if (at === start) return { text: UNKNOWN, others: [], next: behindPrimary(tokens, start) };
  let others: readonly string[] = [];
  const method = isOperator(tokens[at], '.') ? tokens[at + 1] : undefined;
  if (method !== undefined) {
    if (method.kind !== 'name' || method.text !== 'format') {
      others = [text, ...text.split(/[\s,]+/)];
      text = UNKNOWN;
    }
    at = behindTrailers(tokens, at);
  }
  if (isOperator(tokens[at], '%')) at = behindPrimary(tokens, at + 1);
  return { text, others, next: at };
}

/** The place behind a name, a literal or brackets, with calls, indices and attributes of it. */
function behindPrimary(tokens: readonly Token[], at: number): number {
  const token = tokens[at];
  if (token === undefined) return at;
  return behindTrailers(tokens, isOpening(token) ? behindBrackets(tokens, at) : at + 1);
}

function behindTrailers(tokens: readonly Token[], start: number): number {
  let at = start;
  for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
    if (isOperator(token, '.')) at += 2;
    else if (isOperator(token, '(') || isOperator(token, '[')) at = behindBrackets(tokens, at);
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

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}

function isDocstring(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]?.kind;
  const after = tokens[index + 1]?.kind;
  const starts = before === undefined || before === 'line end' || before === 'indentation';
  return starts && (after === undefined || after === 'line end');
}

/** A text with unknown parts for what `format`, `%`, or a template's substitutions put into it. */
export function withPlaceholders(text: string): string {
  return text
    .replaceAll(UNKNOWN, '')
    .replace(/[%$]?\{[A-Za-z0-9_.:!]*\}/g, UNKNOWN)
    .replace(/%(?:\([^()]*\))?[sdiorxX]/g, UNKNOWN);
}
