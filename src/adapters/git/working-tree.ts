import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../graph/change.js';
import { SYMLINK_MODE, type CommitId, type RepositoryPath } from '../../graph/tree.js';
import { differencesBetween, type Difference } from './differences.js';
import type { Git } from './git.js';
import { isOdd, type FilePath } from './odd-names.js';

/** Compares the user's working tree with commits. It is only read. */
export class WorkingTree {
  constructor(private readonly git: Git) {}

  /** What differs between a commit and the working tree, including untracked files that are not ignored. */
  async changes(base: CommitId): Promise<Change<RepositoryPath>[]> {
    const tracked = await this.trackedChanges(base);
    const listed = await this.git.fields(['ls-files', '-z', '--others', '--exclude-standard']);
    const untracked = listed
      // Git lists a nested repository as a folder and does not look into it, so we skip it too.
      .filter((path) => path !== '' && !path.endsWith('/'))
      .map((path) => this.untracked(path as RepositoryPath))
      .filter((change) => !this.isBazelLink(change));
    return [...tracked, ...untracked];
  }

  /** Whether a tracked file differs from a commit. */
  async differsFrom(commit: CommitId): Promise<boolean> {
    return (await this.trackedChanges(commit)).length > 0;
  }

  /**
   * Whether git reports every difference between the working tree and its commit. This is not so in a sparse checkout,
   * with submodules, or if git was told to skip files (`--skip-worktree`, `--assume-unchanged`).
   */
  async isWhole(): Promise<boolean> {
    const sparse = await this.git.text(['config', '--type=bool', 'core.sparseCheckout']);
    if (sparse?.trim() === 'true') return false;
    if (existsSync(join(this.git.folder, '.gitmodules'))) return false;
    const tagged = await this.git.fields(['ls-files', '-v', '-z']);
    return !tagged.some((entry) => /^[a-zS] /.test(entry));
  }

  /**
   * The files at a changed path, absolute. There is more than one only if several names that are not UTF-8 decode to
   * it.
   */
  filesAt(path: RepositoryPath): readonly FilePath[] {
    return this.filesIn(this.git.folder, path);
  }

  /** The same for another working tree with the same names. */
  filesIn(folder: string, path: RepositoryPath): readonly FilePath[] {
    return this.git.oddNames.filesAt(folder, path);
  }

  private async trackedChanges(base: CommitId): Promise<Change<RepositoryPath>[]> {
    return this.withoutTouched(await differencesBetween(this.git, base));
  }

  /** Removes files whose time stamp differs from the index while their content is the same. */
  private async withoutTouched(differences: readonly Difference[]): Promise<Change<RepositoryPath>[]> {
    const touched = differences.filter(mayBeTouched);
    if (touched.length === 0) return differences.map(({ change }) => change);
    const hashed = await this.git.run(['hash-object', '--stdin-paths'], {
      input: touched.map(({ change }) => `${change.path}\n`).join(''),
    });
    const ids = hashed.exitCode === 0 ? hashed.stdout.trimEnd().split('\n') : [];
    const same = new Set(touched.filter(({ idBefore }, index) => ids[index] === idBefore));
    return differences.filter((difference) => !same.has(difference)).map(({ change }) => change);
  }

  private untracked(path: RepositoryPath): Change<RepositoryPath> {
    const [place = ''] = this.filesAt(path);
    const file = lstatSync(place, { throwIfNoEntry: false });
    const modeAfter =
      file?.isSymbolicLink() === true ? SYMLINK_MODE : (file?.mode ?? 0) & 0o100 ? '100755' : '100644';
    return { path, status: 'added', modeBefore: '000000', modeAfter };
  }

  /** Bazel's symlinks into its output base (`bazel-bin`) are not sources, even if they are not ignored. */
  private isBazelLink({ path, modeAfter }: Change<RepositoryPath>): boolean {
    if (modeAfter !== SYMLINK_MODE || !/(^|\/)bazel-[^/]+$/.test(path)) return false;
    const [link = ''] = this.filesAt(path);
    return /^\/.*\/execroot\//s.test(readlinkSync(link));
  }
}

/** Whether a difference may be only one of time stamps, and git can read the file's name from a line of input. */
function mayBeTouched({ change, idAfter }: Difference): boolean {
  return (
    change.modeBefore === change.modeAfter &&
    change.modeAfter.startsWith('100') &&
    /^0+$/.test(idAfter) &&
    !/^"|\n/.test(change.path) &&
    !isOdd(change.path)
  );
}
