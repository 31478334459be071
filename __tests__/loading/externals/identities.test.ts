import { expect, test } from '@jest/globals';
import { dependencyAliases, harmlessTexts, rulesUsedBy } from '../../../src/loading/externals/identities.js';
import { MainRepository } from '../../../src/graph/main-repository.js';
import { tokensOf } from '../../../src/formats/starlark-tokens.js';

function harmless(source: string): string[] {
  return [...harmlessTexts([...tokensOf(source)])];
}

const ELSEWHERE = 'h = use_repo_rule("@bazel_tools//x:http.bzl", "http_archive")\n';

test('names and versions are no paths', () => {
  expect(harmless('module(name = "shop", version = "1")\nuse_repo(e, "maven")')).toEqual([
    'shop',
    '1',
    'maven',
  ]);
});

test('messages are no paths', () => {
  expect(harmless('def f():\n    fail("lib is missing")\n    print("lib")')).toEqual([
    'lib is missing',
    'lib',
  ]);
});

test('what a rule or an extension of another repository calls a prefix, a hub or a package is no path', () => {
  expect(harmless(`${ELSEWHERE}h(strip_prefix = "src")`)).toContain('src');
  expect(
    harmless('pip = use_extension("@rules_python//x:e.bzl", "pip")\npip.parse(hub_name = "lib")'),
  ).toContain('lib');
  expect(harmless('load("@x//:git.bzl", git = "git_repository")\ngit(package = "src")')).toContain('src');
});

test("what an extension of one's own makes of a package is not known", () => {
  const tag = 'e.tag(package = "src")';
  expect(harmless(`e = use_extension("//ext:e.bzl", "e")\n${tag}`)).not.toContain('src');
  const inWorkspace = 'local_path_override(module_name = "mod", path = "mods/mod")\n';
  expect(harmless(`${inWorkspace}e = use_extension("@mod//:e.bzl", "e")\n${tag}`)).not.toContain('src');
});

test('a string that is a path elsewhere is one', () => {
  expect(harmless(`${ELSEWHERE}h(strip_prefix = "src")\nh(path = "src")`)).not.toContain('src');
});

test('a module says under which name it knows another one', () => {
  const tokens = [
    ...tokensOf('bazel_dep(name = "shop", repo_name = "main")\nbazel_dep(name = "x", repo_name = "y")'),
  ];
  expect(dependencyAliases(tokens, MainRepository.named('shop'))).toEqual(['main']);
});

test('the rules that a file uses are those of the repositories from which it loads', () => {
  const source =
    'e = use_extension("@rules_python//x:e.bzl", "pip")\nr = use_repo_rule("@@x~//:r.bzl", "r")\n' +
    'load("@z//:d.bzl", "d")\nload("//:own.bzl", "o")\ne.parse(lock = "@y//:a")';
  expect([...rulesUsedBy([...tokensOf(source)])]).toEqual(['rules_python', 'x~', 'z']);
});
