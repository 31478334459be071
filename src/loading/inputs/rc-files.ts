import { readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { importedRcFiles } from '../../formats/rc.js';
import type { WorkspacePath } from '../../graph/label.js';
import { ROOT_RC_FILE, USER_RC_FILE } from './file-roles.js';
import { isOutside } from './revision-entries.js';
import { supplyTextsNow, type NeedsFiles } from './texts.js';

/** An rc file that was found by following imports. */
export interface RcFile {
  readonly path: WorkspacePath;
  /** Null if there is no such file. */
  readonly text: string | null;
  /** The rc file that imports it; null for a root. */
  readonly importedBy: WorkspacePath | null;
}

/**
 * Rc files and those that they import, directly or through others. Each file occurs once, in breadth-first order.
 *
 * @param roots paths relative to the workspace, or absolute
 */
export function* rcFilesFrom(roots: Iterable<string>): NeedsFiles<RcFile[]> {
  const reached = new Map<WorkspacePath, RcFile>();
  let level = [...roots].map((path) => ({
    path: path as WorkspacePath,
    importedBy: null as WorkspacePath | null,
  }));
  while (level.length > 0) {
    const fresh = new Map(
      level.filter(({ path }) => !reached.has(path)).map(({ path, importedBy }) => [path, importedBy]),
    );
    if (fresh.size === 0) break;
    const texts = yield [...fresh.keys()];
    level = [];
    for (const [path, importedBy] of fresh) {
      const text = texts.get(path) ?? null;
      reached.set(path, { path, text, importedBy });
      for (const imported of importedRcFiles(text ?? ''))
        level.push({ path: imported as WorkspacePath, importedBy: path });
    }
  }
  return [...reached.values()];
}

/** The paths that the startup option `--bazelrc` names, as they are written. */
export function rcFilesNamedIn(startupOptions: readonly string[]): string[] {
  return startupOptions.flatMap((option) => /^--bazelrc=(.+)$/s.exec(option)?.[1] ?? []);
}

/** The rc files that the environment names: Bazel 9 reads this variable. */
export function rcFilesOfEnvironment(): string[] {
  return (process.env.BAZELRC ?? '').split(',').filter((path) => path !== '');
}

/** The folder of the user, in which Bazel looks for an rc file. */
export function homeFolder(): string {
  return process.env.HOME ?? homedir();
}

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
 * The rc files that do not belong to a revision, and those that they import, in a fixed order.
 *
 * @param workspace the folder of the workspace in the user's checkout, absolute
 */
export function rcFilesOutsideRevisions(startupOptions: readonly string[], workspace: string): RcFile[] {
  const roots = [
    join(workspace, USER_RC_FILE),
    join(homeFolder(), '.bazelrc'),
    '/etc/bazel.bazelrc',
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
    const text = textOf(resolve(workspace, path));
    if (text !== null) texts.set(path, text);
  }
  return texts;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Rewrites absolute paths into the user's checkout, so that they can be resolved in every revision. */
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
