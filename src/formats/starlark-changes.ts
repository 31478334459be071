import type { Expression, Statement } from './starlark-syntax.js';

/** Functions of Bazel that neither change their arguments nor hand them on. */
const CHANGE_NOTHING = new Set([
  ...['Label', 'all', 'analysis_test_transition', 'any', 'aspect', 'bool', 'depset', 'dict', 'enumerate'],
  ...['fail', 'getattr', 'hasattr', 'int', 'len', 'list', 'load', 'max', 'min', 'print', 'provider', 'range'],
  ...['register_execution_platforms', 'register_toolchains'],
  ...['repr', 'reversed', 'rule', 'sorted', 'str', 'struct', 'transition', 'tuple', 'type', 'zip'],
]);

/** Those of them whose result contains their arguments, or what these contain. */
const CONTAIN_ARGUMENTS = new Set([
  ...['dict', 'enumerate', 'getattr', 'list', 'max', 'min', 'reversed', 'sorted', 'struct', 'tuple', 'zip'],
]);

/** Methods that change the list or the dict that they belong to. */
const CHANGING_METHODS = new Set([
  ...['append', 'clear', 'extend', 'insert', 'pop', 'popitem', 'remove', 'setdefault', 'update'],
]);

/** Methods of texts, lists and dicts that neither change their arguments nor hand them on. */
const HARMLESS_METHODS = new Set([
  ...['count', 'elems', 'endswith', 'find', 'format', 'get', 'index', 'items', 'join', 'keys', 'lower'],
  ...[
    'partition',
    'replace',
    'rfind',
    'rpartition',
    'rsplit',
    'split',
    'startswith',
    'strip',
    'upper',
    'values',
  ],
]);

/** Values of Bazel whose methods change none of their arguments: `attr.label_list(…)`. */
const HARMLESS_OWNERS = new Set(['attr', 'config', 'json', 'native']);

/**
 * The names of the constants of a file whose lists and dicts may change after their definition, because of a method, an
 * assignment, or a function that gets hold of them. Files that load a constant cannot change it.
 *
 * @param constants what the top level binds once
 */
export function changedConstants(
  statements: readonly Statement[],
  expressions: readonly Expression[],
  constants: ReadonlyMap<string, Expression>,
): ReadonlySet<string> {
  const values = new SharedValues(constants);
  const changed = new Set<string>();
  const add = (expression: Expression): void => {
    for (const name of values.namesSharedBy(expression)) changed.add(name);
  };
  const addElements = (expression: Expression): void => {
    for (const name of values.namesSharedByParts(expression)) changed.add(name);
  };
  for (const statement of statements) {
    if (statement.kind === 'loop') addElements(statement.over);
    else if (statement.kind === 'return' && statement.value !== null) add(statement.value);
    else if (statement.kind === 'function') for (const { value } of statement.parameters) add(value);
    else if (statement.kind === 'assignment') {
      const { target, value, operator } = statement;
      const defines = target.kind === 'name' && constants.get(target.name) === value;
      if (!defines) add(value);
      if (target.kind !== 'name') addElements(target);
      if (target.kind === 'index' || target.kind === 'attribute') add(target.of);
      if (operator !== '=') add(target);
    }
  }
  for (const expression of expressions) {
    if (expression.kind === 'comprehension') for (const part of expression.parts) addElements(part);
    else if (expression.kind === 'lambda') add(expression.body);
    else if (expression.kind === 'call') {
      const { callee } = expression;
      if (callee.kind === 'attribute' && CHANGING_METHODS.has(callee.name)) add(callee.of);
      if (!isHarmless(callee)) for (const { value } of expression.arguments) add(value);
    }
  }
  // What a constant contains can be changed through it.
  for (const name of changed) {
    const value = constants.get(name);
    if (value !== undefined) add(value);
  }
  return changed;
}

function isHarmless(callee: Expression): boolean {
  if (callee.kind === 'name') return CHANGE_NOTHING.has(callee.name);
  if (callee.kind !== 'attribute') return false;
  const isOfBazel = callee.of.kind === 'name' && HARMLESS_OWNERS.has(callee.of.name);
  return isOfBazel || HARMLESS_METHODS.has(callee.name);
}

/** Which constants of a file contain lists or dicts, and which values share these with them. */
class SharedValues {
  constructor(private readonly constants: ReadonlyMap<string, Expression>) {}

  /** The names of constants whose list or dict, or one inside of it, the value of an expression may be or contain. */
  namesSharedBy(expression: Expression): string[] {
    switch (expression.kind) {
      case 'string':
      case 'number':
      case 'unary':
        return [];
      case 'name':
        return this.canChange(expression) ? [expression.name] : [];
      case 'list':
        return expression.items.flatMap((item) => this.namesSharedBy(item));
      case 'dict':
        return expression.entries.flatMap(({ value }) => this.namesSharedBy(value));
      case 'conditional':
        return [expression.then, expression.otherwise].flatMap((each) => this.namesSharedBy(each));
      case 'binary':
        if (expression.operator === '%' || isText(expression)) return [];
        return [expression.left, expression.right].flatMap((each) => this.namesSharedBy(each));
      case 'attribute':
      case 'index':
        return this.namesSharedByParts(expression.of);
      case 'lambda':
        return this.namesSharedBy(expression.body);
      case 'comprehension': {
        const [made, ...others] = expression.parts;
        return [
          ...(made === undefined ? [] : this.namesSharedBy(made)),
          ...others.flatMap((part) => this.namesSharedByParts(part)),
        ];
      }
      case 'call': {
        const { callee, arguments: given } = expression;
        if (callee.kind === 'attribute') return this.namesSharedByParts(callee.of);
        const contains = callee.kind === 'name' && CONTAIN_ARGUMENTS.has(callee.name);
        return contains ? given.flatMap(({ value }) => this.namesSharedBy(value)) : [];
      }
    }
  }

  /** The same for the elements and fields of the value. A list of texts shares nothing by its elements. */
  namesSharedByParts(expression: Expression): string[] {
    return this.namesSharedBy(expression).filter((name) => {
      const value = this.constants.get(name);
      return value === undefined || this.partsCanChange(value, [name]);
    });
  }

  private partsCanChange(value: Expression, pending: readonly string[]): boolean {
    if (value.kind === 'list') return value.items.some((item) => this.canChange(item, pending));
    if (value.kind === 'dict') return value.entries.some((entry) => this.canChange(entry.value, pending));
    return this.canChange(value, pending);
  }

  /** Whether a value is a list or a dict, or contains one. What is unknown may be. */
  private canChange(expression: Expression, pending: readonly string[] = []): boolean {
    const some = (parts: readonly Expression[]): boolean =>
      parts.some((part) => this.canChange(part, pending));
    switch (expression.kind) {
      case 'string':
      case 'number':
      case 'unary':
      case 'lambda':
        return false;
      case 'list':
      case 'dict':
      case 'comprehension':
        return true;
      case 'name': {
        const value = this.constants.get(expression.name);
        // A name without a constant is a variable that nobody asks for, a function, or something loaded, which is frozen.
        if (value === undefined || pending.includes(expression.name)) return false;
        return this.canChange(value, [...pending, expression.name]);
      }
      case 'conditional':
        return some([expression.then, expression.otherwise]);
      case 'binary':
        return (
          expression.operator !== '%' && !isText(expression) && some([expression.left, expression.right])
        );
      case 'attribute':
      case 'index':
        return some([expression.of]);
      case 'call': {
        const { callee, arguments: given } = expression;
        if (callee.kind === 'name' && callee.name === 'struct') return some(given.map(({ value }) => value));
        return !isText(expression);
      }
    }
  }
}

/** Whether the value of an expression is a text for certain. */
function isText(expression: Expression): boolean {
  if (expression.kind === 'string') return true;
  if (expression.kind === 'binary')
    return ['+', '%'].includes(expression.operator) && (isText(expression.left) || isText(expression.right));
  if (expression.kind !== 'call') return false;
  const { callee } = expression;
  return callee.kind === 'name'
    ? ['Label', 'str'].includes(callee.name)
    : callee.kind === 'attribute' && ['format', 'join', 'lower', 'replace', 'upper'].includes(callee.name);
}
