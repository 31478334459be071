import { describe, expect, test } from '@jest/globals';
import { StarlarkFiles } from '../../../src/formats/starlark-constants.js';
import { MainRepository } from '../../../src/graph/main-repository.js';
import {
  isOptionWithLabels,
  transitionCode,
  type TransitionCode,
} from '../../../src/plan/everything/transitions.js';
import { label, workspacePath } from '../../support/builders.js';

const MAIN = MainRepository.named('main');

function codeOf(source: string, others: Readonly<Record<string, string>> = {}): TransitionCode {
  const texts = Object.entries({ 't/t.bzl': source, ...others });
  const files = new StarlarkFiles(new Map(texts.map(([path, text]) => [workspacePath(path), text])), MAIN);
  return transitionCode([workspacePath('t/t.bzl')], files, MAIN);
}

/** What the transitions in a file set `//f:lf` to; null if any setting may be set. */
function valuesIn(source: string, others: Readonly<Record<string, string>> = {}): string[] | string | null {
  const { settings, unreadable } = codeOf(source, others);
  if (unreadable.length > 0) return null;
  const values = settings.get(label('//f:lf'))?.values ?? 'not set';
  if (typeof values === 'string') return values;
  const shapes = values.shapes.map(({ start, end }) => `${start}…${end}`);
  return [...values.labels, ...shapes].sort();
}

function transition(value: string, before = ''): string {
  return `${before}
def _t(settings, attr):
    return ${value}
tr = transition(implementation = _t, inputs = ["//f:lf"], outputs = ["//f:lf"])
`;
}

test('a setting is blamed on the file that may set it to the most labels, wherever that is', () => {
  const known = transition('{"//f:lf": "//x:d"}');
  const computed = transition('{"//f:lf": attr.lib}');
  const blamed = (...sources: readonly string[]): string | undefined => {
    const texts = new Map(sources.map((text, index) => [workspacePath(`t/${index}.bzl`), text]));
    const files = new StarlarkFiles(texts, MAIN);
    return transitionCode([...texts.keys()], files, MAIN).settings.get(label('//f:lf'))?.by;
  };
  expect(blamed(computed, known)).toBe('t/0.bzl');
  expect(blamed(known, computed)).toBe('t/1.bzl');
  expect(blamed(known, computed, known)).toBe('t/1.bzl');
});

describe('the values of a setting are known', () => {
  test.each([
    ['a text', '{"//f:lf": "//x:d"}'],
    ['a label', '{"//f:lf": Label("//x:d")}'],
    ['a text put together', '{"//f:lf": "//x:%s" % "d"}'],
    ['a label by the name of the main repository', '{"//f:lf": "@main//x:d"}'],
    ['a label without slashes, which is relative to the root', '{"//f:lf": "x:d"}'],
    ['a name with a `/.` at its end, which Bazel leaves out', '{"//f:lf": "//x:d/."}'],
  ])('if the function returns %s', (_, value) => {
    expect(valuesIn(transition(value))).toEqual(['//x:d']);
  });

  test('if a label got its name from its package before the code adds to it', () => {
    expect(valuesIn(transition('{"//f:lf": str(Label("//x")) + "_d"}'))).toEqual(['//x:x_d']);
    expect(valuesIn(transition('{"//f:lf": "%s_d" % Label("@main//x")}'))).toEqual(['//x:x_d']);
  });

  test('if they come from constants of a loaded file', () => {
    const source = transition('{"//f:lf": "//" + S.pkg + ":" + S.stem}', 'load("//c:c.bzl", "S")');
    expect(valuesIn(source, { 'c/c.bzl': 'S = struct(pkg = "x", stem = "d")' })).toEqual(['//x:d']);
  });

  test('if the settings are declared by a constant', () => {
    const source = transition('{"//f:lf": "//x:d"}').replace('outputs = ["//f:lf"]', 'outputs = OUT');
    expect(valuesIn(`OUT = ["//f:lf"]\n${source}`)).toEqual(['//x:d']);
  });

  test('if there is one of several', () => {
    expect(valuesIn(transition('{"//f:lf": "//x:a" if attr.a else "//x:b"}'))).toEqual(['//x:a', '//x:b']);
    const source = `
def _t(settings, attr):
    if attr.a:
        return {"//f:lf": "//x:a"}
    return {"//f:lf": settings["//f:lf"]}
tr = transition(implementation = _t, inputs = ["//f:lf"], outputs = ["//f:lf"])
`;
    expect(valuesIn(source)).toEqual(['//x:a']);
  });

  test.each([
    '[{"//f:lf": "//x:a"}, {"//f:lf": "//x:b"}]',
    '{"a": {"//f:lf": "//x:a"}, "b": {"//f:lf": "//x:b"}}',
  ])('if the configuration is split: %s', (value) => {
    expect(valuesIn(transition(value))).toEqual(['//x:a', '//x:b']);
  });

  test('if a function without a name returns them', () => {
    const source =
      'tr = transition(implementation = lambda s, a: {"//f:lf": "//x:d"}, inputs = [], outputs = ["//f:lf"])';
    expect(valuesIn(source)).toEqual(['//x:d']);
  });

  test('if a test of the analysis is given them', () => {
    expect(valuesIn('t = analysistest.make(_t, config_settings = {"//f:lf": "//x:d"})')).toEqual(['//x:d']);
    expect(valuesIn('t = analysis_test_transition(settings = {"//f:lf": "//x:d"})')).toEqual(['//x:d']);
  });

  test('if a function of any name hands settings on to a test of the analysis', () => {
    expect(valuesIn('t = my_test(config_settings = {"//f:lf": "//x:d"})')).toEqual(['//x:d']);
  });

  test('if they are the labels of .bzl files', () => {
    expect(valuesIn(transition('{"//f:lf": "//x:d.bzl"}'))).toEqual(['//x:d.bzl']);
  });

  test('if with_cfg is given them', () => {
    const source = 'b, _b = with_cfg(native.cc_binary).set(Label("//f:lf"), Label("//x:d")).build()';
    expect(valuesIn(source)).toEqual(['//x:d']);
  });

  test('if they are not labels', () => {
    expect(valuesIn(transition('{"//f:lf": True}'))).toEqual([]);
  });
});

describe('a setting may be any label of a shape', () => {
  test.each([
    ['"//x/%s:d" % attr.arch', ['//x/…:d']],
    ['"//x/%s:d" % made', ['//x/…:d']],
    ['"//%s/%s:d" % (attr.os, attr.arch)', ['//…:d']],
    ['"//x:100%%_%s_%s" % (attr.os, attr.arch)', ['//x:100…']],
    ['"//x:{}_{os}.d".format(attr.arch, os = attr.os)', ['//x:….d']],
    ['"//x/" + attr.arch + ":d"', ['//x/…:d']],
    ['"//x:" + attr.arch + "_" + attr.os + "_d"', ['//x:…_d']],
    ['"//x/" + ("a" + attr.arch) + "/b" + ":d"', ['//x/a…/b:d']],
    ['str("//x:" + attr.arch)', ['//x:…']],
    ['Label("@main//x:" + attr.arch)', ['//x:…']],
    ['"@//x:" + attr.arch', ['//x:…']],
    ['"//x:d" if attr.arch == "" else "//x/%s:d" % attr.arch', ['//x/…:d', '//x:d']],
    ['ROOT + attr.arch', ['//x/…']],
    ['ROOT + attr.arch + "/d"', ['//x/…']],
    ['"//x:%s/." % attr.arch', ['//x:…']],
    ['("//x:%s" if attr.a else "//y:%s") % attr.arch', ['//x:…', '//y:…']],
    ['"//x:%s%s" % (attr.arch, "/.")', ['//x:…']],
    ['"//x/{{}}/{}:d".format(attr.arch)', ['//x/…:d']],
    ['"//x:%r" % attr.arch', ['//x:…']],
    ['"//%s" % "x:" + attr.arch', ['//x:…']],
    ['"//x" + ":%s" % attr.arch', ['//x:…']],
    ['Label("//x/%s:d" % attr.arch)', ['//x/…:d']],
    ['str(Label("//x/" + attr.arch))', ['//x/…']],
    ['"@@//x/%s:d" % attr.arch', ['//x/…:d']],
    ['"//x/a%sb" % attr.arch', ['//x/a…']],
    ['"//@%s//x" % attr.repository', ['//@…']],
  ])('if the function returns %s', (value, values) => {
    expect(valuesIn(transition(`{"//f:lf": ${value}}`, 'ROOT = "//x/"'))).toEqual(values);
  });

  test.each([
    ['"//x:a/%s" % attr.arch', ['//x:a…']],
    ['"//x:a/." + attr.arch', ['//x:a…']],
    ['"//x:a/%s." % attr.arch', ['//x:a…']],
    ['str(Label("//x:a/" + attr.arch)) + "_d"', ['//x:a…_d']],
    ['str(Label("//x:" + attr.arch + "/.")) + "_d"', ['//x:…_d']],
    ['"//x/a/%s" % attr.arch', ['//x/a/…']],
    ['"//x:a/%s_d" % attr.arch', ['//x:a/…_d']],
  ])('without the `/.` that Bazel leaves out at the end of a name, if it returns %s', (value, values) => {
    expect(valuesIn(transition(`{"//f:lf": ${value}}`))).toEqual(values);
  });

  test.each([
    ['str(Label("//x")) + attr.arch', ['//x:x…']],
    ['str(Label("@main//x/y")) + attr.arch', ['//x/y:y…']],
    ['str(Label("@main")) + attr.arch', ['//:main…']],
    ['str(Label("//x/" + attr.arch)) + "/d"', ['//x/…']],
    ['str(Label("//x" if attr.a else "//x:" + attr.arch)) + "_d"', ['//x:x_d', '//x:…_d']],
  ])('with the name that Bazel adds to a label without one, if it returns %s', (value, values) => {
    expect(valuesIn(transition(`{"//f:lf": ${value}}`))).toEqual(values);
  });

  test('or one of the labels that another transition sets it to', () => {
    const one = transition('{"//f:lf": "//x:d"}');
    const other = one.replaceAll('_t', '_u').replace('"//x:d"', '"//y:" + attr.x');
    expect(valuesIn(one + other)).toEqual(['//x:d', '//y:…']);
  });
});

describe('a setting may be any label', () => {
  test.each([
    'attr.repository + "//x:d"',
    '"@%s//x:d" % attr.repository',
    '"@" + attr.repository',
    '"//" + attr.label',
    '"//%s" % attr.label',
    '"/" + attr.label',
    '"x/" + attr.arch + ":d"',
    '":" + attr.name',
    '"{}:{}".format(attr.package, attr.name)',
    '"//x/%(arch)s:d" % attr',
    '"//x:d" if attr.arch == "" else attr.arch',
    '"//x:".join([attr.a, attr.b])',
    '"".join(["//x:", attr.arch])',
    '"/".join(["//x", attr.arch])',
    '"%s//x:y" % attr.repository',
    '"{}//x:{}".format(attr.repository, attr.name)',
    '":x_%s" % attr.arch',
    '"x:%s" % attr.arch',
    'Label(":x_%s" % attr.arch)',
    'Label("x_%s" % attr.arch)',
    'native.package_relative_label("//x:%s" % attr.arch)',
    'Label("//x:d").relative(attr.arch)',
    'Label("//x:d").same_package_label("a_" + attr.arch)',
    '"@main" + attr.label',
    '"@main%s:d" % attr.label',
    '"@other//x:%s" % attr.arch',
    '"@other//x:" + attr.arch',
    '"@@other+//x:" + attr.arch',
    '"@other" + attr.label',
    '"//%s" % ("a:" + attr.name)',
    '"{}{}".format("//x:", attr.arch)',
    'Label("x" if attr.a else "//x:" + attr.arch)',
    '"//x:%(a)s_%s" % attr.arch',
    '"//x:" + attr.arch or "//y:d"',
    'attr.arch or "//x:%s" % attr.arch',
    '"//x:" + attr.arch if attr.a else None',
    '("//x:" + attr.arch + " ")[:-1]',
    '("//x:%s" % attr.a) % attr.b',
    '["//x:"][0:1] + attr.list',
    'lambda: "//x:" + attr.arch',
    '("//x:" + attr.arch).replace("x", attr.x)',
    '["//x:" + attr.arch]',
  ])('if the function returns %s, of which too little is known', (value) => {
    expect(valuesIn(transition(`{"//f:lf": ${value}}`))).toBe('any label');
  });

  test.each([
    ['an attribute', '{"//f:lf": attr.impl}'],
    ['what another function returns', 'helper(attr)'],
    ['a local variable', 'made'],
    ['a dict that a loop makes', '{key: "//x:d" for key in ["//f:lf"]}'],
    ['a dict with a computed key', '{KEY + "": "//x:d", unknown: "//x:e"}'],
    ['a dict of computed dicts', '{arch: {"//f:lf": "//x/%s:d" % arch} for arch in ARCHES}'],
    ['the value of another setting before', '{"//f:lf": settings["//f:other"]}'],
    ['two dicts together', 'dict(settings) | {"//f:lf": "//x:d"}'],
    ['one configuration as a dict and another by its name', '{"a": {"//f:lf": "//x:d"}, "b": OTHER}'],
  ])('if the function returns %s', (_, value) => {
    expect(valuesIn(transition(value))).toBe('any label');
  });

  test('if the transition is made by a function with a parameter', () => {
    const source = `
def make(label):
    tr = transition(implementation = lambda s, a: {"//f:lf": label}, inputs = [], outputs = ["//f:lf"])
    return rule(implementation = _r, cfg = tr)
`;
    expect(valuesIn(source)).toBe('any label');
  });

  test('if the function of the transition is in another file, or has functions inside', () => {
    const elsewhere =
      'load(":i.bzl", "i")\ntr = transition(implementation = i, inputs = [], outputs = ["//f:lf"])';
    expect(valuesIn(elsewhere)).toBe('any label');
    const nested = `
def _t(settings, attr):
    def _inner(): return {"//f:lf": "//x:d"}
    return _inner()
tr = transition(implementation = _t, inputs = [], outputs = ["//f:lf"])
`;
    expect(valuesIn(nested)).toBe('any label');
  });

  test.each([
    ['by its name', 'settings'],
    ['by one of its values', '{"//f:lf": settings["//f:lf"]}'],
  ])('if the function returns the parameter of its settings after it was bound anew, %s', (_, value) => {
    const source = transition(value, '').replace(
      '    return',
      '    if attr.a: return {"//f:lf": "//x:a"}\n    settings = {"//f:lf": "//x:d"}\n    return',
    );
    expect(valuesIn(source)).toBe('any label');
  });

  test('if the function returns settings in one place, and configurations by their names in another', () => {
    const source = transition('{"a": ONE, "b": OTHER}').replace(
      '    return',
      '    if attr.a: return {"//f:lf": "//x:a"}\n    return',
    );
    expect(valuesIn(source)).toBe('any label');
  });

  test.each([
    'def make(_t):\n    return transition(implementation = _t, inputs = [], outputs = ["//f:lf"])',
    'make = lambda _t: transition(implementation = _t, inputs = [], outputs = ["//f:lf"])',
    'def make():\n    _t = other\n    return transition(implementation = _t, inputs = [], outputs = ["//f:lf"])',
  ])('if the name of the function may be that of a variable', (source) => {
    expect(valuesIn(`${transition('{"//f:lf": "//x:d"}')}${source}\n`)).toBe('any label');
  });

  test('if one of two transitions may set it to any', () => {
    const one = transition('{"//f:lf": "//x:d"}');
    expect(valuesIn(one + one.replaceAll('_t', '_u').replace('"//x:d"', 'attr.x'))).toBe('any label');
  });
});

describe('any setting may be set', () => {
  test.each([
    ['the outputs are computed', 'tr = transition(implementation = _t, inputs = [], outputs = outs())'],
    ['transition has another name', 't = transition\ntr = t(implementation = _t, outputs = [])'],
    ['the file cannot be read', 'tr = transition('],
    ['transition is loaded under another name', 'load(":t.bzl", t = "transition")\ntr = t(outputs = [])'],
    ['with_cfg is given no value', 'x = with_cfg(native.cc_binary).set("copt")'],
    ['a test of the analysis is given computed settings', 't = make(_t, config_settings = settings())'],
  ])('if %s', (_, source) => {
    expect(valuesIn(source)).toBeNull();
  });
});

test('settings of other repositories and options of Bazel are listed as well', () => {
  const { settings } = codeOf(`
def _t(settings, attr):
    return {"@rules//:lf": "//x:d", "//command_line_option:custom_malloc": "//x:m", ":near": "//x:n"}
tr = transition(
    implementation = _t,
    inputs = [],
    outputs = ["@rules//:lf", "//command_line_option:custom_malloc", ":near"],
)
`);
  expect([...settings.keys()]).toEqual([
    '@rules//:lf',
    '//command_line_option:custom_malloc',
    '//t:near',
    '//:near',
  ]);
});

test('with_cfg sets options of Bazel by their bare names', () => {
  const { settings } = codeOf('b = with_cfg(native.cc_binary).set("custom_malloc", Label("//x:m"))');
  expect(settings.get(label('//command_line_option:custom_malloc'))?.values).toEqual({
    labels: new Set(['//x:m']),
    shapes: [],
  });
});

test.each([
  ['//command_line_option:custom_malloc', true],
  ['//command_line_option:fdo_optimize', true],
  ['//command_line_option:experimental_action_listener', true],
  ['//command_line_option:experimental_other', false],
  ['//command_line_option:not_known_here', true],
  ['//command_line_option:copt', false],
  ['//command_line_option:compilation_mode', false],
  ['//command_line_option:platforms', false],
  ['//command_line_option:extra_toolchains', false],
  ['//f:lf', false],
])('whether the option %s can lead to a hidden target: %s', (option, expected) => {
  expect(isOptionWithLabels(label(option))).toBe(expected);
});
