/** A token of a Starlark file. */
export type Token =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  /** `source` is the literal as written, with prefix and quotes; `value` is the text that it means. */
  | { readonly kind: 'string'; readonly source: string; readonly value: string }
  | { readonly kind: 'operator'; readonly text: string }
  /** The end of a logical line (never inside brackets). */
  | { readonly kind: 'line end' }
  /** The white space before the first token of a logical line, if there is any. */
  | { readonly kind: 'indentation'; readonly text: string };

const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

const BLANK = /[ \t\r\f]*/y;
const COMMENT = /#[^\n]*/y;
const CONTINUATION = /\\\r?\n/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:\d[\w.]*|\.\d\w*)/y;
const STRING_START = /[rRbB]{0,2}("""|'''|"|')/y;
const OPERATOR = /(?:\*\*=?|\/\/=?|<<=?|>>=?|->|[-+*/%&|^<>=!]=|[\s\S])/y;

/**
 * Splits the text of a BUILD, .bzl or MODULE.bazel file into tokens, without comments and without white space that has
 * no meaning. It knows all forms of strings and accepts any text: it never throws. An unterminated string ends at the
 * end of its line, or of the file if it is triple-quoted.
 */
export function* tokensOf(source: string): Generator<Token> {
  const scanner = new Scanner(source);
  for (let token = scanner.next(); token !== null; token = scanner.next()) yield token;
}

/** Reads one token after the other. */
class Scanner {
  private position = 0;
  /** How many brackets are open. */
  private depth = 0;
  private lineHasTokens = false;
  /** The white space before the `\\` with which a logical line begins: Bazel takes the indentation from there. */
  private continued: string | null = null;

  constructor(private readonly source: string) {}

  /** The next token; null at the end of the text. */
  next(): Token | null {
    const before = this.toNextToken();
    if (before !== null) return before;
    if (this.position >= this.source.length) return this.endLine();
    return this.string() ?? this.nameOrNumber() ?? this.operator();
  }

  /** Skips what has no meaning. A line end and an indentation are tokens between two others. */
  private toNextToken(): Token | null {
    while (this.position < this.source.length) {
      const blank = this.take(BLANK) ?? '';
      if (this.take(COMMENT) !== undefined) continue;
      if (this.take(CONTINUATION) !== undefined) {
        if (!this.lineHasTokens) this.continued ??= blank;
        continue;
      }
      if (this.source[this.position] === '\n') {
        this.position += 1;
        this.continued = null;
        const end = this.depth === 0 ? this.endLine() : null;
        if (end !== null) return end;
        continue;
      }
      if (this.position < this.source.length && this.depth === 0 && !this.lineHasTokens) {
        this.lineHasTokens = true;
        const indentation = (this.continued ?? blank).replaceAll('\r', '');
        this.continued = null;
        if (indentation !== '') return { kind: 'indentation', text: indentation };
      }
      return null;
    }
    return null;
  }

  private endLine(): Token | null {
    const hadTokens = this.lineHasTokens;
    this.lineHasTokens = false;
    return hadTokens ? { kind: 'line end' } : null;
  }

  private string(): Token | null {
    const start = this.position;
    const opening = this.take(STRING_START);
    if (opening === undefined) return null;
    this.position = endOfString(this.source, start, opening);
    const text = this.source.slice(start, this.position);
    return { kind: 'string', source: text, value: valueOfString(text, opening) };
  }

  private nameOrNumber(): Token | null {
    const name = this.take(NAME);
    if (name !== undefined) return { kind: 'name', text: name };
    const number = this.take(NUMBER);
    return number === undefined ? null : { kind: 'number', text: number };
  }

  private operator(): Token {
    const text = this.take(OPERATOR) ?? '';
    if (OPENING.has(text)) this.depth += 1;
    else if (CLOSING.has(text)) this.depth = Math.max(0, this.depth - 1);
    return { kind: 'operator', text };
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.source);
    if (match === null) return undefined;
    this.position = pattern.lastIndex;
    return match[0];
  }
}

function quoteOf(opening: string): string {
  return opening.endsWith('"""') || opening.endsWith("'''") ? opening.slice(-3) : opening.slice(-1);
}

/** The position after the closing quote of the string that starts at `start`. */
function endOfString(source: string, start: number, opening: string): number {
  const quote = quoteOf(opening);
  let position = start + opening.length;
  while (position < source.length) {
    if (source[position] === '\\') {
      // Even in a raw string, a quote after a backslash does not end the string.
      position += source.startsWith('\r\n', position + 1) ? 3 : 2;
    } else if (source.startsWith(quote, position)) {
      return position + quote.length;
    } else if (quote.length === 1 && source[position] === '\n') {
      return position;
    } else {
      position += 1;
    }
  }
  return source.length;
}

const ESCAPE = /\\(?:(\r?\n)|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function valueOfString(text: string, opening: string): string {
  const quote = quoteOf(opening);
  const closed = text.length >= opening.length + quote.length && text.endsWith(quote);
  const body = text.slice(opening.length, closed ? -quote.length : undefined);
  if (!body.includes('\\')) return body;
  if (/r/i.test(opening)) return body;
  return body.replace(
    ESCAPE,
    (
      whole: string,
      lineEnd: string | undefined,
      octal: string | undefined,
      hex: string | undefined,
      short: string | undefined,
      long: string | undefined,
      other: string | undefined,
    ) => {
      if (lineEnd !== undefined) return '';
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const digits = hex ?? short ?? long;
      if (digits !== undefined) {
        const codePoint = Number.parseInt(digits, 16);
        return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
      }
      return SIMPLE_ESCAPES[other ?? ''] ?? whole;
    },
  );
}

/**
 * A text made of the tokens only. Two files with equal texts have the same meaning, even if their comments, blank
 * lines, line breaks and last commas inside brackets, and kinds of quotes differ. Indentation is kept as written. The
 * converse does not hold: files with different texts may still have the same meaning.
 */
export function significantTokens(source: string): string {
  const parts: string[] = [];
  for (const token of withoutLastCommas(tokensOf(source))) parts.push(canonical(token));
  return parts.join(' ');
}

/**
 * The same without docstrings: without every statement that is a string alone, because it has no effect wherever it
 * stands. Bazel never shows a docstring to other code, so two .bzl files with equal texts define the same.
 */
export function significantCode(source: string): string {
  const parts: string[] = [];
  let line: Token[] = [];
  const closeLine = (): void => {
    if (!isStringAlone(line)) parts.push(...line.map(canonical));
    line = [];
  };
  for (const token of withoutLastCommas(tokensOf(source))) {
    line.push(token);
    if (token.kind === 'line end') closeLine();
  }
  closeLine();
  return parts.join(' ');
}

/** Behind these words, a bracket opens no call: `return (x,)` is a tuple. */
const KEYWORDS = new Set(['and', 'elif', 'else', 'for', 'if', 'in', 'lambda', 'not', 'or', 'return']);

/** Leaves out a comma at the end of a call, a list or a dict, which means nothing. That of a tuple makes it one. */
function* withoutLastCommas(tokens: Iterable<Token>): Generator<Token> {
  const open: boolean[] = [];
  let previous: Token | null = null;
  let comma: Token | null = null;
  for (const token of tokens) {
    const closes = token.kind === 'operator' && CLOSING.has(token.text);
    if (comma !== null && !(closes && open.at(-1) === true)) yield comma;
    comma = null;
    if (closes) open.pop();
    // Some versions of Bazel refuse a comma behind `*args`.
    if (isStarred(token, previous) && open.length > 0) open[open.length - 1] = false;
    if (token.kind === 'operator' && OPENING.has(token.text))
      open.push(canEndWithComma(token.text, previous));
    if (token.kind === 'operator' && token.text === ',') comma = token;
    else yield token;
    previous = token;
  }
  if (comma !== null) yield comma;
}

function isStarred(token: Token, previous: Token | null): boolean {
  const isFirst = previous?.kind === 'operator' && (OPENING.has(previous.text) || previous.text === ',');
  return isFirst && token.kind === 'operator' && /^\*\*?$/.test(token.text);
}

/** @param previous the token before the bracket */
function canEndWithComma(bracket: string, previous: Token | null): boolean {
  if (bracket === '{') return true;
  const isBehindValue =
    (previous?.kind === 'name' && !KEYWORDS.has(previous.text)) ||
    previous?.kind === 'string' ||
    (previous?.kind === 'operator' && CLOSING.has(previous.text));
  // Behind a value, `(` begins a call and `[` an index, in which a comma makes a tuple.
  return bracket === '(' ? isBehindValue : !isBehindValue;
}

function isStringAlone(line: readonly Token[]): boolean {
  const [only, ...more] = line.filter((token) => token.kind !== 'indentation' && token.kind !== 'line end');
  return only?.kind === 'string' && more.length === 0;
}

function canonical(token: Token): string {
  switch (token.kind) {
    case 'line end':
      return '\n';
    case 'indentation':
      return JSON.stringify({ indentation: token.text });
    case 'string':
      return canonicalString(token.source, token.value);
    case 'name':
    case 'number':
    case 'operator':
      return token.text;
  }
}

/** The meaning of an escape depends on the version of Bazel, so a string that contains one is kept as written. */
function canonicalString(source: string, value: string): string {
  const plain = /^r?["']/i.test(source) && !/[\\\r\n]/.test(source);
  return plain ? JSON.stringify(value) : `as written ${JSON.stringify(source)}`;
}

/**
 * The values of all string literals, in their order. If literals are adjacent or joined by `+`, their concatenation is
 * included too.
 */
export function stringLiterals(source: string): string[] {
  const found: string[] = [];
  let run: string[] = [];
  const closeRun = (): void => {
    if (run.length > 1) found.push(run.join(''));
    run = [];
  };
  for (const token of tokensOf(source)) {
    if (token.kind === 'string') {
      found.push(token.value);
      run.push(token.value);
    } else if (!(token.kind === 'operator' && token.text === '+')) {
      closeRun();
    }
  }
  closeRun();
  return found;
}
