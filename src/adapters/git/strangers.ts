import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { RepositoryPath } from '../../graph/tree.js';
import type { Git } from './git.js';
import { isOdd } from './odd-names.js';

/**
 * Finds what is in a working tree and in no revision. Of a folder without any tracked file, only the folder is named, with
 * a slash at its end.
 */
export class Strangers {
  constructor(private readonly git: Git) {}

  /**
   * All that is not tracked, ignored or not, empty folders too.
   *
   * @param below folders to look into; null: all
   */
  async untracked(below: readonly RepositoryPath[] | null): Promise<RepositoryPath[]> {
    return this.others(['--directory'], below);
  }

  /**
   * What no revision holds, not even one of the working tree: ignored files, repositories that are not submodules, and
   * empty folders.
   *
   * @param below folders to look into; null: all
   */
  async unlisted(below: readonly RepositoryPath[] | null): Promise<RepositoryPath[]> {
    const ignored = await this.others(['--exclude-standard', '--directory', '--ignored'], below);
    const untracked = await this.others(['--exclude-standard'], below);
    const nested = untracked.filter((path) => path.endsWith('/'));
    const folders = await this.others(['--exclude-standard', '--directory'], below);
    const empty = folders.filter((folder) => folder.endsWith('/') && this.holdsEmptyFolder(folder));
    return [...ignored, ...nested, ...empty];
  }

  /** What git does not track; folders end with a slash. */
  private async others(
    options: readonly string[],
    below: readonly RepositoryPath[] | null,
  ): Promise<RepositoryPath[]> {
    // Git cannot be asked for a name that is not UTF-8: then all folders are searched.
    const folders = below?.some(isOdd) === true ? [] : (below ?? []);
    const git = this.git.with({ GIT_LITERAL_PATHSPECS: '1' });
    return (await git.fields([
      'ls-files',
      '-z',
      '--others',
      ...options,
      '--',
      ...folders,
    ])) as RepositoryPath[];
  }

  /** Whether the folder, or one in it, has nothing in it; also where that cannot be told. */
  private holdsEmptyFolder(folder: string): boolean {
    let inside: Dirent[];
    try {
      inside = readdirSync(join(this.git.folder, folder), { withFileTypes: true });
    } catch {
      // It belongs to another user, or was just removed.
      return true;
    }
    return (
      inside.length === 0 ||
      inside.some((each) => each.isDirectory() && this.holdsEmptyFolder(join(folder, each.name)))
    );
  }
}
