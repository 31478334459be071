import { describe, expect, test } from '@jest/globals';
import { mayBeScript, pathsInScript } from '../../src/formats/script-paths.js';

function files(text: string): readonly string[] {
  return pathsInScript('tools/status.sh', text).files;
}

function folders(text: string): readonly string[] {
  return pathsInScript('tools/status.sh', text).folders;
}

describe('the files that a script may read', () => {
  test.each([
    ['echo STABLE_V $(cat VERSION)', 'VERSION'],
    ['read -r v <VERSION', 'VERSION'],
    ['. ./lib.sh', 'tools/lib.sh'],
    ['source "$(dirname "$0")/lib.sh"', 'tools/lib.sh'],
    ['cat "$(dirname $0)/../VERSION"', 'VERSION'],
    ['cat ${BUILD_WORKSPACE_DIRECTORY}/a/VERSION', 'a/VERSION'],
    ['cat $BUILD_WORKSPACE_DIRECTORY/a/VERSION', 'a/VERSION'],
    ['cat %workspace%/VERSION', 'VERSION'],
    ['print(open("conf/VERSION").read())', 'conf/VERSION'],
    ["awk '{print $1}' conf/versions", 'conf/versions'],
  ])('%s', (text, path) => {
    expect(files(text)).toContain(path);
  });

  test('are not those in comments', () => {
    expect(files('#!/bin/sh\n  # cat VERSION\n')).toEqual([]);
  });
});

describe('the folders that a script may read', () => {
  test.each([
    ['cd conf && cat v', 'conf'],
    ['git -C conf describe', 'conf'],
    ['os.listdir("conf")', 'conf'],
    ['os.path.join("conf", "v")', 'conf'],
    ['(Path(__file__).parent.parent / "conf" / "v").read_text()', 'conf'],
    ['cat conf/*', 'conf'],
    ['cat deep/conf/*.txt', 'deep/conf'],
  ])('%s', (text, path) => {
    expect(folders(text)).toContain(path);
  });

  test('are not all words', () => {
    expect(folders('if test -f VERSION; then echo app; fi')).toEqual([]);
  });
});

test('data names no further files', () => {
  expect(['a.sh', 'lib', 'a.py'].every(mayBeScript)).toBe(true);
  expect(['package.json', 'x.md', 'versions.txt'].some(mayBeScript)).toBe(false);
});
