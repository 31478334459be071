import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { foldersAbove } from '../../graph/folders.js';
import type { RepositoryPath } from '../../graph/tree.js';

/**
 * The text of a symlink, rewritten if it leaves the checkout and enters it again: by an absolute path, or by `../` and
 * the names of the checkout's own folders. The new text stays inside, so that it means the same in every revision and
 * in a scratch folder. Any other text stays as it is.
 *
 * @param root the real path of the checkout
 */
export function inwardText(root: string, link: RepositoryPath, text: string): string {
  const folders = [...foldersAbove(link)].length - 1;
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  const inside = text.startsWith('/') ? afterRoot(root, segments) : afterOwnName(root, folders, segments);
  if (inside === null) return text;
  const up = Array.from({ length: folders }, () => '..');
  const rewritten = [...up, ...inside].join('/') || '.';
  // It may leave the checkout and enter it once more. Each round has fewer segments behind the entry.
  return inwardText(root, link, rewritten);
}

/** The segments of an absolute path after it enters the checkout, relative to the root; null if it does not. */
function afterRoot(root: string, segments: readonly string[]): readonly string[] | null {
  for (let count = 1; count <= segments.length; count++) {
    const folder = realPath(`/${segments.slice(0, count).join('/')}`);
    if (folder === null) return null;
    if (folder !== root && !folder.startsWith(`${root}/`)) continue;
    const inside = relative(root, folder)
      .split('/')
      .filter((segment) => segment !== '');
    return [...inside, ...segments.slice(count)];
  }
  return null;
}

/** The segments of a path after it leaves the checkout and enters it by name; null if it does not. */
function afterOwnName(root: string, folders: number, segments: readonly string[]): readonly string[] | null {
  const ups = segments.findIndex((segment) => segment !== '..');
  const levels = ups - folders;
  const names = root.split('/').slice(1);
  if (levels < 1 || levels > names.length) return null;
  const entered = names.slice(-levels);
  return entered.every((name, index) => segments[ups + index] === name) ? segments.slice(ups + levels) : null;
}

/** Null if there is nothing at the path. */
function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
