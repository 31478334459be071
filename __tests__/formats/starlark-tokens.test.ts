import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  significantCode,
  significantTokens,
  stringLiterals,
  tokensOf,
} from '../../src/formats/starlark-tokens.js';

describe('significantTokens', () => {
  const original = 'module(name = "a")\nbazel_dep(name = "b", version = "1")\n';

  test.each([
    ['comments', '# hello\nmodule(name = "a") # there\n\nbazel_dep(name = "b", version = "1")'],
    [
      'line breaks inside brackets',
      'module(\n  name = "a"\n)\nbazel_dep(name = "b",\n# x ) "\nversion = "1")\n',
    ],
    ['kinds of quotes', "module(name = 'a')\nbazel_dep(name = '''b''', version = r\"1\")\n"],
    ['spaces', 'module( name="a" )\nbazel_dep(name="b",version="1")\n'],
    ['carriage returns', 'module(name = "a")\r\nbazel_dep(name = "b", version = "1")\r\n'],
    ['continued lines', 'module \\\n(name = "a")\nbazel_dep(name = "b", version = "1")\n'],
  ])('ignores %s', (_what, text) => {
    expect(significantTokens(text)).toBe(significantTokens(original));
  });

  test.each([
    ['another value', 'module(name = "a")\nbazel_dep(name = "b", version = "2")\n'],
    ['a statement joined to the next', 'module(name = "a") bazel_dep(name = "b", version = "1")\n'],
    ['a statement commented out', 'module(name = "a")\n#bazel_dep(name = "b", version = "1")\n'],
    ['a name in place of a string', 'module(name = a)\nbazel_dep(name = "b", version = "1")\n'],
    ['a space inside a string', 'module(name = "a ")\nbazel_dep(name = "b", version = "1")\n'],
    ['bytes in place of a string', 'module(name = b"a")\nbazel_dep(name = "b", version = "1")\n'],
  ])('sees %s', (_what, text) => {
    expect(significantTokens(text)).not.toBe(significantTokens(original));
  });

  test('sees a statement that moves into or out of a block', () => {
    expect(significantTokens('if a:\n  b()\n  c()\n')).not.toBe(significantTokens('if a:\n  b()\nc()\n'));
  });

  test('keeps an escape apart from the text that it might stand for', () => {
    expect(significantTokens(String.raw`a("\n")`)).not.toBe(significantTokens(String.raw`a("\\n")`));
    expect(significantTokens(String.raw`a(r"\n")`)).not.toBe(significantTokens(String.raw`a("\n")`));
  });

  test('keeps a comment sign in a string', () => {
    expect(significantTokens('a("#b")')).not.toBe(significantTokens('a("#c")'));
  });

  test('is the same text again for a text of tokens that it has seen', () => {
    const string = fc.constantFrom(
      '"a"',
      "'#'",
      '"""x\ny"""',
      'r"\\d"',
      'b"z"',
      '# c\n',
      '(',
      ')',
      '\n',
      '  ',
      'x',
      '+',
    );
    fc.assert(
      fc.property(fc.array(string), (parts) => {
        const text = parts.join(' ');
        expect(significantTokens(`${text}\n# comment`)).toBe(significantTokens(`${text}\n`));
      }),
    );
  });
});

describe('a comma in front of a closing bracket', () => {
  test.each([
    ['f(a, b,)', 'f(a, b)'],
    ['repo(\n  default = ["//visibility:public",],\n)', 'repo(default = ["//visibility:public"])'],
    ['x = {"a": 1,}', 'x = {"a": 1}'],
    ['def f(a,):\n  return [a,]', 'def f(a):\n  return [a]'],
    ['x[0](1,)', 'x[0](1)'],
    ['f(a)(b,)', 'f(a)(b)'],
  ])('means nothing in a call, a list or a dict: %s', (one, other) => {
    expect(significantTokens(one)).toBe(significantTokens(other));
    expect(significantCode(one)).toBe(significantCode(other));
  });

  test.each([
    ['x = (1,)', 'x = (1)'],
    ['def f(a):\n  return (a,)', 'def f(a):\n  return (a)'],
    ['f((a,))', 'f((a))'],
    ['x = d[1,]', 'x = d[1]'],
    ['x = [a for a in (b,)]', 'x = [a for a in (b)]'],
    ['f(a, b)', 'f(a b)'],
    ['x = 1 if (a,) else (b,)', 'x = 1 if (a) else (b)'],
    ['f(not (a,))', 'f(not (a))'],
    ['f(a, *b,)', 'f(a, *b)'],
    ['f(**b,)', 'f(**b)'],
  ])('counts elsewhere, as in a tuple: %s', (one, other) => {
    expect(significantTokens(one)).not.toBe(significantTokens(other));
  });
});

describe('significantCode', () => {
  const code = 'def f():\n    return 1\nx = f()\n';

  test.each([
    ['of a module', `"""Doc."""\n${code}`],
    ['of a function', 'def f():\n    "Doc."\n    return 1\nx = f()\n'],
    ['over several lines', `def f():\n    '''Doc.\n\n    def g(): pass\n    '''\n    return 1\nx = f()\n`],
    ['anywhere, beside a comment', `${code}"Not read by anybody."  # Really.`],
  ])('leaves out a docstring %s', (_where, source) => {
    expect(significantCode(source)).toBe(significantCode(code));
  });

  test.each([
    ['is assigned', 'x = """Doc."""\n', 'x = """Other."""\n'],
    ['is an argument', 'rule(\n    doc = "Doc.",\n)\n', 'rule(\n    doc = "Other.",\n)\n'],
    ['is an argument on a line of its own', 'f(\n    "a",\n)\n', 'f(\n    "b",\n)\n'],
    ['is returned', 'def f():\n    return "a"\n', 'def f():\n    return "b"\n'],
    ['has a method called', '"a".upper()\n', '"b".upper()\n'],
  ])('keeps a string that %s', (_what, one, other) => {
    expect(significantCode(one)).not.toBe(significantCode(other));
  });

  test('keeps the indentation of other statements', () => {
    expect(significantCode('if x:\n    "Doc."\n    y()\n')).not.toBe(
      significantCode('if x:\n    "Doc."\ny()\n'),
    );
  });
});

describe('stringLiterals', () => {
  test.each<[string, string, string[]]>([
    ['plain', `a = "x"; b = 'y'`, ['x', 'y']],
    ['triple-quoted', `"""a "quoted" 'b'\nc"""`, [`a "quoted" 'b'\nc`]],
    ['empty', `"" ''`, ['', '', '']],
    [
      'escaped',
      String.raw`"a\"b" 'c\'d' "\t\x41\u00e9\101\q"`,
      ['a"b', "c'd", '\tAéA\\q', 'a"bc\'d\tAéA\\q'],
    ],
    ['raw', String.raw`r"a\n\"b"`, [String.raw`a\n\"b`]],
    ['bytes', `b"x"`, ['x']],
    ['raw bytes', String.raw`rb'\d'`, [String.raw`\d`]],
    ['continued', '"a\\\nb"', ['ab']],
    ['joined by +', `"a" + "b"`, ['a', 'b', 'ab']],
    ['in a comment', `# "x"\n"y"`, ['y']],
    ['with a comment sign', `"#x"`, ['#x']],
    ['behind a name that ends in r', `bar"x"`, ['x']],
  ])('finds strings: %s', (_what, source, expected) => {
    expect(stringLiterals(source)).toEqual(expected);
  });

  test('ends an unclosed string at the end of its line', () => {
    expect(stringLiterals('a = "x\nb = "y"')).toEqual(['x', 'y']);
  });
});

test('every text has tokens', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('"', "'", '\\', '\n', '\r', '(', ')', 'r', 'b', '#', ' ', 'é', '9'),
      }),
      (text) => {
        expect(() => [...tokensOf(text)]).not.toThrow();
      },
    ),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => [...tokensOf(text)].length >= 0));
});

test.each([
  ['def f():\n    if a:\n        b()\n        \\\n    c()\n', 'def f():\n    if a:\n        b()\n    c()\n'],
  ['def f():\n    a()\n    \\\nb()\n', 'def f():\n    a()\nb()\n'],
  ['if x:\n  a()\n\\\n  b()\n', 'if x:\n  a()\n  b()\n'],
])('a line that begins with a continuation has the indentation before it: %j', (one, other) => {
  expect(significantCode(one)).not.toBe(significantCode(other));
});
