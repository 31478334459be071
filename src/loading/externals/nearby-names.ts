import { selfAndFoldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import { NamedPaths, UNKNOWN } from './named-paths.js';

/**
 * Names of files and folders that code may put behind the folder of a file that it was given: `label.relative("b.txt")`,
 * `path.dirname.get_child("src")`, `label.name + ".lock"`.
 */
export class NearbyNames {
  private readonly whole = new Set<string>();
  private readonly beginnings = new Set<string>();
  private readonly endings = new Set<string>();
  private readonly patterns: NamedPaths;

  /** @param texts relative paths, of which parts may be {@link UNKNOWN} */
  constructor(texts: Iterable<string>) {
    const open = new Set<string>();
    for (const text of texts) {
      if (text.includes(UNKNOWN)) open.add(text);
      else this.add(text);
    }
    this.patterns = NamedPaths.of(
      [...open].map((pattern) => ({
        pattern,
        reach: 'file or folder',
        unknown: pattern.startsWith(UNKNOWN) ? 'name' : 'path',
      })),
    );
  }

  private add(text: string): void {
    this.whole.add(text);
    for (const above of selfAndFoldersAbove(text)) this.beginnings.add(above);
    if (/^[._-]/.test(text)) this.endings.add(text);
  }

  /**
   * @param path relative to the folder; it may be a symlink, so it counts if a name leads through it
   */
  has(path: string): boolean {
    for (const at of selfAndFoldersAbove(path)) if (this.whole.has(at)) return true;
    if (this.beginnings.has(path) || this.patterns.nameOf(path as WorkspacePath) !== null) return true;
    for (let at = path.lastIndexOf('/') + 1; at < path.length; at += 1)
      if (this.endings.has(path.slice(at))) return true;
    return false;
  }
}
