import { withBazel } from './jest.config.js';

/**
 * The end-to-end tests: the workflow itself, under act. Not part of `npm test`: they take minutes.
 * @type {import('jest').Config}
 */
export default {
  ...withBazel,
  roots: ['<rootDir>/e2e'],
  testMatch: ['**/*.test.ts'],
  testTimeout: 12 * 60_000,
  maxWorkers: 1,
};
