import { expect, test } from '@jest/globals';
import { RefusedTargets } from '../../src/formats/refused-targets.js';
import { parseLabel } from '../../src/graph/label.js';

const TAIL = 'is incompatible and cannot be built, but was explicitly requested.';

function refusedIn(...chunks: readonly (string | Buffer)[]): RefusedTargets {
  const refused = new RefusedTargets();
  for (const chunk of chunks) refused.add(Buffer.from(chunk));
  return refused;
}

test.each([
  `WARNING: Target //a:b ${TAIL}\n`,
  `ERROR: Target @//a:b ${TAIL}\nDependency chain:\n    @//a:b (1f)   <-- target platform\n`,
  `ERROR: Analysis of target '//a:b' failed; build aborted: Target @@//a:b ${TAIL}\n`,
  `\u001b[35mWARNING: \u001b[0mTarget //a:b ${TAIL}`,
])('%j names the target that Bazel refused', (text) => {
  const refused = refusedIn(text);
  expect(refused.has(parseLabel('//a:b'))).toBe(true);
  expect(refused.has(parseLabel('//a:c'))).toBe(false);
});

test('a message is read wherever it is split, with every character that a label may have', () => {
  const bytes = Buffer.from(`INFO: x\nWARNING: Target //grüße:a b (1) ${TAIL}\n`);
  for (let at = 0; at <= bytes.length; at++)
    expect(refusedIn(bytes.subarray(0, at), bytes.subarray(at)).has(parseLabel('//grüße:a b (1)'))).toBe(
      true,
    );
});

test('other output names none, however long its lines are', () => {
  const refused = refusedIn('Target //a:b failed to build\n', 'x'.repeat(1_000_000), `Target //a:b\n${TAIL}`);
  expect(refused.has(parseLabel('//a:b'))).toBe(false);
});
