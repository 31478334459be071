import { foldersAbove, selfAndFoldersAbove } from '../../graph/folders.js';
import type { Label, WorkspacePath } from '../../graph/label.js';

/** Stands for an unknown part of a text that code composes. */
export const UNKNOWN = '\0';

/** A path that code names. Parts of it may be {@link UNKNOWN}. */
export interface NamedPath {
  /**
   * The path relative to the workspace; `''` is the workspace itself. It contains no `.`, and `..` only at its start,
   * if it leads out.
   */
  readonly pattern: string;
  /** What the first unknown part may stand for: a name in one folder, or a path of several folders. */
  readonly unknown: 'name' | 'path';
  /** Whether the path may also name a folder, all of which may be read. */
  readonly reach: 'file' | 'file or folder';
}

/** The known parts of a text: its start, its end, and what stands between two unknown parts. */
interface KnownEnds {
  readonly start: string;
  readonly end: string;
  readonly middle: readonly string[];
}

function endsOf(pattern: string): KnownEnds | null {
  const [start, ...others] = pattern.split(UNKNOWN);
  const end = others.pop();
  return start === undefined || end === undefined ? null : { start, end, middle: others };
}

function fits(text: string, { start, end, middle }: KnownEnds): boolean {
  if (text.length < start.length + end.length || !text.startsWith(start) || !text.endsWith(end)) return false;
  const between = text.slice(start.length, text.length - end.length);
  let at = 0;
  for (const part of middle) {
    const found = between.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

/** Paths of files and folders that code names, and patterns of such paths. */
export class NamedPaths {
  private readonly whole = new Set<string>();
  private readonly patterns = new Map<string, NamedPath & KnownEnds>();

  static of(paths: Iterable<NamedPath>): NamedPaths {
    const made = new NamedPaths();
    for (const path of paths) made.add(path);
    return made;
  }

  add(path: NamedPath): void {
    const ends = endsOf(path.pattern);
    if (ends === null && path.reach === 'file or folder') this.whole.add(path.pattern);
    else
      this.patterns.set(JSON.stringify(path), {
        ...path,
        ...(ends ?? { start: path.pattern, end: '', middle: [] }),
      });
  }

  /**
   * The name by which code names a path or a folder above it; null if code does not name it. Unknown parts are printed
   * as `*`.
   */
  nameOf(path: WorkspacePath): string | null {
    for (const at of selfAndFoldersAbove(path))
      if (this.whole.has(at)) return at === '' ? 'the whole workspace' : at;
    for (const named of this.patterns.values()) {
      if (matches(path, named)) return named.pattern.replace(/\0+/g, '*');
    }
    return null;
  }

  /** For each named path with unknown parts that may match below a folder, an example of a path there. */
  examplesBelow(folder: WorkspacePath): WorkspacePath[] {
    const above = `${folder}/`;
    return [...this.patterns.values()].flatMap(({ start, end, unknown }) => {
      if (start.startsWith(above)) return [`${start}x${end}` as WorkspacePath];
      return unknown === 'path' && above.startsWith(start) ? [`${above}x${end}` as WorkspacePath] : [];
    });
  }

  /** Whether some of the paths have unknown parts. */
  get hasPatterns(): boolean {
    return this.patterns.size > 0;
  }

  /** The paths without unknown parts. */
  exact(): WorkspacePath[] {
    return [...this.whole] as WorkspacePath[];
  }

  /** A named path that leads out of the workspace; undefined if there is none. */
  leadingOut(): string | undefined {
    return [...this.whole].find((path) => path === '..' || path.startsWith('../'));
  }

  with(other: NamedPaths): NamedPaths {
    const both = new NamedPaths();
    for (const { whole, patterns } of [this, other]) {
      for (const path of whole) both.whole.add(path);
      for (const [key, pattern] of patterns) both.patterns.set(key, pattern);
    }
    return both;
  }
}

function matches(path: string, named: NamedPath & KnownEnds): boolean {
  if (matchesItself(path, named)) return true;
  if (named.reach === 'file') return false;
  for (const folder of foldersAbove(path)) if (folder !== '' && matchesItself(folder, named)) return true;
  return false;
}

function matchesItself(path: string, named: NamedPath & KnownEnds): boolean {
  if (!named.pattern.includes(UNKNOWN)) return path === named.pattern;
  if (!fits(path, named)) return false;
  const between = path.slice(named.start.length, path.length - named.end.length);
  return named.unknown === 'path' || !between.includes('/');
}

/** Labels that code names, and patterns of such labels. */
export class NamedLabels {
  private readonly whole = new Set<Label>();
  private readonly patterns = new Map<string, KnownEnds>();

  /** @param labels parts of a label may be {@link UNKNOWN} */
  static of(labels: Iterable<string>): NamedLabels {
    const made = new NamedLabels();
    for (const label of labels) {
      const ends = endsOf(label);
      if (ends === null) made.whole.add(label as Label);
      else made.patterns.set(label, ends);
    }
    return made;
  }

  has(label: Label): boolean {
    if (this.whole.has(label)) return true;
    for (const ends of this.patterns.values()) if (fits(label, ends)) return true;
    return false;
  }

  with(other: NamedLabels): NamedLabels {
    const both = new NamedLabels();
    for (const { whole, patterns } of [this, other]) {
      for (const label of whole) both.whole.add(label);
      for (const [key, ends] of patterns) both.patterns.set(key, ends);
    }
    return both;
  }
}
