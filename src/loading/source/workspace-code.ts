import { createHash } from 'node:crypto';
import { MAIN, type CanonicalName } from '../../graph/repository.js';
import type { LoadedCode } from './rule-code.js';

/** The code of a WORKSPACE file: its own, and that of all files that it loads. */
export interface WorkspaceCode {
  /** Of all code without comments. */
  readonly digest: string;
  /**
   * Of the code without comments if it tells some repositories to call others by other names, which no query shows; else
   * null.
   */
  readonly mappingsDigest: string | null;
  /**
   * The other repositories with code that registers toolchains or execution platforms; null if that is not known, because a
   * file could not be read, or was looked for under another name.
   */
  readonly registering: ReadonlySet<CanonicalName> | null;
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
  let isComplete = true;
  for (const { repository, path, code, text } of files) {
    isComplete &&= text !== null;
    hash.update(JSON.stringify([repository, path, code]));
    if (REGISTERS.test(code) && repository !== MAIN) registering.add(repository);
    if (isOfBazel(repository) || !code.includes('repo_mapping')) continue;
    renames = true;
    for (const [, alias = '', name = ''] of code.matchAll(RENAMED))
      aliases.push([alias, name as CanonicalName]);
  }
  const digest = hash.digest('base64');
  return {
    digest,
    mappingsDigest: renames ? digest : null,
    registering: isComplete ? registering : null,
    aliases,
  };
}

const REGISTERS = /\bregister_(toolchains|execution_platforms)\b/;

/** An entry of a dictionary for `repo_mapping`. */
const RENAMED = /["']@([\w.-]+)["']\s*:\s*["']@([\w.-]+)["']/g;
