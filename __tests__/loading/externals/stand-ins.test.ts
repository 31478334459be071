import { describe, expect, test } from '@jest/globals';
import { standInFor, type StandIn } from '../../../src/loading/externals/stand-ins.js';

const HTTP_RULE = '/ob/external/bazel_tools/tools/build_defs/repo/http.bzl';

/** What stands for an archive with these attributes, written in Starlark. */
function archive(
  attributes: Readonly<Record<string, string>>,
  ruleFile: string | null = HTTP_RULE,
  rule = 'http_archive',
): StandIn | null {
  const given = { name: '"sdk~"', urls: '["https://example.com/sdk.zip"]', ...attributes };
  const lines = Object.entries(given).map(([name, value]) => `  ${name} = ${value},\n`);
  return standInFor(
    { call: `${rule}(\n${lines.join('')})\n`, ruleFile },
    {
      textOf: (label) => (label === '@@rules~//:BUILD.sdk' ? 'exports_files(["tool"])\n' : null),
      mayListFiles: (text) => text.includes('listing.bzl'),
    },
  );
}

function withBuildFile(text: string): StandIn | null {
  return archive({ build_file_content: JSON.stringify(text) });
}

/** The paths of the files that globs find in what stands for an archive with this BUILD file. */
function found(text: string): string[] | null {
  const files = withBuildFile(text);
  const own = new Set(['BUILD.bazel', 'REPO.bazel', 'WORKSPACE']);
  return files === null ? null : [...files.keys()].filter((path) => !own.has(path)).sort();
}

describe('an archive', () => {
  const TEXT = '"exports_files([\\"tool\\"])\\n"';

  test.each([
    ['the text of its BUILD file', { build_file_content: TEXT }],
    ['a BUILD file of a repository that was fetched', { build_file: '"@@rules~//:BUILD.sdk"' }],
  ])('has a stand-in if its definition has %s', (_, attributes) => {
    expect(archive(attributes)).toEqual(
      new Map([
        ['REPO.bazel', ''],
        ['WORKSPACE', ''],
        ['BUILD.bazel', 'exports_files(["tool"])\n'],
      ]),
    );
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['it brings its own BUILD file', {}],
    ['its BUILD file cannot be read', { build_file: '"@@lost~//:BUILD.sdk"' }],
    ['its definition has two', { build_file: '"@@rules~//:BUILD.sdk"', build_file_content: TEXT }],
    ['patches may change it', { build_file_content: TEXT, patches: '["@@rules~//:a.patch"]' }],
    ['programs may change it', { build_file_content: TEXT, patch_cmds: '["rm BUILD.bazel"]' }],
    ['an attribute is not known', { build_file_content: TEXT, more_files: '{}' }],
    ['its BUILD file is no Starlark', { build_file_content: '"exports_files(["' }],
  ])('has none if %s', (_, attributes) => {
    expect(archive(attributes)).toBeNull();
  });

  test.each([
    ['@@bazel_tools//tools/build_defs/repo:http.bzl', 'http_archive', true],
    ['@@other~//tools/build_defs/repo:http.bzl', 'http_archive', false],
    ['/ob/external/rules~/archive.bzl', 'http_archive', false],
    [null, 'http_archive', false],
    [HTTP_RULE, 'http_file', false],
  ])('is what the rule in %s called %s makes: %s', (ruleFile, rule, isArchive) => {
    expect(archive({ build_file_content: TEXT }, ruleFile, rule) !== null).toBe(isArchive);
  });
});

describe('a glob', () => {
  test('finds a file for each pattern', () => {
    const text = `load("@rules//:defs.bzl", "runtime")
runtime(
    name = "jdk",
    srcs = glob(["bin/**", "lib/**/*.jar", "release"], exclude = ["**/*%*/**"], allow_empty = True),
    java = glob(["bin/java.exe", "bin/java"], allow_empty = True)[0],
)
`;
    expect(found(text)).toEqual(['bin/file', 'bin/java', 'bin/java.exe', 'lib/folder/file.jar', 'release']);
    expect(found('x = glob(include = ["*"]) + glob(["*/a"])\n')).toEqual(['file', 'folder/a']);
  });

  test('finds a file in a folder rather than one called like the folder', () => {
    expect(found('x = glob(["lib", "lib/a"])\n')).toEqual(['lib/a']);
  });

  test.each([
    ['what it finds makes targets', '[runtime(name = f) for f in glob(["*.jar"])]'],
    ['what it finds decides', 'runtime(name = "a" if glob(["bin/**"]) else "b")'],
    ['what it finds may be replaced', 'runtime(name = "a", srcs = glob(["bin/**"]) or ["@lib//:x"])'],
    ['what it finds is compared', 'runtime(name = "a", x = glob(["bin/**"]) == [])'],
    ['its patterns are not written there', 'runtime(name = "a", srcs = glob(PATTERNS))'],
    ['a pattern is put together', 'runtime(name = "a", srcs = glob(["bin/" + NAME]))'],
    ['its arguments are not written there', 'runtime(name = "a", srcs = glob(**GIVEN))'],
    ['a pattern leads below a file of the stand-in', 'runtime(name = "a", srcs = glob(["Workspace/**"]))'],
    ['a pattern leads out', 'runtime(name = "a", srcs = glob(["../x"]))'],
    ['a loaded function may have others', 'load("@rules//:listing.bzl", "all")'],
    ['it has another name', 'find = glob'],
    ['it is that of a module', 'runtime(name = "a", srcs = native.glob(["bin/**"]))'],
    ['packages are listed as well', 'runtime(name = "a", srcs = subpackages(include = ["**"]))'],
    ['a function stands beside it', 'f = lambda: glob(["bin/**"])'],
  ])('makes a stand-in impossible if %s', (_, text) => {
    expect(withBuildFile(`${text}\n`)).toBeNull();
  });
});
