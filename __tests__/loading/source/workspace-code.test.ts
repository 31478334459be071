import { expect, test } from '@jest/globals';
import type { LoadedCode } from '../../../src/loading/source/rule-code.js';
import { workspaceCodeIn, type WorkspaceCode } from '../../../src/loading/source/workspace-code.js';
import { canonical } from '../../support/externals.js';

function codeOf(files: Readonly<Record<string, string>>): WorkspaceCode {
  const loaded = Object.entries(files).map(([id, code]): LoadedCode => {
    const [repository = '', path = ''] = id.split('//');
    return { repository: canonical(repository), path, packagePath: '', text: code, code };
  });
  return workspaceCodeIn(loaded, (name) => name === 'bazel_tools');
}

test('the code of a WORKSPACE file knows what it tells repositories to call others', () => {
  const text = 'local_repository ( name = "one" , repo_mapping = { "@x" : "@two" , "@y": "@three" } )';
  const code = codeOf({ '//WORKSPACE': text });
  expect(code.aliases).toEqual([
    ['x', 'two'],
    ['y', 'three'],
  ]);
  expect(code.mappingsDigest).not.toBeNull();
  const other = codeOf({ '//WORKSPACE': text, 'one//defs.bzl': 'NAME = "three"' });
  expect(other.mappingsDigest).not.toBe(code.mappingsDigest);
});

test('code that tells none has no digest for that, whatever the code of Bazel tells', () => {
  expect(codeOf({ '//WORKSPACE': 'x ( )', 'bazel_tools//http.bzl': 'repo_mapping = {}' })).toMatchObject({
    mappingsDigest: null,
    aliases: [],
  });
});

test('the repositories with code that registers are known', () => {
  expect(
    codeOf({
      '//WORKSPACE': 'register_toolchains ( "//:t" )',
      'one//a.bzl': 'native . register_toolchains ( "//:t" )',
      'two//a.bzl': 'native . register_execution_platforms ( "//:p" )',
      'three//a.bzl': 'def x ( ) : pass',
    }).registering,
  ).toEqual(new Set(['one', 'two']));
});

test('any repository may register something if a file cannot be read, such as one that is called otherwise', () => {
  const unread: LoadedCode = {
    repository: canonical('one'),
    path: 'a.bzl',
    packagePath: '',
    text: null,
    code: '',
  };
  expect(workspaceCodeIn([unread], () => false).registering).toBeNull();
});

test('all code has a digest, whether it calls repositories otherwise or not', () => {
  const [one, other] = ['a ( )', 'b ( )'].map((text) => codeOf({ '//WORKSPACE': text }).digest);
  expect(one).not.toBe(other);
});
