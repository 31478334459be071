import { expect, test } from '@jest/globals';
import { locationQuery, parseLocations } from '../../src/formats/locations.js';
import { parseLabel } from '../../src/graph/label.js';

const WORKSPACE = '/home/ada/monorepo';

test('labels are quoted so that each is one word of the query', () => {
  const labels = ['//a:b c', '//a:"b"', "//a:'b'", `//a:'"`].map(parseLabel);
  expect(locationQuery(labels)).toBe(`set("//a:b c" '//a:"b"' "//a:'b'")\n`);
});

test('locations are read from inside the workspace', () => {
  const output = [
    `${WORKSPACE}/a/BUILD:12:8: sh_test rule //a:b c`,
    '/elsewhere/BUILD:3:1: sh_test rule @@x//a:d',
    `${WORKSPACE}/a/x.sh:1:1: source file //a:x.sh`,
    'noise',
  ].join('\n');
  expect([...parseLocations(output, [WORKSPACE])]).toEqual([['//a:b c', { file: 'a/BUILD', line: 12 }]]);
});
