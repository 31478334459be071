import type { CanonicalName } from '../../graph/repository.js';

/**
 * Names of repositories that those which Bazel adds to a WORKSPACE file name, if Bazel does not add them itself: a user may
 * define others under these names. Bazel's own repositories name no others, so a change of another repository does not
 * reach the toolchains in them.
 */
const NAMED_BY_BAZEL =
  /^(rules_|bazel_|io_bazel|build_bazel_|remote_|remotejdk|local_|android|com_android|com_google_(protobuf|absl|googleapis)$|(protobuf|abseil-cpp|absl|zlib|upb|utf8_range|platforms|googleapis|remoteapis|apple_support|host_platform|internal_platforms_do_not_use|maven|stardoc)$)/;

/** Whether a repository that Bazel adds to a WORKSPACE file may name another one that the file itself defines. */
export function mayBeNamedByBazel(name: CanonicalName): boolean {
  return NAMED_BY_BAZEL.test(name);
}
