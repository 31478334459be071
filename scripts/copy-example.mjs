/**
 * Copies examples/monorepo, with the Bazel module that it uses, for the tests and the demo: they make a repository of the copy,
 * and what lies beside the example here is not in it.
 */
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const repository = path.dirname(import.meta.dirname);

/** Where the module lies in the copy. */
const MODULE_FOLDER = 'third_party/bazel_affected';

/** @param {string} folder a new folder */
export function copyExample(folder) {
  copyFolder('examples/monorepo', folder);
  copyFolder('bazel', path.join(folder, MODULE_FOLDER));

  const file = path.join(folder, 'MODULE.bazel');
  const moduleFile = readFileSync(file, 'utf8');
  const override = 'path = "../../bazel"';
  if (!moduleFile.includes(override)) throw new Error(`MODULE.bazel of the example has no ${override}.`);
  writeFileSync(file, moduleFile.replace(override, `path = "${MODULE_FOLDER}"`));
  // The packages of the module are not packages of the repository.
  appendFileSync(path.join(folder, '.bazelignore'), `${MODULE_FOLDER}\n`);
}

/**
 * @param {string} from below this repository
 * @param {string} to
 */
function copyFolder(from, to) {
  cpSync(path.join(repository, from), to, {
    recursive: true,
    // Bazel's links to its outputs.
    filter: (name) => !/\/bazel-[^/]*$/.test(name),
  });
}
