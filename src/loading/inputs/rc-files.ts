import { readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { importedRcFiles } from '../../formats/rc.js';
import { ROOT_RC_FILE, USER_RC_FILE } from './file-roles.js';

/** The paths that the startup option `--bazelrc` names, as they are written. */
export function rcFilesNamedIn(startupOptions: readonly string[]): string[] {
  return startupOptions.flatMap((option) => /^--bazelrc=(.+)$/s.exec(option)?.[1] ?? []);
}

/**
 * What the rc files say that are no part of a revision, and those that they import, in a fixed order; null where there
 * is none.
 *
 * @param workspace the folder of the workspace in the user's checkout, absolute
 */
export function rcTextsOutsideRevisions(
  startupOptions: readonly string[],
  workspace: string,
): (string | null)[] {
  const roots = [
    join(workspace, USER_RC_FILE),
    join(process.env.HOME ?? homedir(), '.bazelrc'),
    '/etc/bazel.bazelrc',
    // Bazel 9 reads it.
    ...(process.env.BAZELRC ?? '').split(',').filter((path) => path !== ''),
    ...rcFilesNamedIn(startupOptions),
  ];
  // The workspace's own texts belong to the revision; what they import may lie elsewhere, and what they name absolutely
  // is in the checkout even where a query runs in the scratch folder.
  const own = [...reachedFrom([join(workspace, ROOT_RC_FILE)], workspace).values()];
  const elsewhere = own
    .flatMap((text) => importedRcFiles(text ?? ''))
    .filter((path) => isAbsolute(path) || path.startsWith('../'));
  return [...reachedFrom([...roots, ...elsewhere], workspace).values()];
}

/** Rc files and those that they import, by their absolute paths: their texts, null where there is none. */
function reachedFrom(roots: readonly string[], workspace: string): Map<string, string | null> {
  const texts = new Map<string, string | null>();
  const follow = (path: string): void => {
    const file = resolve(workspace, path);
    if (texts.has(file)) return;
    const text = textOf(file);
    texts.set(file, text);
    for (const imported of importedRcFiles(text ?? '')) follow(imported);
  };
  for (const path of roots) follow(path);
  return texts;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** How absolute paths of the user's checkout are written, so that they are found in every revision. */
export class Checkout {
  /** Absolute. */
  readonly workspaceFolder: string;
  private readonly prefixes: readonly (readonly [folder: string, written: string])[];

  /**
   * @param folder of the repository, absolute
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

  /** A text of options where what lies in the checkout is written as `%workspace%/…`. */
  relative(options: string): string {
    return this.prefixes.reduce(
      (text, [folder, written]) =>
        text.replace(new RegExp(`(?<![\\w./~-])${escaped(folder)}`, 'g'), () => written),
      options,
    );
  }

  /** The same for a path that may lead into the checkout by a symlink. */
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
