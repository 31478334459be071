import { describe, expect, test } from '@jest/globals';
import type { Leg } from '../../src/matrix/leg.js';
import { matricesOf } from '../../src/matrix/matrix.js';
import { labels } from '../support/builders.js';

function leg(name: string, parts: Partial<Leg> = {}): Leg {
  return { name, mode: 'test', targets: labels(name), runsOn: 'ubuntu-latest', ...parts };
}

describe('matricesOf', () => {
  test('makes one entry of each leg, in order, with its place in the plan', () => {
    const { all } = matricesOf([leg('//b:t'), leg('//a:t', { runsOn: ['self-hosted', 'x'] })]);
    expect(all).toEqual({
      include: [
        { name: '//b:t', mode: 'test', 'runs-on': 'ubuntu-latest', index: 0, targets: ['//b:t'] },
        { name: '//a:t', mode: 'test', 'runs-on': ['self-hosted', 'x'], index: 1, targets: ['//a:t'] },
      ],
    });
  });

  test('gives each mode a matrix of its own, with the places that the legs have in the whole plan', () => {
    const made = matricesOf([
      leg('//a:t'),
      leg('//a:r', { mode: 'release' }),
      leg('//b:t'),
      leg('//a:b', { mode: 'build' }),
    ]);
    const entries = ([matrix]: readonly [(typeof made)['all']]) =>
      matrix.include.map(({ name, index }) => `${index} ${name}`);
    expect(entries([made.test])).toEqual(['0 //a:t', '2 //b:t']);
    expect(entries([made.build])).toEqual(['3 //a:b']);
    expect(entries([made.release])).toEqual(['1 //a:r']);
  });

  test('makes empty matrices of no legs', () => {
    const { all, test: tests } = matricesOf([]);
    expect([all, tests]).toEqual([{ include: [] }, { include: [] }]);
  });

  test('leaves the targets to the plan file where they would not fit into the outputs', () => {
    const many = Array.from({ length: 256 }, (_, index) =>
      leg(`//p:${index}`, {
        targets: labels(...Array.from({ length: 40 }, (_, at) => `//package${index}:target${at}`)),
      }),
    );
    const made = matricesOf(many);
    expect(made.all.include).toHaveLength(256);
    expect(made.all.include[255]).toEqual({
      name: '//p:255',
      mode: 'test',
      'runs-on': 'ubuntu-latest',
      index: 255,
    });
    expect(JSON.stringify(made).length).toBeLessThan(500_000);
  });
});
