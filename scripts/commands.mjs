/** Looks for commands on this machine, for the scripts that find tools. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * All executable files of that name on the PATH, first come first. Without node_modules/.bin: npm puts that on the
 * PATH, and what is there was not installed by the user (Bazelisk's wrappers, for one).
 * @param {string} name
 * @param {NodeJS.ProcessEnv} environment
 */
export function commandsOnPath(name, environment) {
  return (environment['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder) && !folder.includes(path.join('node_modules', '.bin')))
    .map((folder) => path.join(folder, name))
    .filter(isExecutableFile);
}

/** @param {string} file */
function isExecutableFile(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
