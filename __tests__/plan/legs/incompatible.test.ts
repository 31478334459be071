import { describe, expect, test } from '@jest/globals';
import { Graph } from '../../../src/graph/graph.js';
import type { RuleTarget, Target } from '../../../src/graph/target.js';
import { Incompatible } from '../../../src/plan/legs/incompatible.js';
import { generated, graph, packageGroup, rule, source, testRule } from '../../support/builders.js';

const NEVER = '@platforms//:incompatible';
const PARTS = ['@bazel_tools//tools/test:runtime', '@bazel_tools//tools/launcher:launcher'];

function why(target: RuleTarget, ...others: readonly Target[]): string | null {
  return new Incompatible(graph(target, ...others)).why(target);
}

const never = rule('//a:never', { ruleClass: 'filegroup', constraints: [NEVER] });

describe('a target that names the constraint that no platform has', () => {
  test.each([
    NEVER,
    '@@platforms//:incompatible',
    '@@platforms~//:incompatible',
    '@@platforms~0.0.9//:incompatible',
    '@@platforms+//:incompatible',
  ])('is incompatible: %s', (constraint) => {
    expect(why(testRule('//a:t', { constraints: ['//a:x', constraint] }))).toBe(
      `incompatible with every platform: //a:t needs ${constraint}`,
    );
  });

  test.each(['@platforms//os:linux', '//:incompatible', '@@rules~ext~platforms//:incompatible'])(
    'may be compatible with another one: %s',
    (constraint) => {
      expect(why(testRule('//a:t', { constraints: [constraint] }))).toBeNull();
    },
  );

  test('is incompatible through an alias, unless a select may decide what that leads to', () => {
    const target = testRule('//a:t', { constraints: ['//a:no'] });
    const alias = (...inputs: readonly string[]) => rule('//a:no', { ruleClass: 'alias', inputs });
    expect(why(target, alias(NEVER))).toContain('//a:t needs //a:no');
    expect(why(target, alias(NEVER, '@platforms//os:linux'))).toBeNull();
    expect(why(target, alias('//a:no'))).toBeNull();
    expect(why(target, rule('//a:no', { ruleClass: 'constraint_value', inputs: [NEVER] }))).toBeNull();
  });
});

describe('a target that depends on an incompatible one', () => {
  test('is incompatible, directly and through others', () => {
    const others = [
      never,
      rule('//a:alias', { ruleClass: 'alias', inputs: ['//a:out'] }),
      generated('//a:out', '//a:gen'),
      rule('//a:gen', { ruleClass: 'genrule', inputs: ['//a:never'] }),
      source('//a:t.sh'),
      packageGroup('//a:friends'),
    ];
    const inputs = ['//a:alias', '//a:t.sh', '//a:friends', ...PARTS];
    expect(why(testRule('//a:t', { inputs }), ...others)).toContain('//a:never needs');
  });

  test('may be compatible if a select may decide about the dependency', () => {
    const test = (input: string) => testRule('//a:t', { inputs: ['//a:never', input] });
    const others = [
      never,
      rule('//a:opt', { ruleClass: 'config_setting' }),
      rule('//a:linux', { ruleClass: 'constraint_value' }),
      rule('//a:alias', { ruleClass: 'alias', inputs: ['//a:opt'] }),
      rule('//a:tone', { ruleClass: 'string_flag', buildSetting: true }),
    ];
    for (const condition of ['//a:opt', '//a:linux', '//a:alias', '//a:tone', '@platforms//os:linux'])
      expect(why(test(condition), ...others)).toBeNull();
  });

  test('may be compatible if the dependency may be one of an aspect', () => {
    expect(why(testRule('//a:t', { starlark: true, inputs: ['//a:never'] }), never)).toBeNull();
    expect(why(testRule('//a:t', { ruleClass: 'my_test', inputs: ['//a:never'] }), never)).toBeNull();
  });
});

describe('the targets of a package are read', () => {
  /** The packages that are read to tell whether a test in package `a` is incompatible, with its reason. */
  function readFor(...targets: readonly Target[]): { read: string[]; reason: string | null } {
    const test = testRule('//a:t', { ruleClass: 'sh_test', inputs: ['//b:x'] });
    const read: string[] = [];
    const packages = [...graph(test, ...targets).packages()].map((each) => ({
      path: each.path,
      outline: each.outline,
      targets: () => {
        read.push(each.path);
        return each.targets();
      },
      isRead: true,
      isKnownToEqual: () => false,
    }));
    const reason = new Incompatible(Graph.ofPackages(packages)).why(test);
    return { read: [...new Set(read)].sort(), reason };
  }
  const library = rule('//b:x', { ruleClass: 'filegroup', inputs: ['//c:x'] });

  test('not at all if nothing needs what no platform has', () => {
    const other = rule('//c:x', { ruleClass: 'filegroup', constraints: ['@platforms//os:linux'] });
    expect(readFor(library, other)).toEqual({ read: [], reason: null });
  });

  test('not if only packages need it that the target does not use', () => {
    const other = rule('//d:x', { ruleClass: 'filegroup', inputs: ['//a:t'], constraints: [NEVER] });
    expect(readFor(library, other)).toEqual({ read: [], reason: null });
  });

  test('if it may depend on such a target through other packages', () => {
    const needing = rule('//c:x', { ruleClass: 'filegroup', constraints: ['//e:no'] });
    const alias = rule('//e:no', { ruleClass: 'alias', inputs: [NEVER] });
    const { read, reason } = readFor(library, needing, alias);
    expect(read).toEqual(['a', 'b', 'c', 'e']);
    expect(reason).toContain('//c:x needs //e:no');
  });
});
