import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { Leg } from '../../../src/plan/legs/leg.js';
import { matricesOf, MatrixSizeError, type Matrices, type Matrix } from '../../../src/plan/legs/matrix.js';
import { labels } from '../../support/builders.js';

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

  test('leaves the targets to the plan file where toJSON(needs) would be too long an input with them', () => {
    expect(named(matricesOf(legsOf(40, 20)))).toBe(true);
    // 1,203 tests in 255 legs, as they were seen to fail: 176,000 bytes.
    const many = legsOf(255, 5);
    expect(Buffer.byteLength(toJson(needsWith(matricesOf(many, 'outputs'))))).toBeGreaterThan(131_072);
    expect(named(matricesOf(many))).toBe(false);
  });

  test('keeps them there if the legs have no artifact, as long as each leg can start', () => {
    expect(named(matricesOf(legsOf(255, 5), 'outputs'))).toBe(true);
    expect(named(matricesOf(legsOf(1, 2_000), 'outputs'))).toBe(true);
    expect(named(matricesOf(legsOf(1, 4_000), 'outputs'))).toBe(false);
  });

  test('refuses runners whose labels are longer than outputs may be, with what to do', () => {
    const long = legsOf(256, 1).map((one) => ({ ...one, runsOn: ['self-hosted', 'x'.repeat(2_000)] }));
    expect(() => matricesOf(long)).toThrow(MatrixSizeError);
    expect(() => matricesOf(long)).toThrow('shorter runner labels in the inputs runs-on and runners');
    const wide = leg('//a:t', { runsOn: Array.from({ length: 20_000 }, () => 'x') });
    expect(() => matricesOf([wide])).toThrow(MatrixSizeError);
  });
});

/** Legs with labels of 40 characters and more, in the letters given. */
function legsOf(count: number, targets: number, letters = 'a'): Leg[] {
  return Array.from({ length: count }, (_, index) => {
    const own = Array.from(
      { length: targets },
      (_, at) => `//${letters.padEnd(20, letters)}/${index}:${'t'.padEnd(15, letters)}${at}`,
    );
    return leg(own[0] ?? '', { name: `leg ${index}`, targets: labels(...own) });
  });
}

function named(matrices: Matrices): boolean {
  const entries = Object.values(matrices as unknown as Record<string, Matrix>).flatMap(
    ({ include }) => include,
  );
  const having = entries.filter(({ targets }) => targets !== undefined);
  expect([0, entries.length]).toContain(having.length);
  return having.length > 0;
}

/** As the runner writes it, and then some: it escapes what JSON leaves alone here and there. */
function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[<>&\u0085\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function needsWith({ all, test, build, release }: Matrices): unknown {
  const job = { result: 'success', outputs: {} };
  const matrices = { matrix: all, 'test-matrix': test, 'build-matrix': build, 'release-matrix': release };
  const outputs = {
    ...Object.fromEntries(Object.entries(matrices).map(([name, matrix]) => [name, JSON.stringify(matrix)])),
    everything: 'x'.repeat(1_000),
    plan: 'x'.repeat(4_096),
    head: 'a'.repeat(64),
    base: 'b'.repeat(64),
  };
  return { plan: { ...job, outputs }, test: job, build: job, release: job };
}

describe('a program starts', () => {
  function starts(name: string, value: string): boolean {
    return spawnSync('/bin/true', { env: { [name]: value } }).status === 0;
  }

  // Also other scripts (three bytes for a UTF-16 unit), control characters (six for one, and seven once more escaped),
  // and what act writes as six.
  test.each(['a', '"', '読', '😀', '\u0001', '\u2028', '<'])(
    'with every input that is made of outputs, where labels are full of %j',
    (letters) => {
      for (let count = 1; count < 60; count += 5) {
        const whole = matricesOf(legsOf(count, 40, letters));
        expect([count, starts('INPUT_NEEDS', toJson(needsWith(whole)))]).toEqual([count, true]);
      }
      for (let targets = 100; targets < 4_000; targets += 300) {
        const [entry] = matricesOf(legsOf(1, targets, letters), 'outputs').all.include;
        expect([targets, starts('INPUT_LEG', toJson(entry))]).toEqual([targets, true]);
      }
    },
  );

  test('with nothing longer than that: the limit is where we think it is', () => {
    expect(starts('INPUT_LEG', 'x'.repeat(131_071 - 'INPUT_LEG='.length))).toBe(true);
    expect(starts('INPUT_LEG', 'x'.repeat(131_072 - 'INPUT_LEG='.length))).toBe(false);
  });
});
