import { expect, test } from '@jest/globals';
import { RollingOutput } from '../../src/text/rolling-output.js';

test('rolling output keeps the end, however it comes in', () => {
  const output = new RollingOutput(10);
  for (let at = 0; at < 100; at++) output.add(Buffer.from(`${at},`));
  expect(output.text()).toBe(',97,98,99,');
});

test('rolling output keeps all that fits', () => {
  const output = new RollingOutput(10);
  output.add(Buffer.from('abc'));
  expect(output.text()).toBe('abc');
});
