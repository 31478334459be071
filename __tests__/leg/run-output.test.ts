import { expect, test } from '@jest/globals';
import { RunOutput } from '../../src/leg/run-output.js';

function outputOf(...chunks: readonly (readonly ['stdout' | 'stderr', string])[]): RunOutput {
  const output = new RunOutput(10_000);
  for (const [stream, text] of chunks) output.add(Buffer.from(text), stream);
  return output;
}

test("what a program prints is told from what Bazel prints before, wherever Bazel's words are cut", () => {
  const output = outputOf(
    ['stderr', 'INFO: Analyzed target //:r\nINFO: Runn'],
    ['stderr', 'ing command line: bazel-bin/r <args'],
    ['stderr', ' omitted>\nINFO: Build Event Protocol files produced successfully.\nfirst é\n'],
    ['stdout', 'second\n'],
    ['stderr', 'INFO: Running command line: its own\n'],
  );
  expect(output.ofProgram()).toBe('first é\nsecond\nINFO: Running command line: its own\n');
  expect(output.ofBazel()).toBe(
    'INFO: Analyzed target //:r\nINFO: Running command line: bazel-bin/r <args omitted>\n',
  );
});

test('colours hide nothing, and what a program printed is kept though it overtakes the words of Bazel', () => {
  const output = outputOf(
    ['stdout', 'fast\n'],
    ['stderr', '\u001b[32mINFO: \u001b[0mRunning command line: bazel-bin/r\nslow\n'],
  );
  expect(output.ofProgram()).toBe('fast\nslow\n');
});

test('where Bazel does not say that it runs a program, all is shown as it came', () => {
  const output = outputOf(['stderr', 'one\n'], ['stdout', 'two\n'], ['stderr', 'three\n']);
  expect(output.ofProgram()).toBe('one\ntwo\nthree\n');
  expect(output.ofBazel()).toBe('one\nthree\n');
});
