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

  test.each([
    'cd "$(dirname "$0")/../.."',
    'root="$here/../.."',
    'root="${here}/../.."',
    'cat "$x$y" | tr "$k" v*',
  ])('are not the ones around it: %s', (text) => {
    const found = pathsInScript('tools/status/status.sh', text).folders;
    expect(found.filter((folder) => ['tools', 'tools/status', ''].includes(folder))).toEqual([]);
  });

  test('are not commands, and not words that are only printed', () => {
    const found = folders('if test -f VERSION; then echo app; fi\ngit describe | tools -x');
    expect(['test', 'app', 'git', 'tools'].filter((word) => found.includes(word))).toEqual([]);
  });
});

describe('the paths with a computed part', () => {
  const openIn = (text: string): string[] =>
    pathsInScript('tools/status.sh', text).open.map(
      ({ beginning, ending, of }) => `${of} ${beginning}*${ending}`,
    );

  test.each([
    ['. "$(dirname "$0")/lib_$(uname -s).sh"', 'file tools/lib_*.sh'],
    ['cat "$here/part-$k.txt"', 'file tools/part-*.txt'],
    ['k=txt; cat meta/version.$k', 'file meta/version.*'],
    ['cat "meta/version-$(echo linux).txt"', 'file meta/version-*.txt'],
    ['cat "meta/version-"$k', 'file meta/version-*'],
    ['cat meta/version-`uname`.txt', 'file meta/version-*.txt'],
    ['. "$here/lib_${K:-x}.sh"', 'file tools/lib_*.sh'],
    ['cat VERSION.$k', 'file VERSION.*'],
    ['cat VERSION.{a,b}', 'file VERSION.*'],
    ['cat meta/VERS*', 'file meta/VERS*'],
    ['cat *.version', 'file *.version'],
    ['FILE="VERSION_$k"', 'file VERSION_*'],
    ['cat conf-$k/VERSION', 'folder conf-*'],
    ['cat meta/$a-$b.txt', 'folder meta'],
    ['open("meta/version." + kind).read()', 'file meta/version.*'],
    ['open("meta/version.%s" % kind).read()', 'file meta/version.*'],
    ['open(f"meta/version.{kind}.txt").read()', 'file meta/version.*.txt'],
    ['open("meta/version.{}".format(kind)).read()', 'file meta/version.*'],
    ["file_get_contents('meta/version.' . $kind)", 'file meta/version.*'],
  ])('%s', (text, path) => {
    const { folders } = pathsInScript('tools/status.sh', text);
    expect([...openIn(text), ...folders.map((folder) => `folder ${folder}`)]).toContain(path);
  });

  test('are not those that are only printed, and not what is unknown as a whole', () => {
    expect(openIn('echo "STABLE_VERSION v$(cat VERSION)"')).toEqual([]);
    expect(openIn('cat "$x$y"')).toEqual([]);
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
