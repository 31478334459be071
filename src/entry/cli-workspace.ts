import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { isWorkspace } from '../adapters/bazel/bazel.js';
import { LabelError, parseLabel, type Label } from '../graph/label.js';
import { InputError } from '../text/input-error.js';

/** The argument of `explain`. An error message for any other name is about an option. */
export const LABEL = 'label';

/**
 * The workspace's folder: the one that the user named, or else the nearest one at or above the current folder.
 *
 * @throws InputError if the named folder does not exist
 */
export function workspaceFolder(named: string | true | undefined): string {
  return realpathSync(typeof named === 'string' ? existing(named) : nearestWorkspace());
}

function existing(folder: string): string {
  if (existsSync(folder)) return resolve(folder);
  throw new InputError('workspace', folder, { problem: 'does not exist: check the path' });
}

/**
 * The nearest folder at or above the current one that is a workspace. If there is none, the current folder: the plan
 * then reports what is missing.
 */
function nearestWorkspace(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (isWorkspace(folder)) return folder;
    if (folder === dirname(folder)) return process.cwd();
  }
}

/**
 * The label that the user's text means.
 *
 * @param text written as for Bazel: a label without `//` is relative to the current folder
 * @throws InputError if it is not a label
 */
export function labelFrom(text: string, workspace: string): Label {
  const here = relative(workspace, realpathSync('.'));
  const isInside = !here.startsWith('..') && !isAbsolute(here);
  const [, folder, name] = (isInside ? /^(?![/@])([^:]*):(.*)$/s.exec(text) : null) ?? [];
  const packagePath = [here, folder].filter(Boolean).join('/');
  try {
    const label = parseLabel(name === undefined ? text : `//${packagePath}:${name}`);
    if (!label.endsWith(':')) return label;
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
  }
  throw new InputError(LABEL, text, 'a label like //app:server_test, or :server_test in the folder app');
}
