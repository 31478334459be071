import { expect, test } from '@jest/globals';
import { namesDefaultEnvironments } from '../../../src/plan/everything/environments.js';

test.each([
  'package(default_restricted_to = ["//env:e"])',
  'package(default_compatible_with=ENVIRONMENTS)',
  'native.package(**{"default_restricted_to": x})',
])('sees default environments in %s', (source) => {
  expect(namesDefaultEnvironments(source)).toBe(true);
});

test.each([
  'package(default_visibility = ["//visibility:public"])',
  '# package(default_restricted_to = [])',
  'x(restricted_to = ["//env:e"], my_default_restricted_to = 1)',
])('sees none in %s', (source) => {
  expect(namesDefaultEnvironments(source)).toBe(false);
});
