import type { Bazel } from '../../adapters/bazel/bazel.js';
import type { Graph } from '../../graph/graph.js';
import type { PackagePath } from '../../graph/label.js';
import { IGNORE_FILE, REPO_FILE } from '../../graph/bazel-files.js';
import { hiddenFolders } from '../inputs/hidden-folders.js';
import { folderOf } from '../../graph/folders.js';
import type { Revision } from './revision.js';
import type { LoadingReader } from './loading-reader.js';

/** Bazel's answer lacks packages. Without this error, a plan would silently leave their targets out. */
export class IncompleteAnswerError extends Error {
  override name = 'IncompleteAnswerError';
}

/**
 * Limits how many missing packages Bazel is asked about at once. If more are missing, most likely the whole answer was
 * lost, and a few of its packages are enough to find out.
 */
const ASKED_AT_ONCE = 200;
const MOST_NAMED = 5;

/**
 * Checks that the graph is complete. Every BUILD file of the revision must be a package of the graph, or must be hidden
 * from builds too, or Bazel, asked for the package by name, must say why it is not a package.
 *
 * @param bazel the Bazel that the graph came from
 * @throws IncompleteAnswerError with the packages that are missing; GitError; BazelError
 */
export async function accountFor(
  graph: Graph,
  revision: Revision,
  reader: LoadingReader,
  bazel: Bazel,
): Promise<void> {
  const { buildFiles } = await reader.inputsOf(revision.files);
  const packages = graph.packagePaths;
  const absent = [...new Set([...buildFiles.keys()].map((path) => folderOf(path)))].filter(
    (folder) => !packages.has(folder),
  );
  if (absent.length === 0) return;
  const missing = absent.filter(await unhidden(revision, bazel)).sort();
  for (let at = 0; at < missing.length; at += ASKED_AT_ONCE) {
    const asked = missing.slice(at, at + ASKED_AT_ONCE);
    const { found, said } = await bazel.existing(asked);
    const lost = asked.filter((path) => found.has(path) || !isExplained(path, said, bazel));
    if (lost.length > 0) throw new IncompleteAnswerError(messageFor(lost, missing.length > asked.length));
  }
}

async function unhidden(revision: Revision, bazel: Bazel): Promise<(folder: PackagePath) => boolean> {
  const texts = await revision.files.texts([IGNORE_FILE, REPO_FILE]);
  const isHidden = hiddenFolders({
    ignoreFile: texts.get(IGNORE_FILE) ?? null,
    repoFile: texts.get(REPO_FILE) ?? null,
    deletedPackages: bazel.deletedPackages(),
  });
  return (folder) => !isHidden(folder);
}

/**
 * Messages that do not explain why a package is missing: an option deletes it from queries, or it exists and does not
 * load.
 */
const NO_EXPLANATION = /--deleted_packages|error loading package|contains errors/;
const NOT_FOUND = 'BUILD file not found';

/**
 * Whether Bazel gives a reason why a folder with a BUILD file is not a package for builds either, such as that it
 * belongs to another repository. "BUILD file not found" is not a reason if builds look where git lists the file: builds
 * then find it.
 */
function isExplained(path: PackagePath, said: string, bazel: Bazel): boolean {
  return said
    .split('\n')
    .some(
      (line) =>
        line.includes(`'${path}'`) &&
        !NO_EXPLANATION.test(line) &&
        (bazel.buildsLookElsewhere || !line.includes(NOT_FOUND)),
    );
}

function messageFor(missing: readonly PackagePath[], mayBeMore: boolean): string {
  const names = missing.slice(0, MOST_NAMED).map((path) => `//${path}`);
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
  return (
    `Bazel's answer is incomplete: it lacks ${mayBeMore ? 'at least ' : ''}` +
    `${missing.length === 1 ? 'the package' : `the ${missing.length} packages`} ` +
    `${names.join(', ')}${more}, whose BUILD files are in the revision. A plan without them would leave their tests out. ` +
    'Either something between this program and Bazel (a wrapper, tools/bazel) loses what Bazel prints, or an option hides ' +
    'these packages from queries and not from builds: compare with `bazel query //...`, and hide packages with .bazelignore'
  );
}
