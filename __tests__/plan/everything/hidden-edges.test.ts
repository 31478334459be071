import { describe, expect, test } from '@jest/globals';
import { Affected } from '../../../src/plan/affected/affected.js';
import { escalationByHiddenEdge } from '../../../src/plan/everything/hidden-edges.js';
import type { Seed } from '../../../src/plan/affected/seed.js';
import type { Graph } from '../../../src/graph/graph.js';
import {
  environmentGroup,
  graph,
  label,
  labels,
  repositoryPath,
  rule,
  source,
} from '../../support/builders.js';

/** The reason why a change of a label reaches everything, or null. */
function reason(
  changed: string,
  head: Graph,
  { before = head, named = [] }: { before?: Graph; named?: readonly string[] } = {},
): string | null {
  const seeds: Seed[] = [{ label: label(changed), kind: 'content', change: repositoryPath('the/change') }];
  const escape = escalationByHiddenEdge(before, head, Affected.of(head, seeds), seeds, {
    by: (one) => (labels(...named).includes(one) ? 'an option of Bazel' : null),
  });
  if (escape !== null) expect(escape.change).toBe('the/change');
  return escape?.reason ?? null;
}

describe('escapeOf', () => {
  const compiler = [
    source('//tc:compiler.sh'),
    rule('//tc:impl', { inputs: ['//tc:compiler.sh'] }),
    rule('//tc:toolchain', { ruleClass: 'toolchain', toolchains: ['//tc:impl'] }),
    rule('//a:lib'),
  ];

  test('escalates used by a toolchain', () => {
    expect(reason('//tc:compiler.sh', graph(...compiler))).toMatch(/^\/\/tc:impl \(used by a toolchain/);
  });

  test('escalates what only the base has a toolchain for', () => {
    const head = graph(...compiler.slice(0, 2));
    expect(reason('//tc:compiler.sh', head, { before: graph(...compiler) })).toContain('//tc:impl');
  });

  test('escalates a toolchain rule itself, also one that is gone', () => {
    expect(reason('//tc:toolchain', graph(...compiler))).toContain('//tc:toolchain (toolchain)');
    expect(reason('//tc:toolchain', graph(), { before: graph(...compiler) })).toContain('(toolchain)');
  });

  test('escalates a platform, and what a platform depends on', () => {
    const made = graph(
      rule('//p:linux', { ruleClass: 'platform', inputs: ['//p:fast'] }),
      rule('//p:fast', { ruleClass: 'constraint_value' }),
    );
    expect(reason('//p:linux', made)).toContain('//p:linux (platform)');
    expect(reason('//p:fast', made)).toContain('//p:linux (platform)');
  });

  test('escalates an environment, and an environment group that changed or is gone', () => {
    const made = graph(
      rule('//e:one', { ruleClass: 'environment' }),
      environmentGroup('//e:all', 'same', ['//e:one']),
    );
    expect(reason('//e:one', made)).toContain('//e:all (environment group)');
    expect(reason('//e:one', graph(rule('//e:one', { ruleClass: 'environment' })))).toContain(
      '(environment)',
    );
    expect(reason('//e:all', graph(), { before: made })).toContain('//e:all (environment group)');
  });

  test('escalates a build setting that itself changed or is gone', () => {
    const flag = rule('//c:tone', { buildSetting: true, inputs: ['//c:x'] });
    expect(reason('//c:tone', graph(flag))).toContain('//c:tone (build setting)');
    expect(reason('//c:tone', graph(), { before: graph(flag) })).toContain('//c:tone (build setting)');
  });

  test('does not escalate a new build setting, or one that only depends on the change', () => {
    const flag = rule('//c:tone', { buildSetting: true, inputs: ['//c:x'] });
    expect(reason('//c:tone', graph(flag), { before: graph() })).toBeNull();
    expect(reason('//c:x', graph(flag, source('//c:x')))).toBeNull();
  });

  describe('of an alias that itself changed', () => {
    const alias = (leadsTo: string) => rule('//t:alias', { ruleClass: 'alias', inputs: [leadsTo] });
    const ends = [
      rule('//t:flag', { buildSetting: true }),
      rule('//t:type', { ruleClass: 'toolchain_type' }),
      rule('//t:chain', { ruleClass: 'toolchain', toolchains: ['//t:impl'] }),
      rule('//t:linux', { ruleClass: 'platform' }),
      rule('//t:through', { ruleClass: 'alias', inputs: ['//t:type', '//visibility:private'] }),
      rule('//t:lib'),
    ];

    test.each([
      ['//t:flag', 'an alias of //t:flag, build setting'],
      ['//t:type', 'an alias of //t:type, toolchain_type'],
      ['//t:chain', 'an alias of //t:chain, toolchain'],
      ['//t:linux', 'an alias of //t:linux, platform'],
      ['//t:through', 'an alias of //t:type, toolchain_type'],
    ])('escalates one that leads to %s, before or after', (end, what) => {
      const [hidden, plain] = [graph(alias(end), ...ends), graph(alias('//t:lib'), ...ends)];
      expect(reason('//t:alias', hidden, { before: plain })).toContain(`//t:alias (${what})`);
      expect(reason('//t:alias', plain, { before: hidden })).toContain(`//t:alias (${what})`);
      expect(reason('//t:alias', graph(...ends), { before: hidden })).toContain(`//t:alias (${what})`);
    });

    test('escalates a new one of what is registered, by a pattern for instance, and of nothing else', () => {
      const before = graph(...ends);
      expect(reason('//t:alias', graph(alias('//t:chain'), ...ends), { before })).toContain('//t:alias');
      expect(reason('//t:alias', graph(alias('//t:flag'), ...ends), { before })).toBeNull();
      expect(reason('//t:alias', graph(alias('//t:type'), ...ends), { before })).toBeNull();
    });

    test('does not escalate one that leads elsewhere, or that only depends on the change', () => {
      expect(reason('//t:alias', graph(alias('//t:lib'), ...ends))).toBeNull();
      const made = graph(
        alias('//t:label_flag'),
        rule('//t:label_flag', { buildSetting: true, inputs: ['//t:default'] }),
        rule('//t:default'),
      );
      expect(reason('//t:default', made)).toBeNull();
    });
  });

  test('escalates a toolchain type that itself changed, and no new one', () => {
    const type = graph(rule('//t:type', { ruleClass: 'toolchain_type' }));
    expect(reason('//t:type', type)).toContain('//t:type (toolchain_type)');
    expect(reason('//t:type', type, { before: graph() })).toBeNull();
    const replaced = graph(
      rule('//t:type', { ruleClass: 'alias', inputs: ['//t:other'] }),
      rule('//t:other', { ruleClass: 'toolchain_type' }),
    );
    expect(reason('//t:type', replaced, { before: type })).toContain('//t:type (toolchain_type)');
  });

  test('escalates a label that an option names, also through its inputs', () => {
    const made = graph(rule('//tools:wrapper', { inputs: ['//tools:w.sh'] }), source('//tools:w.sh'));
    expect(reason('//tools:w.sh', made, { named: ['//tools:wrapper'] })).toMatch(
      /^\/\/tools:wrapper \(named by an option/,
    );
  });

  test('does not escalate an ordinary change', () => {
    expect(reason('//a:lib', graph(...compiler))).toBeNull();
    expect(reason('//a:lib', graph(...compiler), { named: ['//tc:impl'] })).toBeNull();
  });
});
