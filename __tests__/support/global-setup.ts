import { findBazel } from '../../scripts/find-bazel.mjs';

export default function setUp(): void {
  process.env.BAZEL = findBazel();
}
