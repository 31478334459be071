import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { RepositoryPath } from '../../graph/tree.js';
import type { Git } from './git.js';
import { isOdd } from './odd-names.js';

/**
 * Finds what is in a working tree but not in any revision. A folder without tracked files is reported as one path that
 * ends with a slash.
 */
export class ExtraFiles {
  constructor(private readonly git: Git) {}

  /**
   * All untracked paths, whether ignored or not, including empty folders.
   *
   * @param below folders to search; null: all
   */
  async untracked(below: readonly RepositoryPath[] | null): Promise<RepositoryPath[]> {
    return this.others(['--directory'], below);
  }

  /**
   * Paths that belong to no revision, not even to the working tree as one: ignored files, repositories that are not
   * submodules, and empty folders.
   *
   * @param below folders to search; null: all
   */
  async unlisted(below: readonly RepositoryPath[] | null): Promise<RepositoryPath[]> {
    const ignored = await this.others(['--exclude-standard', '--directory', '--ignored'], below);
    const untracked = await this.others(['--exclude-standard'], below);
    const nested = untracked.filter((path) => path.endsWith('/'));
    const folders = await this.others(['--exclude-standard', '--directory'], below);
    const empty = folders.filter((folder) => folder.endsWith('/') && this.holdsEmptyFolder(folder));
    return [...ignored, ...nested, ...empty];
  }

  /** Untracked paths; folders end with a slash. */
  private async others(
    options: readonly string[],
    below: readonly RepositoryPath[] | null,
  ): Promise<RepositoryPath[]> {
    // A name that is not UTF-8 cannot be passed to git, so all folders are searched instead.
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

  /** Whether a folder, or one inside it, is empty. Also true if this cannot be determined. */
  private holdsEmptyFolder(folder: string): boolean {
    let inside: Dirent[];
    try {
      inside = readdirSync(join(this.git.folder, folder), { withFileTypes: true });
    } catch {
      // The folder belongs to another user, or was just removed.
      return true;
    }
    return (
      inside.length === 0 ||
      inside.some((each) => each.isDirectory() && this.holdsEmptyFolder(join(folder, each.name)))
    );
  }
}
