import { describe, expect, test } from '@jest/globals';
import {
  aspectsIn,
  fileOfAspect,
  importedRcFiles,
  labelsInOptions,
  namesInOptions,
  optionsOfMappings,
  packagePathsIn,
  parseRc,
  pathsInOptions,
  platformMappingsIn,
  sameOptions,
  splitWords,
} from '../../src/formats/rc.js';
import { MainRepository } from '../../src/graph/main-repository.js';

describe('splitWords', () => {
  test.each([
    ['build --a --b=c', ['build', '--a', '--b=c']],
    ['  build\t--a  ', ['build', '--a']],
    ['build --a="x y" \'--b=z z\'', ['build', '--a=x y', '--b=z z']],
    ['build --a=x\\ y --b=\\"', ['build', '--a=x y', '--b="']],
    ['build --a="it\'s"', ['build', "--a=it's"]],
    ['build --a="" ""', ['build', '--a=', '']],
    ['build --a # why', ['build', '--a']],
    ['build --a="#1" --b=\\#2', ['build', '--a=#1', '--b=#2']],
    // Bazel 7.7.1 reads `--define=x=a#b` as `--define=x=a`.
    ['build --define=x=a#b --c', ['build', '--define=x=a']],
    ['# build --a', []],
    ['', []],
    // Only spaces, tabs and carriage returns part words (seen on 7.7.1).
    ['build\r--a\u00a0b\f--c', ['build', '--a\u00a0b\f--c']],
  ])('splits %j as Bazel does', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });
});

describe('parseRc', () => {
  test('reads a command and its options a line', () => {
    expect(parseRc('# top\nbuild --a\r\n\ntest:ci --b --c\nimport x')).toEqual([
      { command: 'build', words: ['--a'] },
      { command: 'test:ci', words: ['--b', '--c'] },
      { command: 'import', words: ['x'] },
    ]);
  });

  test('joins a line that ends with a backslash with the next', () => {
    expect(parseRc('build \\\n  --a \\\r\n  --b\ntest --c')).toEqual([
      { command: 'build', words: ['--a', '--b'] },
      { command: 'test', words: ['--c'] },
    ]);
  });
});

test('parseRc takes every white space of ASCII from both ends of a line', () => {
  expect(parseRc('\f\vbuild --a \v\r\nimport x\f')).toEqual([
    { command: 'build', words: ['--a'] },
    { command: 'import', words: ['x'] },
  ]);
});

test('sameOptions looks at what is in force, order included', () => {
  expect(sameOptions('build --a # x', '\n\nbuild   --a')).toBe(true);
  expect(sameOptions('build --a --b', 'build --b --a')).toBe(false);
  expect(sameOptions('build --a', 'test --a')).toBe(false);
  expect(sameOptions('build --a=1', 'build --a=2')).toBe(false);
  expect(sameOptions('build "--a b"', 'build --a b')).toBe(false);
});

describe('importedRcFiles', () => {
  test('finds imports, relative to the workspace where they are not absolute', () => {
    const text =
      'import %workspace%/tools/ci.rc\ntry-import %workspace%/user.bazelrc\nimport relative/x\n' +
      'import /etc/bazel.bazelrc\ntry-import ~/.bazelrc\nbuild --import=y\n# import z\nimport ../common.rc';
    expect(importedRcFiles(text)).toEqual([
      'tools/ci.rc',
      'user.bazelrc',
      'relative/x',
      '/etc/bazel.bazelrc',
      '~/.bazelrc',
      '../common.rc',
    ]);
  });

  test.each([
    ['import "%workspace%/ci/my options"', 'ci/my options'],
    ['import \\\n%workspace%/ci/opts', 'ci/opts'],
    ['import \\\r\n  %workspace%/ci/opts\r\n', 'ci/opts'],
    ['import %workspace%/a\\ b', 'a b'],
    ['  import\t%workspace%/ci/opts # why', 'ci/opts'],
    ['"try-import" ci/opts', 'ci/opts'],
    ['import %workspace%//ci/./opts', 'ci/opts'],
    ['import %workspace%/a/../../common.rc', '../common.rc'],
    // Bazel 9 knows it; older ones skip the line.
    ['try-import-if-bazel-version >=9.0.0 %workspace%/ci/opts', 'ci/opts'],
  ])('reads %j as Bazel does', (line, path) => {
    expect(importedRcFiles(line)).toEqual([path]);
  });
});

test('the options of platform mappings are those of their lines that begin with dashes', () => {
  const text = 'platforms:\n  //p:x\n    --cpu=x\n    --//f:lf=//lib:a\n\nflags:\n  --cpu=x\n    //p:x\n';
  expect(optionsOfMappings(text)).toBe('build --cpu=x\nbuild --//f:lf=//lib:a\nbuild --cpu=x\n');
  expect(platformMappingsIn('build --platform_mappings=conf/m')).toEqual(['conf/m']);
});

describe('labelsInOptions', () => {
  const labelsOf = (text: string) => labelsInOptions(text, MainRepository.named('main'));

  test('finds labels of the main repository wherever an option has one', () => {
    const text =
      'build --aspects=//tools:lint.bzl%lint,@//tools:b.bzl%b --//config:tone=//t:formal --@@//c:d\n' +
      'build --platforms=@@//p:linux --run_under //tools:wrap --x=@other//a:b --url=https://example.org/x --no//c:e\n' +
      'import //no:label';
    expect(labelsOf(text)).toEqual([
      '//tools:lint.bzl',
      '//tools:b.bzl',
      '//config:tone',
      '//t:formal',
      '//c:d',
      '//p:linux',
      '//tools:wrap',
      '//c:e',
    ]);
  });

  test.each([
    ['with arguments behind it', 'test --run_under="//tools:w -v"', ['//tools:w']],
    ['between quotes for the shell', `test --run_under="'//tools:w' -v"`, ['//tools:w']],
    ["by the main module's own name", 'build --//f:lib=@main//lib:alt', ['//f:lib', '//lib:alt']],
    ['of the root, by the name alone', 'build --platforms=@main', ['//:main']],
    ['without slashes', 'build --//f:lib=lib:alt --platforms :p', ['//f:lib', '//lib:alt', '//:p']],
    ['without slashes and name', 'build --platforms=p/linux', ['//p/linux:linux']],
    [
      'in a list',
      'build --//f:libs=lib:a,//lib,@@main//lib:c',
      ['//f:libs', '//lib:a', '//lib:lib', '//lib:c'],
    ],
  ])('finds one %s', (_, text, labels) => {
    expect(labelsOf(text)).toEqual(labels);
  });

  test('takes no words for labels that are values of options without any', () => {
    expect(
      labelsOf(
        'build --config=ci --config lib -c opt --copt=-O2 --define=a=b --test_tag_filters=-a,b\n' +
          'build --features=lib --action_env=A=b --x=/etc/a --y=%workspace%/z --z=./a --spawn_strategy=local --test_output=errors',
      ),
    ).toEqual([]);
  });
});

test('pathsInOptions finds what can be a path of the workspace, folders with a slash', () => {
  const text =
    'build --platform_mappings=conf/mappings --workspace_status_command=%workspace%/status.sh\n' +
    'common --override_module=x=third_party/x/ --a --//config:tone=formal --url=https://example.org/x --abs=/etc/x\n' +
    'import %workspace%/ci.rc';
  expect(pathsInOptions(text)).toEqual([
    'conf/mappings',
    'conf/mappings/',
    'status.sh',
    'status.sh/',
    'x',
    'third_party/x',
    'third_party/x/',
    'formal',
  ]);
});

test('pathsInOptions finds the folder of a registry in the workspace', () => {
  expect(pathsInOptions('common --registry=file:///%workspace%/registry')).toEqual(['registry', 'registry/']);
});

test('pathsInOptions gives paths in their shortest form', () => {
  expect(pathsInOptions('build --a=%workspace%/./ci/../x --b=./y --c=%workspace%//z/')).toEqual([
    'x',
    'x/',
    'y',
    'y/',
    'z',
    'z/',
  ]);
});

test('pathsInOptions takes the value of an option that names a folder for one, even a single word', () => {
  expect(pathsInOptions('common --vendor_dir=vendor')).toEqual(['vendor', 'vendor/']);
  expect(pathsInOptions('common --override_repository x=third')).toEqual(['third', 'third/', 'x']);
});

test('namesInOptions finds what options may name: labels, paths, values with spaces whole and in parts', () => {
  expect(
    namesInOptions(
      'build --a=x,//b:c "--file=ci/my header" \\\n --run_under="//tools:wrap --strict"\nimport %workspace%/z\n# --q=w',
    ),
  ).toEqual(['x', '//b:c', 'ci/my header', 'ci/my', 'header', '//tools:wrap --strict', '//tools:wrap']);
});

test.each([
  ['common --package_path=%workspace%:%workspace%/alt', ['%workspace%:%workspace%/alt']],
  ['build --package_path /elsewhere', ['/elsewhere']],
  ['build:alt --package_path=%workspace%/alt', ['%workspace%/alt']],
  ['build --package_path=%workspace%', []],
  ['build --define=x=--package_path=y', []],
])('packagePathsIn finds in %j where else packages may lie', (text, paths) => {
  expect(packagePathsIn(text)).toEqual(paths);
});

test('aspectsIn sees aspects under any command or configuration', () => {
  expect(aspectsIn('build:lint --aspects=//x:y.bzl%z,//x:a.bzl%b')).toEqual(['//x:y.bzl%z', '//x:a.bzl%b']);
  expect(aspectsIn('build --aspects //x:y.bzl%z')).toEqual(['//x:y.bzl%z']);
  expect(aspectsIn('build --aspects_parameters=x=y\n# build --aspects=x')).toEqual([]);
});

test.each([
  ['//tools/lint:defs.bzl%lint', 'tools/lint/defs.bzl'],
  ['@main//:defs.bzl%lint', 'defs.bzl'],
  ['tools/lint%lint', 'tools/lint.bzl'],
  ['/tools/lint.bzl%lint', 'tools/lint.bzl'],
  ['tools:lint.bzl%lint', 'tools/lint.bzl'],
  ['@rules//:defs.bzl%lint', null],
])('fileOfAspect finds the code of %s', (aspect, file) => {
  expect(fileOfAspect(aspect, MainRepository.named('main'))).toBe(file);
});
