import { expect, test } from '@jest/globals';
import { buildFilesWithSettings } from '../../src/formats/settings-code.js';

const FILES = {
  BUILD: 'load(":flags.bzl", "my_flag")\nmy_flag(name = "tone", value = "a")\n',
  'flags.bzl': 'load("//lib:more.bzl", "more")\ndef my_flag(name, value):\n    more(name, value)\n',
  'lib/BUILD': 'filegroup(name = "x")\n',
  'lib/more.bzl': 'def more(name, value):\n    flag(name = name, build_setting_default = value)\n',
  'p/BUILD': 'platform(name = "linux")\n',
  'p/flags.bzl': 'def other():\n    pass\n',
  'c/BUILD.bazel': 'constraint_setting(name = "os", default_constraint_value = ":a")\n',
  'd/BUILD': 'load("//p:flags.bzl", "other")\nother()\n',
  'e/sub/x.bzl': 'load("@own//:flags.bzl", "my_flag")\ndef f():\n    my_flag("x", "y")\n',
  'e/BUILD': 'load("sub/x.bzl", "f")\nf()\n',
};

test('the BUILD files with settings are those that have them, or load a function that has, from wherever', () => {
  const expected = ['BUILD', 'c/BUILD.bazel', 'e/BUILD', 'p/BUILD'];
  expect(buildFilesWithSettings(new Map(Object.entries(FILES)))).toEqual(expected);
  expect(buildFilesWithSettings(new Map(Object.entries(FILES).reverse()))).toEqual(expected);
});
