import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MOST_BYTES, sizeProblem } from '../../scripts/dist-size.mjs';
import { TemporaryFolder } from '../support/temporary-folder.js';

let temporary: TemporaryFolder;
let folder: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
  mkdirSync(join(folder, 'bundle'));
  writeFileSync(join(folder, 'index.js'), '12345');
  writeFileSync(join(folder, 'bundle', 'index.js'), '67890');
});

afterEach(() => {
  temporary.remove();
});

test('a folder as large as is allowed has no problem', () => {
  expect(sizeProblem(folder, 10)).toBeNull();
});

test('a folder that is larger by one byte has one, and it names both sizes', () => {
  expect(sizeProblem(folder, 9)).toBe('it has 10 bytes, and at most 9 are allowed');
});

test('dist/ may have 5 MB', () => {
  expect(MOST_BYTES).toBe(5_000_000);
});
