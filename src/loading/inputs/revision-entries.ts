import type { Listing } from '../../formats/git-listing.js';
import type { WorkspacePath } from '../../graph/label.js';
import { SUBMODULE_MODE, SYMLINK_MODE, type TreeEntry } from '../../graph/tree.js';
import { FileNames } from './file-names.js';
import type { FileRole } from './file-roles.js';
import type { SortedPaths } from './sorted-paths.js';
import { Symlinks, type Resolution } from './symlinks.js';
import type { NeedsTexts } from './texts.js';

/**
 * Looks up a path outside the workspace. The path is either relative to the workspace and starts with `../`, so that it
 * may lie in the repository, or absolute.
 */
export type LookOutside = (path: string) => Outside;

/** What is at a path outside the workspace. A file has the object id of its content. */
export type Outside =
  { readonly kind: 'file'; readonly objectId: string } | { readonly kind: 'folder' | 'missing' | 'unknown' };

/** The text that counts for a symlink, given the text that git has. */
export type LinkText = (path: WorkspacePath, text: string) => string;

export type Entry = TreeEntry<WorkspacePath>;

/** The files of a workspace at one revision. It also resolves paths through symlinks. */
export class RevisionEntries implements Iterable<Entry> {
  readonly paths: SortedPaths;
  private readonly names: FileNames;
  /** The commit of each submodule. */
  readonly submodules: ReadonlyMap<WorkspacePath, string>;
  private readonly symlinks: Symlinks;

  private constructor(
    private readonly listing: Listing<WorkspacePath>,
    /** The text of each symlink. */
    readonly links: ReadonlyMap<WorkspacePath, string>,
    readonly outside: LookOutside,
  ) {
    this.names = FileNames.of(listing.paths);
    this.paths = this.names.paths;
    this.submodules = new Map(
      listing.entries
        .filter((entry) => entry.mode === SUBMODULE_MODE)
        .map((entry) => [entry.path, entry.objectId]),
    );
    this.symlinks = new Symlinks(this.paths, links, new Set(this.submodules.keys()));
  }

  /** Reads the texts of the symlinks. */
  static *of(
    listing: Listing<WorkspacePath>,
    outside: LookOutside,
    linkText: LinkText = (_path, text) => text,
  ): NeedsTexts<RevisionEntries> {
    const links = listing.entries.filter((entry) => entry.mode === SYMLINK_MODE);
    const texts = links.length > 0 ? yield links.map((entry) => entry.objectId) : new Map<string, string>();
    return new RevisionEntries(
      listing,
      new Map(links.map((entry) => [entry.path, linkText(entry.path, texts.get(entry.objectId) ?? '')])),
      outside,
    );
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.listing.entries[Symbol.iterator]();
  }

  /** The entries with a role other than `other`, and all symlinks, in the order of the paths. */
  withRoleOrLink(): { readonly entry: Entry; readonly role: FileRole }[] {
    const { roles } = this.names;
    const { entries } = this.listing;
    const positions = [...roles.keys()];
    entries.forEach(({ mode }, position) => {
      if (mode === SYMLINK_MODE && !roles.has(position)) positions.push(position);
    });
    return positions
      .sort((one, other) => one - other)
      .flatMap((position) => {
        const entry = entries[position];
        return entry === undefined ? [] : [{ entry, role: roles.get(position) ?? 'other' }];
      });
  }

  /** Resolves a path of the workspace; symlinks are followed. */
  resolve(path: string): Resolution {
    return this.symlinks.resolve(path);
  }

  /** The entry with exactly this path; symlinks are not followed. */
  get(path: WorkspacePath): Entry | undefined {
    return this.listing.get(path);
  }

  /** The file at a path of the workspace, symlinks followed. */
  fileAt(path: string): Entry | undefined {
    const resolution = this.resolve(path);
    return resolution.kind === 'file' ? this.get(resolution.path) : undefined;
  }

  /** The file at a path, symlinks followed. The file may lie outside the workspace if the repository contains it. */
  fileAnywhereAt(path: string): Entry | undefined {
    const leadsTo = this.leadsOutTo(path);
    if (leadsTo === null) return this.fileAt(path);
    const found = this.outside(leadsTo);
    if (found.kind !== 'file') return undefined;
    return { path: leadsTo as WorkspacePath, mode: '100644', objectId: found.objectId };
  }

  /** The path outside the workspace to which a path leads, by itself or through a symlink; null if it stays inside. */
  leadsOutTo(path: string): string | null {
    if (isOutside(path)) return path;
    const resolution = this.resolve(path);
    return resolution.kind === 'outside' ? resolution.path : null;
  }

  /** The entries below a folder. */
  *below(folder: WorkspacePath): Generator<Entry> {
    for (const path of this.paths.below(folder)) {
      const entry = this.get(path);
      if (entry !== undefined) yield entry;
    }
  }
}

/** Whether the path itself, without following symlinks, leads out of the workspace. */
export function isOutside(path: string): boolean {
  return path.startsWith('/') || path.startsWith('../');
}
