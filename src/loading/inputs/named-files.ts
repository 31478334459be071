import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import { stringLiterals } from '../../formats/starlark-tokens.js';
import { namesInOptions } from '../../formats/rc.js';
import { foldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { isStarlark } from './file-roles.js';
import type { Entry, RevisionEntries } from './revision-entries.js';
import type { NeedsTexts } from './texts.js';

/** A file, and the path by which Bazel finds it. The two paths differ if a symlink leads to the file. */
export interface NamedEntry {
  readonly entry: Entry;
  readonly namedAs: WorkspacePath;
}

/**
 * The files and folders that global files name. If such a file is a .bzl file, the files that it names or loads are
 * included, too.
 */
export class NamedFiles {
  /** Their real paths, symlinks followed. */
  readonly files = new Set<WorkspacePath>();
  /** Folders from which repositories may be created. */
  readonly folders = new Set<WorkspacePath>();
  private unread: NamedEntry[] = [];

  /** @param isLoadable whether a `load` can name the file */
  constructor(
    private readonly revision: RevisionEntries,
    private readonly main: MainRepository,
    private readonly isLoadable: (path: WorkspacePath) => boolean,
  ) {}

  /** @param rcFile the path of the rc file that contains these options */
  addNamedInOptions(options: string, rcFile: WorkspacePath): void {
    for (const name of namesInOptions(options)) this.addFilesNamed(name, rcFile);
    for (const path of repositoriesInOptions(options, rcFile, this.main)) this.addFolder(path);
  }

  /** Reads Starlark files, and those that they name or load. */
  *follow(roots: readonly NamedEntry[]): NeedsTexts<void> {
    this.unread.push(...roots);
    while (this.unread.length > 0) {
      const batch = this.unread;
      this.unread = [];
      const texts = yield batch.map(({ entry }) => entry.objectId);
      for (const { entry, namedAs } of batch) this.addNamedInCode(texts.get(entry.objectId) ?? '', namedAs);
    }
  }

  private addNamedInCode(text: string, path: WorkspacePath): void {
    for (const name of stringLiterals(text)) {
      this.addFilesNamed(name, path);
      if (canBeFolder(name)) for (const folder of pathsNamed(name, path, this.main)) this.addFolder(folder);
    }
    for (const label of loadedLabels(text)) {
      for (const packagePath of foldersAbove(path)) {
        const file = resolveLoad(label, packagePath, this.main);
        if (file.kind === 'main') this.addFile(file.path);
      }
    }
  }

  private addFilesNamed(name: string, namedBy: WorkspacePath): void {
    for (const path of pathsNamed(name, namedBy, this.main)) this.addFile(path);
  }

  private addFile(path: WorkspacePath): void {
    const entry = this.revision.fileAt(path);
    if (entry === undefined || this.files.has(entry.path)) return;
    this.files.add(entry.path);
    if (this.isLoadable(entry.path)) this.unread.push({ entry, namedAs: entry.path });
  }

  /** Adds a folder, which may be the root of a repository without a marker file (`new_local_repository`). */
  private addFolder(path: WorkspacePath): void {
    const folder = this.revision.resolve(path);
    if (folder.kind !== 'folder' || this.folders.has(folder.path)) return;
    this.folders.add(folder.path);
    if (folder.path === '') return;
    for (const below of this.revision.paths.below(folder.path)) if (isStarlark(below)) this.addFile(below);
  }
}

/**
 * The folders of the workspace from which options may create repositories. These are all strings in options that are
 * clearly a path or a label, resolved from every folder above the rc file. Symlinks are not followed.
 *
 * @param rcFile the path of the rc file that contains these options
 */
export function* repositoriesInOptions(
  options: string,
  rcFile: WorkspacePath,
  main: MainRepository,
): Generator<WorkspacePath> {
  for (const name of namesInOptions(options)) if (canBeFolder(name)) yield* pathsNamed(name, rcFile, main);
}

/** Whether a string may name a folder. A single word rarely does, even if there is a folder of that name. */
function canBeFolder(name: string): boolean {
  return name.includes('/');
}

const LONGEST_NAMED_PATH = 4096;

/**
 * The paths that a string may stand for: as a label, as a path in the workspace, or as a path relative to the file that
 * contains it. Any folder above that file may be its package, so all of them are tried.
 */
function* pathsNamed(name: string, namedBy: WorkspacePath, main: MainRepository): Generator<WorkspacePath> {
  if (name === '' || name.length > LONGEST_NAMED_PATH || /[\n\0]/.test(name)) return;
  for (const folder of foldersAbove(namedBy)) {
    if (/^(@|\/\/|:)/.test(name)) {
      const file = resolveLoad(name, folder, main);
      if (file.kind === 'main') yield file.path;
    } else {
      const path = insideWorkspace(name.startsWith('%workspace%') ? name : `${folder}/${name}`);
      if (path !== undefined) yield path;
    }
  }
}

/** The path relative to the workspace; undefined if it lies outside. */
function insideWorkspace(path: string): WorkspacePath | undefined {
  const segments: string[] = [];
  for (const segment of path.replace(/^%workspace%\/?/, '').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/') as WorkspacePath;
}
