import { expect, test } from '@jest/globals';
import { errorMessages, locatedErrors } from '../../src/formats/error-messages.js';

test("Bazel's errors keep the lines that belong to them and lose all others", () => {
  const output = [
    'Loading: 0 packages loaded',
    '\u001b[31m\u001b[1mERROR: \u001b[0m/w/BUILD:7:8: Executing genrule //:broken failed: (Exit 3): bash failed',
    '  (cd /w && exec bash)',
    'the compiler says no',
    '[2 / 3] no actions running',
    'INFO: Elapsed time: 1s',
    'ERROR: Build did NOT complete successfully',
    '//:a_test      FAILED in 1s',
    'ERROR: Build did NOT complete successfully',
  ].join('\n');
  expect(errorMessages(output)).toBe(
    [
      'ERROR: /w/BUILD:7:8: Executing genrule //:broken failed: (Exit 3): bash failed',
      '  (cd /w && exec bash)',
      'the compiler says no',
      'ERROR: Build did NOT complete successfully',
    ].join('\n'),
  );
});

test("what Bazel's client says before there is a server is an error too", () => {
  const output = [
    "[FATAL 02:07:12.363 src/main/cpp/blaze.cc:1106] Unknown startup option: '--nope'.",
    "  For more info, run 'bazel help startup_options'.",
  ].join('\n');
  expect(errorMessages(`Opening zip\n${output}\n`)).toBe(output);
});

test('an output without an error has no message', () => {
  expect(errorMessages('INFO: fine\n')).toBe('');
});

test('errors that name a file of the workspace are found with their place, each once', () => {
  const output = [
    "\u001b[31m\u001b[1mERROR: \u001b[0ma b/BUILD:2:1: name 'foo' is not defined",
    "ERROR: a b/BUILD:2:1: name 'foo' is not defined",
    'ERROR: package contains errors: a b',
    "ERROR: Error evaluating '//...': error loading package 'a b': Package 'a b' contains errors",
    'ERROR: /elsewhere/x.bzl:7:3: outside',
    'ERROR: tools/x.bzl:17:30: in call to rule(): no such thing',
    'INFO: b/BUILD:1:1: no error',
  ].join('\n');
  expect(locatedErrors(output)).toEqual([
    { file: 'a b/BUILD', line: 2, message: "name 'foo' is not defined" },
    { file: 'tools/x.bzl', line: 17, message: 'in call to rule(): no such thing' },
  ]);
});
