import { realpathSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { homeFolder, rcFilesOfEnvironment, rcFileText } from '../../adapters/disk/machine-rc.js';
import { rcFilesInForce, rcFilesNamedIn, SYSTEM_RC_FILE } from '../../formats/rc-locations.js';
import type { WorkspacePath } from '../../graph/label.js';
import { ROOT_RC_FILE, USER_RC_FILE } from '../../graph/bazel-files.js';
import { rcFilesFrom, type RcFile } from '../inputs/rc-files.js';
import { isOutside } from '../inputs/revision-entries.js';
import { supplyTextsNow } from '../inputs/texts.js';

/**
 * The texts of the rc files that do not belong to a revision, and of those that they import, in a fixed order; null for
 * a file that does not exist.
 *
 * @param workspace the folder of the workspace in the user's checkout, absolute
 */
export function rcTextsOutsideRevisions(
  startupOptions: readonly string[],
  workspace: string,
): (string | null)[] {
  return rcFilesOutsideRevisions(startupOptions, workspace).map((file) => file.text);
}

/**
 * The texts of all rc files that Bazel may read in a checkout, and of those that they import.
 *
 * @param workspace the folder of the workspace, absolute
 */
export function rcTextsInCheckout(startupOptions: readonly string[], workspace: string): string[] {
  const own = supplyTextsNow(rcFilesFrom([ROOT_RC_FILE]), (asked) => textsOnDisk(asked, workspace));
  const all = [...own.map((file) => file.text), ...rcTextsOutsideRevisions(startupOptions, workspace)];
  return all.filter((text) => text !== null);
}

/**
 * The rc files that do not belong to a revision, and those that they import, in a fixed order.
 *
 * @param workspace the folder of the workspace in the user's checkout, absolute
 */
function rcFilesOutsideRevisions(startupOptions: readonly string[], workspace: string): RcFile[] {
  const roots = [
    join(workspace, USER_RC_FILE),
    join(homeFolder(), ROOT_RC_FILE),
    SYSTEM_RC_FILE,
    ...rcFilesOfEnvironment(),
    ...rcFilesNamedIn(startupOptions),
  ];
  const read = (paths: readonly string[]): RcFile[] =>
    supplyTextsNow(rcFilesFrom(paths), (asked) => textsOnDisk(asked, workspace));
  // The workspace's own rc files belong to the revision. Files that they import from outside the workspace do not, and
  // neither do absolute imports: these name the user's checkout even if a query runs in the scratch folder.
  const elsewhere = read([ROOT_RC_FILE])
    .map((file) => file.path)
    .filter(isOutside);
  return read([...roots, ...elsewhere]);
}

function textsOnDisk(paths: readonly WorkspacePath[], workspace: string): Map<WorkspacePath, string> {
  const texts = new Map<WorkspacePath, string>();
  for (const path of paths) {
    const text = rcFileText(resolve(workspace, path));
    if (text !== null) texts.set(path, text);
  }
  return texts;
}

/**
 * The user's checkout, and what lies around it on this machine. Absolute paths into the checkout are rewritten, so that
 * they can be resolved in every revision.
 */
export class Checkout {
  /** Absolute. */
  readonly workspaceFolder: string;
  private readonly prefixes: readonly (readonly [folder: string, written: string])[];

  /**
   * @param folder the folder of the repository, absolute
   * @param workspace relative to it
   */
  constructor(folder: string, workspace: string) {
    this.workspaceFolder = join(folder, workspace);
    const up = workspace === '' ? '' : '../'.repeat(workspace.split('/').length);
    this.prefixes = [
      [`${this.workspaceFolder}/`, '%workspace%/'],
      [`${join(folder)}/`, `%workspace%/${up}`],
    ];
  }

  /** The rc files that do not belong to a revision, and those that they import, in a fixed order. */
  rcFilesOutsideRevisions(startupOptions: readonly string[]): RcFile[] {
    return rcFilesOutsideRevisions(startupOptions, this.workspaceFolder);
  }

  /** The rc files that Bazel reads here, in its order: absolute, or relative to the workspace. */
  rcFilesInForce(startupOptions: readonly string[]): string[] {
    const { system, user } = rcFilesInForce(startupOptions, homeFolder(), rcFilesOfEnvironment());
    return [...system, ...user];
  }

  /** A text of options in which paths into the checkout are written as `%workspace%/…`. */
  relative(options: string): string {
    return this.prefixes.reduce(
      (text, [folder, written]) =>
        text.replace(new RegExp(`(?<![\\w./~-])${escaped(folder)}`, 'g'), () => written),
      options,
    );
  }

  /**
   * Rewrites a single path in the same way. If it is absolute, its symlinks are resolved, because they may lead into
   * the checkout.
   */
  relativePath(path: string): string {
    try {
      return this.relative(isAbsolute(path) ? realpathSync(path) : path);
    } catch {
      return this.relative(path);
    }
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
