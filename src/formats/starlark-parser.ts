import type { Argument, DictEntry, Expression, Statement } from './starlark-syntax.js';
import { tokensOf, type Token } from './starlark-tokens.js';

/** The text is not Starlark, or contains syntax that this reader does not know. */
export class StarlarkSyntaxError extends Error {
  override name = 'StarlarkSyntaxError';
}

/**
 * The statements of a BUILD or .bzl file, in their order and without their nesting.
 *
 * The grammar is that of https://github.com/bazelbuild/starlark/blob/master/spec.md#grammar-reference
 *
 * @throws StarlarkSyntaxError
 */
export function statementsOf(source: string): Statement[] {
  const statements: Statement[] = [];
  let line: Token[] = [];
  let inFunction: string | null = null;
  let isIndented = false;
  for (const token of tokensOf(source)) {
    if (token.kind === 'indentation') isIndented = true;
    else if (token.kind === 'line end') {
      if (!isIndented) inFunction = functionStartedBy(line);
      statements.push(...new Parser(line, inFunction).statements());
      line = [];
      isIndented = false;
    } else line.push(token);
  }
  return statements;
}

function functionStartedBy([first, second]: readonly Token[]): string | null {
  const isDefinition = first?.kind === 'name' && first.text === 'def' && second?.kind === 'name';
  return isDefinition ? second.text : null;
}

/** Binary operators by how strongly they bind, the weakest first. */
const BINARY: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '>', '<=', '>=', 'in', 'not in'],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%'],
];

const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '//=', '%=', '&=', '|=', '^=', '<<=', '>>=']);

/** Reads the tokens of one logical line. */
class Parser {
  private position = 0;

  /** @param inFunction the top-level function that the line belongs to */
  constructor(
    private readonly tokens: readonly Token[],
    private readonly inFunction: string | null,
  ) {}

  *statements(): Generator<Statement> {
    while (this.position < this.tokens.length) {
      yield* this.statement();
      // A block on the line of its header, and several statements on one line.
      while (this.takes(':') || this.takes(';'));
    }
  }

  private *statement(): Generator<Statement> {
    const { inFunction } = this;
    for (const word of ['pass', 'break', 'continue', 'else']) if (this.takes(word)) return;
    if (this.takes('def')) yield this.functionHeader();
    else if (this.takes('for')) {
      const variable = this.targets();
      this.expect('in');
      yield { kind: 'loop', inFunction, variable, over: this.tuple() };
    } else if (this.takes('if') || this.takes('elif'))
      yield { kind: 'expression', inFunction, value: this.tuple() };
    else if (this.takes('return')) {
      const isBare = this.position >= this.tokens.length || this.sees(';');
      yield { kind: 'return', inFunction, value: isBare ? null : this.tuple() };
    } else yield this.assignmentOrExpression();
  }

  private functionHeader(): Statement {
    const name = this.name();
    this.expect('(');
    const parameters = this.parameters(')');
    if (this.takes('->')) this.test();
    return { kind: 'function', inFunction: this.inFunction, name, parameters };
  }

  private assignmentOrExpression(): Statement {
    const { inFunction } = this;
    const target = this.tuple();
    if (this.takes(':')) this.test();
    const operator = this.operatorAmong(ASSIGNMENTS);
    if (operator === null) return { kind: 'expression', inFunction, value: target };
    return { kind: 'assignment', inFunction, target, operator, value: this.tuple() };
  }

  /** Expressions separated by commas: one, or a tuple. */
  private tuple(): Expression {
    const first = this.test();
    if (!this.sees(',')) return first;
    const items = [first];
    while (this.takes(',')) {
      if (this.endsTuple()) break;
      items.push(this.test());
    }
    return { kind: 'list', items };
  }

  private endsTuple(): boolean {
    const next = this.tokens[this.position];
    return next === undefined || [')', ']', '}', ':', ';', ...ASSIGNMENTS].some((text) => this.sees(text));
  }

  private test(): Expression {
    if (this.takes('lambda')) {
      const parameters = this.parameters(':').map(({ name, value }): Expression =>
        name === null || name.startsWith('*') ? value : { kind: 'name', name },
      );
      return { kind: 'lambda', parameters, body: this.test() };
    }
    const then = this.binary(0);
    if (!this.takes('if')) return then;
    const condition = this.binary(0);
    this.expect('else');
    return { kind: 'conditional', condition, then, otherwise: this.test() };
  }

  private binary(level: number): Expression {
    const operators = BINARY[level];
    if (operators === undefined) return this.unary();
    if (level === NEGATION && this.takes('not')) return { kind: 'unary', operand: this.binary(level) };
    let left = this.binary(level + 1);
    for (let operator = this.oneOf(operators); operator !== null; operator = this.oneOf(operators))
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    return left;
  }

  private oneOf(operators: readonly string[]): string | null {
    const [first, second] = this.tokens.slice(this.position, this.position + 2).map(textOf);
    if (operators.includes('not in') && first === 'not' && second === 'in') {
      this.position += 2;
      return 'not in';
    }
    return this.operatorAmong(new Set(operators));
  }

  private unary(): Expression {
    for (const operator of ['+', '-', '~'])
      if (this.takes(operator)) return { kind: 'unary', operand: this.unary() };
    let expression = this.operand();
    for (;;) {
      if (this.takes('.')) expression = { kind: 'attribute', of: expression, name: this.name() };
      else if (this.takes('('))
        expression = { kind: 'call', callee: expression, arguments: this.parameters(')') };
      else if (this.takes('[')) expression = { kind: 'index', of: expression, parts: this.indexParts() };
      else return expression;
    }
  }

  private operand(): Expression {
    const token = this.tokens[this.position];
    if (token?.kind === 'string') {
      this.position += 1;
      return { kind: 'string', value: token.value };
    }
    if (token?.kind === 'number') {
      this.position += 1;
      return { kind: 'number' };
    }
    if (this.takes('(')) return this.parenthesized();
    if (this.takes('[')) return this.listOf(']');
    if (this.takes('{')) return this.dict();
    return { kind: 'name', name: this.name() };
  }

  private parenthesized(): Expression {
    if (this.takes(')')) return { kind: 'list', items: [] };
    const inside = this.tuple();
    this.expect(')');
    return inside;
  }

  private listOf(closing: string): Expression {
    const items: Expression[] = [];
    while (!this.takes(closing)) {
      items.push(this.test());
      if (this.sees('for')) return this.comprehension(items, closing);
      if (!this.takes(',')) {
        this.expect(closing);
        break;
      }
    }
    return { kind: 'list', items };
  }

  private dict(): Expression {
    const entries: DictEntry[] = [];
    while (!this.takes('}')) {
      const key = this.test();
      this.expect(':');
      const value = this.test();
      if (this.sees('for')) return this.comprehension([{ kind: 'dict', entries: [{ key, value }] }], '}');
      entries.push({ key, value });
      if (!this.takes(',')) {
        this.expect('}');
        break;
      }
    }
    return { kind: 'dict', entries };
  }

  private comprehension(made: readonly Expression[], closing: string): Expression {
    const variables: Expression[] = [];
    const parts = [...made];
    while (!this.takes(closing)) {
      if (this.takes('for')) {
        variables.push(this.targets());
        this.expect('in');
      } else this.expect('if');
      parts.push(this.binary(0));
    }
    return { kind: 'comprehension', variables, parts };
  }

  /** The variables of a loop. Unlike a tuple, they end at the word `in`. */
  private targets(): Expression {
    const items = [this.unary()];
    while (this.takes(',')) if (!this.sees('in')) items.push(this.unary());
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'list', items };
  }

  private indexParts(): Expression[] {
    const parts: Expression[] = [];
    while (!this.takes(']')) if (!this.takes(':') && !this.takes(',')) parts.push(this.test());
    return parts;
  }

  /** The arguments of a call or the parameters of a function, up to the closing token. */
  private parameters(closing: string): Argument[] {
    const found: Argument[] = [];
    while (!this.takes(closing)) {
      found.push(this.parameter(closing));
      if (this.sees('for')) {
        const made = found.map(({ value }) => value);
        return [{ name: null, value: this.comprehension(made, closing) }];
      }
      if (!this.takes(',')) {
        this.expect(closing);
        break;
      }
    }
    return found;
  }

  private parameter(closing: string): Argument {
    for (const stars of ['**', '*']) {
      if (!this.takes(stars)) continue;
      // A `*` alone separates the parameters that have to be named.
      const isAlone = this.sees(',') || this.sees(closing);
      return { name: stars, value: isAlone ? { kind: 'list', items: [] } : this.test() };
    }
    const value = this.test();
    if (closing === ')' && this.takes(':')) this.test();
    if (value.kind !== 'name' || !this.takes('=')) return { name: null, value };
    return { name: value.name, value: this.test() };
  }

  private name(): string {
    const token = this.tokens[this.position];
    if (token?.kind !== 'name') throw this.unexpected();
    this.position += 1;
    return token.text;
  }

  private sees(text: string): boolean {
    const token = this.tokens[this.position];
    return token !== undefined && textOf(token) === text;
  }

  private takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.position += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.takes(text)) throw this.unexpected();
  }

  private operatorAmong(texts: ReadonlySet<string>): string | null {
    const token = this.tokens[this.position];
    const text = token === undefined ? undefined : textOf(token);
    if (text === undefined || !texts.has(text)) return null;
    this.position += 1;
    return text;
  }

  private unexpected(): StarlarkSyntaxError {
    const token = this.tokens[this.position];
    const found = token === undefined ? 'the end of the line' : (textOf(token) ?? token.kind);
    return new StarlarkSyntaxError(`unexpected ${found}`);
  }
}

/** `not` binds more weakly than a comparison and more strongly than `and`. */
const NEGATION = 2;

function textOf(token: Token): string | undefined {
  return token.kind === 'name' || token.kind === 'operator' ? token.text : undefined;
}
