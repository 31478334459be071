import { OLDEST_BAZEL } from '../../formats/bazel-version.js';

/** The workspace's Bazel is too old. The message says what to do. */
export class BazelVersionError extends Error {
  override name = 'BazelVersionError';

  /** @param version the output of `bazel --version` */
  constructor(version: string) {
    super(
      `The workspace uses ${version}, and bazel-affected needs Bazel ${OLDEST_BAZEL.major}.${OLDEST_BAZEL.minor} or later: ` +
        'name a later version in .bazelversion, or set `bazel` to a later program.',
    );
  }
}
