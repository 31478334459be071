import { expect, test } from '@jest/globals';
import { errorMessages } from '../../src/bazel/error-messages.js';

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

test('an output without an error has no message', () => {
  expect(errorMessages('INFO: fine\n')).toBe('');
});
