import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { SUBMODULE_MODE, type CommitId, type RepositoryPath } from '../../graph/tree.js';
import { Git, GitError } from './git.js';
import { ExtraFiles } from './extra-files.js';
import { WorkingTree } from './working-tree.js';

/** The user's repository. It is only read: everything that must be written goes into a `ScratchRepository`. */
export class Repository {
  readonly workingTree: WorkingTree;
  /** What is in the working tree but not in any revision. */
  readonly extraFiles: ExtraFiles;

  private constructor(
    private readonly git: Git,
    /** The folder where git stores the objects, absolute. */
    readonly objectsFolder: string,
  ) {
    this.workingTree = new WorkingTree(git);
    this.extraFiles = new ExtraFiles(git);
  }

  /** The folder of the working tree, absolute. */
  get folder(): string {
    return this.git.folder;
  }

  /**
   * Opens the repository that contains a folder.
   *
   * @throws GitError if there is none, if it has no commits, or if git is missing
   */
  static async open(folder: string): Promise<Repository> {
    const place = statSync(folder, { throwIfNoEntry: false });
    if (place === undefined) throw new GitError(`cannot open ${folder}: there is no such folder`);
    if (!place.isDirectory()) throw new GitError(`cannot open ${folder}: it is not a folder`);
    const found = await new Git(folder).run(['rev-parse', '--show-toplevel', '--git-path', 'objects']);
    if (found.exitCode !== 0) throw new GitError(whyNotOpened(folder, found.stderr.trim()));
    const [topLevel = folder, objects = ''] = found.stdout.trimEnd().split('\n');
    // If `core.ignoreCase` is wrongly true on such a file system, git does not report an untracked `X` next to `x`.
    const settings = tellsCaseApart(topLevel) ? ['-c', 'core.ignoreCase=false'] : [];
    const repository = new Repository(new Git(topLevel, {}, settings), resolve(folder, objects));
    if ((await repository.resolve('HEAD')) === null) {
      throw new GitError(
        `the repository at ${topLevel} has no commits yet: there is nothing to plan; commit first`,
      );
    }
    return repository;
  }

  /** The path of an existing folder of the working tree in the repository; `''` for the root. */
  pathOf(folder: string): string {
    return relative(realpathSync(this.folder), realpathSync(folder));
  }

  /** The commit that a revision names, or null if this repository does not have it. */
  async resolve(revision: string): Promise<CommitId | null> {
    // Without this, a partial clone would fetch the whole history of a commit that it does not have.
    const found = await this.git
      .withoutFetching()
      .text(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
    return found === null ? null : (found.trim() as CommitId);
  }

  /** The commit that is checked out. @throws GitError */
  async head(): Promise<CommitId> {
    return (await this.git.required(['rev-parse', 'HEAD^{commit}'], 'reading HEAD')).trim() as CommitId;
  }

  /** Whether the clone is shallow: its history ends at commits that have parents. @throws GitError */
  async isShallow(): Promise<boolean> {
    const asked = ['rev-parse', '--is-shallow-repository'];
    return (await this.git.required(asked, 'looking for a shallow history')).trim() === 'true';
  }

  /** Whether `ancestor` is reachable from `descendant`; null if the clone's history is too short to decide. */
  async isAncestor(ancestor: CommitId, descendant: CommitId): Promise<boolean | null> {
    const ended = await this.git.withoutFetching().run(['merge-base', '--is-ancestor', ancestor, descendant]);
    if (ended.exitCode === 0) return true;
    if (ended.exitCode === 1) return (await this.isShallow()) ? null : false;
    return null;
  }

  /** The best common ancestor; null if this clone has none. In a shallow clone there may be a better one. */
  async mergeBase(one: CommitId, other: CommitId): Promise<CommitId | null> {
    const found = await this.git.withoutFetching().text(['merge-base', one, other]);
    return found === null ? null : (found.trim() as CommitId);
  }

  /**
   * The default branch of `origin`, or of the only remote, as recorded in this clone (`origin/main`); null if unknown.
   */
  async remoteDefaultBranch(): Promise<string | null> {
    const listed = await this.git.required(['remote'], 'listing the remotes');
    const remotes = listed.split('\n').filter(Boolean);
    const remote = remotes.includes('origin') || remotes.length !== 1 ? 'origin' : (remotes[0] ?? 'origin');
    const head = await this.git.text(['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`]);
    if (head !== null) return head.trim();
    for (const branch of ['main', 'master']) {
      const name = `${remote}/${branch}`;
      if ((await this.resolve(name)) !== null) return name;
    }
    return null;
  }

  /** Whether a submodule is checked out, together with all of its own submodules. */
  async hasSubmodule(path: RepositoryPath): Promise<boolean> {
    const submodule = await this.submodule(path);
    return submodule !== null && (await submodule.lackingSubmodules()).length === 0;
  }

  /** The submodules that are not checked out, including nested ones, in the order of their paths. */
  async lackingSubmodules(): Promise<RepositoryPath[]> {
    if (!existsSync(join(this.folder, '.gitmodules'))) return [];
    const entries = (await this.git.fields(['ls-files', '--stage', '-z'])).filter((entry) =>
      entry.startsWith(`${SUBMODULE_MODE} `),
    );
    const lacking: RepositoryPath[] = [];
    for (const entry of entries) {
      const path = entry.slice(entry.indexOf('\t') + 1) as RepositoryPath;
      const submodule = await this.submodule(path);
      if (submodule === null) lacking.push(path);
      else
        for (const inner of await submodule.lackingSubmodules())
          lacking.push(join(path, inner) as RepositoryPath);
    }
    return lacking;
  }

  /** The repository of a submodule; null if it is not checked out. */
  async submodule(path: RepositoryPath): Promise<Repository | null> {
    const folder = join(this.folder, path);
    return existsSync(join(folder, '.git')) ? Repository.open(folder) : null;
  }

  /** The entries of the git configuration whose names start with one of the prefixes, in order. */
  async configuration(prefixes: readonly string[]): Promise<[string, string][]> {
    const entries = await this.git.fields(['config', '--list', '-z', '--includes']);
    return entries
      .map((entry): [string, string] => {
        const end = entry.indexOf('\n');
        return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
      })
      .filter(([name]) => prefixes.some((prefix) => name.toLowerCase().startsWith(prefix)));
  }

  /** The hash of object ids: `sha1` or `sha256`. A git that cannot tell has only `sha1`. */
  async objectFormat(): Promise<string> {
    const format = (await this.git.text(['rev-parse', '--show-object-format']))?.trim() ?? '';
    return format === '' ? 'sha1' : format;
  }

  /** The file that lists where a shallow history ends; null if the history is complete. */
  async shallowBoundary(): Promise<string | null> {
    const path = (await this.git.text(['rev-parse', '--git-path', 'shallow']))?.trim() ?? '';
    if (path === '') return null;
    const file = resolve(this.folder, path);
    return existsSync(file) ? file : null;
  }

  /** The address of the remote `origin`; null if there is no such remote. */
  async originUrl(): Promise<string | null> {
    return (await this.git.text(['remote', 'get-url', 'origin']))?.trim() ?? null;
  }
}

function whyNotOpened(folder: string, words: string): string {
  return words.includes('dubious ownership')
    ? `git does not trust the repository at ${folder}, which belongs to another user; git said: ${words}`
    : `${folder} is not inside a git repository (git said: ${words}); run this in a checkout`;
}

/** Whether the file system of a working tree distinguishes names that differ only in case. */
function tellsCaseApart(folder: string): boolean {
  const [git, other] = ['.git', '.GIT'].map((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false, bigint: true }),
  );
  return other === undefined || other.ino !== git?.ino || other.dev !== git.dev;
}
