/**
 * @returns the Bazel that the global set-up found
 * @throws where there was no such set-up: it is one of test files that end in `.bazel.test.ts`
 */
export function findBazel(): string {
  const bazel = process.env.BAZEL;
  if (bazel === undefined || bazel === '')
    throw new Error('No Bazel was looked for: name the test file .bazel.test.ts.');
  return bazel;
}
