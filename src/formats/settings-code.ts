import { createHash } from 'node:crypto';
import { fileNameOf } from '../graph/folders.js';
import { loadedLabels } from './starlark-loads.js';

const SETTINGS = /\bbuild_setting_default\b|\b(platform|constraint_setting)\s*\(/;

/**
 * A digest of the files that define build settings, platforms or constraint settings: those with such a call, and those
 * that may load a function with one.
 *
 * @param files all Starlark files of a repository by their paths, in any order
 */
export function settingsDigest(files: ReadonlyMap<string, string>): string {
  const found = new Set([...files].flatMap(([path, text]) => (SETTINGS.test(text) ? [path] : [])));
  const loaders = loadersByName(files);
  for (const path of found) for (const loader of loaders.get(fileNameOf(path)) ?? []) found.add(loader);
  const hash = createHash('sha256');
  for (const path of [...found].sort()) hash.update(JSON.stringify([path, files.get(path)]));
  return hash.digest('base64');
}

/** For each name of a file, those that load one of that name. */
function loadersByName(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const loaders = new Map<string, string[]>();
  for (const [path, text] of files) {
    for (const label of loadedLabels(text)) {
      const name = fileNameOf(label.replaceAll(':', '/'));
      const known = loaders.get(name);
      if (known === undefined) loaders.set(name, [path]);
      else known.push(path);
    }
  }
  return loaders;
}
