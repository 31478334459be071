import { expect, test } from '@jest/globals';
import { isTooOld, parseBazelVersion } from '../../src/formats/bazel-version.js';

test.each([
  ['bazel 7.7.1\n', { major: 7, minor: 7, patch: 1 }],
  ['bazel 8.0.0-pre.20240101.1', { major: 8, minor: 0, patch: 0 }],
  ['bazel 6.5.0-homebrew', { major: 6, minor: 5, patch: 0 }],
  ['Bazelisk version: development\nbazel 10.12.103', { major: 10, minor: 12, patch: 103 }],
  ['bazel 9.1.0rc2', { major: 9, minor: 1, patch: 0 }],
  ['bazel 8.7.0-homebrew\n', { major: 8, minor: 7, patch: 0 }],
  ['bazel 7.7.1- (@non-git)', { major: 7, minor: 7, patch: 1 }],
  ['Bazelisk version: v1.28.1\nbazel 7.7.1', { major: 7, minor: 7, patch: 1 }],
  ['bazel no_version', null],
  ['bazel development version', null],
  ['bazel head (@ddd23701)', null],
  ['Bazelisk version: v1.28.1', null],
  ['Build label: 7.7.1', null],
  ['', null],
])('%j is the version %j', (text, version) => {
  expect(parseBazelVersion(text)).toEqual(version);
});

test.each([
  ['bazel 5.4.1', true],
  ['bazel 6.3.2', true],
  ['bazel 6.4.0', false],
  ['bazel 6.4.0rc1', false],
  ['bazel 6.6.0', false],
  ['bazel 10.0.0', false],
  ['bazel no_version', false],
])('%j is too old: %j', (text, expected) => {
  expect(isTooOld(parseBazelVersion(text))).toBe(expected);
});
