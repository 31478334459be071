import { describe, expect, test } from '@jest/globals';
import { StarlarkSyntaxError, statementsOf } from '../../src/formats/starlark-parser.js';
import { expressionsIn, partsOfStatement, type Expression } from '../../src/formats/starlark-syntax.js';

/** An expression in a form that is easy to compare. */
function shown(expression: Expression): string {
  switch (expression.kind) {
    case 'string':
      return JSON.stringify(expression.value);
    case 'number':
      return '0';
    case 'name':
      return expression.name;
    case 'list':
      return `[${expression.items.map(shown).join(', ')}]`;
    case 'dict':
      return `{${expression.entries.map(({ key, value }) => `${shown(key)}: ${shown(value)}`).join(', ')}}`;
    case 'comprehension':
      return `for(${[...expression.variables, ...expression.parts].map(shown).join(', ')})`;
    case 'lambda':
      return `lambda(${expression.parameters.map(shown).join(', ')}: ${shown(expression.body)})`;
    case 'call':
      return `${shown(expression.callee)}(${expression.arguments
        .map(({ name, value }) => (name === null ? shown(value) : `${name}=${shown(value)}`))
        .join(', ')})`;
    case 'attribute':
      return `${shown(expression.of)}.${expression.name}`;
    case 'index':
      return `${shown(expression.of)}[${expression.parts.map(shown).join(', ')}]`;
    case 'unary':
      return `-(${shown(expression.operand)})`;
    case 'binary':
      return `(${shown(expression.left)} ${expression.operator} ${shown(expression.right)})`;
    case 'conditional':
      return `(${shown(expression.then)} if ${shown(expression.condition)} else ${shown(expression.otherwise)})`;
  }
}

function statements(source: string): string[] {
  return statementsOf(source).map((statement) => {
    const parts = partsOfStatement(statement).map(shown).join(' | ');
    return `${statement.inFunction ?? ''}> ${statement.kind} ${parts}`.trimEnd();
  });
}

function expression(source: string): string {
  return statements(source)
    .map((each) => each.replace('> expression ', ''))
    .join('; ');
}

describe('an expression', () => {
  test.each([
    ['"a" + b % c', '("a" + (b % c))'],
    ['a or not b and c == d', '(a or (-(b) and (c == d)))'],
    ['a not in b in c', '((a not in b) in c)'],
    ['x | y if c else -z', '((x | y) if c else -(z))'],
    ['f(1, *a, b = c, **d)', 'f(0, *=a, b=c, **=d)'],
    ['a.b(c)[1:2, :].d', 'a.b(c)[0, 0].d'],
    ['[x for x, y in z if x]', 'for([x, y], x, z, x)'],
    ['{k: v for k, v in z.items() if k for w in v}', 'for([k, v], w, {k: v}, z.items(), k, v)'],
    ['f(x for x in y)', 'f(for(x, x, y))'],
    ['lambda a, b = 1, *c: a + b', 'lambda(a, b, c: (a + b))'],
    ['(), (a), (a,), []', '[[], a, [a], []]'],
    ['[\n  "a",  # a comment\n  "b",\n]', '["a", "b"]'],
    ['"a // b" // c << 2', '(("a // b" // c) << 0)'],
  ])('%s', (source, expected) => {
    expect(expression(source)).toBe(expected);
  });

  test('contains all its parts, outer ones first', () => {
    const parts = statementsOf('f(a, [b], {c: d})')
      .flatMap(partsOfStatement)
      .flatMap((part) => [...expressionsIn(part)]);
    expect(parts.flatMap((part) => (part.kind === 'name' ? part.name : []))).toEqual([
      'f',
      'a',
      'b',
      'c',
      'd',
    ]);
  });
});

describe('the statements of a file', () => {
  test('are listed without their nesting, each with its function', () => {
    const source = `
"""A docstring."""
load(":a.bzl", "a", b = "c")
A, B = 1, "x"
A += 2
def f(x, *, y = A, **rest):
    """Another."""
    for i, j in x:
        if i: continue
        elif j in y: return {"k": i}
        else:
            pass; z[i] = j
    return
def g(): return 1
C = f(1)
`;
    expect(statements(source)).toEqual([
      '> expression "A docstring."',
      '> expression load(":a.bzl", "a", b="c")',
      '> assignment [A, B] | [0, "x"]',
      '> assignment A | 0',
      'f> function x | [] | A | rest',
      'f> expression "Another."',
      'f> loop [i, j] | x',
      'f> expression i',
      'f> expression (j in y)',
      'f> return {"k": i}',
      'f> assignment z[i] | j',
      'f> return',
      'g> function',
      'g> return 0',
      '> assignment C | f(0)',
    ]);
  });

  test.each(['f(', 'a = = b', '{a b}', 'def (x): pass', 'a b: ]'])('%s is an error', (source) => {
    expect(() => statementsOf(source)).toThrow(StarlarkSyntaxError);
  });
});
