import { expect, test } from '@jest/globals';
import { codeWithoutOwnVersion } from '../../src/formats/module-version.js';

const PLAIN = codeWithoutOwnVersion('module(name = "shop")\nbazel_dep(name = "x", version = "1")\n');

test.each([
  'module(name = "shop", version = "1.0")\nbazel_dep(name = "x", version = "1")\n',
  'module(version = "1.0", name = "shop")\nbazel_dep(name = "x", version = "1")\n',
  'module(\n    name = "shop",\n    version = "2.0",  # ours\n)\nbazel_dep(name = "x", version = "1")\n',
])('leaves out the version of the module itself: %j', (source) => {
  expect(codeWithoutOwnVersion(source)).toBe(PLAIN);
});

test.each([
  'module(name = "shop")\nbazel_dep(name = "x", version = "2")\n',
  'module(name = "mall", version = "1.0")\nbazel_dep(name = "x", version = "1")\n',
  'module(name = "shop", compatibility_level = 2)\nbazel_dep(name = "x", version = "1")\n',
  'module(name = "shop", bazel_compatibility = ["version = 1"])\nbazel_dep(name = "x", version = "1")\n',
])('keeps every other difference: %j', (source) => {
  expect(codeWithoutOwnVersion(source)).not.toBe(PLAIN);
});
