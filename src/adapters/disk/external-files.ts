import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';

/** The text of a file; null if it is missing or cannot be read. */
export function textIfReadable(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Whether anything has this path, also a symlink that leads nowhere. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Whether a folder certainly has nothing at a path below it. Where a symlink on the way leads nowhere, this is not
 * certain: it may lead somewhere for Bazel, which can run in a file system of its own.
 */
export function isAbsent(folder: string, below: string): boolean {
  try {
    let at = join(folder, below);
    if (isThere(at)) return false;
    while (at !== folder && !isThere(at)) at = dirname(at);
    return statSync(at).isDirectory();
  } catch {
    return false;
  }
}

/**
 * A digest of what a build sees of a file or folder: contents, names and executable bits, with symlinks followed. Null
 * if a part of it is missing or cannot be read.
 */
export function contentDigest(path: string): string | null {
  const hash = createHash('sha256');
  try {
    addTo(hash, path, '', new Set());
  } catch {
    return null;
  }
  return hash.digest('base64');
}

function addTo(hash: ReturnType<typeof createHash>, path: string, name: string, above: Set<string>): void {
  const stats = statSync(path);
  if (!stats.isDirectory()) {
    hash.update(`${name}\0${isExecutable(stats) ? 'x' : '-'}${stats.size}\0`).update(readFileSync(path));
    return;
  }
  const identity = `${stats.dev}:${stats.ino}`;
  // A symlink may lead to a folder above itself.
  if (above.has(identity)) return;
  above.add(identity);
  hash.update(`${name}/\0`);
  for (const entry of readdirSync(path).sort()) addTo(hash, join(path, entry), `${name}/${entry}`, above);
  above.delete(identity);
}

function isExecutable(stats: Stats): boolean {
  return (stats.mode & 0o111) !== 0;
}

/**
 * The BUILD, .bzl and .scl files below a folder, by their paths relative to it. Symlinked folders are entered, each
 * folder once.
 *
 * @throws if a folder or file cannot be read
 */
export function starlarkTexts(folder: string): Generator<readonly [path: string, text: string]> {
  return textsBelow(folder, '', new Set());
}

function* textsBelow(
  folder: string,
  below: string,
  entered: Set<string>,
): Generator<readonly [path: string, text: string]> {
  const { dev, ino } = statSync(join(folder, below));
  if (entered.has(`${dev}:${ino}`)) return;
  entered.add(`${dev}:${ino}`);
  for (const name of readdirSync(join(folder, below)).sort()) {
    const path = below === '' ? name : `${below}/${name}`;
    // A symlink that leads nowhere is neither a folder nor a file, which matters only if a package needs it.
    const stats = statSync(join(folder, path), { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) yield* textsBelow(folder, path, entered);
    else if (/^BUILD(\.bazel)?$|\.(bzl|scl)$/.test(name))
      yield [path, readFileSync(join(folder, path), 'utf8')];
  }
}
