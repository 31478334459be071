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
  const foundIn = (text: string, script = 'tools/status.sh'): string[] => {
    const found = pathsInScript(script, text);
    return [
      ...found.files.map((path) => `file ${path}`),
      ...found.folders.map((path) => `folder ${path}`),
      ...found.openFiles.map(({ beginning, ending }) => `file ${beginning}*${ending}`),
      ...found.openFolders.map((path) => `folder ${path}*`),
      ...found.names.map(({ beginning, ending }) => `name ${beginning}*${ending}`),
    ];
  };

  test.each([
    ['. "$(dirname "$0")/lib_$(uname -s).sh"', 'file tools/lib_*.sh'],
    ['. lib_$(basename $(uname)).sh', 'file lib_*.sh'],
    ['. "$here/lib_${K:-x}.sh"', 'file tools/lib_*.sh'],
    ['cat "$here/part-$k.txt"', 'file tools/part-*.txt'],
    ['k=txt; cat meta/version.$k', 'file meta/version.*'],
    ['cat "meta/version-$(echo linux).txt"', 'file meta/version-*.txt'],
    ['cat "meta/version-"$k', 'file meta/version-*'],
    ['cat "$ROOT/version-"*', 'file version-*'],
    ['cat meta/version-`uname`.txt', 'file meta/version-*.txt'],
    ['cat VERSION.$k', 'file VERSION.*'],
    ['  version.$k', 'file version.*'],
    ['cat VERSION.{a,b}', 'file VERSION.*'],
    ['cat version.[a-z]*', 'file version.*'],
    ['cat version.@(a|b)', 'file version.*'],
    ['cat meta/VERS*', 'file meta/VERS*'],
    ['cat *.version', 'file *.version'],
    ['cat "$f.version"', 'file *.version'],
    ['cat ${n}.version', 'file *.version'],
    ['cat {api,web}.version', 'file *.version'],
    ['FILE="VERSION_$k"', 'file VERSION_*'],
    ['cat "${VERSION_FILE:-VERSION}"', 'file VERSION'],
    ['cat ${1-conf/VERSION}', 'file conf/VERSION'],
    ['cat $(printf "version.%s" $k)', 'file version.*'],
    ['echo version.$k | xargs cat', 'file version.*'],
    ['cat conf-$k/VERSION', 'folder conf-*'],
    ['cat conf/part-$((1+1))/VERSION', 'folder conf/part-*'],
    ['for d in services/app-*; do cat $d/VERSION; done', 'folder services/app-*'],
    ['cat services/app-*/V*', 'folder services/app-*'],
    ['cd services/app-$n', 'folder services/app-*'],
    ['cat meta/$a-$b.txt', 'folder meta'],
    ['cat meta/*.txt', 'folder meta'],
    ['cat */VERSION', 'name VERSION*'],
    ['find . -name "VERSION*"', 'name VERSION*'],
    ['find . -iname "*.version"', 'name *.version'],
    ['open("meta/version." + kind).read()', 'file meta/version.*'],
    ['open(name + ".version").read()', 'file *.version'],
    ['open("conf" + "/VERSION")', 'folder conf'],
    ['fs.readFileSync(__dirname + "/../conf" + "/version.json")', 'folder conf'],
    ['fs.readFileSync(`version.${k}`)', 'file version.*'],
    ['open("meta/version.%s" % kind).read()', 'file meta/version.*'],
    ['open("version.%(k)s" % {"k": k})', 'file version.*'],
    ['open(f"meta/version.{kind}.txt").read()', 'file meta/version.*.txt'],
    ['open("meta/version.{}".format(kind)).read()', 'file meta/version.*'],
    ['File.read("version.#{k}")', 'file version.*'],
    ["file_get_contents('meta/version.' . $kind)", 'file meta/version.*'],
    ['open(F, "version." . lc($k))', 'file version.*'],
    ['type version.%KIND%', 'file version.*'],
    ['cat "$ROOT"/*/VERSION', 'name VERSION*'],
    ["git ls-files '*.version'", 'name *.version'],
    ['cat "$(uname)"-version.txt', 'file *-version.txt'],
    ['cat conf/v${f}/VERSION', 'folder conf/v*'],
    // What stands inside of a computed part is read by itself.
    ['echo "STABLE_V v${VERSION:-$(cat VERSION)}"', 'file VERSION'],
    ['print(f"{open(\'VERSION\').read()}")', 'file VERSION'],
    ['puts "STABLE_V #{File.read(\'conf/VERSION\').strip}"', 'file conf/VERSION'],
    ['os.walk(f"{root}/frontend")', 'folder frontend'],
    ['make -C"$ROOT/build"', 'folder build'],
    ['cat "$(git rev-parse --show-cdup)conf/VERSION"', 'file conf/VERSION'],
    ['ls "${ROOT}frontend"', 'folder frontend'],
    ["File.expand_path('../VERSION', __FILE__)", 'file tools/VERSION'],
    ["File.expand_path('../../conf/VERSION', __FILE__)", 'file conf/VERSION'],
  ])('%s', (text, path) => {
    expect(foundIn(text)).toContain(path);
  });

  test('are looked for in each folder that the script can go up to', () => {
    expect(foundIn('cd "$(dirname "$0")/.."; cat ../VERSION', 'tools/ci/status.sh')).toContain(
      'file VERSION',
    );
  });

  test.each([
    'echo "STABLE_VERSION v$(cat VERSION)"',
    'cat "$x$y"',
    'path = f"{ROOT}/VERSION"',
    'msg = f"{k} {v}"',
    'tag=v$(git describe)',
  ])('are not those that are only printed, and no folder is named by one letter: %s', (text) => {
    const found = pathsInScript('tools/status.sh', text);
    expect([...found.openFolders, ...found.names]).toEqual([]);
    expect(
      found.openFiles.map(({ beginning }) => beginning).filter((path) => !/^(tools\/)?v$/.test(path)),
    ).toEqual([]);
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
