import type { Bazel } from '../../adapters/bazel/bazel.js';
import type { Graph } from '../../graph/graph.js';
import type { PackagePath } from '../../graph/label.js';
import { IGNORE_FILE, REPO_FILE } from '../inputs/file-roles.js';
import { hiddenFolders } from '../inputs/hidden-folders.js';
import { folderOf } from '../../graph/folders.js';
import type { Revision } from './revision.js';
import type { LoadingReader } from './loading-reader.js';

/** Says that Bazel's answer is incomplete: a target that it lacks would be left out of a plan without a word. */
export class IncompleteAnswerError extends Error {
  override name = 'IncompleteAnswerError';
}

/** An answer that lacks more is most likely lost as a whole: then a few of its packages are enough to see it. */
const ASKED_AT_ONCE = 200;
const MOST_NAMED = 5;

/**
 * Accounts for every BUILD file of a revision: each is a package of the graph, or hidden by what hides packages from builds
 * too, or Bazel itself says by its name that it is none.
 *
 * @param bazel where the graph came from
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
 * What explains nothing: that an option deletes the package, or that there is no BUILD file where Bazel looks (git lists the
 * file, and builds see it, unless they look elsewhere too), or that the package is there and does not load.
 */
const NO_EXPLANATION = /--deleted_packages|error loading package|contains errors/;
const NOT_FOUND = 'BUILD file not found';

/** Whether Bazel says why a folder with a BUILD file is no package to builds either, such as that another repository has it. */
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
