import { describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../../src/graph/label.js';
import type { Leg } from '../../../src/plan/legs/leg.js';
import { matricesOf, MatrixEntryError, parseMatrixEntry } from '../../../src/plan/legs/matrix.js';

const LEG: Leg = {
  name: '//a:${{ x }}',
  mode: 'test',
  targets: [parseLabel('//a:${{ x }}'), parseLabel('//a:"b"')],
  runsOn: ['self-hosted', 'big'],
};

describe('an entry of a matrix', () => {
  test('is read as it was written', () => {
    const [entry] = matricesOf([LEG]).test.include;
    expect(entry).toBeDefined();
    expect(parseMatrixEntry(JSON.stringify(entry))).toEqual(entry);
  });

  test('of releases has the tests that run first, and entries of other legs have none', () => {
    const ownTests = [parseLabel('//a:t')];
    const { test: tests, release } = matricesOf([LEG, { ...LEG, mode: 'release', ownTests }]);
    expect(tests.include[0]).not.toHaveProperty('own-tests');
    expect(parseMatrixEntry(JSON.stringify(release.include[0]))).toMatchObject({ 'own-tests': ['//a:t'] });
  });

  test('of a plan too large for outputs names its place in the plan, and no targets', () => {
    const many = Array.from({ length: 30_000 }, (_, at) => parseLabel(`//a/long/package:target_${at}`));
    const matrices = matricesOf([{ ...LEG, targets: many }]);
    expect(parseMatrixEntry(JSON.stringify(matrices.all.include[0]))).toEqual({
      name: LEG.name,
      mode: 'test',
      'runs-on': LEG.runsOn,
      index: 0,
    });
  });

  test.each([
    ['', 'it is empty'],
    ['{"name": "x"', 'it is not JSON'],
    ['null', 'the file should be an object, and is null'],
    ['{"name":"x","mode":"deploy","runs-on":"u","index":0}', 'mode should be one of test, build, release'],
    ['{"name":"x","mode":"test","runs-on":"u","index":-1}', 'index should be a whole number of at least 0'],
    ['{"name":"x","mode":"test","runs-on":"u","index":0,"targets":["; rm"]}', 'targets[0] should be a label'],
    [
      '{"name":"x","mode":"release","runs-on":"u","index":0,"targets":["//a:r"],"own-tests":["--x"]}',
      'own-tests[0] should be a label',
    ],
  ])('is refused: %s', (json, message) => {
    expect(() => parseMatrixEntry(json)).toThrow(MatrixEntryError);
    expect(() => parseMatrixEntry(json)).toThrow(message);
  });
});
