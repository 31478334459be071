import {
  existsSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  type Dirent,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Change, ChangeStatus } from '../../graph/change.js';
import { run, stream, ToolMissingError, type Command, type Ended } from '../process/run.js';
import { Listing } from '../../formats/git-listing.js';
import { isOdd, OddNames, type FilePath } from './odd-names.js';
import {
  SUBMODULE_MODE,
  SYMLINK_MODE,
  type CommitId,
  type RepositoryPath,
  type TreeEntry,
} from '../../graph/tree.js';

/** Says that git could not do what it was asked; shows git's own words. */
export class GitError extends Error {
  override name = 'GitError';
}

const NO_LOCKS = { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C.UTF-8' };

/** The user's repository: only ever read. What has to be written goes into a `ScratchRepository`. */
export class Repository {
  private constructor(
    /** The folder of the working tree, absolute. */
    readonly folder: string,
    /** Where git keeps the objects, absolute. */
    readonly objectsFolder: string,
    /** Settings for what is asked about the working tree. */
    private readonly settings: readonly string[],
  ) {}

  private readonly oddNames = new OddNames();

  /**
   * Opens the repository that holds a folder.
   *
   * @throws GitError if there is none, if it has no commits, or if git is missing
   */
  static async open(folder: string): Promise<Repository> {
    const place = statSync(folder, { throwIfNoEntry: false });
    if (place === undefined) throw new GitError(`cannot open ${folder}: there is no such folder`);
    if (!place.isDirectory()) throw new GitError(`cannot open ${folder}: it is no folder`);
    const found = await readText(folder, ['rev-parse', '--show-toplevel', '--git-path', 'objects']);
    if (typeof found !== 'string') {
      const words = found.stderr.trim();
      throw new GitError(
        words.includes('dubious ownership')
          ? `git does not trust the repository at ${folder}, which is another user's; git said: ${words}`
          : `${folder} is not inside a git repository (git said: ${words}); run this in a checkout`,
      );
    }
    const [topLevel = folder, objects = ''] = found.trimEnd().split('\n');
    const repository = new Repository(
      topLevel,
      resolve(folder, objects),
      // Git on such a file system, told otherwise, would not show an untracked `X` beside `x`.
      tellsCaseApart(topLevel) ? ['-c', 'core.ignoreCase=false'] : [],
    );
    if ((await repository.resolve('HEAD')) === null) {
      throw new GitError(
        `the repository at ${topLevel} has no commits yet: there is nothing to plan; commit first`,
      );
    }
    return repository;
  }

  /** Where an existing folder of the working tree lies in the repository; `''` for its root. */
  pathOf(folder: string): string {
    return relative(realpathSync(this.folder), realpathSync(folder));
  }

  /** The commit that a revision names, or null if this repository does not have it. */
  async resolve(revision: string): Promise<CommitId | null> {
    // Git 2.44 and later: a partial clone is not made to fetch the whole history of a commit that it lacks.
    const found = await readText(
      this.folder,
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
      { GIT_NO_LAZY_FETCH: '1' },
    );
    return typeof found === 'string' ? (found.trim() as CommitId) : null;
  }

  /** The commit that is checked out. @throws GitError */
  async head(): Promise<CommitId> {
    return (await this.required(['rev-parse', 'HEAD^{commit}'], 'reading HEAD')).trim() as CommitId;
  }

  async isShallow(): Promise<boolean> {
    return (
      (
        await this.required(['rev-parse', '--is-shallow-repository'], 'looking for a shallow history')
      ).trim() === 'true'
    );
  }

  /** Whether `ancestor` is reachable from `descendant`; null where history is too short to tell. */
  async isAncestor(ancestor: CommitId, descendant: CommitId): Promise<boolean | null> {
    const ended = await git(this.folder, ['merge-base', '--is-ancestor', ancestor, descendant], {
      GIT_NO_LAZY_FETCH: '1',
    });
    if (ended.exitCode === 0) return true;
    if (ended.exitCode === 1) return (await this.isShallow()) ? null : false;
    return null;
  }

  /** The best common ancestor, or null if there is none in this clone; where the clone is shallow, there may be a better one. */
  async mergeBase(one: CommitId, other: CommitId): Promise<CommitId | null> {
    const found = await readText(this.folder, ['merge-base', one, other], { GIT_NO_LAZY_FETCH: '1' });
    return typeof found === 'string' ? (found.trim() as CommitId) : null;
  }

  /** The default branch of `origin`, or of the only remote, as this clone knows it (`origin/main`), or null. */
  async remoteDefaultBranch(): Promise<string | null> {
    const remotes = (await this.required(['remote'], 'listing the remotes')).split('\n').filter(Boolean);
    const remote = remotes.includes('origin') || remotes.length !== 1 ? 'origin' : (remotes[0] ?? 'origin');
    const head = await this.text(['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`]);
    if (typeof head === 'string') return head.trim();
    for (const branch of ['main', 'master']) {
      const name = `${remote}/${branch}`;
      if ((await this.resolve(name)) !== null) return name;
    }
    return null;
  }

  /** What differs between a commit and the working tree, untracked files (that are not ignored) included. */
  async workingTreeChanges(base: CommitId): Promise<Change<RepositoryPath>[]> {
    const tracked = await this.trackedChanges(base);
    const listed = await this.lines(['ls-files', '-z', '--others', '--exclude-standard']);
    const untracked = listed
      // A nested repository is listed as a folder: git does not look into it, and neither do we.
      .filter((path) => path !== '' && !path.endsWith('/'))
      .map((path) => this.untracked(path as RepositoryPath))
      .filter((change) => !this.isBazelLink(change));
    return [...tracked, ...untracked];
  }

  /** Whether a tracked file is not what a commit says. */
  async differsFrom(commit: CommitId): Promise<boolean> {
    return (await this.trackedChanges(commit)).length > 0;
  }

  /**
   * All that is not tracked, ignored or not, empty folders too. A folder without any tracked file comes as one path.
   *
   * @param below folders to look into; null: all
   */
  async untrackedFiles(below: readonly RepositoryPath[] | null): Promise<RepositoryPath[]> {
    return this.others(['--directory'], below);
  }

  /**
   * Files and folders of the working tree that no revision holds: ignored ones, repositories that are no submodule, and
   * empty folders. A folder without any tracked file comes as one path.
   *
   * @param below folders to look into; null: all
   */
  async unlistedFiles(below: readonly RepositoryPath[] | null): Promise<RepositoryPath[]> {
    const ignored = await this.others(['--exclude-standard', '--directory', '--ignored'], below);
    const untracked = await this.others(['--exclude-standard'], below);
    const nested = untracked.filter((path) => path.endsWith('/'));
    const folders = await this.others(['--exclude-standard', '--directory'], below);
    const empty = folders.filter((folder) => folder.endsWith('/') && this.holdsEmptyFolder(folder));
    return [...ignored, ...nested, ...empty];
  }

  /** Whether the folder, or one in it, has nothing in it; also where that cannot be told. */
  private holdsEmptyFolder(folder: string): boolean {
    let inside: Dirent[];
    try {
      inside = readdirSync(join(this.folder, folder), { withFileTypes: true });
    } catch {
      // Of another user, or just removed.
      return true;
    }
    return (
      inside.length === 0 ||
      inside.some((each) => each.isDirectory() && this.holdsEmptyFolder(join(folder, each.name)))
    );
  }

  /** What git does not track; folders end with a slash. */
  private async others(
    options: readonly string[],
    below: readonly RepositoryPath[] | null,
  ): Promise<RepositoryPath[]> {
    // A name that is not UTF-8 cannot be asked for: then it is looked for everywhere.
    const folders = below?.some(isOdd) === true ? [] : (below ?? []);
    const args = ['ls-files', '-z', '--others', ...options, '--', ...folders];
    return (await this.lines(args, { GIT_LITERAL_PATHSPECS: '1' })) as RepositoryPath[];
  }

  /**
   * Whether git shows all that differs between the working tree and its commit: no sparse checkout, no submodules to look
   * into, and no files that git was told not to look at (`--skip-worktree`, `--assume-unchanged`).
   */
  async isWhole(): Promise<boolean> {
    const sparse = await this.text(['config', '--type=bool', 'core.sparseCheckout']);
    if (typeof sparse === 'string' && sparse.trim() === 'true') return false;
    if (existsSync(join(this.folder, '.gitmodules'))) return false;
    const tagged = await this.lines(['ls-files', '-v', '-z']);
    return !tagged.some((entry) => /^[a-zS] /.test(entry));
  }

  /** Whether a submodule is checked out, with all submodules of its own. */
  async hasSubmodule(path: RepositoryPath): Promise<boolean> {
    const folder = join(this.folder, path);
    if (!existsSync(join(folder, '.git'))) return false;
    return (await (await Repository.open(folder)).lackingSubmodules()).length === 0;
  }

  /** The submodules that are not checked out, those of submodules included, in the order of their paths. */
  async lackingSubmodules(): Promise<RepositoryPath[]> {
    if (!existsSync(join(this.folder, '.gitmodules'))) return [];
    const entries = (await this.lines(['ls-files', '--stage', '-z'])).filter((entry) =>
      entry.startsWith(`${SUBMODULE_MODE} `),
    );
    const lacking: RepositoryPath[] = [];
    for (const entry of entries) {
      const path = entry.slice(entry.indexOf('\t') + 1) as RepositoryPath;
      const folder = join(this.folder, path);
      if (!existsSync(join(folder, '.git'))) lacking.push(path);
      else
        for (const inner of await (await Repository.open(folder)).lackingSubmodules())
          lacking.push(join(path, inner) as RepositoryPath);
    }
    return lacking;
  }

  private async trackedChanges(base: CommitId): Promise<Change<RepositoryPath>[]> {
    return this.withoutTouched(
      await differencesBetween(this.folder, [base], {}, this.settings, this.oddNames),
    );
  }

  /** Leaves out files of which only the time stamp differs from what the index knows. */
  private async withoutTouched(differences: readonly Difference[]): Promise<Change<RepositoryPath>[]> {
    const touched = differences.filter(
      ({ change, idAfter }) =>
        change.modeBefore === change.modeAfter &&
        change.modeAfter.startsWith('100') &&
        /^0+$/.test(idAfter) &&
        !/^"|\n/.test(change.path) &&
        !isOdd(change.path),
    );
    if (touched.length === 0) return differences.map(({ change }) => change);
    const hashed = await run({
      ...gitCommand(this.folder, ['hash-object', '--stdin-paths'], {}),
      input: touched.map(({ change }) => `${change.path}\n`).join(''),
    });
    const ids = hashed.exitCode === 0 ? hashed.stdout.trimEnd().split('\n') : [];
    const same = new Set(touched.filter(({ idBefore }, index) => ids[index] === idBefore));
    return differences.filter((difference) => !same.has(difference)).map(({ change }) => change);
  }

  /** Where the files of a changed path are, absolute: more than one only where names that are not UTF-8 look alike. */
  filesAt(path: RepositoryPath): readonly FilePath[] {
    return this.filesIn(this.folder, path);
  }

  /** The same in another working tree, which has the same names. */
  filesIn(folder: string, path: RepositoryPath): readonly FilePath[] {
    return this.oddNames.filesAt(folder, path);
  }

  private untracked(path: RepositoryPath): Change<RepositoryPath> {
    const [place = ''] = this.filesAt(path);
    const file = lstatSync(place, { throwIfNoEntry: false });
    const modeAfter =
      file?.isSymbolicLink() === true ? SYMLINK_MODE : (file?.mode ?? 0) & 0o100 ? '100755' : '100644';
    return { path, status: 'added', modeBefore: '000000', modeAfter };
  }

  /** Bazel's own links into its output base (`bazel-bin`) are no sources, whether or not they are ignored. */
  private isBazelLink({ path, modeAfter }: Change<RepositoryPath>): boolean {
    if (modeAfter !== SYMLINK_MODE || !/(^|\/)bazel-[^/]+$/.test(path)) return false;
    const [link = ''] = this.filesAt(path);
    return /^\/.*\/execroot\//s.test(readlinkSync(link));
  }

  /** Values of the git configuration whose names start with one of the prefixes, in order. */
  async configuration(prefixes: readonly string[]): Promise<[string, string][]> {
    const entries = await lines(this.folder, ['config', '--list', '-z', '--includes']);
    return entries
      .map((entry): [string, string] => {
        const end = entry.indexOf('\n');
        return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
      })
      .filter(([name]) => prefixes.some((prefix) => name.toLowerCase().startsWith(prefix)));
  }

  private async lines(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string[]> {
    return lines(this.folder, args, environment, this.settings, this.oddNames);
  }

  private async text(args: readonly string[]): Promise<string | { readonly stderr: string }> {
    return readText(this.folder, args);
  }

  private async required(args: readonly string[], doing: string): Promise<string> {
    const found = await this.text(args);
    if (typeof found !== 'string') throw new GitError(`${doing} failed; git said: ${found.stderr.trim()}`);
    return found;
  }
}

/** Whether the file system of a working tree keeps names apart that differ in case alone. */
function tellsCaseApart(folder: string): boolean {
  const [git, other] = ['.git', '.GIT'].map((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false, bigint: true }),
  );
  return other === undefined || other.ino !== git?.ino || other.dev !== git.dev;
}

/** Runs git in a folder. @throws GitError if git is missing */
export async function git(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  try {
    return await run(gitCommand(folder, args, environment));
  } catch (error) {
    if (error instanceof ToolMissingError)
      throw new GitError(`git is not installed, or not on the PATH: ${error.message}`);
    throw error;
  }
}

/** All files of a commit. @throws GitError */
export async function listTree(
  folder: string,
  commit: CommitId,
  environment: Readonly<Record<string, string>> = {},
): Promise<Listing> {
  const entries = await lines(folder, ['ls-tree', '-r', '-z', '--full-tree', commit], environment);
  return Listing.of(entries.map(readEntry));
}

/** Reads `<mode> <type> <id>\t<path>`. */
function readEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  return {
    path: line.slice(tab + 1) as RepositoryPath,
    mode: line.slice(0, line.indexOf(' ')),
    objectId: line.slice(line.lastIndexOf(' ', tab) + 1, tab),
  };
}

/**
 * All files of a commit, made of those of another one: git reads only what differs.
 *
 * @returns null where names that are not UTF-8 differ: several can look like one
 * @throws GitError
 */
export async function deriveTree(
  folder: string,
  from: { readonly commit: CommitId; readonly files: Listing },
  commit: CommitId,
  environment: Readonly<Record<string, string>> = {},
): Promise<Listing | null> {
  const differences = await differencesBetween(folder, [from.commit, commit], environment);
  if (differences.some(({ change }) => change.path.includes('\uFFFD'))) return null;
  const gone = differences.filter(({ change }) => change.status === 'deleted');
  const there = differences.filter(({ change }) => change.status !== 'deleted');
  return from.files.with(
    new Set(gone.map(({ change }) => change.path)),
    there.map(({ change, idAfter }) => ({ path: change.path, mode: change.modeAfter, objectId: idAfter })),
  );
}

/** What `git diff --raw` says between two commits. @throws GitError */
export async function changesBetween(
  folder: string,
  base: CommitId,
  head: CommitId,
  environment: Readonly<Record<string, string>> = {},
): Promise<Change<RepositoryPath>[]> {
  return (await differencesBetween(folder, [base, head], environment)).map(({ change }) => change);
}

/** A change with the ids of its contents; zeros where git would have to read the file to tell. */
interface Difference {
  readonly change: Change<RepositoryPath>;
  readonly idBefore: string;
  readonly idAfter: string;
}

/** Between two commits, or between a commit and the working tree. @throws GitError */
async function differencesBetween(
  folder: string,
  revisions: readonly CommitId[],
  environment: Readonly<Record<string, string>> = {},
  settings: readonly string[] = [],
  oddNames?: OddNames,
): Promise<Difference[]> {
  const fields = await lines(
    folder,
    [
      'diff',
      '--raw',
      '-z',
      '--no-renames',
      '--no-abbrev',
      '--no-ext-diff',
      '--ignore-submodules=none',
      ...revisions,
      '--',
    ],
    environment,
    // Else git writes what it learns of time stamps into the user's index, optional locks or not.
    ['-c', 'diff.autoRefreshIndex=false', ...settings],
    oddNames,
  );
  const differences: Difference[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [before = '', modeAfter = '', idBefore = '', idAfter = '', letter = ''] = (
      fields[index] ?? ''
    ).split(' ');
    const path = fields[index + 1] as RepositoryPath;
    const change = { path, status: statusOf(letter), modeBefore: before.slice(1), modeAfter };
    differences.push({ change, idBefore, idAfter });
  }
  return differences;
}

function statusOf(letter: string): ChangeStatus {
  switch (letter) {
    case 'A':
      return 'added';
    case 'D':
      return 'deleted';
    case 'T':
      return 'type changed';
    default:
      // M, and U (unmerged, in a working tree with a conflict): the content is not what it was.
      return 'modified';
  }
}

/** A call of git that takes no locks and speaks English. */
export function gitCommand(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Command {
  return { tool: 'git', args, folder, environment: { ...NO_LOCKS, ...environment }, mayAuthenticate: true };
}

async function readText(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string | { readonly stderr: string }> {
  const ended = await git(folder, args, environment);
  return ended.exitCode === 0 ? ended.stdout : { stderr: ended.stderr };
}

/** What git said of a failure: nothing, where a signal ended it. */
function wordsOf({ exitCode, signal, stderr }: Omit<Ended, 'stdout'>): string {
  const killed = exitCode === null ? `it was ended by ${signal ?? 'a signal'} (out of memory?); ` : '';
  return `${killed}git said: ${stderr.trim()}`;
}

/** The NUL-terminated fields that a git command prints. */
async function lines(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  settings: readonly string[] = [],
  oddNames?: OddNames,
): Promise<string[]> {
  const output: Buffer[] = [];
  const ended = await stream(gitCommand(folder, [...settings, ...args], environment), (chunk) =>
    output.push(chunk),
  );
  if (ended.exitCode !== 0) {
    throw new GitError(`git ${args[0] ?? ''} failed in ${folder}; ${wordsOf(ended)}`);
  }
  const bytes = Buffer.concat(output);
  const text = bytes.toString('utf8');
  if (oddNames !== undefined && isOdd(text)) return fieldsOf(bytes).map((field) => oddNames.note(field));
  return text === '' ? [] : text.slice(0, text.endsWith('\0') ? -1 : undefined).split('\0');
}

function fieldsOf(bytes: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0, start);
    fields.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    start = end < 0 ? bytes.length : end + 1;
  }
  return fields;
}
