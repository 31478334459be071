import { expect, test } from '@jest/globals';
import { settingsDigest } from '../../src/formats/settings-code.js';

const FILES = {
  BUILD: 'load(":flags.bzl", "my_flag")\nmy_flag(name = "tone", value = "a")\n',
  'flags.bzl': 'load("//lib:more.bzl", "more")\ndef my_flag(name, value):\n    more(name, value)\n',
  'lib/BUILD': 'filegroup(name = "x")\n',
  'lib/more.bzl': 'def more(name, value):\n    flag(name = name, build_setting_default = value)\n',
  'p/BUILD': 'platform(name = "linux")\n',
  'c/BUILD.bazel': 'constraint_setting(name = "os", default_constraint_value = ":a")\n',
};

function digest(changed: Readonly<Record<string, string>> = {}): string {
  return settingsDigest(new Map(Object.entries({ ...FILES, ...changed })));
}

test.each(['BUILD', 'flags.bzl', 'lib/more.bzl', 'p/BUILD', 'c/BUILD.bazel'] as const)(
  'settings may differ if %s does, because it has them or loads them',
  (path) => {
    expect(digest({ [path]: `${FILES[path]}\nx = 1\n` })).not.toBe(digest());
  },
);

test('settings are the same if another file changed, and whatever the order', () => {
  expect(digest({ 'lib/BUILD': 'filegroup(name = "y")\n', 'other/BUILD': '' })).toBe(digest());
  expect(settingsDigest(new Map(Object.entries(FILES).reverse()))).toBe(digest());
});

test('settings differ if a file with them moves', () => {
  const { 'p/BUILD': platform, ...others } = FILES;
  expect(settingsDigest(new Map(Object.entries({ ...others, 'q/BUILD': platform })))).not.toBe(digest());
});
