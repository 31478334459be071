/** The Bazel that jest's global set-up found. */
export function findBazel(): string {
  const bazel = process.env.BAZEL;
  if (bazel === undefined || bazel === '')
    throw new Error('no Bazel: jest.config.js names the global set-up that finds one');
  return bazel;
}
