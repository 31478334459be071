import { createHash } from 'node:crypto';
import { MAIN, type CanonicalName } from '../../graph/repository.js';
import type { LoadedCode } from './rule-code.js';

/** The code of a WORKSPACE file: its own, and that of all files that it loads. */
export interface WorkspaceCode {
  /**
   * Of the code without comments if it tells some repositories to call others by other names, which no query shows; else
   * null.
   */
  readonly mappingsDigest: string | null;
  /** The other repositories with code that registers toolchains or execution platforms. */
  readonly registering: ReadonlySet<CanonicalName>;
  /** What the code tells some repository to call others: each name with what it means there. */
  readonly aliases: readonly (readonly [string, CanonicalName])[];
}

/**
 * Reads the code of a WORKSPACE file.
 *
 * @param isOfBazel whether Bazel itself brings a repository, whose code is always the same
 */
export function workspaceCodeIn(
  files: Iterable<LoadedCode>,
  isOfBazel: (name: CanonicalName) => boolean,
): WorkspaceCode {
  const hash = createHash('sha256');
  const registering = new Set<CanonicalName>();
  const aliases: (readonly [string, CanonicalName])[] = [];
  let renames = false;
  for (const { repository, path, code } of files) {
    hash.update(JSON.stringify([repository, path, code]));
    if (REGISTERS.test(code) && repository !== MAIN) registering.add(repository);
    if (isOfBazel(repository) || !code.includes('repo_mapping')) continue;
    renames = true;
    for (const [, alias = '', name = ''] of code.matchAll(RENAMED))
      aliases.push([alias, name as CanonicalName]);
  }
  return { mappingsDigest: renames ? hash.digest('base64') : null, registering, aliases };
}

const REGISTERS = /\bregister_(toolchains|execution_platforms)\b/;

/** An entry of a dictionary for `repo_mapping`. */
const RENAMED = /["']@([\w.-]+)["']\s*:\s*["']@([\w.-]+)["']/g;
