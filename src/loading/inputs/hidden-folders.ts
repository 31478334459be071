import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { PackagePath } from '../../graph/label.js';
import { stringLiterals } from '../../formats/starlark-tokens.js';
import { foldersAbove } from '../../graph/folders.js';

/** What decides which folders Bazel ignores. */
export interface HidingTexts {
  /** The text of `.bazelignore`; null if there is none. */
  readonly ignoreFile: string | null;
  /** The text of `REPO.bazel`; null if there is none. */
  readonly repoFile: string | null;
  /** The packages that `--deleted_packages` names for both builds and queries. */
  readonly deletedPackages: ReadonlySet<PackagePath>;
}

/**
 * Returns a function that tells whether a folder with a BUILD file is hidden from `//...`. If this is not certain, it
 * answers false, and Bazel is then asked about the folder. See https://bazel.build/run/bazelrc#bazelignore, and
 * `ignore_directories` of REPO.bazel (Bazel 8).
 */
export function hiddenFolders({
  ignoreFile,
  repoFile,
  deletedPackages,
}: HidingTexts): (folder: PackagePath) => boolean {
  const ignored = new Set(ignoredFolders(ignoreFile ?? ''));
  const globs = /\b(traversal_)?ignore_directories\b/.test(repoFile ?? '')
    ? stringLiterals(repoFile ?? '')
    : [];
  const isIgnored = picomatch(globs, {
    dot: true,
    nobrace: true,
    noextglob: true,
    nonegate: true,
    flags: 's',
  });
  return (folder) =>
    deletedPackages.has(folder) ||
    isReserved(folder) ||
    [...foldersAbove(folder), folder].some(
      (above) => above !== '' && (ignored.has(above) || (globs.length > 0 && isIgnored(above))),
    );
}

/** The folders that a `.bazelignore` names. */
export function ignoredFolders(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => posix.normalize(line).replace(/\/$/, ''));
}

/**
 * Whether `//...` leaves the folder out because of its name: the folder `external`, and folders with names that
 * packages cannot have. Observed with Bazel 7.7.1.
 */
function isReserved(folder: PackagePath): boolean {
  const segments = folder.split('/');
  return segments[0] === 'external' || segments.some((segment) => /^\.+$|[:\\]|[^ -~]/.test(segment));
}
