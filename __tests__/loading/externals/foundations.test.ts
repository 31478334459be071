import { expect, test } from '@jest/globals';
import { mayBeNamedByBazel } from '../../../src/loading/externals/foundations.js';
import { canonical } from '../../support/externals.js';

test.each([
  ['rules_cc', true],
  ['rules_java', true],
  ['bazel_skylib', true],
  ['com_google_protobuf', true],
  ['com_google_absl', true],
  ['remotejdk21_linux', true],
  ['com_google_googletest', false],
  ['fmt', false],
  ['my_platforms', false],
])('Bazel itself may name @%s: %s', (name, isNamed) => {
  expect(mayBeNamedByBazel(canonical(name))).toBe(isNamed);
});
