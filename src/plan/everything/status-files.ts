import {
  mayBeScript,
  NO_PATHS,
  pathsInList,
  pathsInScript,
  type OpenPath,
  type ScriptPaths,
} from '../../formats/script-paths.js';
import { fileNameOf, folderOf, foldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import { addToGroup } from '../../text/grouped.js';

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
    const computed = await matching(paths, files);
    for (const folder of computed.folders) named.add(`${folder}/` as WorkspacePath);
    for (const path of computed.outside) named.add(path);
    const fresh = [...paths.flatMap((each) => each.files as WorkspacePath[]), ...computed.files].filter(
      (path) => path !== command && !named.has(path),
    );
    texts = await files.texts(fresh);
    for (const path of texts.keys()) named.add(path);
    paths = [];
  }
  return named;
}

function pathsNamedIn(path: WorkspacePath, text: string): ScriptPaths {
  return mayBeScript(path) ? pathsInScript(path, text) : { ...NO_PATHS, files: pathsInList(path, text) };
}

/** The files and folders of a revision that paths with a computed part may mean; also paths that lead out of the workspace. */
async function matching(
  paths: readonly ScriptPaths[],
  files: RevisionFiles,
): Promise<Readonly<Record<'files' | 'folders' | 'outside', ReadonlySet<WorkspacePath>>>> {
  const beginnings = paths.flatMap(({ openFiles, openFolders }) => [
    ...openFiles.map(({ beginning }) => beginning),
    ...openFolders,
  ]);
  const found = {
    files: new Set<WorkspacePath>(),
    folders: new Set<WorkspacePath>(),
    outside: new Set(beginnings.filter((path) => path.startsWith('../')) as WorkspacePath[]),
  };
  const openFiles = await inFolders(
    paths.flatMap((each) => each.openFiles),
    files,
  );
  const openFolders = await inFolders(
    paths.flatMap((each) => each.openFolders).map((beginning) => ({ beginning, ending: '' })),
    files,
  );
  const names = paths.flatMap((each) => each.names);
  if (openFiles.size + openFolders.size + names.length === 0) return found;
  for (const { path } of files.listing.entries) {
    const name = fileNameOf(path);
    const ofFolder = openFiles.get(folderOf(path)) ?? [];
    if ([...ofFolder, ...names].some((each) => isOpen(name, each))) found.files.add(path);
    for (const folder of foldersAbove(path)) {
      if (folder === '') continue;
      const open = openFolders.get(folderOf(folder)) ?? [];
      if (open.some((each) => isOpen(fileNameOf(folder), each))) found.folders.add(folder);
    }
  }
  return found;
}

/** The names that are possible in a folder, by the folders of a revision. */
async function inFolders(
  open: readonly OpenPath[],
  files: RevisionFiles,
): Promise<Map<WorkspacePath, OpenPath[]>> {
  const found = new Map<WorkspacePath, OpenPath[]>();
  for (const { beginning, ending } of open) {
    const folder = folderOf(beginning);
    // The workspace itself may lie anywhere in the repository.
    const resolved = folder === '' ? [folder] : await files.foldersAt([folder]);
    for (const each of resolved) addToGroup(found, each, { beginning: fileNameOf(beginning), ending });
  }
  return found;
}

function isOpen(name: string, { beginning, ending }: OpenPath): boolean {
  return (
    name.startsWith(beginning) && name.endsWith(ending) && name.length >= beginning.length + ending.length
  );
}
