import type { Label, WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import { filesLoadedBy, labelsInCode, makesTransitions } from './code-labels.js';

/**
 * The labels that the code of transitions and aspects may pass to Bazel, each with what names it. Only the head is
 * read: if that code changed, the digests of the rules that use it changed too.
 *
 * @param aspectFiles the files that contain the code of the aspects that options turn on
 * @throws GitError
 */
export async function readCodeLabels(
  head: RevisionFiles,
  aspectFiles: readonly WorkspacePath[],
  main: MainRepository,
): Promise<ReadonlyMap<Label, string>> {
  const transitionFiles = await filesMakingTransitions(head);
  return new Map([
    ...(await labelsFrom(transitionFiles, 'the code of transitions', head, main)),
    ...(await labelsFrom(aspectFiles, 'the code of aspects that options of Bazel turn on', head, main)),
  ]);
}

async function filesMakingTransitions(files: RevisionFiles): Promise<WorkspacePath[]> {
  const code = files.listing.entries.map((entry) => entry.path).filter(isStarlark);
  const texts = await files.texts(code);
  return [...texts].flatMap(([path, text]) => (makesTransitions(text) ? path : []));
}

/** The labels in .bzl files and in the files that these load, each with what names it. */
async function labelsFrom(
  roots: readonly WorkspacePath[],
  who: string,
  files: RevisionFiles,
  main: MainRepository,
): Promise<(readonly [Label, string])[]> {
  const code = await loadedFrom(roots, files, main);
  return [...code].flatMap(([path, text]) =>
    labelsInCode(path, text, main).map((label) => [label, `${who}, in ${path}`] as const),
  );
}

/** The texts of .bzl files and of all files that they load, directly or not. Missing files are left out. */
async function loadedFrom(
  roots: readonly WorkspacePath[],
  files: RevisionFiles,
  main: MainRepository,
): Promise<ReadonlyMap<WorkspacePath, string>> {
  const reached = new Map<WorkspacePath, string>();
  let level: readonly WorkspacePath[] = roots;
  while (level.length > 0) {
    const texts = await files.texts(level);
    for (const [path, text] of texts) reached.set(path, text);
    level = [...texts]
      .flatMap(([path, text]) => filesLoadedBy(path, text, main))
      .filter((path) => !reached.has(path));
  }
  return reached;
}
