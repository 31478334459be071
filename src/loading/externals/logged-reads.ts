import type { LoggedStep } from '../../formats/rules-log.js';
import type { WorkspacePath } from '../../graph/label.js';

/** The files of a revision, by their paths; symlinks are followed. `''` is the workspace. */
export interface KnownFiles {
  /** What is at a path. A path that leaves the workspace, or leads into a submodule, counts as a file. */
  kindOf(path: string): 'file' | 'folder' | 'missing';
}

/**
 * The paths of the workspace that the steps of repository rules and module extensions name, because they read them, give
 * them to a program, or write them into a file. With a folder, all that is below it counts.
 *
 * @param folders the paths of the workspace's folder, absolute
 * @param inherited the environment of Bazel itself, which every program inherits, so that it tells nothing
 */
export function loggedReads(
  steps: Iterable<LoggedStep>,
  folders: readonly string[],
  files: KnownFiles,
  inherited: Readonly<Record<string, string | undefined>>,
): Set<WorkspacePath> {
  const found = new Set<WorkspacePath>();
  for (const { texts, environment } of steps) {
    const own = [...environment].filter(([name, value]) => inherited[name] !== value);
    for (const text of [...texts, ...own.map(([, value]) => value)]) {
      for (const folder of folders) for (const path of pathsIn(text, folder, files)) found.add(path);
      const labelled = pathOfLabel(text);
      if (labelled !== null && files.kindOf(labelled) !== 'missing') found.add(labelled);
    }
  }
  return found;
}

/** Some steps have the label of a file as it is: of an archive to extract. */
function pathOfLabel(text: string): WorkspacePath | null {
  const [, folder, name] = /^@{0,2}\/\/([^:]*):(.+)$/s.exec(text) ?? [];
  if (folder === undefined || name === undefined) return null;
  return (folder === '' ? name : `${folder}/${name}`) as WorkspacePath;
}

function* pathsIn(text: string, folder: string, files: KnownFiles): Generator<WorkspacePath> {
  for (let at = text.indexOf(folder); at !== -1; at = text.indexOf(folder, at + 1)) {
    const rest = text.slice(at + folder.length);
    if (OF_A_NAME.test(rest)) continue;
    const path = pathAtStartOf(rest, files);
    if (path !== null) yield path;
  }
}

/** A text that goes on like this after a folder's path names another folder. */
const OF_A_NAME = /^[\w.+~@%-]/;

/** A name that is written as it is: no pattern, and nothing behind it. */
const PLAIN_NAME = /^[\w.+~@%-]+$/;

/**
 * The path at the start of a text, which may go on behind it.
 *
 * @param text begins behind the folder of the workspace
 * @returns the longest path that exists; null if there is plainly nothing at the path
 */
function pathAtStartOf(text: string, files: KnownFiles): WorkspacePath | null {
  let folder = '';
  let at = 0;
  while (text[at] === '/') {
    const next = text.indexOf('/', at + 1);
    const name = text.slice(at + 1, next === -1 ? undefined : next);
    const path = below(folder, name);
    // A path that climbs may lead anywhere.
    if (path === null) return '' as WorkspacePath;
    const kind = files.kindOf(path);
    if (next === -1 || kind !== 'folder') {
      if (kind === 'missing') return longestExisting(folder, name, files);
      return path as WorkspacePath;
    }
    folder = path;
    at = next;
  }
  return folder as WorkspacePath;
}

function below(folder: string, name: string): string | null {
  if (name === '' || name === '.') return folder;
  if (name === '..') return null;
  return folder === '' ? name : `${folder}/${name}`;
}

/** The name may be followed by something else: `a.json:/other`, `a.json and more`, or have a pattern: `*.json`. */
function longestExisting(folder: string, name: string, files: KnownFiles): WorkspacePath | null {
  if (PLAIN_NAME.test(name)) return null;
  for (let length = name.length - 1; length > 0; length -= 1) {
    const path = below(folder, name.slice(0, length));
    const isWhole = !OF_A_NAME.test(name.slice(length));
    if (path !== null && path !== folder && isWhole && files.kindOf(path) !== 'missing')
      return path as WorkspacePath;
  }
  return folder as WorkspacePath;
}
