import { execFileSync } from 'node:child_process';
import { findBazel } from '../../scripts/find-bazel.mjs';

/**
 * Finds (or installs) the Bazel of all tests before the first of them runs: a run without Bazel fails here, and so does
 * a run with another version than the one that the environment asks of Bazelisk.
 */
export default function findBazelOnce() {
  const bazel = findBazel();
  const wanted = process.env['USE_BAZEL_VERSION'] ?? '';
  const version = execFileSync(bazel, ['--version'], { encoding: 'utf8' }).trim();
  if (/^\d+\.\d+\.\d+$/.test(wanted) && version !== `bazel ${wanted}`)
    throw new Error(`USE_BAZEL_VERSION is ${wanted}, and ${bazel} is ${version}: unset it, or use Bazelisk.`);
  process.env['BAZEL'] = bazel;
}
