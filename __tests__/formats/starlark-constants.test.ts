import { describe, expect, test } from '@jest/globals';
import { StarlarkFiles } from '../../src/formats/starlark-constants.js';
import { textsIn } from '../../src/formats/starlark-values.js';
import { MainRepository } from '../../src/graph/main-repository.js';
import { workspacePath } from '../support/builders.js';

/** The texts that the constant `RESULT` of `a/defs.bzl` may be or contain; null if it is unknown. */
function result(source: string, others: Readonly<Record<string, string>> = {}): readonly string[] | null {
  const texts = new Map(
    Object.entries({ 'a/defs.bzl': source, ...others }).map(
      ([path, text]) => [workspacePath(path), text] as const,
    ),
  );
  const files = new StarlarkFiles(texts, MainRepository.named('main'));
  const file = files.file(workspacePath('a/defs.bzl'));
  if (file === null) throw new Error('the file cannot be read');
  return textsIn(files.valueOf({ kind: 'name', name: 'RESULT' }, file));
}

describe('the value of', () => {
  test.each([
    ['"//x/%s:d" % "y"', ['//x/y:d']],
    ['"%s%%:%s" % ("a", "b")', ['a%:b']],
    ['"//{}/{}:{name}".format("a", "b", name = "c")', ['//a/b:c']],
    ['"{1}{0}{{}}".format("a", "b")', ['ba{}']],
    ['":".join(["//x", "d"])', ['//x:d']],
    ['"//x:NAME".replace("NAME", "$$d$&")', ['//x:$$d$&']],
    ['"//x:NAME".replace("NAME", "d")', ['//x:d']],
    ['"//x:" + "D".lower() + "e".upper()', ['//x:dE']],
    ['"a" if C else "b"', ['a', 'b']],
    ['"//x:" + ("a" if C else "b")', ['//x:a', '//x:b']],
    ['struct(pkg = "x", stem = "d").pkg', ['x']],
    ['{"k": "//x:d"}["k"]', ['//x:d']],
    ['["//x:a", "//x:b"][i]', ['//x:a', '//x:b']],
    ['["a"] + ["b", 1, True, None]', ['a', 'b']],
    ['str(Label("//x:d"))', ['//x:d']],
    ['Label(":d")', ['//a:d', '//:d']],
    ['[]', []],
  ])('%s is known', (expression, texts) => {
    expect(result(`RESULT = ${expression}`)).toEqual(texts);
  });

  test.each([
    'f("a")',
    '"//x:%d" % 1',
    '"//x:%s" % name',
    '"%s" % ("a", "b")',
    '"{}".format()',
    '"{a.b}".format(a = "x")',
    '"{!r}".format("x")',
    '[x for x in ["a"]]',
    '{"k": unknown}["k"]',
    '{"k": "a"}["other"]',
    '{unknown: "a"}',
    '"a".strip()',
    'select({"//c": "a"})',
    '"a" * 2',
    'lambda: "a"',
    'RESULT',
  ])('%s is unknown', (expression) => {
    expect(result(`RESULT = ${expression}`)).toBeNull();
  });

  test('too many combinations is unknown', () => {
    const either = '("a" if c else "b")';
    expect(result(`RESULT = ${Array.from({ length: 7 }, () => either).join(' + ')}`)).toHaveLength(128);
    expect(result(`RESULT = ${Array.from({ length: 8 }, () => either).join(' + ')}`)).toBeNull();
  });
});

describe('a name', () => {
  test('stands for the constant that the top level binds', () => {
    expect(result('P = "x"\nRESULT = "//%s:d" % P')).toEqual(['//x:d']);
  });

  test('stands for the constant of a loaded file, also under another name', () => {
    const others = { 'b/names.bzl': 'load(":more.bzl", "X")\nNAME = X', 'b/more.bzl': 'X = "//x:d"' };
    expect(result('load("//b:names.bzl", R = "NAME")\nRESULT = R', others)).toEqual(['//x:d']);
  });

  test.each([
    ['a parameter', 'P = "x"\ndef f(P): return P\nRESULT = P'],
    ['a parameter with a default', 'P = "x"\ndef f(P = "y"): return P\nRESULT = P'],
    ['a parameter of a lambda', 'P = "x"\nF = lambda P: P\nRESULT = P'],
    ['a variable of a loop', 'P = "x"\ndef f(y):\n  for P in y: pass\nRESULT = P'],
    ['a variable of a comprehension', 'P = "x"\nY = [P for P in Z]\nRESULT = P'],
    ['a local variable', 'P = "x"\ndef f(y):\n  P = y\nRESULT = P'],
    ['one of several variables', 'P = "x"\ndef f(y):\n  P, Q = y\nRESULT = P'],
    ['bound twice', 'P = "x"\nP = "y"\nRESULT = P'],
    ['added to', 'P = ["x"]\nP += ["y"]\nRESULT = P'],
    ['a list that a method changes', 'P = ["x"]\nP.append("y")\nRESULT = P'],
    ['a list that a function may change', 'def f(x): x.append("y")\nP = ["x"]\nf(P)\nRESULT = P'],
    ['a list that a function of a struct may change', 'P = ["x"]\nlib.fill(P)\nRESULT = P'],
    ['a list put together that a function may change', 'P = ["x"] + Q\nf(P)\nRESULT = P'],
    ['a list in a struct', 'P = ["x"]\nS = struct(l = P)\ndef f(): S.l.append("y")\nRESULT = P'],
    ['a list in a struct that a function gets', 'P = ["x"]\nS = struct(l = P)\nf(S)\nRESULT = P'],
    ['a list in a list', 'P = [["x"]]\nP[0].append("y")\nRESULT = P'],
    ['a list with a local name', 'P = ["x"]\ndef f():\n  q = P\n  q.append("y")\nRESULT = P'],
    ['a list that a function returns', 'P = ["x"]\ndef f(): return P\nf().append("y")\nRESULT = P'],
    ['a list behind a lambda', 'P = ["x"]\nF = lambda: P\nF().append("y")\nRESULT = P'],
    [
      'a dict that a loop changes',
      'P = {"k": "x"}\nA = [P]\ndef f():\n  for d in A: d["k"] = "y"\nRESULT = P',
    ],
    ['a dict that a method gives', 'P = {"k": ["x"]}\nP.get("k").append("y")\nRESULT = P'],
    ['a list with another name', 'P = ["x"]\nQ = P\nQ.append("y")\nRESULT = P + []'],
    ['a dict that is changed', 'P = {"k": "x"}\nP["k"] = "y"\nRESULT = P["k"]'],
    ['loaded from a missing file', 'load(":gone.bzl", "P")\nRESULT = P'],
    ['loaded from another repository', 'load("@other//:b.bzl", "P")\nRESULT = P'],
  ])('that is also %s is unknown', (_, source) => {
    expect(result(source)).toBeNull();
  });

  test.each([
    ['a loop that goes through it', 'P = ["x"]\ndef f():\n  for p in P: print(p)\nRESULT = P'],
    ['a copy of it', 'P = ["x"]\ndef f():\n  q = {p: 1 for p in P}\n  q["y"] = 2\nRESULT = P'],
    ['a function that gets one of its texts', 'P = ["x"]\nQ = f(P[0])\nRESULT = P'],
    ['attributes that it declares', 'P = ["x"]\nA = attr.string(values = P)\nRESULT = P'],
    ['a text that contains it', 'P = ["x"]\nf(",".join(P), "%s" % P)\nRESULT = P'],
  ])('is known although there is %s', (_, source) => {
    expect(result(source)).toEqual(['x']);
  });

  test('is unknown if two files may be meant', () => {
    const others = { 'a/b.bzl': 'P = "x"', 'b.bzl': 'P = "y"' };
    expect(result('load(":b.bzl", "P")\nRESULT = P', others)).toBeNull();
  });

  test('is unknown if files load each other in a circle', () => {
    const others = { 'a/b.bzl': 'load(":defs.bzl", P = "RESULT")' };
    expect(result('load(":b.bzl", RESULT = "P")', others)).toBeNull();
  });

  test('is known although it is the name of an argument somewhere, or a default', () => {
    expect(result('P = "x"\ndef f(q = P): return q\nX = f(P = 1)\nRESULT = P')).toEqual(['x']);
  });
});

test('a file that is no Starlark, or that does not exist, cannot be read', () => {
  const files = new StarlarkFiles(new Map([[workspacePath('a.bzl'), 'def (']]), MainRepository.named('main'));
  expect(files.file(workspacePath('a.bzl'))).toBeNull();
  expect(files.file(workspacePath('b.bzl'))).toBeNull();
});
