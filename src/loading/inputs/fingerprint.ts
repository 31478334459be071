import { createHash, type Hash } from 'node:crypto';
import type { LoadingInputs } from './loading-inputs.js';
import type { SortedPaths } from './sorted-paths.js';

/** Must be raised with every change of how fingerprints are computed, or of what counts as a loading input. */
const FINGERPRINT_SCHEMA = 10;

/** How much text is hashed at once: many small calls are slow, and one large text takes much memory. */
const HASHED_AT_ONCE = 64 * 1024;

/**
 * One digest over all loading inputs, hexadecimal. Equal fingerprints mean equal graphs.
 *
 * @param options what else decides the graph, in a fixed order: Bazel's startup and query options, and the Bazel that
 *   is asked for
 */
export function fingerprint(inputs: LoadingInputs, options: readonly string[]): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([FINGERPRINT_SCHEMA, options, digestOfPaths(inputs.paths)]));
  const contents = {
    links: inputs.links,
    submodules: inputs.submodules,
    build: inputs.buildFiles,
    starlark: inputs.starlark,
    everywhere: inputs.everywhere,
  };
  for (const [section, files] of Object.entries(contents)) {
    const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
    addAll(hash, [
      `\0\0${section} ${files.size}`,
      ...sorted.map(([path, content]) => `\0${path}\0${content}`),
    ]);
  }
  return hash.digest('hex');
}

const digestsOfPaths = new WeakMap<SortedPaths, string>();

/** The digest of all paths. It is kept with the list, because two revisions often share it. */
function digestOfPaths(paths: SortedPaths): string {
  const known = digestsOfPaths.get(paths);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  addAll(hash, paths.all, '\0');
  const digest = hash.digest('hex');
  digestsOfPaths.set(paths, digest);
  return digest;
}

/** Hashes texts one after the other, each with a separator behind it. */
function addAll(hash: Hash, texts: readonly string[], separator = ''): void {
  let waiting = '';
  for (const text of texts) {
    waiting += text + separator;
    if (waiting.length < HASHED_AT_ONCE) continue;
    hash.update(waiting);
    waiting = '';
  }
  hash.update(waiting);
}
