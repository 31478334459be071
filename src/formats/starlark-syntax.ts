/** An expression of a Starlark file. */
export type Expression =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly entries: readonly DictEntry[] }
  /** A list or a dict that a loop makes. */
  | {
      readonly kind: 'comprehension';
      readonly variables: readonly Expression[];
      /** First what is made of each round, then what the loops go through, and the conditions. */
      readonly parts: readonly Expression[];
    }
  | { readonly kind: 'lambda'; readonly parameters: readonly Expression[]; readonly body: Expression }
  | { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Argument[] }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly parts: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

export interface DictEntry {
  readonly key: Expression;
  readonly value: Expression;
}

/** An argument of a call: by position, by name, or `*list` and `**dict`. */
export interface Argument {
  /** Null for an argument by position; `*` and `**` for unpacked ones. */
  readonly name: string | null;
  readonly value: Expression;
}

/** A statement of a Starlark file, without the statements in its block. */
export type Statement = {
  /** The name of the top-level function that it belongs to; null at the top level. */
  readonly inFunction: string | null;
} & (
  | {
      readonly kind: 'assignment';
      readonly target: Expression;
      /** `=`, `+=`, … */
      readonly operator: string;
      readonly value: Expression;
    }
  | { readonly kind: 'function'; readonly name: string; readonly parameters: readonly Argument[] }
  | { readonly kind: 'loop'; readonly variable: Expression; readonly over: Expression }
  /** The value is null if there is none. */
  | { readonly kind: 'return'; readonly value: Expression | null }
  /** An expression by itself, or a condition. */
  | { readonly kind: 'expression'; readonly value: Expression }
);

/** All expressions in an expression, itself included, outer ones first. */
export function* expressionsIn(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of partsOf(expression)) yield* expressionsIn(part);
}

/** The expressions that a statement consists of. */
export function partsOfStatement(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assignment':
      return [statement.target, statement.value];
    case 'function':
      return statement.parameters.map(({ value }) => value);
    case 'loop':
      return [statement.variable, statement.over];
    case 'return':
      return statement.value === null ? [] : [statement.value];
    case 'expression':
      return [statement.value];
  }
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'string':
    case 'number':
    case 'name':
      return [];
    case 'list':
      return expression.items;
    case 'dict':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'comprehension':
      return [...expression.variables, ...expression.parts];
    case 'lambda':
      return [...expression.parameters, expression.body];
    case 'call':
      return [expression.callee, ...expression.arguments.map(({ value }) => value)];
    case 'attribute':
      return [expression.of];
    case 'index':
      return [expression.of, ...expression.parts];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.then, expression.condition, expression.otherwise];
  }
}
