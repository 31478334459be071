import { createHash } from 'node:crypto';
import type { LoadingInputs } from './loading-inputs.js';

/** Must be raised with every change of how fingerprints are computed, or of what counts as a loading input. */
const FINGERPRINT_SCHEMA = 4;

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
  let waiting = JSON.stringify([FINGERPRINT_SCHEMA, options]);
  const add = (text: string): void => {
    waiting += text;
    if (waiting.length < HASHED_AT_ONCE) return;
    hash.update(waiting);
    waiting = '';
  };
  for (const path of inputs.paths.all) add(`\0${path}`);
  const contents = {
    links: inputs.links,
    submodules: inputs.submodules,
    build: inputs.buildFiles,
    starlark: inputs.starlark,
    everywhere: inputs.everywhere,
  };
  for (const [section, files] of Object.entries(contents)) {
    add(`\0\0${section} ${files.size}`);
    for (const [path, content] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
      add(`\0${path}\0${content}`);
    }
  }
  hash.update(waiting);
  return hash.digest('hex');
}
