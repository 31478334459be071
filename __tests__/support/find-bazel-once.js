import { findBazel } from '../../scripts/find-bazel.mjs';

/** Finds (or installs) the Bazel of all tests before the first of them runs: a run without Bazel fails here. */
export default function findBazelOnce() {
  process.env['BAZEL'] = findBazel();
}
