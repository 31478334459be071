import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Bazel of the environment variable BAZEL, else the first on the PATH that no npm package put there. */
export function findBazel(): string {
  if (process.env.BAZEL !== undefined) return process.env.BAZEL;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder.includes('node_modules')) continue;
    for (const name of ['bazel', 'bazelisk']) if (existsSync(join(folder, name))) return join(folder, name);
  }
  throw new Error('no Bazel found: set BAZEL to its path, or put it on the PATH');
}
