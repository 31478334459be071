import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writePieces } from '../../../src/adapters/disk/write-pieces.js';
import { parsePlan, planFileContent, smallPlanFileContent } from '../../../src/plan/file/plan-file.js';
import { affectedTarget, label, labels, plan } from '../../support/builders.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const AFFECTED = 2_000_000;

let temporary: TemporaryFolder;
let room: string;

beforeAll(() => {
  temporary = new TemporaryFolder();
  room = temporary.path;
});

afterAll(() => {
  temporary.remove();
});

test('a plan of two million affected targets is written, and the jobs after it can read what they need', () => {
  const path = Array.from({ length: 5 }, (_, at) => `//some/package/of/a/large/repository:target_${at}`);
  const target = affectedTarget(path[0] ?? '', { path: labels(...path) });
  const legs = Array.from({ length: 256 }, (_, leg) => {
    const targets = Array.from({ length: 4_000 }, (_, at) => label(`//package${leg}/${at}:some_test`));
    return { name: `leg ${leg}`, mode: 'test' as const, targets, runsOn: 'ubuntu-latest' };
  });
  const tests = legs.flatMap(({ targets }) => targets);
  const made = plan({ affected: Array.from({ length: AFFECTED }, () => target), test: tests, legs });

  const whole = join(room, 'whole.json');
  writePieces(whole, planFileContent(made));
  // The longest text that there can be.
  expect(statSync(whole).size).toBeGreaterThan(2 ** 29 - 24);

  const small = join(room, 'small.json');
  writePieces(small, smallPlanFileContent(made));
  expect(statSync(small).size).toBeLessThan(64 * 1024 * 1024);
  const read = parsePlan(readFileSync(small, 'utf8'));
  expect(read.affectedCount).toBe(AFFECTED);
  expect(read.legs).toHaveLength(256);
  expect(read.legs[255]?.targets.at(-1)).toBe('//package255/3999:some_test');
});

test('pieces of text with characters of several bytes are written whole, in their order', () => {
  const file = join(room, 'pieces');
  const pieces = Array.from({ length: 3_000 }, (_, at) => `${at} ${'é読😀'.repeat(300)}\n`);
  writePieces(file, pieces);
  expect(readFileSync(file, 'utf8')).toBe(pieces.join(''));
});
