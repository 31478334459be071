import { describe, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import { decodeTarget, PRINTED_ATTRIBUTES, QueryOutputError } from '../../src/formats/query-proto.js';
import type { Target } from '../../src/graph/target.js';

/** The numbers of Bazel's own build.proto, written here a second time: a wrong one in the source shows. */
const { root } = protobuf.parse(`
  syntax = "proto2";
  message Attribute { required string name = 1; required int32 type = 2; optional int32 int_value = 3;
    optional string string_value = 5; repeated string string_list_value = 6; optional bool boolean_value = 14;
    optional SelectorList selector_list = 21; }
  message SelectorList { optional int32 type = 1; repeated Selector elements = 2; }
  message Selector { repeated SelectorEntry entries = 1; optional bool has_default_value = 2;
    optional string no_match_error = 3; }
  message SelectorEntry { optional string label = 1; optional string string_value = 3;
    repeated string string_list_value = 6; optional bool is_default_value = 16; }
  message Rule { required string name = 1; required string rule_class = 2; optional string location = 3;
    repeated Attribute attribute = 4; repeated string rule_input = 5; repeated string rule_output = 6;
    repeated string default_setting = 7; }
  message SourceFile { required string name = 1; repeated string subinclude = 3; repeated string package_group = 4;
    repeated string visibility_label = 5; repeated string feature = 6; }
  message GeneratedFile { required string name = 1; required string generating_rule = 2; }
  message PackageGroup { required string name = 1; repeated string contained_package = 2;
    repeated string included_package_group = 3; }
  message EnvironmentGroup { required string name = 1; repeated string environment = 2; repeated string default = 3; }
  message Target { required int32 type = 1; optional Rule rule = 2; optional SourceFile source_file = 3;
    optional GeneratedFile generated_file = 4; optional PackageGroup package_group = 5;
    optional EnvironmentGroup environment_group = 6; }
`);
const targetType = root.lookupType('Target');

function decode(message: object): Target | null {
  return decodeTarget(targetType.encode(targetType.create({ type: 1, ...message })).finish());
}

const HASH = { name: '$internal_attr_hash', type: 2, stringValue: 'hash' };

function decodeRule(ruleClass: string, attributes: readonly object[] = [], parts: object = {}) {
  const target = decode({ rule: { name: '//a:r', ruleClass, attribute: [HASH, ...attributes], ...parts } });
  if (target?.kind !== 'rule') throw new Error('no rule');
  return target;
}

const text = (name: string, stringValue: string) => ({ name, type: 2, stringValue });
const list = (name: string, ...stringListValue: readonly string[]) => ({ name, type: 5, stringListValue });

describe('a rule', () => {
  test('comes with its class, tags and inputs, each input once and in one form', () => {
    expect(
      decodeRule('cc_library', [list('tags', 'no-ci', 'gpu')], {
        ruleInput: ['@@//a:x', '//a:x', '@repo//b', '@//c:y'],
      }),
    ).toMatchObject({
      label: '//a:r',
      ruleClass: 'cc_library',
      tags: ['no-ci', 'gpu'],
      inputs: ['//a:x', '@repo//b:b', '//c:y'],
      test: null,
      toolchains: [],
      buildSetting: false,
      starlark: false,
      constraints: [],
    });
    expect(decodeRule('x', [text('$rule_implementation_hash', 'code')]).starlark).toBe(true);
  });

  test('has another definition with another class, attribute digest, implementation or features', () => {
    const definitions = [
      decodeRule('x'),
      decodeRule('x', [], { defaultSetting: ['loud'] }),
      decodeRule('x', [], { defaultSetting: ['loud', 'fast'] }),
      decodeRule('y'),
      decodeRule('x', [text('$rule_implementation_hash', 'code')]),
      decodeRule('x', [text('$internal_attr_hash', 'other')]),
    ].map((target) => target.definition);
    expect(new Set(definitions).size).toBe(6);
    expect(decodeRule('x').definition).toBe(definitions[0]);
  });

  test('is an error without its attribute digest: a change of it would be invisible', () => {
    expect(() => decode({ rule: { name: '//a:r', ruleClass: 'x' } })).toThrow(QueryOutputError);
    expect(() => decode({ rule: { name: '//a:r', ruleClass: 'x' } })).toThrow(
      /no attribute digest for \/\/a:r/,
    );
  });

  test('depends on the package groups of its visibility, and not on the words for packages', () => {
    const visibility = list(
      'visibility',
      '//visibility:public',
      '//visibility:private',
      '//a:__pkg__',
      '@@//a:__subpackages__',
      '@@//:friends',
    );
    expect(decodeRule('x', [visibility]).inputs).toEqual(['//:friends']);
  });

  test('can be tested if its class ends with _test, by its size and timeout', () => {
    const attributes = [text('size', 'large'), text('timeout', 'long')];
    expect(decodeRule('my_test', attributes).test).toEqual({ size: 'large', timeout: 'long' });
    expect(decodeRule('my_tests', attributes).test).toBeNull();
  });

  test("is of medium size where it does not say, or not in Bazel's words", () => {
    const usual = { size: 'medium', timeout: 'moderate' };
    expect(decodeRule('my_test').test).toEqual(usual);
    const odd = [text('size', 'tiny')];
    expect(decodeRule('my_test', odd).test).toEqual(usual);
  });

  test('names what it stands for if it is a toolchain', () => {
    const toolchain = text('toolchain', '@@//tc:impl');
    expect(decodeRule('toolchain', [toolchain]).toolchains).toEqual(['//tc:impl']);
    expect(decodeRule('other', [toolchain]).toolchains).toEqual([]);
  });

  test('names all that it may stand for if it is a toolchain and a select decides', () => {
    const entries = ['//tc:a', '//tc:b', '//tc:a'].map((stringValue) => ({ label: '//c:c', stringValue }));
    const toolchain = { name: 'toolchain', type: 20, selectorList: { elements: [{ entries }] } };
    expect(decodeRule('toolchain', [toolchain]).toolchains).toEqual(['//tc:a', '//tc:b']);
  });

  describe('needs of a platform', () => {
    const constraints = (attribute: object) =>
      decodeRule('x', [{ name: 'target_compatible_with', type: 20, ...attribute }]).constraints;
    const branches = (hasDefaultValue: boolean, ...lists: readonly (readonly string[])[]) => ({
      entries: lists.map((stringListValue) => ({ label: '//c:c', stringListValue })),
      hasDefaultValue,
    });

    test('the constraints that it names', () => {
      expect(constraints({ stringListValue: ['@@platforms//os:linux', '@@//c:x'] })).toEqual([
        '@@platforms//os:linux',
        '//c:x',
      ]);
      expect(decodeRule('x').constraints).toEqual([]);
    });

    test('of a select only the constraints that every branch names', () => {
      const elements = [branches(true, ['//c:x', '//c:y'], ['//c:y']), branches(true, ['//c:z'])];
      expect(constraints({ selectorList: { elements } })).toEqual(['//c:y', '//c:z']);
      expect(constraints({ selectorList: { elements: [branches(true, ['//c:x'], [])] } })).toEqual([]);
    });

    test('nothing for certain if a select has no default, because it may match nothing', () => {
      const elements = [branches(false, ['//c:x'], ['//c:x']), branches(true, ['//c:z'])];
      expect(constraints({ selectorList: { elements } })).toEqual([]);
    });
  });

  test('is a build setting whatever type its default has', () => {
    for (const value of [{ stringValue: '' }, { booleanValue: false }, { intValue: 0 }]) {
      expect(decodeRule('x', [{ name: 'build_setting_default', type: 2, ...value }]).buildSetting).toBe(true);
    }
  });

  test('is a program if Bazel says so', () => {
    expect(decodeRule('x', [{ name: '$is_executable', type: 2, booleanValue: true }]).executable).toBe(true);
    expect(decodeRule('x', []).executable).toBe(false);
  });

  test('reads only attributes that the query prints', () => {
    expect([...PRINTED_ATTRIBUTES].sort()).toEqual(
      [
        '$internal_attr_hash',
        '$is_executable',
        '$rule_implementation_hash',
        'build_setting_default',
        'size',
        'tags',
        'target_compatible_with',
        'timeout',
        'toolchain',
        'visibility',
      ].sort(),
    );
  });
});

describe('a source file', () => {
  const file = (parts: object) => decode({ type: 2, sourceFile: { name: '@@//a:x', ...parts } });

  test('depends on the package groups of its visibility', () => {
    expect(file({ packageGroup: ['@@//:friends'] })).toMatchObject({
      label: '//a:x',
      inputs: ['//:friends'],
    });
  });

  test('has another definition with another visibility, and not by its order', () => {
    const definition = (parts: object) => (file(parts) as { definition: string }).definition;
    expect(definition({ visibilityLabel: ['a', 'b'] })).toBe(definition({ visibilityLabel: ['b', 'a'] }));
    const all = [{}, { visibilityLabel: ['a'] }];
    expect(new Set(all.map(definition)).size).toBe(all.length);
  });
});

test('a generated file names the rule that makes it', () => {
  expect(decode({ type: 3, generatedFile: { name: '@@//a:o', generatingRule: '@@//a:g' } })).toEqual({
    kind: 'generated',
    label: '//a:o',
    generatingRule: '//a:g',
  });
});

test('a package group depends on those that it includes', () => {
  const group = (parts: object) => decode({ type: 4, packageGroup: { name: '//:g', ...parts } });
  expect(group({ includedPackageGroup: ['@@//:h'] })).toMatchObject({
    kind: 'package group',
    inputs: ['//:h'],
  });
  expect(group({ containedPackage: ['//a'] })).not.toEqual(group({ containedPackage: ['//b'] }));
  expect(group({ containedPackage: ['//a', '//b'] })).toEqual(group({ containedPackage: ['//b', '//a'] }));
});

test('an environment group has its environments as inputs, and another definition with other defaults', () => {
  const group = (...defaults: readonly string[]) =>
    decode({
      type: 5,
      environmentGroup: { name: '@@//a:e', environment: ['@@//a:one', '//a:two'], default: defaults },
    });
  expect(group()).toMatchObject({
    kind: 'environment group',
    label: '//a:e',
    inputs: ['//a:one', '//a:two'],
  });
  expect(group('//a:one')).not.toEqual(group());
  expect(group('//a:one', '//a:two')).toEqual(group('//a:two', '//a:one'));
});

test('an unknown kind of target is an error', () => {
  expect(decode({ type: 9 })).toBeNull();
});

test('bytes that are no target are an error', () => {
  expect(() => decodeTarget(Buffer.from('Loading: 0 packages loaded'))).toThrow(QueryOutputError);
});

describe('text that is not ASCII', () => {
  const labelOf = (name: string) => (decode({ type: 2, sourceFile: { name } }) as { label: string }).label;
  const twice = (name: string) => Buffer.from(name, 'utf8').toString('latin1');

  test('is mended where Bazel encoded it twice, as before 8.1', () => {
    for (const name of ['//a:ü', '//日本:語', '//a:😀', '//a:é+=@ x'])
      expect(labelOf(twice(name))).toBe(name);
  });

  test('stays what it is where Bazel encoded it once', () => {
    for (const name of ['//a:ü', '//日本:語', '//a:😀', '//a:naïve']) expect(labelOf(name)).toBe(name);
  });

  test('is mended in tags as well', () => {
    expect(decodeRule('x', [list('tags', twice('größe'))]).tags).toEqual(['größe']);
  });
});
