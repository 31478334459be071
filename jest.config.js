/**
 * Three groups of tests; the ending of a test file says which one it belongs to. `npm test` runs them all.
 *
 * | ending           | project | what it holds                                                                     |
 * | ---------------- | ------- | --------------------------------------------------------------------------------- |
 * | `.test.ts`       | unit    | the quick loop (`npm run test:unit`): no Bazel, no wait                           |
 * | `.slow.test.ts`  | slow    | no Bazel, but waits for time limits, many git calls or programs, data at a limit  |
 * | `.bazel.test.ts` | bazel   | starts the Bazel that the global set-up finds or installs                         |
 */
const shared = {
  roots: ['<rootDir>/__tests__'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

/** Fails each test file that starts Bazel. */
const withoutBazel = {
  ...shared,
  testEnvironment: '<rootDir>/__tests__/support/environment-without-bazel.js',
};

/** What tests that start Bazel run in, the end-to-end tests too. */
export const withBazel = {
  ...shared,
  testEnvironment: 'node',
  globalSetup: '<rootDir>/__tests__/support/find-bazel-once.js',
};

/** @type {import('jest').Config} */
export default {
  projects: [
    {
      ...withoutBazel,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['\\.(slow|bazel)\\.test\\.ts$'],
    },
    { ...withoutBazel, displayName: 'slow', testMatch: ['**/*.slow.test.ts'] },
    { ...withBazel, displayName: 'bazel', testMatch: ['**/*.bazel.test.ts'] },
  ],
  testTimeout: 120_000,
  maxWorkers: 2,
};
