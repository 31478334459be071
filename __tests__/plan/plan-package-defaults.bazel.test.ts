import { describe, expect, test } from '@jest/globals';
import { plannedWorkspace } from '../support/planned-workspace.js';
import type { Files } from '../support/files.js';

const TRUE = { script: '#!/bin/sh\ntrue\n' };

const WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "sample")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["test.sh"])\n',
  'other/test.sh': TRUE,
};

const the = plannedWorkspace(WORKSPACE);

async function testsOf(before: Files, change: Files): Promise<readonly string[]> {
  const base = the.repository.write(before).commit();
  the.repository.write(change);
  return (await the.planner.plan(the.repository, base)).plan.test;
}

describe('the features of a package', () => {
  function build(feature: string): string {
    return `
package(features = ["${feature}"])
filegroup(name = "f")
sh_test(name = "t", srcs = ["test.sh"], data = [":f"])
`;
  }
  const before: Files = { 'app/BUILD': build('x'), 'app/test.sh': TRUE };

  test('affect all of its rules when they change together with the name of its BUILD file', async () => {
    expect(await testsOf(before, { 'app/BUILD': null, 'app/BUILD.bazel': build('y') })).toEqual(['//app:t']);
  });

  test('affect all of its rules when another BUILD file hides the first', async () => {
    expect(await testsOf(before, { 'app/BUILD.bazel': build('y') })).toEqual(['//app:t']);
  });

  test('affect nothing when only the name of the BUILD file changes', async () => {
    expect(await testsOf(before, { 'app/BUILD': null, 'app/BUILD.bazel': build('x') })).toEqual([]);
  });
});

describe('environments', () => {
  function group(...defaults: readonly string[]): string {
    return `
package(default_visibility = ["//visibility:public"])
environment(name = "e1")
environment(name = "e2")
environment_group(name = "g", environments = [":e1", ":e2"], defaults = ${JSON.stringify(defaults)})
`;
  }
  const before: Files = {
    'env/BUILD': group(':e1', ':e2'),
    'lib/BUILD': 'filegroup(name = "l", visibility = ["//visibility:public"])\n',
    'app/BUILD': `
filegroup(name = "f", srcs = ["//lib:l"], compatible_with = ["//env:e2"])
sh_test(name = "t", srcs = ["test.sh"], data = [":f"])
`,
    'app/test.sh': TRUE,
  };

  test('affect everything when the defaults of their group change', async () => {
    expect(await testsOf(before, { 'env/BUILD': group(':e1') })).toEqual(['//app:t', '//other:other_test']);
  });

  test('affect what depends on the rules of a package that gets other ones by default', async () => {
    const change: Files = {
      'lib/BUILD': `
package(default_restricted_to = ["//env:e2"])
filegroup(name = "l", visibility = ["//visibility:public"])
`,
    };
    expect(await testsOf(before, change)).toEqual(['//app:t']);
    const later = { 'lib/BUILD': `\n${change['lib/BUILD'] as string}` };
    expect(await testsOf({}, later)).toEqual(['//app:t']);
  });

  test('affect what depends on the rules of a package whose macro gives it other ones', async () => {
    const macro = (environment: string): Files => ({
      'env/defaults.bzl': `def defaults():\n    native.package(default_compatible_with = ["${environment}"])\n`,
    });
    const lib: Files = {
      'lib/BUILD': `
load("//env:defaults.bzl", "defaults")
defaults()
filegroup(name = "l", visibility = ["//visibility:public"])
`,
    };
    expect(await testsOf({ ...before, ...lib, ...macro('//env:e1') }, macro('//env:e2'))).toEqual([
      '//app:t',
    ]);
  });
});
