import {
  mayBeScript,
  pathsInList,
  pathsInScript,
  type OpenPath,
  type ScriptPaths,
} from '../../formats/script-paths.js';
import { fileNameOf, folderOf } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';

/**
 * What a workspace status command may read: paths of files, and of folders with a `/` at the end, each with the command. It
 * itself is one of them.
 */
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
  for (const command of commands) {
    found.set(command, command);
    for (const path of await namedFrom(command, files)) found.set(path, command);
  }
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
    const matched = await matching(
      paths.flatMap((each) => each.open),
      files,
    );
    for (const folder of matched.folders) named.add(`${folder}/` as WorkspacePath);
    const fresh = [...paths.flatMap((each) => each.files as WorkspacePath[]), ...matched.files].filter(
      (path) => path !== command && !named.has(path),
    );
    texts = await files.texts(fresh);
    for (const path of texts.keys()) named.add(path);
    paths = [];
  }
  return named;
}

function pathsNamedIn(path: WorkspacePath, text: string): ScriptPaths {
  return mayBeScript(path)
    ? pathsInScript(path, text)
    : { files: pathsInList(path, text), folders: [], open: [] };
}

/** The files and folders of a revision that paths with a computed part may mean. */
async function matching(
  open: readonly OpenPath[],
  files: RevisionFiles,
): Promise<{ readonly files: readonly WorkspacePath[]; readonly folders: readonly WorkspacePath[] }> {
  const found = { files: new Set<WorkspacePath>(), folders: new Set<WorkspacePath>() };
  for (const { beginning, ending, of } of open) {
    const [folder] = await files.foldersAt([folderOf(beginning)]);
    if (folder === undefined) continue;
    const start = folder === '' ? fileNameOf(beginning) : `${folder}/${fileNameOf(beginning)}`;
    for (const { path } of files.listing.entries) {
      const from = folder === '' ? 0 : folder.length + 1;
      const slash = path.indexOf('/', from);
      const name = slash < 0 ? path : path.slice(0, slash);
      if (!path.startsWith(start) || !name.endsWith(ending) || name.length < start.length + ending.length)
        continue;
      if (of === 'file' && slash < 0) found.files.add(path);
      else if (of === 'folder' && slash >= 0) found.folders.add(name as WorkspacePath);
    }
  }
  return { files: [...found.files], folders: [...found.folders] };
}
