import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import { buildFileOf } from '../../src/leg/locate-targets.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

let temporary: TemporaryFolder;
let workspace: string;

beforeAll(() => {
  temporary = new TemporaryFolder();
  workspace = temporary.path;
  mkdirSync(join(workspace, 'a'));
  writeFileSync(join(workspace, 'a', 'BUILD'), '');
});

afterAll(() => {
  temporary.remove();
});

describe('the BUILD file of a label', () => {
  test('is the one that its package has', async () => {
    expect(await buildFileOf(parseLabel('//a:b'), workspace)).toEqual({ file: 'a/BUILD', line: null });
  });

  test('is none where there is none, or in another repository', async () => {
    expect(await buildFileOf(parseLabel('//b:b'), workspace)).toBeNull();
    expect(await buildFileOf(parseLabel('@r//a:b'), workspace)).toBeNull();
  });
});
