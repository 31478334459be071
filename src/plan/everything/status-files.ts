import { mayBeScript, pathsInList, pathsInScript, type ScriptPaths } from '../../formats/script-paths.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';

/** What a workspace status command may read: paths of files, and of folders with a `/` at the end, each with the command. */
export type StatusFiles = ReadonlyMap<WorkspacePath, WorkspacePath>;

/**
 * Finds the files of a revision that workspace status commands name, directly or through the scripts that they name.
 * There may be too many: every word of a script that is a path counts.
 *
 * @param commands scripts, relative to the workspace, or commands of a shell
 * @throws GitError
 */
export async function readStatusFiles(
  files: RevisionFiles,
  commands: readonly WorkspacePath[],
): Promise<StatusFiles> {
  const found = new Map<WorkspacePath, WorkspacePath>();
  for (const command of commands)
    for (const path of await namedFrom(command, files)) found.set(path, command);
  return found;
}

async function namedFrom(command: WorkspacePath, files: RevisionFiles): Promise<Set<WorkspacePath>> {
  const named = new Set<WorkspacePath>();
  let texts = await files.texts([command]);
  // A command need not be a script alone: `bash tools/status.sh`, `echo STABLE_V $(cat VERSION)`.
  let paths = texts.size > 0 ? [] : [pathsInScript('', command)];
  while (texts.size > 0 || paths.length > 0) {
    for (const [path, text] of texts) {
      // A script that is a symlink may look for its real folder.
      const places = new Set([path, await files.realPathOf(path)]);
      paths.push(...[...places].map((place) => pathsNamedIn(place, text)));
    }
    const folders = paths.flatMap((each) => each.folders) as WorkspacePath[];
    for (const folder of await files.foldersAt(folders))
      if (folder !== '') named.add(`${folder}/` as WorkspacePath);
    const fresh = paths
      .flatMap((each) => each.files as WorkspacePath[])
      .filter((path) => path !== command && !named.has(path));
    texts = await files.texts(fresh);
    for (const path of texts.keys()) named.add(path);
    paths = [];
  }
  return named;
}

function pathsNamedIn(path: WorkspacePath, text: string): ScriptPaths {
  return mayBeScript(path) ? pathsInScript(path, text) : { files: pathsInList(path, text), folders: [] };
}
