import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Change } from '../../graph/change.js';
import { stream, type Ended } from '../process/run.js';
import type { Listing } from '../../formats/git-listing.js';
import { folderOf, type FilePath } from './odd-names.js';
import { changesBetween, deriveTree, git, gitCommand, GitError, listTree, Repository } from './repository.js';
import { isCommitId, SUBMODULE_MODE, type CommitId, type RepositoryPath } from '../../graph/tree.js';

/** Says that a commit is neither here nor to be had from the remote. */
export class CommitMissingError extends GitError {
  override name = 'CommitMissingError';

  constructor(
    message: string,
    /** Whether the remote answered that it does not have the commit. */
    readonly isGone: boolean,
  ) {
    super(message);
  }
}

/** The user's settings that a fetch needs: where credentials, proxies and certificates come from. */
const TRANSPORT_SETTINGS = ['http.', 'https.', 'credential.', 'url.', 'core.sshcommand', 'ssh.', 'protocol.'];

/** What git logs in with where it has to fetch. */
export interface GitCredentials {
  /** The only host that gets them: `https://github.com/`. */
  readonly host: string;
  /** A header of HTTP. */
  readonly header: string;
}
/** Milliseconds that the remote may take for an answer, and for a commit with its tree. */
const ANSWER_MS = 60_000;
const FETCH_MS = 300_000;

/** Up to so many contents that are read at once are kept; whole repositories are not. */
const FEW_CONTENTS = 100;

/**
 * A repository of our own that borrows the user's objects (git's alternates). What a shallow or partial clone lacks
 * is fetched into it, and other revisions are checked out in it: the user's repository, its configuration, its
 * shallow boundary, its hooks and its working tree stay as they are.
 */
export class ScratchRepository {
  /** The files of the commit that was listed first: most others of a plan differ little from it. */
  private listed: { readonly commit: CommitId; readonly files: Listing } | undefined;
  /** Texts by object id: the few that are asked for alone, such as module files, are asked for again. */
  private readonly remembered = new Map<string, string>();

  private constructor(
    private readonly origin: Repository,
    /** The folder of its working tree, absolute. */
    readonly folder: string,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly credentials: GitCredentials | null,
  ) {}

  /**
   * Makes one in a folder, which must not exist yet; whoever owns the folder removes it.
   *
   * @param credentials for a remote that the user's own settings have none for
   * @throws GitError
   */
  static async create(
    origin: Repository,
    folder: string,
    credentials: GitCredentials | null = null,
  ): Promise<ScratchRepository> {
    const transport = await origin.configuration(TRANSPORT_SETTINGS);
    const settings: [string, string][] = [
      ['core.hooksPath', '/dev/null'],
      ['core.fsmonitor', 'false'],
      ['advice.detachedHead', 'false'],
      ['gc.auto', '0'],
      ['maintenance.auto', 'false'],
      // A remote that sends nothing is given up: git itself would wait without an end.
      ['http.lowSpeedLimit', '1'],
      ['http.lowSpeedTime', '60'],
      ...transport,
      ...loginSettings(transport, credentials),
    ];
    const environment: Record<string, string> = {
      GIT_TERMINAL_PROMPT: '0',
      // The loading phase reads no file that LFS would keep, and its names are there without a download.
      GIT_LFS_SKIP_SMUDGE: '1',
      // Through the environment and not the command line: credentials are among them.
      GIT_CONFIG_COUNT: String(settings.length),
    };
    settings.forEach(([name, value], index) => {
      environment[`GIT_CONFIG_KEY_${index}`] = name;
      environment[`GIT_CONFIG_VALUE_${index}`] = value;
    });

    mkdirSync(folder, { recursive: true });
    const scratch = new ScratchRepository(origin, folder, environment, credentials);
    const about = await git(origin.folder, ['rev-parse', '--show-object-format', '--git-path', 'shallow']);
    const [objectFormat = '', shallow = ''] = about.stdout.trimEnd().split('\n');
    await scratch.git(
      ['init', '--quiet', `--object-format=${objectFormat || 'sha1'}`, folder],
      'making a scratch repository',
    );
    mkdirSync(join(folder, '.git/objects/info'), { recursive: true });
    writeFileSync(join(folder, '.git/objects/info/alternates'), `${origin.objectsFolder}\n`);
    // Where the user's history ends. Without it git would look for the parents beyond, and fetch all of them.
    const boundary = resolve(origin.folder, shallow);
    if (shallow !== '' && existsSync(boundary)) copyFileSync(boundary, join(folder, '.git/shallow'));
    const url = await git(origin.folder, ['remote', 'get-url', 'origin']);
    if (url.exitCode === 0) {
      for (const [name, value] of [
        ['remote.origin.url', url.stdout.trim()],
        // What a partial clone lacks is fetched when git asks for it.
        ['remote.origin.promisor', 'true'],
        ['remote.origin.partialclonefilter', 'blob:none'],
      ] as const) {
        await scratch.git(['config', name, value], 'setting up a scratch repository');
      }
    }
    return scratch;
  }

  /**
   * Makes sure that a commit and its tree are here: from the user's objects, else from the remote by its id,
   * without history and without blobs.
   *
   * @throws CommitMissingError with what the remote said
   */
  async need(commit: CommitId): Promise<void> {
    if (await this.has(commit)) return;
    const fetched = await this.askRemote(
      [
        'fetch',
        '--quiet',
        '--depth=1',
        '--filter=blob:none',
        '--no-tags',
        '--no-recurse-submodules',
        '--no-write-fetch-head',
        'origin',
        commit,
      ],
      FETCH_MS,
    );
    if (fetched.exitCode !== 0 || !(await this.has(commit))) {
      throw new CommitMissingError(
        `commit ${commit} is not in this clone and could not be fetched; git said: ${fetched.stderr.trim() || 'nothing'}`,
        fetched.stderr.includes(`not our ref ${commit}`),
      );
    }
  }

  /** The commit of a branch or tag of the remote `origin`; null if it has none of that name, or cannot be asked. */
  async resolveRemote(name: string): Promise<CommitId | null> {
    // As git itself looks names up: tags before branches, and what an annotated tag stands for.
    const refs = [`refs/tags/${name}^{}`, `refs/tags/${name}`, `refs/heads/${name}`];
    const listed = await this.askRemote(['ls-remote', '--quiet', 'origin', ...refs], ANSWER_MS);
    const ids = new Map(
      listed.stdout.split('\n').map((line) => line.split('\t').reverse() as [string, string]),
    );
    const found = refs.find((ref) => ids.has(ref));
    return found === undefined ? null : ((ids.get(found) ?? '') as CommitId);
  }

  /** The commit of a branch of the remote `origin`; null if it has no such branch, or cannot be asked. */
  async remoteBranch(name: string): Promise<CommitId | null> {
    const ref = `refs/heads/${name}`;
    const { stdout } = await this.askRemote(['ls-remote', '--quiet', 'origin', ref], ANSWER_MS);
    const line = stdout.split('\n').find((each) => each.endsWith(`\t${ref}`));
    const id = line?.split('\t')[0] ?? '';
    return isCommitId(id) ? id : null;
  }

  /**
   * The parents that the commit itself names, also where history is cut: a shallow clone's commits are whole.
   *
   * @throws GitError
   */
  async parents(commit: CommitId): Promise<CommitId[]> {
    const body = (await this.contents([commit])).get(commit) ?? '';
    const header = body.slice(0, body.indexOf('\n\n'));
    return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] as CommitId);
  }

  /** All files of a commit that `need` has brought. @throws GitError */
  async tree(commit: CommitId): Promise<Listing> {
    const known = this.listed;
    if (known?.commit === commit) return known.files;
    const derived =
      known === undefined ? null : await deriveTree(this.folder, known, commit, this.environment);
    const files = derived ?? (await listTree(this.folder, commit, this.environment));
    this.listed ??= { commit, files };
    return files;
  }

  /** What differs between two commits that `need` has brought. @throws GitError */
  async changes(base: CommitId, head: CommitId): Promise<Change<RepositoryPath>[]> {
    return changesBetween(this.folder, base, head, this.environment);
  }

  /**
   * The contents of objects, by id; binary content comes out with replacement characters.
   *
   * @throws GitError if one is missing and cannot be fetched
   */
  async contents(objectIds: readonly string[]): Promise<Map<string, string>> {
    const wanted = [...new Set(objectIds)];
    const read = await this.readContents(wanted.filter((id) => !this.remembered.has(id)));
    if (read.size <= FEW_CONTENTS) for (const [id, text] of read) this.remembered.set(id, text);
    return new Map(wanted.map((id) => [id, this.remembered.get(id) ?? read.get(id) ?? '']));
  }

  private async readContents(wanted: readonly string[]): Promise<Map<string, string>> {
    if (wanted.length === 0) return new Map();
    const chunks: Buffer[] = [];
    const ended = await stream(
      {
        tool: 'git',
        args: ['cat-file', '--batch'],
        folder: this.folder,
        environment: this.environment,
        mayAuthenticate: true,
        input: wanted.map((id) => `${id}\n`).join(''),
      },
      (chunk) => chunks.push(chunk),
    );
    if (ended.exitCode !== 0)
      throw new GitError(`reading files from git failed; git said: ${ended.stderr.trim()}`);
    return parseBatch(Buffer.concat(chunks), wanted);
  }

  /**
   * Makes the scratch working tree that of a commit, submodules (as far as the user has them) included.
   *
   * @throws GitError
   */
  async checkout(commit: CommitId): Promise<void> {
    await this.git(
      ['checkout', '--quiet', '--force', '--detach', commit],
      `checking out ${commit} in a scratch folder`,
    );
    await this.git(['clean', '--quiet', '-ffdx'], 'cleaning a scratch folder');
    await this.checkoutSubmodules(commit);
  }

  /**
   * Makes the scratch working tree that of the user's working tree, given what differs between the two commits' trees.
   *
   * @throws GitError
   */
  async checkoutWorkingTree(head: CommitId): Promise<void> {
    await this.checkout(head);
    const changes = await this.origin.workingTreeChanges(head);
    // First what is gone: a folder may have become a file or a link since.
    for (const { path, status } of changes) if (status === 'deleted') this.removeWithEmptyFolders(path);
    for (const change of changes) {
      if (change.status === 'deleted') continue;
      if (change.modeAfter === SUBMODULE_MODE) {
        await this.fillSubmodule(change.path, async (submodule, user) => {
          await submodule.checkoutWorkingTree(await user.head());
        });
      } else {
        const copies = this.origin.filesIn(this.folder, change.path);
        this.origin.filesAt(change.path).forEach((file, at) => {
          copyPath(file, copies[at] ?? '');
        });
      }
    }
  }

  /** Git keeps no empty folders, and a glob sees them: two revisions with the same files have to look the same. */
  private removeWithEmptyFolders(path: RepositoryPath): void {
    for (const file of this.origin.filesIn(this.folder, path)) rmSync(file, { recursive: true, force: true });
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      const whole = join(this.folder, folder);
      if (!existsSync(whole)) continue;
      if (readdirSync(whole).length > 0) return;
      rmdirSync(whole);
    }
  }

  /** Copies a file that git does not track from the user's checkout, where it is there. */
  copyUntracked(path: RepositoryPath): void {
    const from = join(this.origin.folder, path);
    const to = join(this.folder, path);
    if (existsSync(from) && !existsSync(to)) copyPath(from, to);
  }

  /** What git says when it has asked the remote; a remote that takes longer than the limit is one that failed. */
  private async askRemote(args: readonly string[], limitMs: number): Promise<Ended> {
    const chunks: Buffer[] = [];
    const command = { ...gitCommand(this.folder, args, this.environment), limitMs };
    const ended = await stream(command, (chunk) => chunks.push(chunk));
    return { ...ended, stdout: Buffer.concat(chunks).toString('utf8') };
  }

  private async has(commit: CommitId): Promise<boolean> {
    // The question is what is here. Git before 2.44 knows no GIT_NO_LAZY_FETCH, and would fetch the commit with its
    // whole history to answer it; `--missing` keeps rev-list of any version from that.
    const found = await git(
      this.folder,
      ['rev-list', '--no-walk', '--quiet', '--missing=print', `${commit}^{tree}`],
      { ...this.environment, GIT_NO_LAZY_FETCH: '1' },
    );
    return found.exitCode === 0;
  }

  private async checkoutSubmodules(commit: CommitId): Promise<void> {
    if (!existsSync(join(this.folder, '.gitmodules'))) return;
    for (const entry of (await this.tree(commit)).entries) {
      if (entry.mode !== SUBMODULE_MODE) continue;
      await this.fillSubmodule(entry.path, async (submodule) => {
        const recorded = entry.objectId as CommitId;
        await submodule.need(recorded);
        await submodule.checkout(recorded);
      });
    }
  }

  /** A submodule is a repository of its own: its files come from a scratch of the user's, where they have one. */
  private async fillSubmodule(
    path: RepositoryPath,
    fill: (submodule: ScratchRepository, user: Repository) => Promise<void>,
  ): Promise<void> {
    const userFolder = join(this.origin.folder, path);
    const folder = join(this.folder, path);
    if (!existsSync(join(userFolder, '.git'))) return;
    rmSync(folder, { recursive: true, force: true });
    const user = await Repository.open(userFolder);
    await fill(await ScratchRepository.create(user, folder, this.credentials), user);
  }

  private async git(args: readonly string[], doing: string): Promise<void> {
    const ended = await git(this.folder, args, this.environment);
    if (ended.exitCode !== 0) throw new GitError(`${doing} failed; git said: ${ended.stderr.trim()}`);
  }
}

/** A host that gets two headers of this kind refuses both: what actions/checkout left in the user's settings goes first. */
function loginSettings(
  transport: readonly (readonly [name: string, value: string])[],
  credentials: GitCredentials | null,
): [string, string][] {
  if (credentials === null) return [];
  const name = `http.${credentials.host}.extraheader`;
  const ofHost = `http.${credentials.host.replace(/\/$/, '')}`.toLowerCase();
  const isThere = transport.some(([other]) => {
    const lower = other.toLowerCase();
    return lower.endsWith('.extraheader') && (lower === 'http.extraheader' || lower.startsWith(ofHost));
  });
  return isThere ? [] : [[name, credentials.header]];
}

/** Reads what `git cat-file --batch` prints: a line `<id> <type> <size>`, the content, a line end. */
function parseBatch(output: Buffer, wanted: readonly string[]): Map<string, string> {
  const contents = new Map<string, string>();
  let offset = 0;
  for (const id of wanted) {
    const lineEnd = output.indexOf(10, offset);
    const header = output.toString('utf8', offset, lineEnd).split(' ');
    if (lineEnd < 0 || header[0] !== id || header.length !== 3) {
      throw new GitError(`reading file content ${id} failed; git said: ${header.join(' ')}`);
    }
    const start = lineEnd + 1;
    const end = start + Number(header[2]);
    contents.set(id, output.toString('utf8', start, end));
    offset = end + 1;
  }
  return contents;
}

/** Makes one path of the scratch tree what it is in the user's: a file, a link, or nothing. */
function copyPath(from: FilePath, to: FilePath): void {
  rmSync(to, { recursive: true, force: true });
  const file = statOf(from);
  if (file === null || file.isDirectory()) return;
  mkdirSync(folderOf(to), { recursive: true });
  if (file.isSymbolicLink()) symlinkSync(readlinkSync(from, 'buffer'), to);
  else {
    copyFileSync(from, to);
    chmodSync(to, file.mode);
  }
}

/** Null if nothing is there, also where a folder on the way has become a file. */
function statOf(path: FilePath): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
