/**
 * A Bazel version, as precise as comparisons need it; null for a build without a version (from a Linux distribution, or
 * from source). A prerelease counts as the release that it precedes.
 */
export type BazelVersion = { readonly major: number; readonly minor: number; readonly patch: number } | null;

/** The oldest Bazel that plans and legs work with, and its tests run on: docs/bazel-versions.md. */
export const OLDEST_BAZEL = { major: 6, minor: 4 } as const;

/**
 * Reads the output of `bazel --version`: `bazel 7.7.1`, `bazel 8.0.0-pre.20240101.1`, `bazel no_version`. A version on
 * another line is not Bazel's: Bazelisk and other wrappers have one too.
 */
export function parseBazelVersion(text: string): BazelVersion {
  const match = /^bazel (\d+)\.(\d+)\.(\d+)/m.exec(text);
  if (match === null) return null;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

/** Whether a version is known to be older than {@link OLDEST_BAZEL}. */
export function isTooOld(version: BazelVersion): boolean {
  if (version === null) return false;
  const { major, minor } = OLDEST_BAZEL;
  return version.major < major || (version.major === major && version.minor < minor);
}
