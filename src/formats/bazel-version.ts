/**
 * A Bazel version, as precise as comparisons need it; null for a build without a version (from a Linux distribution, or
 * from source).
 */
export type BazelVersion = { readonly major: number; readonly minor: number; readonly patch: number } | null;

/** Reads the output of `bazel --version`: `bazel 7.7.1`, `bazel 8.0.0-pre.20240101.1`, `bazel no_version`. */
export function parseBazelVersion(text: string): BazelVersion {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (match === null) return null;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}
