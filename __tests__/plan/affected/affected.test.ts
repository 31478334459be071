import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Affected } from '../../../src/plan/affected/affected.js';
import type { Seed } from '../../../src/plan/affected/seed.js';
import { generated, graph, label, packageGroup, rule, source } from '../../support/builders.js';

function seed(name: string, kind: Seed['kind'] = 'content'): Seed {
  return { label: label(name), kind, change: null };
}

function sorted(affected: Affected): string[] {
  return [...affected.labels()].sort();
}

describe('Affected', () => {
  test('is whatever reaches a seed, and nothing else', () => {
    const made = graph(
      source('//a:x'),
      rule('//a:lib', { inputs: ['//a:x'] }),
      rule('//b:app', { inputs: ['//a:lib'] }),
      rule('//b:other', { inputs: ['//b:y'] }),
      source('//b:y'),
    );
    expect(sorted(Affected.of(made, [seed('//a:x')]))).toEqual(['//a:lib', '//a:x', '//b:app']);
    expect(sorted(Affected.of(made, []))).toEqual([]);
  });

  test('goes through generated files, package groups and what guards a source file', () => {
    const made = graph(
      source('//a:x', 'same', ['//:inner']),
      packageGroup('//:outer'),
      packageGroup('//:inner', 'same', ['//:outer']),
      rule('//a:gen', { inputs: ['//a:x'] }),
      generated('//a:out', '//a:gen'),
      rule('//b:user', { inputs: ['//a:out'] }),
    );
    expect(Affected.of(made, [seed('//:outer')]).causeOf(label('//b:user'))?.path).toEqual([
      '//b:user',
      '//a:out',
      '//a:gen',
      '//a:x',
      '//:inner',
      '//:outer',
    ]);
  });

  test('reaches those who still name a deleted target', () => {
    const made = graph(rule('//b:user', { inputs: ['//a:gone'] }));
    const affected = Affected.of(made, [seed('//a:gone', 'deleted target')]);
    expect(affected.has(label('//b:user'))).toBe(true);
  });

  test('comes to an end in a cycle', () => {
    const made = graph(rule('//a:r', { inputs: ['//a:s'] }), rule('//a:s', { inputs: ['//a:r', '//a:s'] }));
    expect(sorted(Affected.of(made, [seed('//a:r')]))).toEqual(['//a:r', '//a:s']);
  });

  test('explains a target by the shortest way, of several by the first in order', () => {
    const made = graph(
      source('//a:x'),
      rule('//a:long', { inputs: ['//a:x'] }),
      rule('//a:longer', { inputs: ['//a:long'] }),
      rule('//z:short', { inputs: ['//a:x'] }),
      rule('//b:short', { inputs: ['//a:x'] }),
      rule('//top:top', { inputs: ['//z:short', '//a:longer', '//b:short'] }),
    );
    expect(Affected.of(made, [seed('//a:x')]).causeOf(label('//top:top'))?.path).toEqual([
      '//top:top',
      '//b:short',
      '//a:x',
    ]);
  });

  test('explains a seed by itself, by its first kind', () => {
    const affected = Affected.of(graph(rule('//a:r')), [
      seed('//a:r', 'definition'),
      seed('//a:r', 'package'),
    ]);
    expect(affected.causeOf(label('//a:r'))).toEqual({ seed: seed('//a:r', 'definition'), path: ['//a:r'] });
  });

  test('has no cause for what is not affected, known or not', () => {
    const affected = Affected.of(graph(rule('//a:r'), rule('//a:s')), [seed('//a:r')]);
    expect(affected.causeOf(label('//a:s'))).toBeUndefined();
    expect(affected.causeOf(label('//nowhere:x'))).toBeUndefined();
  });

  test('is the reverse closure of any graph, whatever the order of its targets', () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 });
    fc.assert(
      fc.property(edges, fc.subarray([...Array(10).keys()]), (pairs, seeded) => {
        const targets = [...Array(10).keys()].map((user) =>
          rule(`//p:${user}`, {
            inputs: pairs.filter(([from]) => from === user).map(([, to]) => `//p:${to}`),
          }),
        );
        const reached = new Set(seeded);
        for (let size = -1; size !== reached.size;) {
          size = reached.size;
          for (const [from, to] of pairs) if (reached.has(to)) reached.add(from);
        }
        const expected = [...reached].map((index) => `//p:${index}`).sort();
        const seeds = seeded.map((index) => seed(`//p:${index}`));
        const affected = Affected.of(graph(...targets), seeds);
        const backwards = Affected.of(graph(...targets.toReversed()), seeds.toReversed());
        expect(sorted(affected)).toEqual(expected);
        for (const name of affected.labels()) {
          const cause = affected.causeOf(name);
          expect(seeded.map((index) => `//p:${index}`)).toContain(cause?.seed.label);
          expect(cause?.path.at(-1)).toBe(cause?.seed.label);
          expect(backwards.causeOf(name)?.path).toEqual(cause?.path);
        }
      }),
    );
  });
});
