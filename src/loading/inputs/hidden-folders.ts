import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { PackagePath } from '../../graph/label.js';
import { stringLiterals } from '../../formats/starlark-tokens.js';
import { foldersAbove } from '../../graph/folders.js';

/** What says which folders Bazel does not look into. */
export interface HidingTexts {
  /** `.bazelignore`; null where there is none. */
  readonly ignoreFile: string | null;
  /** `REPO.bazel`; null where there is none. */
  readonly repoFile: string | null;
  /** What `--deleted_packages` names for builds and queries alike. */
  readonly deletedPackages: ReadonlySet<PackagePath>;
}

/**
 * Tells whether a folder with a BUILD file is hidden from `//...`. Rather says no: then somebody asks Bazel.
 * See https://bazel.build/run/bazelrc#bazelignore, and `ignore_directories` of REPO.bazel (Bazel 8).
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

/** `//...` leaves out the folder `external`, and folders whose names no package can have. Observed with Bazel 7.7.1. */
function isReserved(folder: PackagePath): boolean {
  const segments = folder.split('/');
  return segments[0] === 'external' || segments.some((segment) => /^\.+$|[:\\]|[^ -~]/.test(segment));
}
