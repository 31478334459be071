import { realpathSync } from 'node:fs';
import type { LoggedStep } from '../../formats/rules-log.js';
import { significantCode } from '../../formats/starlark-tokens.js';
import { recordOf, type ExternalsRecord } from '../externals/externals-record.js';
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
  // Bazel does not log in which folder a program runs, and so not what a relative path means to it.
  const changing = [...code].find(([, text]) => /\bworking_directory\b/.test(significantCode(text)));
  if (changing !== undefined)
    throw new UnrecordedError(`${changing[0]} runs programs in other folders (working_directory)`);
  const { steps, folder, shown } = await externals.evaluationOf(revision);
  const folders = new Set([folder, realpathSync(folder)]);
  const seen = loggedReads(steps.map(withoutWorkingFolders), [...folders], filesOf(entries), process.env);
  return recordOf(deciding, [...seen, ...shown], entries);
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
