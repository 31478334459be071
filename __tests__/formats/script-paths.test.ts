import { describe, expect, test } from '@jest/globals';
import { mayBeScript, pathsInList, pathsInScript } from '../../src/formats/script-paths.js';

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
    ['cat "conf dir/v"', 'conf dir/v'],
    ["cat 'conf dir/v'", 'conf dir/v'],
    ['cat "$ROOT/conf dir/v"', 'conf dir/v'],
    ['cat conf/a=b,c', 'conf/a=b,c'],
    ['import version', 'tools/version.py'],
    ['from lib.version import get', 'lib/version.py'],
    ['python3 -m tools.version', 'tools/version.py'],
    ["const v = require('./version')", 'tools/version.js'],
    ['make -C conf version', 'conf/Makefile'],
    ['make version', 'Makefile'],
    ['import lib', 'tools/lib/__init__.py'],
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
    ['DIR=conf; cat $DIR/v', 'conf'],
    ['for d in other conf; do cat $d/v; done', 'conf'],
    ['read_version conf', 'conf'],
    ['if read_version conf; then exit; fi', 'conf'],
    ['open(os.path.join(ROOT, "conf", "v"))', 'conf'],
    ['DIRS=(\n  conf\n)', 'conf'],
  ])('%s', (text, path) => {
    expect(folders(text)).toContain(path);
  });

  test('are not commands, and not words that are only printed', () => {
    const found = folders('if test -f VERSION; then echo app; fi\ngit describe | tools -x');
    expect(['test', 'app', 'git', 'tools'].filter((word) => found.includes(word))).toEqual([]);
  });
});

test('a list of paths names files, and other data does not', () => {
  expect(pathsInList('tools/files.txt', 'conf/v\n\nother\n')).toEqual(
    expect.arrayContaining(['conf/v', 'tools/conf/v', 'other', 'tools/other']),
  );
  expect(pathsInList('README.md', 'See conf/v\n')).toEqual([]);
});

test('data names no further files', () => {
  expect(['a.sh', 'lib', 'a.py'].every(mayBeScript)).toBe(true);
  expect(['package.json', 'x.md', 'versions.txt'].some(mayBeScript)).toBe(false);
});
