/** Does with a CacheStore what its arguments say, in a process of its own: each result is a line of the given file. */
import * as cache from '@actions/cache';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CacheStore } from '../../../../src/adapters/github/cache-store.js';
import { Graph } from '../../../../src/graph/graph.js';
import { EncodedSnapshots } from '../../../../src/loading/source/encoded-snapshots.js';
import { SNAPSHOT_SCHEMA } from '../../../../src/loading/snapshot/codec.js';
import { loadingOf } from '../../../support/random-edits/loading.js';
import { MemoryWorkspace } from '../../../support/random-edits/memory-workspace.js';

const [results = '', patience = '', ...steps] = process.argv.slice(2);
const say = (line: string): void => {
  appendFileSync(results, `${line}\n`);
};
const tell = (notice: string): void => {
  say(`notice: ${notice}`);
};
const store = new EncodedSnapshots(new CacheStore(tell, Number(patience)), tell);

for (const step of steps) {
  const [what, fingerprint = '', options = 'o', text = ''] = step.split(' ');
  const key = { options, fingerprint };
  if (what === 'keep') {
    const loading = await loadingOf(MemoryWorkspace.of({ 'MODULE.bazel': '', 'a/BUILD': fingerprint }));
    // A text: what tells this snapshot from another one with its fingerprint.
    const bazelVersion = text || 'bazel 7.7.1';
    await store.keep(key, { fingerprint, bazelVersion, ...loading, graph: Graph.of([]) });
    say(`kept ${fingerprint}`);
  } else if (what === 'nearest') {
    const found = await store.nearest(key);
    const told = found?.bazelVersion.startsWith('bazel') === false ? ` ${found.bazelVersion}` : '';
    say(`found ${found?.fingerprint ?? 'nothing'}${told}`);
  } else {
    // Plants an entry of any content, as another version could have written it.
    const path = `~/.cache/bazel-affected/actions/${SNAPSHOT_SCHEMA}-${options}/snapshot`;
    const file = join(homedir(), path.slice(2));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(text, 'base64'));
    await cache.saveCache([path], `bazel-affected-${SNAPSHOT_SCHEMA}-${options}-${fingerprint}-planted`);
  }
}
