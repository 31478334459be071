import { expect, test } from '@jest/globals';
import { parseBazelVersion } from '../../src/formats/bazel-version.js';

test.each([
  ['bazel 7.7.1\n', { major: 7, minor: 7, patch: 1 }],
  ['bazel 8.0.0-pre.20240101.1', { major: 8, minor: 0, patch: 0 }],
  ['bazel 6.5.0-homebrew', { major: 6, minor: 5, patch: 0 }],
  ['Bazelisk version: development\nbazel 10.12.103', { major: 10, minor: 12, patch: 103 }],
  ['bazel no_version', null],
  ['', null],
])('%j is the version %j', (text, version) => {
  expect(parseBazelVersion(text)).toEqual(version);
});
