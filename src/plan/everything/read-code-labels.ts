import type { Label, WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import { filesLoadedBy, labelsInCode, makesTransitions } from './code-labels.js';

/**
 * Labels that the code of transitions and of aspects may hand to Bazel, each with who names it. Of the head alone: where
 * that code changed, so did the digests of the rules that use it.
 *
 * @param aspectFiles the files with the code of aspects that options turn on
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

/** Labels in .bzl files and in those that they load, each with who names it. */
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

/** .bzl files with those that they load, directly or through others, and their texts; missing ones are left out. */
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
