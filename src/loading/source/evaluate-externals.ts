import { join } from 'node:path';
import type { Bazel } from '../../adapters/bazel/bazel.js';
import { isThere } from '../../adapters/disk/external-files.js';
import type { Label, WorkspacePath } from '../../graph/label.js';
import type { CanonicalName } from '../../graph/repository.js';
import type { Externals } from '../externals/external-repositories.js';

/** Fetching more repositories than this, only to see what they read, takes too long. */
const MOST_FETCHED = 100;

/** It cannot be known what external repositories read. */
export class UnrecordedError extends Error {
  override name = 'UnrecordedError';
}

/** A repository cannot be fetched, which may be otherwise the next time. */
export class UnfetchedError extends Error {
  override name = 'UnfetchedError';
}

/**
 * Lets Bazel evaluate all module extensions, and fetch all repositories whose rules may read the main repository.
 *
 * @param bazel has loaded nothing yet, and logs what rules do
 * @param read asks a Bazel for the external repositories
 * @returns the folders of the workspace that repositories show, and the files there that labels in attributes name
 * @throws UnrecordedError, UnfetchedError, BazelError, BazelStartError, QueryOutputError, and what `read` throws
 */
export async function evaluateExternals(
  bazel: Bazel,
  read: (bazel: Bazel) => Promise<Externals>,
): Promise<WorkspacePath[]> {
  if (!(await bazel.hasOwnOutputBase()))
    throw new UnrecordedError('Bazel has another output base, and does not log what it evaluated before');
  const externals = await read(bazel);
  await fetchAll(readersOfMain(externals), bazel);
  return [...externals.repositories.values()].flatMap(({ localFolder, namedFiles }) =>
    localFolder === null ? namedFiles : [localFolder, ...namedFiles],
  );
}

/** @throws UnrecordedError if they are too many; UnfetchedError; BazelError, BazelStartError, QueryOutputError */
async function fetchAll(names: readonly CanonicalName[], bazel: Bazel): Promise<void> {
  if (names.length === 0) return;
  if (names.length > MOST_FETCHED)
    throw new UnrecordedError(`${names.length} external repositories may read files of the workspace`);
  // What has no package at its root is fetched all the same.
  await bazel.targetsMatching(names.map((name) => `@@${name}//:all` as Label));
  const folder = await bazel.externalFolder();
  // Bazel writes this file when it has fetched a repository.
  const lost = names.find((name) => !isThere(join(folder, `@${name}.marker`)));
  if (lost !== undefined) throw new UnfetchedError(`@@${lost} cannot be fetched`);
}

function readersOfMain({ repositories }: Externals): CanonicalName[] {
  return [...repositories.values()]
    .filter(({ readsMain }) => readsMain)
    .map(({ name }) => name)
    .sort();
}
