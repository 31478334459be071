import { describe, expect, test } from '@jest/globals';
import { StarlarkFiles } from '../../../src/formats/starlark-constants.js';
import {
  defaultLabels,
  filesLoadedBy,
  labelsInCode,
  makesTransitions,
} from '../../../src/plan/everything/code-labels.js';
import { MainRepository } from '../../../src/graph/main-repository.js';
import { workspacePath } from '../../support/builders.js';

const MAIN = MainRepository.named('main');

describe('labelsInCode', () => {
  test.each([
    ['"//lib:alt"', ['//lib:alt']],
    ['Label("@main//lib")', ['//lib:lib']],
    ['"@@//lib:alt"', ['//lib:alt']],
    ['"//lib:alt_%s" % variant', ['//lib:']],
    ['"@main//lib:{}".format(variant)', ['//lib:']],
    ['"//lib:" + variant', ['//lib:']],
    ['"lib:alt"', ['//lib:alt']],
    ['default = ":linter"', ['//tools/lint:linter', '//tools:linter', '//:linter']],
    ['default = "linter"', ['//tools/lint:linter', '//tools:linter', '//:linter']],
    ['"", "a\\nb", "@rpath/x y"', []],
    ['"@other//lib:alt"', ['@other//lib:alt']],
    ['"@other"', ['@other//:other']],
    ['"@other//lib:%s" % variant', ['@other//lib:']],
    ['load("//lib:defs.bzl", _x = "//lib:x.scl")', []],
    ['# "//lib:alt"', []],
  ])('finds in %s what can be one', (source, labels) => {
    expect(labelsInCode(workspacePath('tools/lint/defs.bzl'), source, MAIN).sort()).toEqual(
      [...labels].sort(),
    );
  });
});

test('filesLoadedBy finds the files of the main repository, whatever folder above is the package', () => {
  const source = 'load("//lib:defs.bzl", "a")\nload(":b.bzl", "b")\nload("@other//:c.bzl", "c")';
  expect(new Set(filesLoadedBy(workspacePath('x/a.bzl'), source, MAIN))).toEqual(
    new Set(['lib/defs.bzl', 'x/b.bzl', 'b.bzl']),
  );
});

test('makesTransitions sees the makers of transitions, and no mere mention', () => {
  expect(makesTransitions('t = transition(implementation = _t, inputs = [], outputs = [])')).toBe(true);
  expect(makesTransitions('load("@with_cfg.bzl", "with_cfg")\nwith_cfg(native.cc_binary)')).toBe(true);
  expect(makesTransitions('analysistest.make(_t, config_settings = {"//f:lib": "//lib:alt"})')).toBe(true);
  expect(makesTransitions('"""Needs no transition."""\nrule(cfg = "exec") # transition')).toBe(false);
});

describe('the default labels of attributes', () => {
  const defaultsIn = (source: string) => {
    const path = workspacePath('tools/lint.bzl');
    return defaultLabels(path, new StarlarkFiles(new Map([[path, source]]), MAIN), MAIN);
  };

  test.each([
    ['attr.label(default = "//x:d")', ['//x:d']],
    ['attr.label(default = "//x/%s:d" % "y")', ['//x/y:d']],
    ['attr.label_list(default = [Label("//x:a"), "//x:b"])', ['//x:a', '//x:b']],
    ['attr.label(default = ":d")', ['//tools:d', '//:d']],
    ['attr.label(mandatory = True)', []],
    ['attr.label(default = configuration_field(fragment = "cpp", name = "cc_toolchain"))', []],
    ['attr.string(default = computed())', []],
    ['attr.label(default = "@other//x:d")', ['@other//x:d']],
  ])('%s has known ones', (source, expected) => {
    expect(defaultsIn(`a = aspect(implementation = _a, attrs = {"_x": ${source}})`)).toEqual(expected);
  });

  test.each([
    'attr.label(default = computed())',
    'attr.label_list(default = [tool for tool in TOOLS])',
    'attr.label(',
  ])('%s may have any', (source) => {
    expect(defaultsIn(`a = {"_x": ${source}}`)).toBeNull();
  });

  test('are unknown if the file is missing', () => {
    expect(defaultLabels(workspacePath('a.bzl'), new StarlarkFiles(new Map(), MAIN), MAIN)).toBeNull();
  });
});
