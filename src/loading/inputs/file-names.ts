import { PROJECT_FILE } from '../../graph/bazel-files.js';
import { fileNameOf, folderOf } from '../../graph/folders.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import { isRepositoryMarker } from '../../graph/repository-markers.js';
import { isDependencyManifest } from './dependency-manifests.js';
import { isBazelWrapper, isModuleFile, roleOf, type FileRole } from './file-roles.js';
import { SortedPaths } from './sorted-paths.js';

/** The files of a revision whose names alone mean something. Each list has the order of the paths. */
export class FileNames {
  private static readonly known = new WeakMap<readonly string[], FileNames>();

  /** The roles of files, by the positions of their paths. Other files have the role `other`. */
  readonly roles = new Map<number, FileRole>();
  /** The folders with a BUILD file. */
  readonly packages = new Set<PackagePath>();
  /** The files that a `load` can name. */
  readonly starlark: WorkspacePath[] = [];
  /** These, BUILD files, texts for BUILD files of other repositories, and the marker files of repositories. */
  readonly code: WorkspacePath[] = [];
  readonly moduleFiles: WorkspacePath[] = [];
  readonly manifests: WorkspacePath[] = [];
  readonly projectFiles: WorkspacePath[] = [];
  /** The programs that Bazel's launchers may run instead of Bazel. */
  readonly wrappers: WorkspacePath[] = [];
  /** The folders below the workspace's root that are repositories themselves. */
  readonly nestedRepositories = new Set<WorkspacePath>();

  private constructor(readonly paths: SortedPaths) {
    paths.all.forEach((path, index) => {
      this.add(path, index);
    });
  }

  /**
   * Looks at all names. As a plan asks several times for the names of a revision, and both revisions often have the same
   * list of names (`Listing.paths`), the answer for a list is kept as long as the list itself.
   *
   * @param paths the paths of all files
   */
  static of(paths: readonly WorkspacePath[]): FileNames {
    let names = FileNames.known.get(paths);
    if (names === undefined) {
      names = new FileNames(SortedPaths.of(paths));
      FileNames.known.set(paths, names);
    }
    return names;
  }

  private add(path: WorkspacePath, index: number): void {
    const name = fileNameOf(path);
    const role = roleOf(path, name);
    if (role !== 'other') this.roles.set(index, role);
    if (role === 'build') this.packages.add(folderOf(path));
    if (role === 'starlark') this.starlark.push(path);
    if (isBazelWrapper(path)) this.wrappers.push(path);
    if (name === PROJECT_FILE) this.projectFiles.push(path);
    if (role === 'build' || role === 'starlark' || path.endsWith('.BUILD')) this.code.push(path);
    // Module files, manifests and marker files have no other role.
    if (role === 'everywhere') this.addOfEverywhere(path);
  }

  private addOfEverywhere(path: WorkspacePath): void {
    if (isModuleFile(path)) this.moduleFiles.push(path);
    if (isDependencyManifest(path)) this.manifests.push(path);
    if (!isRepositoryMarker(path)) return;
    this.code.push(path);
    const folder = folderOf(path);
    if (folder !== '') this.nestedRepositories.add(folder);
  }
}
