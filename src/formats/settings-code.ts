import { folderOf, foldersAbove } from '../graph/folders.js';
import { MainRepository } from '../graph/main-repository.js';
import { isBuildFile } from '../graph/package.js';
import { addToGroup } from '../text/grouped.js';
import { loadedLabels, resolveLoad } from './starlark-loads.js';

const SETTINGS = /\bbuild_setting_default\b|\b(platform|constraint_setting)\s*\(/;

/**
 * The BUILD files that may define build settings, platforms or constraint settings: those with such a call, and those
 * that load a function with one, directly or not. Sorted.
 *
 * @param files all Starlark files of a repository by their paths, in any order
 */
export function buildFilesWithSettings(files: ReadonlyMap<string, string>): string[] {
  const found = new Set([...files].flatMap(([path, text]) => (SETTINGS.test(text) ? [path] : [])));
  const loaders = loadersAmong(files);
  for (const path of found) for (const loader of loaders.get(path) ?? []) found.add(loader);
  return [...found].filter(isBuildFile).sort();
}

/** For each file, those that may load it. */
function loadersAmong(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const packages = new Set([...files.keys()].filter(isBuildFile).map((path) => folderOf(path)));
  const loaders = new Map<string, string[]>();
  for (const [path, text] of files) {
    const packagePath = [...foldersAbove(path)].find((folder) => packages.has(folder)) ?? folderOf(path);
    for (const label of loadedLabels(text)) {
      // A repository may call itself by any name, so a label with a name means every file of that path.
      const loaded = resolveLoad(label, packagePath, MainRepository.named()).path;
      if (files.has(loaded)) addToGroup(loaders, loaded, path);
    }
  }
  return loaders;
}
