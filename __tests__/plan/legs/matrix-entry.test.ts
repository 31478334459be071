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

  test('of early releases alone has the tests that run first', () => {
    const ownTests = [parseLabel('//a:t')];
    const { all, release, earlyRelease } = matricesOf([LEG, { ...LEG, mode: 'release', ownTests }]);
    for (const entry of [...all.include, ...release.include]) expect(entry).not.toHaveProperty('own-tests');
    const [entry] = earlyRelease.include;
    expect(entry).toMatchObject({ 'own-tests': ['//a:t'] });
    expect(parseMatrixEntry(JSON.stringify(entry))).toEqual(entry);
  });

  test('of early releases says that the plan has the tests, if they are too many', () => {
    const ownTests = Array.from({ length: 30_000 }, (_, at) => parseLabel(`//a/long/package:target_${at}`));
    const [entry] = matricesOf([{ ...LEG, mode: 'release', ownTests }]).earlyRelease.include;
    expect(entry).toMatchObject({ 'own-tests': 'in the plan' });
    expect(entry).not.toHaveProperty('targets');
    expect(parseMatrixEntry(JSON.stringify(entry))).toEqual(entry);
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
