import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildFileOf, locationQuery, parseLocations } from '../../src/bazel/locations.js';
import { parseLabel } from '../../src/graph/label.js';

let workspace: string;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'locations-'));
  mkdirSync(join(workspace, 'a'));
  writeFileSync(join(workspace, 'a', 'BUILD'), '');
});

afterAll(() => {
  rmSync(workspace, { recursive: true });
});

test('labels are quoted so that each is one word of the query', () => {
  const labels = ['//a:b c', '//a:"b"', "//a:'b'", `//a:'"`].map(parseLabel);
  expect(locationQuery(labels)).toBe(`set("//a:b c" '//a:"b"' "//a:'b'")\n`);
});

test('locations are read from inside the workspace', () => {
  const output = [
    `${workspace}/a/BUILD:12:8: sh_test rule //a:b c`,
    '/elsewhere/BUILD:3:1: sh_test rule @@x//a:d',
    `${workspace}/a/x.sh:1:1: source file //a:x.sh`,
    'noise',
  ].join('\n');
  expect([...parseLocations(output, workspace)]).toEqual([['//a:b c', { file: 'a/BUILD', line: 12 }]]);
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
