import { realpathSync } from 'node:fs';
import type { LoggedStep } from '../../formats/rules-log.js';
import { significantCode } from '../../formats/starlark-tokens.js';
import { leadsOut, recordOf, type ExternalsRecord } from '../externals/externals-record.js';
import { loggedReads, type KnownFiles } from '../externals/logged-reads.js';
import type { RevisionEntries } from '../inputs/revision-entries.js';
import type { LoggedExternals } from './externals-source.js';
import type { LoadingReader } from './loading-reader.js';
import { UnrecordedError } from './evaluate-externals.js';
import type { Revision } from './revision.js';

/**
 * Shells set these to the folder in which a program runs. That of Bazel itself is the workspace, so they tell nothing
 * about what a rule reads.
 */
const WORKING_FOLDERS = ['PWD', 'OLDPWD'];

/**
 * What code can do that Bazel does not log: run a program in another folder than that of its repository, where a relative
 * path means another file; let Bazel watch a file that a program reads.
 */
const UNLOGGED = /\b(working_directory(?! = "(?![/.])(?:(?!\.\.)[^"'%{\\])*" [,)])|watch|watch_tree)\b/;

/**
 * Records what the external repositories of a revision read, which takes a Bazel server of its own.
 *
 * @throws UnrecordedError if it cannot be known, and as `LoggedExternals.evaluationOf`; GitError
 */
export async function recordedExternals(
  revision: Revision,
  externals: LoggedExternals,
  reader: LoadingReader,
): Promise<ExternalsRecord> {
  const { entries, deciding, moduleCode } = await reader.allOf(revision.files);
  const code = await revision.files.texts(moduleCode);
  for (const [path, text] of code) {
    const [unlogged] = UNLOGGED.exec(significantCode(text)) ?? [];
    if (unlogged !== undefined) throw new UnrecordedError(`${path} uses ${unlogged}`);
  }
  const { steps, folder, shown } = await externals.evaluationOf(revision);
  const folders = new Set([folder, realpathSync(folder)]);
  // Bazel writes other characters twice encoded.
  if (![...folders].every((each) => /^[\x20-\x7e]*$/.test(each)))
    throw new UnrecordedError(`the path of the workspace has characters that logs do not have: ${folder}`);
  const seen = loggedReads(steps.map(withoutWorkingFolders), [...folders], filesOf(entries), process.env);
  const all = [...seen, ...shown];
  const outside = all.find((path) => leadsOut(path, entries));
  if (outside !== undefined) throw new UnrecordedError(`${outside} leads out of the workspace`);
  return recordOf(deciding, all, entries);
}

function withoutWorkingFolders(step: LoggedStep): LoggedStep {
  const others = [...step.environment].filter(([name]) => !WORKING_FOLDERS.includes(name));
  return { ...step, environment: new Map(others) };
}

function filesOf(entries: RevisionEntries): KnownFiles {
  return {
    kindOf: (path) => {
      if (path === '') return 'folder';
      const { kind } = entries.resolve(path);
      return kind === 'outside' || kind === 'submodule' ? 'file' : kind;
    },
  };
}
