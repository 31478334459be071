import { isCommitId, type CommitId } from '../../graph/tree.js';
import type { Ended } from '../process/run.js';
import { GitError, type Git } from './git.js';

/** A commit is neither in the clone nor available from the remote. */
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

/** Milliseconds that the remote may take to list refs, and to send a commit with its tree. */
const LIST_MS = 60_000;
const FETCH_MS = 300_000;

/**
 * The remote `origin` of a scratch repository, which is the user's. A call that exceeds its time limit counts as
 * failed.
 */
export class Remote {
  constructor(private readonly git: Git) {}

  /**
   * Ensures that a commit and its tree are in the scratch repository. They come from the user's objects, or else from
   * the remote, fetched by id without history and without blobs.
   *
   * @throws CommitMissingError with the remote's message
   */
  async need(commit: CommitId): Promise<void> {
    if (await this.isHere(commit)) return;
    const fetched = await this.ask(
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
    if (fetched.exitCode !== 0 || !(await this.isHere(commit))) {
      throw new CommitMissingError(
        `commit ${commit} is not in this clone and could not be fetched; git said: ${fetched.stderr.trim() || 'nothing'}`,
        fetched.stderr.includes(`not our ref ${commit}`),
      );
    }
  }

  /** The commit of a branch or tag; null if the remote has no such name or does not answer. */
  async resolve(name: string): Promise<CommitId | null> {
    // The same order as git's: tags before branches, and an annotated tag means the commit that it points to.
    const refs = [`refs/tags/${name}^{}`, `refs/tags/${name}`, `refs/heads/${name}`];
    const ids = await this.commitsOf(refs);
    return refs.map((ref) => ids.get(ref)).find((id) => id !== undefined) ?? null;
  }

  /** The commit of a branch; null if the remote has no such branch or does not answer. */
  async branch(name: string): Promise<CommitId | null> {
    const ref = `refs/heads/${name}`;
    return (await this.commitsOf([ref])).get(ref) ?? null;
  }

  /** The commits of refs on the remote, by full ref name. */
  private async commitsOf(refs: readonly string[]): Promise<Map<string, CommitId>> {
    const { stdout } = await this.ask(['ls-remote', '--quiet', 'origin', ...refs], LIST_MS);
    const commits = new Map<string, CommitId>();
    for (const line of stdout.split('\n')) {
      const [id = '', ref = ''] = line.split('\t');
      if (isCommitId(id)) commits.set(ref, id);
    }
    return commits;
  }

  private async ask(args: readonly string[], limitMs: number): Promise<Ended> {
    const ended = await this.git.output(args, { limitMs });
    return { ...ended, stdout: ended.stdout.toString('utf8') };
  }

  private async isHere(commit: CommitId): Promise<boolean> {
    // Git before 2.44 ignores the environment variable, and would fetch the commit with its whole history to answer
    // this. `--missing` prevents that in every version.
    const found = await this.git
      .withoutFetching()
      .run(['rev-list', '--no-walk', '--quiet', '--missing=print', `${commit}^{tree}`]);
    return found.exitCode === 0;
  }
}
