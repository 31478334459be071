import { run, stream, type Command, type Ended } from '../process/run.js';
import { ToolMissingError } from '../process/start.js';
import { isOdd, OddNames } from './odd-names.js';

/** Git failed. The message shows git's own output. */
export class GitError extends Error {
  override name = 'GitError';
}

/** Variables of the environment of a call. */
export type GitEnvironment = Readonly<Record<string, string>>;

/** Makes git take no optional locks, and print English messages. */
const EVERY_CALL: GitEnvironment = { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C.UTF-8' };

/** Without this, git writes refreshed time stamps to the user's index, even without optional locks. */
const EVERY_SETTING = ['-c', 'diff.autoRefreshIndex=false'];

/** Stops git 2.44 and later from fetching objects that a partial clone does not have. */
const NO_FETCH: GitEnvironment = { GIT_NO_LAZY_FETCH: '1' };

/** The options of a call of git besides its arguments. */
type GitCall = Pick<Command, 'input' | 'limitMs'>;

/** Calls git in one folder, always with the same environment and settings. */
export class Git {
  /**
   * @param folder where git runs, absolute
   * @param settings options of git itself, which precede the command: `-c name=value`
   * @param oddNames collects the names that are not UTF-8
   */
  constructor(
    readonly folder: string,
    private readonly environment: GitEnvironment = {},
    private readonly settings: readonly string[] = [],
    readonly oddNames: OddNames = new OddNames(),
  ) {}

  /** The same with further environment variables. */
  with(environment: GitEnvironment): Git {
    return new Git(this.folder, { ...this.environment, ...environment }, this.settings, this.oddNames);
  }

  /** The same without fetching: only local objects are used. */
  withoutFetching(): Git {
    return this.with(NO_FETCH);
  }

  /** Runs a call with short output, and returns how it ended. @throws GitError if git cannot be started */
  async run(args: readonly string[], call: GitCall = {}): Promise<Ended> {
    return started(run(this.command(args, call)));
  }

  /** The output of a call; null if it fails. @throws GitError if git cannot be started */
  async text(args: readonly string[]): Promise<string | null> {
    const { exitCode, stdout } = await this.run(args);
    return exitCode === 0 ? stdout : null;
  }

  /**
   * The output of a call that must succeed.
   *
   * @param doing what the call does, for the error: `reading HEAD`
   * @throws GitError if it fails
   */
  async required(args: readonly string[], doing: string): Promise<string> {
    const ended = await this.run(args);
    if (ended.exitCode !== 0) throw new GitError(`${doing} failed; ${wordsOf(ended)}`);
    return ended.stdout;
  }

  /**
   * Runs a call with long or binary output, and returns how it ended with its output.
   *
   * @throws GitError if git cannot be started
   */
  async output(
    args: readonly string[],
    call: GitCall = {},
  ): Promise<Omit<Ended, 'stdout'> & { readonly stdout: Buffer }> {
    const chunks: Buffer[] = [];
    const ended = await started(stream(this.command(args, call), (chunk) => chunks.push(chunk)));
    return { ...ended, stdout: Buffer.concat(chunks) };
  }

  /** The NUL-terminated fields that a call prints (`-z`). @throws GitError if it fails */
  async fields(args: readonly string[]): Promise<string[]> {
    const ended = await this.output(args);
    if (ended.exitCode !== 0) {
      throw new GitError(`git ${args[0] ?? ''} failed in ${this.folder}; ${wordsOf(ended)}`);
    }
    const text = ended.stdout.toString('utf8');
    if (isOdd(text)) return bytesOfFields(ended.stdout).map((field) => this.oddNames.note(field));
    return text === '' ? [] : text.slice(0, text.endsWith('\0') ? -1 : undefined).split('\0');
  }

  private command(args: readonly string[], call: GitCall): Command {
    return {
      tool: 'git',
      args: [...EVERY_SETTING, ...this.settings, ...args],
      folder: this.folder,
      environment: { ...EVERY_CALL, ...this.environment },
      mayAuthenticate: true,
      ...call,
    };
  }
}

/** Git's error output. If a signal ended git, the text says so first. */
export function wordsOf({ exitCode, signal, stderr }: Omit<Ended, 'stdout'>): string {
  const killed = exitCode === null ? `it was ended by ${signal ?? 'a signal'} (out of memory?); ` : '';
  return `${killed}git said: ${stderr.trim()}`;
}

async function started<T>(running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof ToolMissingError)) throw error;
    throw new GitError(`git is not installed, or not on the PATH: ${error.message}`, { cause: error });
  }
}

function bytesOfFields(bytes: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0, start);
    fields.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    start = end < 0 ? bytes.length : end + 1;
  }
  return fields;
}
